"""How likely as strong a connection is by chance: chi-square, Fisher's exact test, and corrections for many tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erfc, gammaln, pdtr, pdtrc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

SMALL = 5.0
"""Expected count of a cell below which chi-square is not trusted (Cochran 1954)."""
AT_ONCE = 4_000_000
"""Terms of exact tests laid out at once."""
ALIKE = 1.0 + 1e-7
"""Tables whose chances differ by less than this factor are held for equally likely."""
TABLE = 1 << 22
"""Totals up to which logarithms of factorials are looked up rather than computed one by one."""


def chi_square(both: Reals, first: Reals, second: Reals, total: Reals) -> Reals:
    """Return chi-square of each two-by-two table, one degree of freedom, without a correction for continuity.

    Parameters
    ----------
    both, first, second, total
        Baskets that hold both sides, the first, the second, and all there are; ``(n,)``.

    Returns
    -------
    array
        ``(n,)``; NaN where a side is in all baskets or in none, for then there is nothing to compare.
    """
    spread = first * (total - first) * second * (total - second)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = total * (both * total - first * second) ** 2 / spread
    return np.where(spread > 0, found, np.nan)


def p_values(both: Reals, first: Reals, second: Reals, total: Reals) -> Reals:
    """Return the chance, were the two sides unconnected, of a table at least as unlikely as each; two-sided.

    Chi-square where all four cells expect at least 5, else Fisher's exact test; 1 where there is nothing to compare.

    Parameters
    ----------
    both, first, second, total
        As for ``chi_square``.
    """
    found = tail(chi_square(both, first, second, total))
    least = np.minimum(first, total - first) * np.minimum(second, total - second) / total
    exact = np.flatnonzero((least < SMALL) & (least > 0))
    if len(exact):
        sides = np.sort(np.stack([first[exact], second[exact]]), axis=0)  # the test is the same either way round
        tables, place = np.unique(np.stack([both[exact], *sides, total[exact]]), axis=1, return_inverse=True)
        found[exact] = fisher(*tables)[place.ravel()]
    return found


def tail(statistic: Reals) -> Reals:
    """Return the chance of a chi-square with one degree of freedom above each; 1 where it is NaN."""
    chance: Reals = erfc(np.sqrt(np.nan_to_num(statistic) / 2))
    return np.where(np.isnan(statistic), 1.0, chance)


def poisson(count: Reals, expected: Reals) -> Reals:
    """Return twice the smaller tail of a Poisson count at each; at most 1.

    A sum of chances of which each is below 1 varies less than a Poisson count of the same mean (Le Cam 1960), so this errs
    toward "may be chance".
    """
    above = np.where(count > 0, pdtrc(np.maximum(count - 1, 0), expected), 1.0)
    found: Reals = np.minimum(2 * np.minimum(above, pdtr(count, expected)), 1.0)
    return found


def fisher(both: Reals, first: Reals, second: Reals, total: Reals) -> Reals:
    """Return Fisher's exact p-value of each two-by-two table, two-sided.

    The chance of all tables with the same margins that are no more likely than the one found.

    Parameters
    ----------
    both, first, second, total
        Whole counts; ``(n,)``.

    References
    ----------
    R. A. Fisher, "Statistical Methods for Research Workers", 5th ed. (1934), section 21.02.
    """
    low = np.maximum(0, first + second - total)
    terms = (np.minimum(first, second) - low + 1).astype(np.int64)
    known = gammaln(np.arange(1.0, total.max() + 2)) if total.max() <= TABLE else None
    found = np.empty(len(both))
    ends = np.cumsum(terms)
    start = 0
    while start < len(both):
        stop = max(start + 1, int(np.searchsorted(ends, (ends[start - 1] if start else 0) + AT_ONCE, side="right")))
        part = slice(start, stop)
        found[part] = _exact(both[part], first[part], second[part], total[part], low[part], terms[part], known)
        start = stop
    return found


def _exact(
    both: Reals, first: Reals, second: Reals, total: Reals, low: Reals, terms: NDArray[np.int64], known: Reals | None
) -> Reals:
    """Return the p-values of some tables; ``known`` holds the logarithms of factorials from 0! on, where they are looked up."""

    def log_factorial(number: Reals) -> Reals:
        return np.asarray(gammaln(number + 1)) if known is None else known[number.astype(np.int64)]

    starts = np.cumsum(terms) - terms
    row = np.repeat(np.arange(len(terms)), terms)
    cell = low[row] + (np.arange(len(row)) - starts[row])

    def kernel(count: Reals, one: Reals, two: Reals, all_: Reals) -> Reals:
        parts = (count, one - count, two - count, all_ - one - two + count)
        return -sum((log_factorial(part) for part in parts), np.zeros(len(count)))

    chance = kernel(cell, first[row], second[row], total[row])
    seen = kernel(both, first, second, total)
    top = np.maximum.reduceat(chance, starts)
    weight = np.exp(chance - top[row])
    counted = np.where(chance <= seen[row] + np.log(ALIKE), weight, 0.0)
    return np.minimum(np.add.reduceat(counted, starts) / np.add.reduceat(weight, starts), 1.0)


def corrected(p: Reals, *, method: str) -> Reals:
    """Return p-values corrected for their number; all that were tried must be among them.

    Parameters
    ----------
    p
        P-value of each test; ``(n,)``.
    method
        ``"bonferroni"``: times the number of tests. ``"holm"``: the same, stepping down: the chance of even one false
        discovery stays below the level, with more power (Holm 1979). ``"benjamini-hochberg"``: the share of false ones
        among those discovered stays below the level (Benjamini and Hochberg 1995).
    """
    tests = len(p)
    if method == "bonferroni" or tests == 0:
        return np.minimum(p * tests, 1.0)
    order = np.argsort(p, kind="stable")
    if method == "holm":
        stepped = np.maximum.accumulate(p[order] * np.arange(tests, 0, -1))
    else:
        stepped = np.minimum.accumulate((p[order] * tests / np.arange(1, tests + 1))[::-1])[::-1]
    found = np.empty(tests)
    found[order] = np.minimum(stepped, 1.0)
    return found
