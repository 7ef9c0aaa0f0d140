"""How well a reader of texts did: accuracy, macro F1, expected calibration error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS = 10


def accuracy(truth: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Return the share read right."""
    return float((truth == found).mean())


def macro_f1(truth: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Return the mean F1 of the classes that are in the truth or were found."""
    classes = np.union1d(truth, found)
    both = np.array([((truth == one) & (found == one)).sum() for one in classes])
    either = np.array([(truth == one).sum() + (found == one).sum() for one in classes])
    return float((2 * both / either).mean())


def calibration_error(right: NDArray[np.bool_], certainty: NDArray[np.float64]) -> float:
    """Return the expected calibration error: |share right - mean certainty| over ten groups of equal size, weighted.

    Texts are put in order of certainty, ties in the order given.

    References
    ----------
    Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning; groups of equal size.
    """
    order = np.argsort(certainty, kind="stable")
    groups = [group for group in np.array_split(order, min(GROUPS, len(order))) if len(group)]
    gaps = [abs(right[group].mean() - certainty[group].mean()) * len(group) for group in groups]
    return float(sum(gaps) / len(order))


def wilson(count: float, total: float, z: float) -> tuple[float, float]:
    """Return the ends of Wilson's interval of a share.

    Parameters
    ----------
    count, total
        How many of how many; ``total`` above 0.
    z
        Standard normal quantile, 1.645 for 90 %.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    share, extra = count / total, z * z / total
    middle = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / total + extra / (4 * total)) / (1 + extra)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
