"""Whether a source says anything: what comes late, from the future, never changes, or is told twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.forecast.panel import WEEK, days, monday

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Days, Facts

TIMES = {
    "orders": "time",
    "events": "time",
    "promotions": "week",
    "weather": "day",
    "competitors": "week",
    "signals": "week",
    "work": "week",
}
"""The column that says when, of tables that speak of every week."""

ANNOUNCED = ("promotions", "weather", "competitors", "signals")
"""Tables of which some can be known ahead."""

PAUSE = 2
"""Weeks without a row that any source may have."""


def sound(facts: Facts, name: str, columns: dict[str, Array]) -> dict[str, Array]:
    """Return the features of a source, or none where all of them are constant or empty; the user is then told.

    One value everywhere, whenever it was known, teaches nothing at any cutoff, so leaving it out changes no forecast.
    """
    if not columns or any(_varies(values) for values in columns.values()):
        return columns
    empty = all(not np.isfinite(values).any() for values in columns.values())
    what = "holds no value for what is forecast" if empty else "never changes"
    facts.note(f"{name} {what}; left out")
    return {}


def check_times(facts: Facts, source: Source, table: str) -> None:
    """Tell the user where a table stops before the last known week, or holds rows that nobody can know yet.

    A table is late when it has been silent longer than ever before, and for more than two weeks (and its lead)
    besides; it is taken as it is. Rows of a source known in the past that are dated after the week now running
    are not read.
    """
    if table not in TIMES:
        return
    column = facts.tables[table][TIMES[table]].cast(pa.date32(), safe=False)
    when = np.sort(days(pa.chunked_array([pc.unique(column).drop_null()])))
    end = facts.panel.weeks[-1] + WEEK
    seen = np.unique(monday(when[when < end]))
    if len(seen) == 0:
        facts.note(f"{source.name}: table '{table}' has no row up to the cutoff, {end}")
        return
    silent = int((end - seen[-1]).astype(int)) // 7 - 1
    usual = int(np.diff(seen).max().astype(int)) // 7 - 1 if len(seen) > 1 else 0
    lead = source.lead if source.known == "past" else 0
    if silent > max(PAUSE + lead, usual):
        last = when[when < end][-1]
        facts.note(f"{source.name}: table '{table}' has nothing since {last}, {silent} weeks before the cutoff; taken as it is")
    if source.known == "past":
        _tell_future(facts, source, table, when[when >= end + WEEK])


def _tell_future(facts: Facts, source: Source, table: str, when: Days) -> None:
    if len(when) == 0:
        return
    step = 'declare known = "plan" if they were announced' if table in ANNOUNCED else "look at their dates"
    facts.note(
        f"{source.name}: table '{table}' has rows dated {when[0]} to {when[-1]}, after the last known week; "
        f"they are not read ({step})"
    )


def twins(columns: Mapping[str, Mapping[str, npt.NDArray[np.floating]]]) -> list[tuple[str, str]]:
    """Return the pairs of sources of which one tells nothing that the other does not.

    Parameters
    ----------
    columns
        Features by source name, then by feature name; those every model has (``""``) are no source's.
    """
    names = [name for name, told in columns.items() if name and told]
    if len(names) < 2:  # noqa: PLR2004  a pair
        return []
    prints = {name: {_print(values): values for values in columns[name].values()} for name in names}
    found = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            small, large = sorted((prints[one], prints[other]), key=len)
            if all(mark in large and np.array_equal(values, large[mark], equal_nan=True) for mark, values in small.items()):
                found.append((one, other))
    return found


def _varies(values: Array) -> bool:
    known = np.isfinite(values)
    if not known.any():
        return False
    first = values[known][0]
    return not (known.all() and bool((values == first).all()))


def _print(values: npt.NDArray[np.floating]) -> tuple[tuple[int, ...], int, float]:
    return values.shape, int(np.isnan(values).sum()), float(np.nansum(values))
