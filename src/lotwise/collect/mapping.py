"""A source table as one of ours: each column of the contract from a column of theirs, a constant or a default."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import ibis

from lotwise import config
from lotwise.collect import dates, zones
from lotwise.collect.filters import kept
from lotwise.collect.lookup import join, kept_names
from lotwise.collect.marks import names_currency
from lotwise.collect.moments import moment_name, on_our_clock
from lotwise.collect.values import NO, TYPES, Reading, Style, absent, constant, fixed, read
from lotwise.errors import SettingsError, did_you_mean
from lotwise.tables.collected import COLLECTED, LINEAGE
from lotwise.tables.columns import COUNT, DAY, FLAG, REAL, TEXT, TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.collect.batches import Batch
    from lotwise.stage import Inputs
    from lotwise.tables import Column, Table

OURS = {table.name: table for table in COLLECTED}
"""The tables a source can be mapped to."""

DERIVED = {
    "orders": ("line", "location", "region", "kind"),
    "events": ("event",),
    "option_rules": ("rule",),
    "bom": ("option", "value", "version"),
    "items": ("site",),
    "suppliers": ("from_units",),
    "lanes": ("item",),
    "receipts": ("site",),
    "promotions": ("location",),
    "calendar": ("region",),
    "weather": ("region",),
    "stock": ("site", "region"),
    "signals": ("product", "region"),
    "overrides": ("region",),
}
"""Columns that need no source: they are derived where the mapping has none."""


@dataclass(frozen=True)
class Mapped:
    """One batch as a table of ours.

    Parameters
    ----------
    table
        The contract.
    relation
        The contract's columns, ``source_file``, ``source_row``, and what its faults need.
    readings
        Column -> how it is read.
    used
        Columns of theirs that something of ours takes.
    """

    table: Table
    relation: ibis.Table
    readings: dict[str, Reading]
    used: frozenset[str]


def check_settings(mappings: list[config.Mapping]) -> list[str]:
    """Return every breach that can be seen without looking at a file."""
    found = []
    for number, mapping in enumerate(mappings, start=1):
        where = f"collect[{number}]"
        if mapping.table not in OURS:
            hint = did_you_mean(mapping.table, OURS) or f"; there are {', '.join(OURS)}"
            found.append(f"'{where}.table' = '{mapping.table}' is no table that can be collected{hint}")
            continue
        table = OURS[mapping.table]
        if mapping.timezone:
            found += _zone_breaches(where, mapping.timezone)
        columns = {column.name: column for column in table.columns}
        for name, how in mapping.columns.items():
            if name not in columns:
                found.append(f"'{where}.columns.{name}' is no column of {table.name}{did_you_mean(name, columns)}")
                continue
            found += [f"'{where}.columns.{name}' {breach}" for breach in _field_breaches(columns[name], as_field(how))]
    return found


def as_field(how: str | config.Field) -> config.Field:
    """Return how a column is made, where only their column is named."""
    return config.Field(source=how) if isinstance(how, str) else how


@dataclass(frozen=True)
class Wanted:
    """Columns of theirs that a mapping may take: those it names, and what says the currency of its money."""

    names: frozenset[str]
    currencies: bool

    def __contains__(self, name: object) -> bool:
        """Whether a column of theirs is one of them."""
        return name in self.names or (self.currencies and names_currency(str(name)))


def wanted(mapping: config.Mapping) -> Wanted:
    """Return the columns of theirs that a mapping may take."""
    ways = [as_field(how) for how in mapping.columns.values()]
    named = {way.source for way in ways} | {way.divide_by for way in ways} | {rule.column for rule in mapping.filter}
    keys = {theirs for lookup in mapping.lookup for theirs in lookup.on}
    names = frozenset(name for name in named | keys if name) | set(OURS[mapping.table].names)
    return Wanted(names, any(column.unit == "money" for column in OURS[mapping.table].columns))


def resolve(mapping: config.Mapping, columns: tuple[str, ...]) -> tuple[dict[str, config.Field], list[str]]:
    """Return how each column of ours is made from these columns of theirs, and every breach.

    A column of theirs that is named as ours is taken without being listed.
    """
    table = OURS[mapping.table]
    ways = {name: as_field(how) for name, how in mapping.columns.items()}
    for column in table.columns:
        if column.name not in ways and column.name in columns:
            ways[column.name] = config.Field(source=column.name)
    found = []
    for name, way in ways.items():
        found += [
            f"column '{theirs}' (for {table.name}.{name}) is not there{did_you_mean(theirs, columns)}"
            for theirs in (way.source, way.divide_by)
            if theirs and theirs not in columns
        ]
    for rule in mapping.filter:
        if rule.column not in columns:
            found.append(f"column '{rule.column}' (of a filter) is not there{did_you_mean(rule.column, columns)}")
    for column in table.columns:
        if column.name not in ways and not column.nullable and column.name not in DERIVED.get(table.name, ()):
            hint = did_you_mean(column.name, columns)
            found.append(
                f"nothing gives {table.name}.{column.name} ({column.meaning}); name their column, or a constant value{hint}"
            )
    return ways, found


def apply(mapping: config.Mapping, batch: Batch, inputs: Inputs) -> tuple[Mapped | None, list[str], ibis.Table]:
    """Return a batch as a table of ours, or every breach; and the rows of theirs with ``kept`` beside them.

    Raises
    ------
    InputError
        A lookup cannot be joined.
    """
    joined, columns = join(batch, mapping, inputs)
    ways, found = resolve(mapping, columns)
    if found:
        return None, found, joined
    marked = _marked(joined, batch, mapping) if mapping.filter else joined
    theirs = marked.filter(marked["kept"]) if mapping.filter else marked
    table = OURS[mapping.table]
    zone = inputs.settings.project.timezone
    style = Style(mapping.decimal, mapping.timezone or zone, zone)
    theirs = on_our_clock(theirs, table, ways, style, inputs.engine)
    readings = {column.name: _reading(column, theirs, ways.get(column.name), style) for column in table.columns}
    derived = {n: _derive(table, n, theirs, readings) for n in DERIVED.get(table.name, ()) if n not in ways}
    readings |= {name: Reading(value) for name, value in derived.items() if value is not None}
    used = {name for way in ways.values() for name in (way.source, way.divide_by) if name}
    used |= {rule.column for rule in mapping.filter} | {key for lookup in mapping.lookup for key in lookup.on}
    rows = _project(table, theirs, readings)
    if mapping.distinct:
        rows = _once(rows, inputs.settings.pool.duplicates)
    return Mapped(table, rows, readings, frozenset(used)), [], marked


def _once(rows: ibis.Table, winner: str) -> ibis.Table:
    """Return the rows of one file that say the same once, in the place that the pool would keep."""
    said = [name for name in rows.columns if name != "source_row"]
    place = rows["source_row"].max() if winner == "last" else rows["source_row"].min()
    return rows.group_by(said).aggregate(source_row=place).select(*rows.columns)


def _marked(joined: ibis.Table, batch: Batch, mapping: config.Mapping) -> ibis.Table:
    """Return the rows with whether each meets all conditions, on its own columns and on its lookups'."""
    own = kept(joined, [rule for rule in mapping.filter if rule.column in batch.columns], mapping.decimal)
    looked_up = kept_names(joined)
    return joined.mutate(kept=reduce(and_, (joined[name] for name in looked_up), own)).drop(*looked_up)


