"""The measures of a rule "who has the first also has the second", and what is to be thought of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules.significance import SMALL, chi_square, p_values, poisson, tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Reals = NDArray[np.float64]

USABLE, CHANCE, UNUSABLE = "usable", "may be chance", "not usable"
VERDICTS = {USABLE: 0, CHANCE: 1, UNUSABLE: 2}
"""The verdicts, the best first."""
SAME = 1e-12
"""Lifts nearer to 1 than this are 1: what is left is rounding."""


@dataclass(frozen=True)
class Measures:
    """The measures of some rules; every array has one element a rule, ``(n,)``.

    Parameters
    ----------
    count
        Baskets that hold both sides.
    first
        Baskets that hold the first side.
    total
        All baskets.
    support
        ``count / total``.
    confidence
        ``count / first``: share of those with the first that have the second.
    lift
        Confidence over the share that have the second anyway; 1 were they unconnected.
    leverage
        Support less what chance alone would give (Piatetsky-Shapiro 1991).
    conviction
        Share without the second over the share of those with the first without it (Brin et al. 1997); NaN where the rule
        is never wrong.
    chi_square
        Chi-square of the two-by-two table, one degree of freedom; NaN where a side is in every basket.
    p_value
        Chance of as unlikely a table were they unconnected; not corrected for the number of rules.
    """

    count: Reals
    first: Reals
    total: Reals
    support: Reals
    confidence: Reals
    lift: Reals
    leverage: Reals
    conviction: Reals
    chi_square: Reals
    p_value: Reals

    def __len__(self) -> int:
        """Return the number of rules."""
        return len(self.count)

    def take(self, rows: NDArray[np.int64]) -> Measures:
        """Return the measures of some of the rules."""
        return Measures(*(getattr(self, field.name)[rows] for field in fields(self)))


def measure(both: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> Measures:
    """Return the measures of rules from their two-by-two tables.

    Parameters
    ----------
    both, first, second, total
        Baskets that hold both sides, the first, the second, and all there are; arrays ``(n,)`` or numbers. Each side is
        in at least one basket.

    Examples
    --------
    >>> measure([1], [3], [2], 4).lift.round(3)
    array([0.667])
    """
    count, ones, twos, all_ = (
        np.array(part, dtype=np.float64) for part in np.broadcast_arrays(both, first, second, np.asarray(total, dtype=float))
    )
    p = p_values(count, ones, twos, all_)
    return _measured(count, ones, ones * twos / all_, all_, chi_square(count, ones, twos, all_), p)


def against(count: Reals, first: Reals, expected: Reals, variance: Reals, total: Reals) -> Measures:
    """Return the measures of rules whose count is set against an expectation summed over groups.

    The chi-square is ``(count - expected)^2 / variance`` (that of Cochran, Mantel and Haenszel where the variance is theirs).
    Where fewer than 5 are expected the p-value is the doubled tail of a Poisson count.

    Parameters
    ----------
    count, first, total
        As in ``Measures``.
    expected, variance
        Of the count, were the two sides unconnected within each group.

    References
    ----------
    N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959), 719-748.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(variance > 0, (count - expected) ** 2 / variance, np.nan)
    p = np.where((expected < SMALL) & (variance > 0), poisson(count, expected), tail(statistic))
    return _measured(count, first, expected, total, statistic, p)


def verdicts(lift: Reals, p_value: Reals, *, significance: float) -> NDArray[np.str_]:
    """Return what is to be thought of each rule, given its lift and its corrected p-value.

    ``"not usable"``: lift is not above 1, the second is no likelier with the first than without. ``"may be chance"``: the
    p-value is above ``significance``. ``"usable"``: else.
    """
    return np.where(lift <= 1 + SAME, UNUSABLE, np.where(p_value > significance, CHANCE, USABLE))


def _measured(count: Reals, first: Reals, expected: Reals, total: Reals, statistic: Reals, p: Reals) -> Measures:
    confidence = count / first
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.where(expected > 0, count / expected, 0.0)
        conviction = np.where(count < first, (1 - expected / first) / (1 - confidence), np.nan)
    return Measures(count, first, total, count / total, confidence, lift, (count - expected) / total, conviction, statistic, p)
