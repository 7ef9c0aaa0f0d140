"""How good stated chances were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST = 1e-12


def losses(happened: Floats, chance: Floats) -> Floats:
    """Return the negative log-likelihood of each row."""
    held = np.clip(chance, LEAST, 1 - LEAST)
    return np.asarray(-(happened * np.log(held) + (1 - happened) * np.log1p(-held)))


def log_loss(happened: Floats, chance: Floats) -> float:
    """Return the mean negative log-likelihood; 0 is perfect."""
    return float(losses(happened, chance).mean())


def brier(happened: Floats, chance: Floats) -> float:
    """Return the mean squared error of the chance."""
    return float(((happened - chance) ** 2).mean())


def auc(happened: Floats, chance: Floats) -> float | None:
    """Return the chance that one who did is ranked above one who did not, ties counting half; None where all are alike."""
    did = int(happened.sum())
    rest = len(happened) - did
    if did == 0 or rest == 0:
        return None
    from scipy.stats import rankdata  # noqa: PLC0415  slow to import

    ranks = rankdata(chance)
    return float((ranks[happened > 0].sum() - did * (did + 1) / 2) / (did * rest))


def calibration_error(happened: Floats, chance: Floats, groups: int = 10) -> float:
    """Return the expected calibration error over groups of equal size, sorted by chance.

    Rows of the same chance share their outcomes equally, so that their order does not matter.
    """
    order = np.argsort(chance, kind="stable")
    _, tied, count = np.unique(chance[order], return_inverse=True, return_counts=True)
    mean = (np.bincount(tied, weights=happened[order]) / count)[tied]
    gaps = [
        abs(float((mean[rows] - chance[order][rows]).sum()))
        for rows in np.array_split(np.arange(len(order)), groups)
        if len(rows)
    ]
    return sum(gaps) / len(order)


def report(happened: Floats, chance: Floats, threshold: float) -> dict[str, float | None]:
    """Return every score, under the names of the table ``propensity_scores``.

    Parameters
    ----------
    happened
        0 or 1, ``(n_customers,)``, at least one.
    chance
        What was said.
    threshold
        Chance from which a customer is foreseen to do it; nobody is where no chance is above it.

    Returns
    -------
    dict
        ``precision`` is None where nobody is foreseen, ``recall`` where nobody did, ``f1`` where either is.
    """
    foreseen = chance > threshold
    hits, said, did = float((foreseen * happened).sum()), int(foreseen.sum()), float(happened.sum())
    precision = hits / said if said else None
    recall = hits / did if did else None
    f1 = None if precision is None or recall is None else 2 * hits / (said + did)
    return {
        "log_loss": log_loss(happened, chance),
        "brier": brier(happened, chance),
        "auc": auc(happened, chance),
        "calibration_error": calibration_error(happened, chance),
        "precision": precision,
        "recall": recall,
        "f1": f1,
    }