def given_name(column: str) -> str:
    """Return the name of the column that holds a column's values as they stood."""
    return f"given {column}"


def reason_name(column: str) -> str:
    """Return the name of the column that says why a column's value could not be read."""
    return f"reason {column}"


def _reading(column: Column, theirs: ibis.Table, way: config.Field | None, style: Style) -> Reading:
    if way is None:
        return absent(column)
    if way.source is None:
        return fixed(column, way.value if way.value is not None else way.default or "")
    divisor = theirs[way.divide_by] if way.divide_by else None
    moment = moment_name(column.name)
    ready = theirs[moment] if moment in theirs.columns else None
    return read(column, theirs[way.source], way, style, divisor=divisor, ready=ready)


def _derive(table: Table, name: str, theirs: ibis.Table, readings: dict[str, Reading]) -> ibis.Value | None:
    """Return a column that the source does not have; None where rows must be numbered afterwards."""
    if name in {"location", "region", "site"} or (table.name, name) in {("signals", "product"), ("lanes", "item")}:
        return ibis.literal("all")
    if table.name == "bom":
        return ibis.literal("always")
    if name == "from_units":
        return ibis.literal(0.0)
    if name == "kind":
        return (readings["units"].value < 0).fill_null(NO).ifelse("return", "sale")
    if name in {"event", "rule"}:
        return theirs["source_file"] + "#" + theirs["source_row"].cast("string")
    return None


def _project(table: Table, theirs: ibis.Table, readings: dict[str, Reading]) -> ibis.Table:
    values = {c.name: readings[c.name].value.cast(TYPES[c.type]) for c in table.columns}
    lineage = {c.name: theirs[c.name].cast(TYPES[c.type]) for c in LINEAGE}
    faults = {}
    for name, reading in readings.items():
        if reading.reason is not None:
            faults[reason_name(name)] = reading.reason
            faults[given_name(name)] = reading.reason.notnull().ifelse(reading.given, None)
    return theirs.select(**values, **lineage, **faults)


def _zone_breaches(where: str, zone: str) -> Iterator[str]:
    try:
        zones.check_zone(zone)
    except SettingsError as error:
        yield f"'{where}.timezone': {error}"


def _field_breaches(column: Column, how: config.Field) -> Iterator[str]:
    if how.source is None and how.value is None and how.default is None:
        yield "names neither a column of theirs (from) nor a constant (value)"
    if how.source is not None and how.value is not None:
        yield "names both a column of theirs (from) and a constant (value); keep one"
    if how.source is None and (how.map or how.divide_by or how.format):
        yield "names no column of theirs (from) that map, divide_by or format could be applied to"
    if (how.factor != 1 or how.divide_by) and column.type not in (REAL, COUNT):
        yield f"has a factor or divide_by, but {column.name} is no number"
    if how.format is not None:
        yield from _format_breaches(column, how.format)
    values = [how.value, how.default, how.otherwise, *how.map.values()]
    for value in values:
        if value is None:
            continue
        try:
            constant(column, value)
        except ValueError as error:
            yield str(error)


def _format_breaches(column: Column, format: str) -> Iterator[str]:  # noqa: A002  as in the settings
    if column.type not in (DAY, TIME):
        kind = {TEXT: "text", REAL: "a number", COUNT: "a number", FLAG: "true or false"}[column.type]
        yield f"has a date format, but {column.name} is {kind}"
        return
    try:
        if format.startswith(dates.WEEKS_SINCE):
            dates.first_week(format)
        else:
            dates.compile_format(format)
    except SettingsError as error:
        yield str(error)
