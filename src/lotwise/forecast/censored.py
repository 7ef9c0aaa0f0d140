"""Demand behind sales that ran out: what would have been sold had there been stock.

A week out of stock says only that demand was at least what was sold. Leaving it in teaches too low a level, and
leaving it out does too, for stock runs out in the weeks of high demand. Each such week is given the demand expected
of it, at least what was sold, under a negative binomial law whose level and spread are found by expectation-
maximization from the weeks up to it and no later ones: what ``unconstrain`` gives for week t may be a feature at every
origin from t on, and a target of a model that knows week t.

For scores a censored week is no outcome but a lower bound: leave it out of them (``settled`` makes it absent).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
from scipy.special import betainc

from lotwise.forecast import panel as dense

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.forecast.panel import Array, Index, Mask, Panel

SPREAD, SPREAD_WEEKS = 0.2, 4.0
"""Variance over squared mean beyond Poisson that is expected of a series, and the weeks that expectation counts as."""
LEAST_SPREAD, MOST_SPREAD = 1e-4, 5.0
MOST_WEEKS = 52
"""Earlier weeks have lost their weight."""
STEPS = 60
NEAR = 1e-6
SETTLED = 1e-3
"""A level that moves by a smaller share than this in a step is found."""
RARE = 1e-200
MOST_TIMES = 5.0
"""No week is given more than this many times the best week so far (or its own sales), whatever the law says."""
CHUNK = 5000
PROMOTED_WEEKS = 4.0
"""Promoted weeks that the lift of all series together counts as in the lift of one."""


def unconstrain(units: Array, censored: Mask, *, lift: Array | None = None, keep: float = 0.95) -> tuple[Array, str]:
    """Return demand, each censored week at what was probably asked for, and a sentence on what was done.

    Weeks in stock stay as they are, bit for bit. A censored week gets the mean of a negative binomial demand given
    that it is at least what was sold; its level (times ``lift``) and its spread are those of the weeks up to it, later ones
    weighing more, censored ones at what the same law expects of them (expectation-maximization). Where no week up
    to it was in stock, the first week among them, there is no level: it keeps what was sold, and the note says so.
    Series sold in whole units so far stay in whole units, fractions being carried to the next censored week.

    Parameters
    ----------
    units
        Units sold, absent before a series begins; ``(n_series, n_weeks)``. Column t of the result depends on
        columns 0..t only.
    censored
        Whether demand may have been higher; ``(n_series, n_weeks)``.
    lift
        What each week multiplies an ordinary week's demand by, as a promotion does (``lifts``); by default 1.
    keep
        Weight of a week relative to that of the week after it, above 0 and at most 1.

    References
    ----------
    Dempster, Laird & Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm, JRSS B 39; Weatherford
    & Poelt (2002), Better unconstraining of airline demand data, Journal of Revenue and Pricing Management 1.
    """
    wanted = censored & np.isfinite(units)
    if not wanted.any():
        return units, ""
    series, week = np.nonzero(wanted)
    informed = np.cumsum(np.isfinite(units) & ~censored, axis=1)[series, week] > 0
    found = units.copy()
    factor = np.ones_like(units) if lift is None else np.maximum(lift, NEAR)
    places = np.flatnonzero(informed)
    for start in range(0, len(places), CHUNK):
        rows, last = series[places[start : start + CHUNK]], week[places[start : start + CHUNK]]
        found[rows, last] = _expected(units, wanted, factor, rows, last, keep)
    found = _counts(units, found, wanted)
    return found, _said(units, found, wanted, int((~informed).sum()))


def lifts(units: Array, censored: Mask, promoted: Mask) -> Array:
    """Return what each week multiplies an ordinary week's demand by: the lift of promotion so far, 1 without it.

    A series' lift is its mean in promoted weeks over its mean in others, both in stock and up to the week, shrunk towards
    that of all series together as if it had ``PROMOTED_WEEKS`` more promoted weeks.

    Parameters
    ----------
    units, censored
        As in ``unconstrain``.
    promoted
        Whether the week is promoted; ``(n_series, n_weeks)``.
    """
    known = np.isfinite(units) & ~censored
    sold = np.where(known, units, 0.0)
    ordinary = np.cumsum(sold * ~promoted, axis=1) / np.maximum(np.cumsum(known & ~promoted, axis=1), 1)
    count = np.cumsum(known & promoted, axis=1)
    raised = np.cumsum(sold * promoted, axis=1)
    base = (ordinary * count).sum(axis=0)
    pooled = np.where(base > 0, raised.sum(axis=0) / np.where(base > 0, base, 1.0), 1.0)
    own = (raised + PROMOTED_WEEKS * pooled * ordinary) / np.maximum((count + PROMOTED_WEEKS) * ordinary, NEAR)
    own = np.where(ordinary > 0, own, pooled)
    return np.where(promoted, own, 1.0)


def flags(demand: pa.Table, panel: Panel) -> Mask:
    """Return the column ``censored`` of the demand table in the panel's shape; False where it says nothing."""
    found = np.zeros(panel.shape, bool)
    if "censored" not in demand.column_names:
        return found
    out = demand.filter(pc.fill_null(demand["censored"], False))  # noqa: FBT003  the value, not a switch
    series = panel.series(out["product"], out["region"])
    week = dense.position(out["week"], panel.weeks)
    inside = (series >= 0) & (week >= 0)
    found[series[inside], week[inside]] = True
    return found


