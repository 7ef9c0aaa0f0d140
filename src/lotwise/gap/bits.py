"""Bits beside money: how much better one state of information describes demand than another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.value import codes, days, moment, places
from lotwise.tables.forecasted import LEVELS, QUANTILES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.gap.value import Cells, Value

    Array = NDArray[np.float64]
    Index = NDArray[np.int64]

WIDE = 0.01
"""Weight of the wide law that every forecast is mixed with before it is scored: the mass above the last level."""

BASE = "none"
"""The state whose mean sets the scale of the wide law."""

_LEVEL = np.asarray(LEVELS)
_DIGITS = 2
"""Demand that is not counted in whole units is scored in steps of so many powers of ten below its mean."""
_FAR = 800.0
"""Lengths of an exponential tail beyond which nothing is left of it in floating point."""


@dataclass(frozen=True)
class Gain:
    """What one state of information knows more than another.

    Parameters
    ----------
    bits
        Log score gained, per product-week.
    crps
        Continuous ranked probability score gained, in units per product-week.
    bit_cells, crps_cells
        The same in every product and settled week, ``(n_products, n_weeks)``; 0 where not both states were forecast.
    cells
        Product-weeks that both states were forecast in, which the figures are means over.
    """

    bits: float
    crps: float
    bit_cells: Cells
    crps_cells: Cells
    cells: int


@dataclass(frozen=True)
class Scores:
    """Log score and continuous ranked probability score of every state, on the grid of a ``Value``.

    Parameters
    ----------
    bits
        State -> log2 of the probability given to what came, ``(n_products, n_weeks)``, regions added up; not a number
        where demand is not known or the state was not forecast for every region that another state was.
    crps
        State -> continuous ranked probability score in units, likewise; less is better.
    """

    bits: dict[str, Cells]
    crps: dict[str, Cells]

    def gain(self, better: str, worse: str) -> Gain:
        """Return what ``better`` gained over ``worse``, each product-week counted once.

        Raises
        ------
        KeyError
            A state was not forecast at all.
        """
        bits = self.bits[better] - self.bits[worse]
        crps = self.crps[worse] - self.crps[better]
        both = np.isfinite(bits)
        cells = int(both.sum())
        bits, crps = (np.where(both, gained, 0.0) for gained in (bits, crps))
        mean, nearer = (float(gained.sum()) / cells if cells else 0.0 for gained in (bits, crps))
        return Gain(mean, nearer, bits, crps, cells)


def gains(forecast: pa.Table, demand: pa.Table, better: str, worse: str) -> tuple[float, float]:
    """Return the bits and the CRPS (in units) that one state gains over another, per product-week.

    Every week whose demand is known counts, at every cutoff it was forecast from.

    Parameters
    ----------
    forecast, demand
        The tables of these names.
    better, worse
        States of information.
    """
    ours = forecast.filter(pc.is_in(forecast["information"], value_set=pa.array([better, worse, BASE])))
    products, _ = codes(ours["product"])
    instants, first = np.unique(_instant(ours), return_index=True)
    gain = _on_times(ours, demand, products, (instants, days(ours["week"])[first])).gain(better, worse)
    return gain.bits, gain.crps


def scores(forecast: pa.Table, demand: pa.Table, value: Value) -> Scores:
    """Return the scores of every state of the table ``forecast``, on the grid of the settled plans.

    Demand that comes in whole units (all settled weeks of the product and region) is scored by the probability that the
    forecast gives to the unit around it, ``(y - 1/2, y + 1/2]``; other demand by that of its step of a fixed lattice, whose
    width is a power of ten between a thousandth and a hundredth of the mean of its weeks with demand. The lowest step
    takes all that lies below. So what is scored is a law over steps, and its probabilities add up to 1.

    Between levels the distribution is straight, where quantiles are equal it has a point mass, and beyond the outer two
    levels it falls off exponentially from the density beside them. One part in a hundred (``WIDE``) of every forecast is
    the law with distribution x / (x + c), c being 1 step + the mean that history alone expected: it is the same for all
    states, reaches every demand, and so keeps the score finite. The score is proper for the mixture; for the forecast
    alone it is so but for -log2(1 - ``WIDE``) = 0.0145 bits, the most the true law could lose to another.

    Parameters
    ----------
    forecast, demand
        The tables of these names.
    value
        Its products, cutoffs and weeks are the grid; other rows are passed over.

    References
    ----------
    Good (1952), Rational decisions, Journal of the Royal Statistical Society B 14, for the logarithmic score; Gneiting and
    Raftery (2007), Strictly proper scoring rules, Journal of the American Statistical Association 102, for both scores:
    the CRPS is twice the pinball loss integrated over the levels, here by trapezoids.
    """
    weeks = value.weeks.astype(np.int64)
    return _on_times(forecast, demand, value.products, (moment(value.cutoffs.astype(np.int64), weeks), weeks))


def log_score(units: Array, quantiles: Array, *, step: Array, scale: Array) -> Array:
    """Return log2 of the probability that each distribution gives to the step around what came; ``(n_cells,)``.

    Parameters
    ----------
    units
        What came; ``(n_cells,)``.
    quantiles
        Rising; ``(n_cells, n_levels)``.
    step
        Width of the lattice: 1 for whole units.
    scale
        Median of the wide law, above 0.
    """
    place = np.ceil(units / step - 0.5)
    low, high = (place - 0.5) * step, (place + 0.5) * step
    given = distribution(high, quantiles) - np.where(place > 0, distribution(low, quantiles), 0.0)
    low = np.maximum(low, 0.0)
    wide = scale * (high - low) / ((high + scale) * (low + scale))
    return np.asarray(np.log2((1 - WIDE) * np.maximum(given, 0.0) + WIDE * wide))


def distribution(at: Array, quantiles: Array) -> Array:
    """Return the probability of at most ``at`` units under each row of quantiles; ``(n_cells,)``."""
    cell, last = np.arange(len(at)), len(_LEVEL) - 1
    below = (quantiles <= at[:, None]).sum(axis=1)
    left = np.clip(below - 1, 0, last - 1)
    start, width = quantiles[cell, left], quantiles[cell, left + 1] - quantiles[cell, left]
    rise = np.divide(at - start, width, out=np.zeros_like(at), where=(below > 0) & (below <= last))
    found = _LEVEL[left] + rise * (_LEVEL[left + 1] - _LEVEL[left])
    over = _tail(at - quantiles[:, -1], quantiles[:, -1] - quantiles[:, -2], _LEVEL[-1] - _LEVEL[-2], 1 - _LEVEL[-1])
    under = _tail(quantiles[:, 0] - at, quantiles[:, 1] - quantiles[:, 0], _LEVEL[1] - _LEVEL[0], _LEVEL[0])
    return np.where(below == 0, under, np.where(below > last, 1 - over, found))


def crps_of(units: Array, quantiles: Array) -> Array:
    """Return twice the pinball loss, integrated over the levels by trapezoids; in units, ``(n_cells,)``."""
    between = np.diff(_LEVEL)
    weight = np.concatenate([[0.0], between]) + np.concatenate([between, [0.0]])
    over = units[:, None] - quantiles
    return np.asarray((weight * np.maximum(_LEVEL * over, (_LEVEL - 1) * over)).sum(axis=1))


def _tail(beyond: Array, width: Array, inside: float, mass: float) -> Array:
    """Return what of a tail's mass lies farther out, under an exponential law with the density beside it.

    Beside it, a mass of ``inside`` lies on ``width``; where that is 0, nothing lies farther out.
    """
    scale = width * mass / inside
    farther = np.divide(np.clip(beyond, 0.0, _FAR * scale), scale, out=np.full_like(beyond, np.inf), where=scale > 0)
    return np.asarray(mass * np.exp(-farther))


def _on_times(forecast: pa.Table, demand: pa.Table, products: tuple[str, ...], times: tuple[Index, Index]) -> Scores:
    """Return the scores on the grid of these products and times: (cutoff, week) as ordered numbers, and the week in days."""
    instants, weeks = times
    regions, area = codes(forecast["region"])
    states, page = codes(forecast["information"])
    row, column = places(forecast["product"], products), _among(_instant(forecast), instants)
    series = row * len(regions) + area
    asked = _asked(demand, products, regions, weeks)
    kept = (row >= 0) & (column >= 0)
    kept[kept] = np.isfinite(asked[series[kept], column[kept]])
    seen, scale = np.zeros(asked.shape, dtype=bool), np.zeros(asked.shape)
    seen[series[kept], column[kept]] = True
    if BASE in states:
        base = kept & (page == states.index(BASE))
        scale[series[base], column[base]] = forecast["mean"].to_numpy()[base]
    step = _step(asked)
    levels = [forecast[name].combine_chunks() for name in QUANTILES]
    shape = (len(products), len(regions), len(instants))
    bits, crps = {}, {}
    for place, state in enumerate(states):
        ours = np.flatnonzero(kept & (page == place))
        quantiles = np.stack([level.take(pa.array(ours)).to_numpy() for level in levels]).T
        np.maximum.accumulate(quantiles, axis=1, out=quantiles)
        cell = series[ours], column[ours]
        units, width = asked[cell], step[cell[0]]
        score = log_score(units, quantiles, step=width, scale=scale[cell] + width)
        bits[state], crps[state] = (_on_grid(figure, cell, seen, shape) for figure in (score, crps_of(units, quantiles)))
    return Scores(bits, crps)


def _asked(demand: pa.Table, products: tuple[str, ...], regions: tuple[str, ...], weeks: Index) -> Array:
    """Return the demand of each product and region in these weeks, ``(n_series, n_weeks)``; not a number where unknown."""
    weeks, place = np.unique(weeks, return_inverse=True)
    row, area, column = (
        places(demand["product"], products),
        places(demand["region"], regions),
        _among(days(demand["week"]), weeks),
    )
    ours = (row >= 0) & (area >= 0) & (column >= 0)
    asked = np.full((len(products) * len(regions), len(weeks)), np.nan)
    asked[row[ours] * len(regions) + area[ours], column[ours]] = demand["units"].to_numpy()[ours]
    return asked[:, place]


def _step(asked: Array) -> Array:
    """Return the width of each series' lattice, in units."""
    known = np.nan_to_num(asked)
    some = known > 0
    mean = known.sum(axis=1) / np.maximum(some.sum(axis=1), 1)
    fine = 10.0 ** (np.floor(np.log10(np.where(mean > 0, mean, 1.0))) - _DIGITS)
    return np.where((known == np.rint(known)).all(axis=1), 1.0, fine)


def _on_grid(figure: Array, cell: tuple[Index, Index], seen: NDArray[np.bool_], shape: tuple[int, int, int]) -> Cells:
    """Return figures by product and week, regions added up, where none is missing that any state has."""
    figures, missing = np.zeros(seen.shape), seen.copy()
    figures[cell], missing[cell] = figure, False
    lacks = missing.reshape(shape).any(axis=1) | ~seen.reshape(shape).any(axis=1)
    return np.where(lacks, np.nan, figures.reshape(shape).sum(axis=1))


def _instant(forecast: pa.Table) -> Index:
    return moment(days(forecast["cutoff"]), days(forecast["week"]))


def _among(numbers: Index, ordered: Index) -> Index:
    """Return the place of each number among ordered ones; -1 where it is not one of them."""
    if not len(ordered):
        return np.full(len(numbers), -1)
    place = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return np.where(ordered[place] == numbers, place, -1)
