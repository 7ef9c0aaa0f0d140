"""Demand before the cutoff as a forecast: the base that whatever claims to know more has to beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches
from lotwise.gap.frames.long import among, arrow, example, floats, missing, numbered
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from lotwise.gap.frames.long import Rows
    from lotwise.gap.frames.newsvendor import Array, Index

RECENT = 13
"""Rows of a series that count as recent."""

_NEEDED = ("unique_id", "ds", "y")


def sample_average(history: Any, rows: Rows) -> tuple[Array, Array]:  # noqa: ANN401  any frame there is
    """Return the quantiles of each series' own demand up to the cutoff, of all rows and of the recent ones.

    Sample average approximation: each row counts alike. Where nothing was sold a row with ``y`` = 0 is needed.

    Parameters
    ----------
    history
        Columns ``unique_id``, ``ds``, ``y``; later rows than a cutoff are not looked at for it.
    rows
        The decisions.

    Returns
    -------
    tuple of numpy.ndarray
        ``(n_rows, n_levels)`` each, absent where a series has no row up to the cutoff.

    Raises
    ------
    ContractError
        A column is missing, a row stands twice, ``y`` is negative, or the decisions have no cutoff.
    """
    what = "The history"
    table = arrow(history, what)
    lacking = missing(table, _NEEDED)
    if lacking:
        raise ContractError(breaches(f"{what} breaks its contract", lacking))
    if rows.cutoffs.null_count:
        message = (
            "The forecast has no column 'cutoff' (the last period known), so what of the history was known cannot be told."
        )
        raise ContractError(f"{message} Add it, or give the base yourself: base=...")
    series, y = among(table, "unique_id", rows.ids, what), floats(table, "y", what)
    times, time = numbered(table, "ds", what)
    found = []
    if (y < 0).any() or np.isinf(y).any():
        wrong = np.flatnonzero((y < 0) | np.isinf(y))
        found.append(f"'y' is negative or infinite in {len(wrong)} rows, such as {example(table, wrong, _NEEDED)}")
    mine = np.flatnonzero((series >= 0) & np.isfinite(y))
    order = mine[np.lexsort((time[mine], series[mine]))]
    twice = order[1:][(np.diff(series[order]) == 0) & (np.diff(time[order]) == 0)]
    if len(twice):
        found.append(f"{len(twice)} rows stand twice, such as {example(table, twice, _NEEDED)}")
    if found:
        raise ContractError(breaches(f"{what} breaks its contract", found))
    return _as_of(rows, series[order], _last_known(rows, times)[:, None] >= time[order], y[order])


def _as_of(rows: Rows, series: Index, known: Any, y: Array) -> tuple[Array, Array]:  # noqa: ANN401  a mask
    """Return quantiles of the rows known at each cutoff; ``known`` is ``(n_cutoffs, n_history)``, series in order."""
    count = len(rows.ids)
    found = np.full((2, len(rows.cutoffs), count, len(LEVELS)), np.nan)
    for place, there in enumerate(known):
        of, values = series[there], y[there]
        ends = np.bincount(of, minlength=count).cumsum()
        recent = np.arange(len(of)) >= ends[of] - RECENT
        found[0, place] = _empirical(of, values, count)
        found[1, place] = _empirical(of[recent], values[recent], count)
    return found[0][rows.origin, rows.series], found[1][rows.origin, rows.series]


def _empirical(series: Index, values: Array, count: int) -> Array:
    """Return the quantiles of each series' values, straight between them; absent where there is none."""
    ordered = values[np.lexsort((values, series))]
    size = np.bincount(series, minlength=count)
    start = size.cumsum() - size
    place = np.asarray(LEVELS) * np.maximum(size - 1, 0)[:, None]
    low = np.floor(place).astype(np.int64)
    some = size > 0
    first = (start[:, None] + low)[some]
    after = (start[:, None] + np.minimum(low + 1, np.maximum(size - 1, 0)[:, None]))[some]
    found = np.full((count, len(LEVELS)), np.nan)
    part = (place - low)[some]
    found[some] = ordered[first] * (1 - part) + ordered[after] * part
    return found


def _last_known(rows: Rows, times: pa.Array) -> Index:
    """Return the place among the history's periods of the last one known at each cutoff, -1 where there is none."""
    try:
        cutoffs = rows.cutoffs.cast(times.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        message = f"Column 'ds' of the history is {times.type}, column 'cutoff' of the forecast {rows.cutoffs.type}"
        raise ContractError(f"{message}; expected one type for both.") from None
    both = pc.unique(pa.chunked_array([times, cutoffs])).sort()
    mine, theirs = (np.asarray(pc.index_in(values, value_set=both).to_numpy(), np.int64) for values in (times, cutoffs))
    return np.asarray(np.searchsorted(mine, theirs, side="right") - 1, np.int64)