def settled(units: Array, censored: Mask) -> Array:
    """Return what came, absent where it is only a lower bound, so that scores leave it out."""
    return np.where(censored, np.nan, units)


def above(sold: Array, mean: Array, spread: Array) -> tuple[Array, Array]:
    """Return the mean and the mean square of a negative binomial demand, given that it is at least what was sold.

    With size r = 1 / spread and success probability r / (r + mean), x f(x; r) = mean f(x - 1; r + 1), so both are ratios of
    tails; a tail is an incomplete beta function, which also serves fractions of units.

    Parameters
    ----------
    sold
        Units sold, the lower bound.
    mean
        Of the demand, above 0.
    spread
        Variance of the demand is ``mean + spread * mean ** 2``.
    """
    size = 1 / spread
    chance = mean / (mean + size)
    tail = _tail(sold, size, chance)
    first = mean * _tail(sold - 1, size + 1, chance)
    second = mean**2 * (1 + spread) * _tail(sold - 2, size + 2, chance)
    usable = tail > RARE
    below = np.where(usable, tail, 1.0)
    ratio = np.minimum((sold + size) / (sold + 1) * chance, 1 - NEAR)
    beyond = sold + ratio / (1 - ratio)
    expected = np.maximum(np.where(usable, first / below, beyond), sold)
    square = np.where(usable, (first + second) / below, beyond**2)
    return expected, np.maximum(square, expected**2)


def _tail(least: Array, size: Array, chance: Array) -> Array:
    """Return the probability of at least so many."""
    return np.where(least > 0, betainc(np.maximum(least, NEAR), size, chance), 1.0)


def _expected(units: Array, censored: Mask, factor: Array, rows: Index, last: Index, keep: float) -> Array:
    """Return the demand of some censored weeks from the weeks up to each; ``(n_cells,)``."""
    back = min(MOST_WEEKS, int(last.max()) + 1)
    place = last[:, None] - np.arange(back)[None, :]
    inside = np.maximum(place, 0)
    sold = np.where(place >= 0, units[rows[:, None], inside], np.nan)
    times = factor[rows[:, None], inside]
    open_ended = censored[rows[:, None], inside] & (place >= 0)
    weight = np.where(np.isfinite(sold), keep ** np.arange(back), 0.0)
    sold = np.nan_to_num(sold)
    level, spread = _fitted(sold, times, open_ended, weight)
    expected, _ = above(sold[:, 0], np.maximum(level * times[:, 0], NEAR), spread)
    return np.asarray(np.maximum(np.minimum(expected, MOST_TIMES * sold.max(axis=1)), sold[:, 0]))


def _fitted(sold: Array, times: Array, censored: Mask, weight: Array) -> tuple[Array, Array]:
    """Return the level and the spread of each row by expectation-maximization; ``(n_cells,)`` each."""
    full = np.where(censored, 0.0, weight)
    level = np.maximum((full * sold).sum(axis=1) / np.maximum((full * times).sum(axis=1), NEAR), NEAR)
    spread = np.full(len(level), SPREAD)
    cell, week = np.nonzero(censored & (weight > 0))
    demand, square = sold.copy(), sold**2
    exposure = (weight * times).sum(axis=1)
    live = np.ones(len(level), bool)
    for _ in range(STEPS):
        row, column = cell[live[cell]], week[live[cell]]
        mean = level[row] * times[row, column]
        demand[row, column], square[row, column] = above(sold[row, column], mean, spread[row])
        before = level
        level = np.maximum((weight * demand).sum(axis=1) / exposure, NEAR)
        expected = level[:, None] * times
        beyond = (weight * (square - 2 * demand * expected + expected**2 - expected)).sum(axis=1)
        trust = SPREAD_WEEKS * level**2
        spread = (beyond + trust * SPREAD) / ((weight * expected**2).sum(axis=1) + trust)
        spread = np.clip(spread, LEAST_SPREAD, MOST_SPREAD)
        live &= np.abs(level - before) > SETTLED * before
        if not live.any():
            break
    return level, spread


def _counts(units: Array, found: Array, censored: Mask) -> Array:
    """Return whole units where a series has had no others so far, its running total rounded and not each week."""
    whole = np.logical_and.accumulate(np.isnan(units) | (units == np.rint(units)), axis=1)
    added = np.rint(np.cumsum(np.where(censored, found - units, 0.0), axis=1))
    return np.where(censored & whole, units + np.diff(added, axis=1, prepend=0.0), found)


def _said(units: Array, found: Array, censored: Mask, uninformed: int) -> str:
    count = int(censored.sum())
    said = f"{count:,} product-weeks were out of stock: {units[censored].sum():,.0f} units were sold in them"
    said += f", {found[censored].sum():,.0f} taken to have been wanted"
    if uninformed:
        said += f"; {uninformed:,} of them keep what was sold, for no week before them was in stock"
    return said
