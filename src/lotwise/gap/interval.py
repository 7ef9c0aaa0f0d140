"""Intervals: a paired bootstrap over products and blocks of weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_GROUPS = 2000
"""More products than this are dealt into as many groups, which are drawn whole."""

_STEPS = 10_000
"""Money is counted in ten-thousandths: whole numbers, whose sums over products are exact on any number of cores."""


def bootstrap(
    cells: NDArray[np.float64], *, rng: np.random.Generator, resamples: int = 2000, block_weeks: int = 4
) -> NDArray[np.float64]:
    """Return each line's sum in many resamples of products and weeks.

    Products are drawn with replacement, and so are blocks of weeks; a resample's sum departs from the sum as it was by
    what other products change and by what other weeks change, added. All lines share each draw, so differences and
    ratios of the columns are paired. Few blocks say little of how weeks differ, so their part is widened by Student's
    factor for (blocks - 1) degrees of freedom. What differs from cell to cell alone is counted in both parts: where
    cells are pure noise intervals are too wide. Weighting each cell by product and week at once would count it three
    times (Owen 2007); to count it once takes a difference of variances (Cameron, Gelbach and Miller 2011), which few
    blocks leave too uncertain.

    Parameters
    ----------
    cells
        Money by line, product and week, ``(n_lines, n_products, n_weeks)``.
    rng
        Source of the draws.
    resamples
        Number of resamples.
    block_weeks
        Weeks drawn together, counted from the first, so that what lasts for weeks, or errs with one cutoff, stays
        together; what is left over joins the last block.

    Returns
    -------
    numpy.ndarray
        Sums, ``(resamples, n_lines)``.

    References
    ----------
    Owen (2007), The pigeonhole bootstrap, Annals of Applied Statistics 1(2). Cameron, Gelbach and Miller (2008),
    Bootstrap-based improvements for inference with clustered errors, Review of Economics and Statistics 90(3); the same
    (2011), Robust inference with multiway clustering, Journal of Business and Economic Statistics 29(2).
    """
    whole = _grouped(np.rint(cells * _STEPS), rng)
    _, products, weeks = whole.shape
    product_counts = rng.multinomial(products, np.full(products, 1 / products), size=resamples).astype(np.float64)
    week_weights = _week_weights(weeks, block_weeks, resamples, rng)
    by_product = product_counts @ whole.sum(axis=2).T
    by_week = np.einsum("bt,kt->bk", week_weights - 1, whole.sum(axis=1))
    sums: NDArray[np.float64] = (by_product + by_week) / _STEPS
    return sums


def interval(sums: NDArray[np.float64], width: float = 0.9) -> tuple[float, float]:
    """Return the percentile interval of one line's resampled figures; undefined figures are passed over."""
    known = sums[np.isfinite(sums)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - width) / 2, (1 + width) / 2])
    return float(low), float(high)


def quotient(part: NDArray[np.float64], whole: NDArray[np.float64], was: tuple[float, float]) -> NDArray[np.float64]:
    """Return resampled figures of part / whole, made linear around the quotient as it was.

    Draws widened for few blocks can take the whole near 0 or beyond, where the quotient itself says nothing. Made linear
    (the delta method), it departs from what it was by (part - quotient x whole) / whole as it was.

    Parameters
    ----------
    part, whole
        Sums in every resample; ``(resamples,)``.
    was
        Both as they were. Figures are not a number where the whole was not above 0.
    """
    of, among = was
    if among <= 0:
        return np.full_like(part, np.nan)
    found: NDArray[np.float64] = of / among + (part - of / among * whole) / among
    return found


def has_blocks(weeks: int, block_weeks: int) -> bool:
    """Whether there are two blocks of weeks at least: with fewer nothing is known of how weeks differ."""
    return weeks >= 2 * block_weeks


def total(cells: NDArray[np.float64]) -> float:
    """Return the sum of the cells, counted as ``bootstrap`` counts."""
    return float(np.rint(cells * _STEPS).sum() / _STEPS)


def _grouped(cells: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    lines, products, weeks = cells.shape
    if products <= MOST_GROUPS:
        return cells
    group = rng.permutation(products) % MOST_GROUPS
    sums = np.zeros((lines, MOST_GROUPS, weeks))
    for line in range(lines):
        np.add.at(sums[line], group, cells[line])
    return sums


def _week_weights(weeks: int, block_weeks: int, resamples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the weight of each week in each resample, ``(resamples, weeks)``, 1 on average.

    With B blocks a resample's spread is too small by (B - 1) / B, and normal where Student's t is due: a normal
    over the root of chi-square / (B - 1).
    """
    blocks = weeks // block_weeks
    if blocks < 2:  # noqa: PLR2004  one block is always drawn
        return np.ones((resamples, weeks))
    block = np.minimum(np.arange(weeks) // block_weeks, blocks - 1)
    counts = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples)
    student = np.sqrt(blocks / rng.chisquare(blocks - 1, size=(resamples, 1)))
    weights: NDArray[np.float64] = np.asarray(1 + student * (counts - 1), dtype=np.float64)[:, block]
    return weights
