"""Trends of weekly series of one's own, without a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.config import MineTrends
from lotwise.errors import ContractError
from lotwise.mine.intake import Frame
from lotwise.mine.trends.gather import MONDAY, WEEK_DAYS
from lotwise.mine.trends.publish import find
from lotwise.mine.trends.series import Series, logged
from lotwise.tables.mined import TRENDS

if TYPE_CHECKING:
    from numpy.typing import NDArray


MOST_CELLS = 50_000_000
"""Weeks of all series together that are held in memory."""


def find_trends(
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    series: str = "unique_id",
    time: str = "ds",
    value: str = "y",
    beside_all: bool = False,
    settings: MineTrends | None = None,
) -> pa.Table:
    """Return what rises, falls or has changed for good among weekly series: a table with the columns of ``trends``.

    Parameters
    ----------
    frame
        A row a series and day or week; pandas, Polars, Arrow or a dict of columns. Values of one week are added up.
    series, time, value
        Its columns: which series, a date, and a number of 0 or more such as units.
    beside_all
        Whether what the sum of all series does is taken off first, so that a change is one against the others.
    settings
        As in ``[mine.trends]``.

    Raises
    ------
    ContractError
        Columns are missing, empty or not of their kind (every fault is listed), or so many weeks lie between the first and the
        last date that the series do not fit: most likely one date is wrong.

    Notes
    -----
    Weeks before a series' first value above 0 are absent, those without a row after it count as 0. The first and the last
    week are taken for whole ones.
    """
    taken = Frame.of(frame, "The series")
    names, day, values = taken.texts(series), taken.days(time), taken.numbers(value, low=0)
    taken.done()
    if not len(taken):
        return TRENDS.empty()
    sums, start, kinds = _weekly(names, day, values)
    begun = np.cumsum(sums > 0, axis=1) > 0
    scale = np.where(begun, logged(sums, less=sums.sum(axis=0) if beside_all else None), np.nan)
    levels = np.where(begun, sums, np.nan)
    weekly = Series("signal", kinds, start, levels, scale, is_log=True, unit=value, source=value, is_beside=beside_all)
    rows = find(weekly, settings or MineTrends())
    return TRENDS.check(pa.Table.from_pylist(rows, schema=TRENDS.schema))


def _weekly(
    names: pa.Array, day: NDArray[np.int64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int, tuple[str, ...]]:
    """Return sums by series and week, the first Monday, and the series in order."""
    kinds = pc.unique(names).sort()
    row = pc.index_in(names, value_set=kinds).to_numpy()
    week = (day - MONDAY) // WEEK_DAYS
    first, count = int(week.min()), int(week.max() - week.min()) + 1
    if count * len(kinds) > MOST_CELLS:
        ends = " to ".join(str(np.datetime64(int(end), "D")) for end in (day.min(), day.max()))
        found = f"{len(kinds):,} series over {count:,} weeks, from {ends}"
        raise ContractError(f"The series: found {found}; expected {MOST_CELLS:,} weeks in all at most. Is a date wrong?")
    sums = np.bincount(row * count + week - first, values, len(kinds) * count).reshape(len(kinds), count)
    return sums.astype(np.float64), first * WEEK_DAYS + MONDAY, tuple(kinds.to_pylist())
