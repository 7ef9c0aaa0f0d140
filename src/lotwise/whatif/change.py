"""Changes made in copies of tables: rows found, values set, added to or multiplied, rows added and dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, did_you_mean
from lotwise.pool.typed import NOWHERE, SCOPED
from lotwise.tables import contract
from lotwise.whatif.scenario import Addition, Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lotwise.tables import Column
    from lotwise.whatif.scenario import DemandChange, Removal, Scenario

SHOWN = 3
"""Values named in a message."""


@dataclass
class Draft:
    """Tables while a scenario's changes are made in them.

    Parameters
    ----------
    tables
        As they are by now, by name.
    open
        Names of the tables that may be changed.
    notes
        What is assumed or left as it is, in sentences.
    faults
        What in the scenario cannot be done.
    """

    tables: dict[str, pa.Table]
    open: Sequence[str]
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def change(self, scenario: Scenario, *, only: Sequence[str]) -> None:
        """Make a scenario's changes in some of the tables; what cannot be done stands in ``faults`` then."""
        for where, step in _steps(scenario):
            if step.table not in only:
                continue
            if isinstance(step, Change):
                self._change(step, where)
            elif isinstance(step, Addition):
                self._add(step, where)
            else:
                self._drop(step, where)
        for name in sorted({*touched(scenario)} & {*only} & {*self.tables}):
            self._check(name, f"scenario '{scenario.name}'")

    def refuse_unknown(self, scenario: Scenario) -> None:
        """Note the tables a scenario names that the plan is not made from."""
        for where, step in _steps(scenario):
            if step.table not in self.open:
                hint = did_you_mean(step.table, self.open) or f"; it is made from {', '.join(self.open)}"
                self._say(where, f"'{step.table}' is no table the plan is made from{hint}")

    def replace(self, frames: Mapping[str, Any], name: str) -> None:
        """Put frames in place of tables; what is no such table stands in ``faults`` then."""
        for table, frame in frames.items():
            if table not in self.open:
                self._say(f"scenario '{name}'", f"'{table}' is no table the plan is made from{did_you_mean(table, self.open)}")
                continue
            self.tables[table] = pa.table(frame)
            self._check(table, f"scenario '{name}'")

    def _say(self, where: str, text: str) -> None:
        self.faults.append(f"{where}: {text}")

    def _change(self, change: Change, where: str) -> None:
        table = self._found(change.table, where)
        rows = self._rows(table, change.table, change.where, where) if table is not None else None
        if not (change.set or change.add or change.times):
            self._say(where, "nothing is set, added or multiplied; give it set, add or times")
        for name, value in change.set.items():
            column = self._column(change.table, name, where)
            cell = None if column is None else self._cell(column, value, where)
            if column is not None and cell is not None and table is not None and rows is not None:
                table = _with(table, name, pc.if_else(rows, cell, table[name]))
        for numbers, product in ((change.add, False), (change.times, True)):
            for name, number in numbers.items():
                column = self._number(change.table, name, where)
                if column is not None and table is not None and rows is not None:
                    table = self._moved(table, column, rows, (number, product), where)
        if table is not None:
            self.tables[change.table] = table

    def _moved(self, table: pa.Table, column: Column, rows: pa.Array, by: tuple[float, bool], where: str) -> pa.Table:
        """Return the table with a number added to a column in some rows, or multiplied by it."""
        number, product = by
        absent = pc.sum(pc.and_(rows, pc.is_null(table[column.name]))).as_py() or 0
        matched = pc.sum(rows).as_py() or 0
        if absent:
            if absent == matched:
                self._say(where, f"column '{column.name}' has no value in the rows found; use set")
                return table
            self.notes.append(f"{where}: '{column.name}' has no value in {absent} of {matched} rows, and stays so.")
        old = table[column.name].cast(pa.float64())
        new = pc.multiply(old, number) if product else pc.add(old, number)
        values = pc.if_else(rows, new, old)
        try:
            return _with(table, column.name, values.cast(column.type))
        except pa.ArrowInvalid:
            self._say(where, f"column '{column.name}' counts whole {column.unit or 'numbers'}, and {number:g} makes fractions")
            return table

    def _add(self, add: Addition, where: str) -> None:
        table = self.tables.get(add.table, contract(add.table).empty())
        known = contract(add.table)
        rows: list[dict[str, Any]] = []
        for values in add.rows:
            row: dict[str, Any] = dict.fromkeys(known.names)
            for name, value in values.items():
                column = self._column(add.table, name, where)
                cell = None if column is None else self._cell(column, value, where)
                row[name] = None if cell is None else cell.as_py()
            absent = [column.name for column in known.columns if not column.nullable and column.name not in values]
            for name in absent:
                row[name] = NOWHERE.get(name) if add.table in SCOPED.get(name, (add.table,)) else None
                if row[name] is None:
                    self._say(where, f"a row of '{add.table}' needs '{name}' ({_column(add.table, name).meaning})")
            rows.append({name: row[name] for name in known.names})
        if not any(fault.startswith(f"{where}:") for fault in self.faults):
            schema = pa.schema([pa.field(column.name, column.type) for column in known.columns])
            loose = pa.table({name: table[name] for name in known.names}, schema=schema)
            self.tables[add.table] = pa.concat_tables([loose, pa.Table.from_pylist(rows, schema=schema)])
            if add.table == "products":
                self.notes.append(f"{where}: what nobody has forecast is not planned.")

    def _drop(self, drop: Removal, where: str) -> None:
        table = self._found(drop.table, where)
        rows = self._rows(table, drop.table, drop.where, where) if table is not None else None
        if table is not None and rows is not None:
            self.tables[drop.table] = table.filter(pc.invert(rows))

    def _found(self, name: str, where: str) -> pa.Table | None:
        if name in self.tables:
            return self.tables[name]
        known = ", ".join(one for one in self.open if one in self.tables)
        self._say(where, f"this project has no table '{name}'; it has {known}. Rows can be added to it with [[add]]")
        return None

    def _rows(self, table: pa.Table, name: str, wanted: Mapping[str, Any], where: str) -> pa.Array | None:
        """Return which rows hold what is wanted, or nothing where that cannot be said or none does."""
        rows = pa.array(np.ones(table.num_rows, dtype=bool))
        for key, value in wanted.items():
            column = self._column(name, key, where)
            if column is None:
                return None
            cells = [self._cell(column, one, where) for one in (value if isinstance(value, list) else [value])]
            if any(cell is None for cell in cells):
                return None
            chosen = pa.array([cell.as_py() for cell in cells if cell is not None], column.type)
            held = pc.is_in(table[key], value_set=chosen).combine_chunks()
            for cell in chosen:
                if not pc.any(pc.equal(table[key], cell)).as_py():
                    self._say(where, f"no row of '{name}' has {key} = {cell.as_py()!r}{_nearest(table, key, cell)}")
            rows = pc.and_(rows, held)
        if pc.any(rows).as_py():
            return rows
        if not any(fault.startswith(f"{where}: no row") for fault in self.faults):
            said = ", ".join(f"{key} = {value!r}" for key, value in wanted.items())
            self._say(where, f"no row of '{name}' has {said} together" if said else f"'{name}' has no row")
        return None

    def _column(self, table: str, name: str, where: str) -> Column | None:
        known = contract(table)
        if name in known.names:
            return _column(table, name)
        hint = did_you_mean(name, known.names) or f"; it has {', '.join(known.names)}"
        self._say(where, f"'{table}' has no column '{name}'{hint}")
        return None

    def _number(self, table: str, name: str, where: str) -> Column | None:
        column = self._column(table, name, where)
        if column is None or pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            return column
        self._say(where, f"column '{name}' holds no numbers but {column.type}; use set")
        return None

    def _cell(self, column: Column, value: Any, where: str) -> pa.Scalar | None:  # noqa: ANN401  TOML holds anything
        """Return a value in the column's type, or nothing where it does not fit."""
        plain = pa.types.is_string(column.type) == isinstance(value, str) or pa.types.is_temporal(column.type)
        if plain and pa.types.is_boolean(column.type) == isinstance(value, bool):
            try:
                cell = pa.scalar(value).cast(column.type)
                return pc.floor_temporal(cell, unit="week").cast(column.type) if column.name == "week" else cell
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
                pass
        self._say(where, f"{column.name} = {value!r} is no {column.type}: {column.meaning}")
        return None

    def _check(self, name: str, where: str) -> None:
        try:
            self.tables[name] = contract(name).check(self.tables[name])
        except ContractError as error:
            self.faults += [f"{where}, table '{name}': {line[2:]}" for line in str(error).splitlines()[1:]]


