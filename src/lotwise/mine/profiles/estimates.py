"""Maximum likelihood of a few positive parameters, with standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

REACH = 8.0
"""How far the logarithm of a parameter may lie from that of its scale: a factor of about 3,000."""
STEP = 1e-4
STEPS, HALVINGS = 100, 30
LONGEST = 2.0
FLAT = 1e-9
"""Slope of the mean log-likelihood below which it has no more to give than rounding."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Estimates:
    """Estimated parameters.

    Parameters
    ----------
    names
        Letters, as in the paper.
    values
        Estimates, ``(n,)``.
    covariance
        Covariance matrix of their logarithms, ``(n, n)``; NaN in the rows and columns of ``on_bound``.
    log_likelihood
        Log-likelihood there.
    rows
        Customers they were estimated from.
    on_bound
        Letters that ended at the end of the range searched: the data do not tell them.
    """

    names: tuple[str, ...]
    values: Reals
    covariance: Reals
    log_likelihood: float
    rows: int
    on_bound: tuple[str, ...]

    @property
    def standard_errors(self) -> Reals:
        """Standard errors of ``values``, by the delta method; NaN where there is none."""
        errors: Reals = self.values * np.sqrt(np.diag(self.covariance))
        return errors

    def interval(self) -> tuple[Reals, Reals]:
        """Return both ends of the 95 % intervals, symmetric on the logarithm, where these parameters are nearer normal."""
        width = NORMAL_95 * np.sqrt(np.diag(self.covariance))
        return self.values * np.exp(-width), self.values * np.exp(width)


def maximize(
    likelihood: Callable[[Reals], tuple[float, Reals]], names: tuple[str, ...], *starts: Reals, scale: Reals, rows: int
) -> Estimates:
    """Return the parameters at which a log-likelihood is largest.

    Newton's method on the logarithms; the Hessian is the central difference of the analytic gradient.

    Parameters
    ----------
    likelihood
        Takes the parameters and returns the log-likelihood and its gradient.
    names
        Letters of the parameters.
    starts
        Where the search begins; the best end is kept.
    scale
        Size each parameter is thought to have; the search stays within a factor ``exp(REACH)`` of it.
    rows
        Customers the likelihood is of.
    """

    def downhill(logs: Reals) -> tuple[float, Reals]:
        values = np.exp(logs)
        total, slope = likelihood(values)
        return -total / rows, -slope * values / rows

    low, high = np.log(scale) - REACH, np.log(scale) + REACH
    ends = [_descend(downhill, np.clip(np.log(start), low, high), low, high) for start in starts]
    logs = min(ends, key=lambda end: downhill(end)[0])
    held = (logs <= low + STEP) | (logs >= high - STEP)
    covariance = _covariance(_hessian(downhill, logs) * rows, ~held)
    lost = tuple(name for name, bound in zip(names, held | np.isnan(np.diag(covariance)), strict=True) if bound)
    return Estimates(names, np.exp(logs), covariance, float(-downhill(logs)[0] * rows), rows, lost)


def _descend(downhill: Callable[[Reals], tuple[float, Reals]], logs: Reals, low: Reals, high: Reals) -> Reals:
    """Return where Newton steps end; they go down along every curvature, at most ``LONGEST``, halved until the value falls."""
    value, slope = downhill(logs)
    for _ in range(STEPS):
        free = ~(((logs <= low + STEP) & (slope > 0)) | ((logs >= high - STEP) & (slope < 0)))
        if not free.any() or np.abs(slope[free]).max() < FLAT:
            break
        curve, axes = np.linalg.eigh(_hessian(downhill, logs)[np.ix_(free, free)])
        step = np.zeros(len(logs))
        step[free] = axes @ ((axes.T @ slope[free]) / np.maximum(np.abs(curve), 1e-9))
        step *= min(1.0, LONGEST / np.abs(step).max())
        for _ in range(HALVINGS):
            tried = np.clip(logs - step, low, high)
            after, turn = downhill(tried)
            if after < value:
                break
            step /= 2
        else:
            break
        logs, value, slope = tried, after, turn
    return logs


def _hessian(downhill: Callable[[Reals], tuple[float, Reals]], logs: Reals) -> Reals:
    count = len(logs)
    rows = [(downhill(logs + STEP * unit)[1] - downhill(logs - STEP * unit)[1]) / (2 * STEP) for unit in np.eye(count)]
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2


def _covariance(information: Reals, free: NDArray[np.bool_]) -> Reals:
    """Return the inverse of the information on the free parameters, NaN elsewhere and where it is not positive."""
    covariance = np.full(information.shape, np.nan)
    inner = information[np.ix_(free, free)]
    if free.any() and np.linalg.eigvalsh(inner).min() > 1e-9 * np.abs(inner).max():
        covariance[np.ix_(free, free)] = np.linalg.inv(inner)
    return covariance
