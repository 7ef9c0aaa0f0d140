"""Rows in the shape of their contract: every column there, in its type, without stray blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from lotwise.tables.collected import LINEAGE

if TYPE_CHECKING:
    from lotwise.stage import Engine
    from lotwise.tables import Column, Table

NOWHERE = {
    "location": "all", "region": "all", "site": "all", "option": "always", "value": "always", "version": "always",
    "from_units": 0.0, "item": "all", "machine": "all",
}  # fmt: skip
"""What a required column holds where the source has none at all."""

ALWAYS = {("products", "category"): "unknown", ("bom", "version"): "always"}
"""What a required column holds wherever it is empty."""

SCOPED = {
    "option": ("bom",), "value": ("bom",), "version": ("bom",), "from_units": ("suppliers",), "item": ("lanes", "tool_needs"),
    "machine": ("shifts", "setups"),
}  # fmt: skip
"""Tables in which that is meant, where not in all."""


def shape(table: Table, relation: ibis.Table, engine: Engine, *, tidy: bool = True) -> ibis.Table:
    """Return the rows with the contract's columns and types, and their lineage.

    Text is trimmed and empty text is absent; weeks become the Monday they lie after; a place is
    ``"all"`` where the source tells of no place at all. Without ``tidy`` text and weeks are taken as they stand:
    collect has tidied them, and with tens of millions of rows doing it twice takes longer than everything else.
    """
    found = {column.name: _typed(column, relation, tidy=tidy) for column in (*table.columns, *LINEAGE)}
    shaped = relation.select(**found)
    defaults = {
        name: value
        for name, value in NOWHERE.items()
        if _required(table, name) and table.name in SCOPED.get(name, (table.name,))
    }
    empty = {name: value for name, value in defaults.items() if not engine.to_arrow(_first(shaped, name)).num_rows}
    always = {column: value for (name, column), value in ALWAYS.items() if name == table.name}
    filled = {name: ibis.coalesce(shaped[name], ibis.literal(value)) for name, value in {**empty, **always}.items()}
    return shaped.mutate(**filled) if filled else shaped


def _typed(column: Column, relation: ibis.Table, *, tidy: bool) -> ibis.Value:
    wanted = ibis.dtype(column.type)
    if column.name not in relation.columns:
        return ibis.null(wanted)
    value = relation[column.name]
    if value.type().is_null():
        return ibis.null(wanted)
    if value.type().copy(nullable=True) != wanted:
        value = value.try_cast(wanted)
    if not tidy:
        return value
    if column.name == "week":
        return value.truncate("W").cast("date")
    return value.strip().nullif("") if pa.types.is_string(column.type) and column not in LINEAGE else value


def _required(table: Table, name: str) -> bool:
    return any(column.name == name and not column.nullable for column in table.columns)


def _first(relation: ibis.Table, name: str) -> ibis.Table:
    return relation.select(name).filter(relation[name].notnull()).limit(1)
