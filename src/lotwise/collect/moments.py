"""Times of a source put on the project's clock, before its columns are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.collect import dates, zones
from lotwise.collect.values import Style, clock
from lotwise.tables.columns import DAY, TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis

    from lotwise.config import Field
    from lotwise.stage import Engine
    from lotwise.tables import Table


def on_our_clock(theirs: ibis.Table, table: Table, ways: Mapping[str, Field], style: Style, engine: Engine) -> ibis.Table:
    """Return a source with ``moment X`` beside it for each time X of ours that may have to be moved between zones.

    Parameters
    ----------
    theirs
        The source.
    table
        Our table.
    ways
        Our column -> how it is made.
    style
        Its zones.
    engine
        Keeps the table of offsets.
    """
    for column in table.columns:
        way = ways.get(column.name)
        if column.type not in (DAY, TIME) or way is None or way.source is None or way.map:
            continue
        if way.format is not None and way.format.startswith(dates.WEEKS_SINCE):
            continue
        found = clock(theirs[way.source], way, style)
        if found.zones - {style.target}:
            theirs = _moved(theirs, moment_name(column.name), found, style.target, engine)
    return theirs


def moment_name(column: str) -> str:
    """Return the name of the column that holds a time on the project's clock."""
    return f"moment {column}"


def _moved(theirs: ibis.Table, name: str, found: dates.Clock, target: str, engine: Engine) -> ibis.Table:
    wall, zone, year = (f"{part} of {name}" for part in ("wall", "zone", "year"))
    beside = theirs.mutate(**{wall: found.wall, zone: found.zone, year: found.wall.year().cast("int64")})
    years = engine.from_arrow(zones.shifts(found.zones, target))
    joined = beside.left_join(years, [beside[zone] == years["zone"], beside[year] == years["zone_year"]])
    moved = joined.mutate(**{name: zones.shifted(joined[wall], joined)})
    return moved.select(*theirs.columns, name)