def scaled(draws: pa.Table, products: pa.Table | None, changes: Sequence[DemandChange], draft: Draft, name: str) -> pa.Table:
    """Return draws with more or less demand.

    Parameters
    ----------
    draws
        Draws of the weeks to come.
    products
        Where the category of a product stands.
    changes
        Each multiplies the rows it names; where several name one they multiply.
    draft
        Takes what cannot be done.
    name
        Name of the scenario.
    """
    if not changes:
        return draws
    factor = np.ones(draws.num_rows)
    for number, change in enumerate(changes, start=1):
        where = f"scenario '{name}', [[demand]] {number}"
        rows = _asked(draws, products, change, where, draft)
        factor[rows] *= change.times
        if change.times < 0:
            draft.faults.append(f"{where}: times = {change.times:g} is below 0")
    units = draws["units"].combine_chunks()
    counts = pc.list_value_length(units).to_numpy(zero_copy_only=False)
    values = units.flatten().to_numpy(zero_copy_only=False) * np.repeat(factor, counts).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(values, units.type.value_type))
    return draws.set_column(draws.column_names.index("units"), draws.schema.field("units"), lists.cast(units.type))


def _asked(
    draws: pa.Table, products: pa.Table | None, change: DemandChange, where: str, draft: Draft
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which draws a change of demand means."""
    rows = np.ones(draws.num_rows, dtype=bool)
    columns = {"product": draws["product"], "region": draws["region"]}
    if products is not None:
        place = pc.index_in(draws["product"], value_set=products["product"].combine_chunks())
        columns["category"] = products["category"].take(place)
    for name in ("product", "category", "region"):
        wanted = getattr(change, name)
        wanted = [wanted] if isinstance(wanted, str) else wanted
        known = set(columns[name].to_pylist()) if wanted and name in columns else set()
        for one in wanted:
            if one not in known:
                close = did_you_mean(one, [text for text in known if text])
                draft.faults.append(f"{where}: no {name} '{one}' is forecast{close}")
        if wanted and name in columns:
            rows &= pc.is_in(columns[name], value_set=pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)
    weeks = draws["week"].to_numpy()
    days = np.timedelta64(6, "D")
    if change.since is not None:
        rows &= weeks + days >= np.datetime64(change.since)
    if change.until is not None:
        rows &= weeks <= np.datetime64(change.until)
    if not rows.any() and not any(fault.startswith(f"{where}:") for fault in draft.faults):
        span = f"{weeks.min()} to {weeks.max() + days}" if len(weeks) else "no week"
        draft.faults.append(f"{where}: no forecast is meant; the forecast of the weeks to come is of {span}")
    return rows


def _with(table: pa.Table, name: str, values: Any) -> pa.Table:  # noqa: ANN401  an array, chunked or not
    """Return the table with other values in one column, which may be absent now where the contract forbids it."""
    place = table.column_names.index(name)
    return table.set_column(place, pa.field(name, values.type), values)


def _column(table: str, name: str) -> Column:
    return next(column for column in contract(table).columns if column.name == name)


def _nearest(table: pa.Table, key: str, cell: pa.Scalar) -> str:
    """Return a hint at the values there are."""
    values = pc.unique(table[key]).to_pylist()
    texts = [str(value) for value in values if value is not None]
    if hint := did_you_mean(str(cell.as_py()), texts):
        return hint
    more = ", ..." if len(texts) > SHOWN else ""
    return f"; it has {', '.join(sorted(texts)[:SHOWN])}{more}" if texts else "; it is empty there"


def touched(scenario: Scenario) -> Iterator[str]:
    """Yield the name of each table that a scenario changes rows of."""
    yield from (step.table for _, step in _steps(scenario))


def _steps(scenario: Scenario) -> Iterator[tuple[str, Change | Addition | Removal]]:
    """Yield what is done to tables, with its place in the file."""
    parts: tuple[tuple[str, Sequence[Change | Addition | Removal]], ...] = (
        ("change", scenario.change),
        ("add", scenario.add),
        ("drop", scenario.drop),
    )
    for kind, steps in parts:
        for number, step in enumerate(steps, start=1):
            yield f"scenario '{scenario.name}', [[{kind}]] {number}", step
