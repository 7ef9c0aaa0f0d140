"""A user's frame as typed columns: missing columns, wrong types and values out of range are collected, not raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import did_you_mean
from lotwise.schedule.reading import faults as said
from lotwise.schedule.reading.forms import CLOCK, FLAG, NUMBER, TEXT, TIME, WHOLE

if TYPE_CHECKING:
    from lotwise.schedule.reading.faults import Faults
    from lotwise.schedule.reading.forms import Field, Form

MINUTE_DAY = 1440


@dataclass(frozen=True)
class Rows:
    """The rows of a table by column.

    Parameters
    ----------
    count
        Rows.
    values
        Texts as ``pa.StringArray`` with nulls, numbers and minutes as ``float64`` with NaN for absent ones, flags as ``bool``.
    types
        The types of the columns as they came.
    dated
        Columns of times that came as days.
    """

    count: int
    values: dict[str, Any]
    types: dict[str, pa.DataType] = field(default_factory=dict)
    dated: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  a text, number or time column
        return self.values[name]

    def __len__(self) -> int:
        return self.count


def taken(frame: Any, form: Form, faults: Faults) -> Rows:  # noqa: ANN401  any frame there is
    """Return the columns of a frame that a form knows; times as they came, see ``clock``.

    An absent frame has no rows. Columns that a form does not know are passed over, with a remark where one is spelled almost
    like one that is absent.
    """
    table = _arrow(frame, form, faults)
    names: list[str] = table.column_names if table is not None else []
    values: dict[str, Any] = {}
    for one in form.fields:
        if table is not None and one.name in names:
            values[one.name] = _column(table[one.name].combine_chunks(), one, form, faults)
            continue
        if one.needed and table is not None:
            faults.add(f"{form.what}: column '{one.name}' is missing{did_you_mean(one.name, names)}")
        values[one.name] = _absent(one, 0 if table is None else table.num_rows)
    if table is None:
        return Rows(0, values)
    lacking = {one.name for one in form.fields} - set(names)
    for name in names:
        hint = did_you_mean(name, lacking) if name not in values else ""
        if hint:
            faults.remark(f"{form.what}: column '{name}' is not read{hint}")
    types = {name: table[name].type for name in names if name in values}
    dated = frozenset(name for name, kind in types.items() if pa.types.is_date(kind))
    return Rows(table.num_rows, values, types, dated)


def _arrow(frame: Any, form: Form, faults: Faults) -> pa.Table | None:  # noqa: ANN401  any frame there is
    if frame is None:
        return None
    if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
        faults.add(
            f"{form.what}: found a {type(frame).__name__}; expected pandas, Polars, Arrow or another frame with "
            "__arrow_c_stream__, or a dict of columns"
        )
        return None
    try:
        table = pa.table(frame)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
        faults.add(f"{form.what}: a column mixes values of different types; expected one type a column ({error})")
        return None
    return pa.table({name: _plain(table[name]) for name in table.column_names})


def _plain(values: pa.ChunkedArray) -> pa.Array:
    """Return values without categories, views and large offsets, in one piece."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _plain(values.cast(kind.value_type))
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        values = values.cast(pa.string())
    return values.combine_chunks()


def _absent(one: Field, count: int) -> Any:  # noqa: ANN401  as the kind of the column
    if one.kind == TEXT:
        return pa.nulls(count, pa.string())
    if one.kind == TIME:
        return pa.nulls(count)
    if one.kind == FLAG:
        return np.zeros(count, bool)
    return np.full(count, np.nan if one.default is None else one.default)


def _column(column: pa.Array, one: Field, form: Form, faults: Faults) -> Any:  # noqa: ANN401  as the kind of the column
    if one.kind == TIME:
        if one.needed and column.null_count:
            faults.add(f"{form.what}: '{one.name}' is empty in {said.rows(_nulls(column))}; fill it or drop them")
        return column
    if one.kind == TEXT:
        return _text(column, one, form, faults)
    try:
        if one.kind == FLAG:
            filled: np.ndarray = pc.fill_null(column.cast(pa.bool_()), fill_value=False).to_numpy(zero_copy_only=False)
            return filled
        if one.kind == CLOCK:
            return _clock(column, one, form, faults)
        values = np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        expected = {FLAG: "true or false", CLOCK: "times of day such as 06:00"}.get(one.kind, "numbers")
        faults.add(f"{form.what}: column '{one.name}' holds {column.type}; expected {expected}")
        return _absent(one, len(column))
    return _number(values, one, form, faults)


def _nulls(column: pa.Array) -> np.ndarray:
    mask: np.ndarray = column.is_null().to_numpy(zero_copy_only=False)
    return mask


def _number(values: np.ndarray, one: Field, form: Form, faults: Faults) -> np.ndarray:
    """Return checked numbers; absent ones, where allowed, as their default."""
    empty = np.isnan(values)
    if one.needed and empty.any():
        faults.add(f"{form.what}: '{one.name}' is empty or not a number in {said.rows(empty)}; expected a number in each")
    with np.errstate(invalid="ignore"):
        wrong = ~empty & ~(np.isfinite(values) & (values >= one.low) & (values <= one.high))
    if one.kind == WHOLE:
        wrong |= ~empty & np.isfinite(values) & (values != np.floor(values))
    if wrong.any():
        span = f"from {one.low:g} to {one.high:,.0f}" if np.isfinite(one.high) else f"of at least {one.low:g}"
        first = values[np.flatnonzero(wrong)[0]]
        kind = "whole numbers" if one.kind == WHOLE else "finite numbers"
        faults.add(f"{form.what}: '{one.name}' is {first:g} in {said.rows(wrong)}; expected {kind} {span}")
    values = np.where(wrong, one.low, values)
    return values if one.default is None else np.where(empty, one.default, values)


def label(column: pa.Array) -> pa.Array:
    """Return keys of any type as trimmed texts, the empty text as absent; 17.0, which pandas makes of 17, as ``17``."""
    if pa.types.is_floating(column.type):
        rounded = column.to_numpy(zero_copy_only=False)
        column = pc.if_else(pc.is_nan(column), None, column)
        if np.all(np.isnan(rounded) | (rounded == np.floor(rounded))):
            column = column.cast(pa.int64())
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _text(column: pa.Array, one: Field, form: Form, faults: Faults) -> pa.Array:
    try:
        texts = label(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        faults.add(f"{form.what}: column '{one.name}' holds {column.type}; expected texts or numbers")
        return _absent(one, len(column))
    if one.needed and texts.null_count:
        faults.add(f"{form.what}: '{one.name}' is empty in {said.rows(_nulls(texts))}; fill it or drop them")
        texts = pc.fill_null(texts, "")
    if one.choices:
        texts = pc.utf8_lower(texts)
        strange = pc.and_(pc.is_valid(texts), pc.invert(pc.is_in(texts, value_set=pa.array(one.choices))))
        wrong = strange.to_numpy(zero_copy_only=False)
        if wrong.any():
            first = texts[int(np.flatnonzero(wrong)[0])].as_py()
            hint = did_you_mean(first, one.choices)
            expected = ", ".join(one.choices)
            faults.add(f"{form.what}: '{one.name}' is '{first}' in {said.rows(wrong)}{hint}; expected {expected}")
    return texts


def _clock(column: pa.Array, one: Field, form: Form, faults: Faults) -> np.ndarray:
    """Return times of day as minutes after midnight: texts such as 06:00 or 24:00, or Arrow times."""
    if pa.types.is_time(column.type):
        micros = column.cast(pa.time64("us")).cast(pa.int64())
        return np.asarray(micros.cast(pa.float64()).to_numpy(zero_copy_only=False)) // 60_000_000
    found = pc.extract_regex(column.cast(pa.string()), r"^\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-5][0-9])(?::00)?\s*$")
    hour, minute = (
        np.asarray(pc.struct_field(found, name).cast(pa.float64()).to_numpy(zero_copy_only=False))
        for name in ("hour", "minute")
    )
    minutes: np.ndarray = hour * 60 + minute
    wrong = ~(minutes <= MINUTE_DAY)
    if wrong.any():
        first = column[int(np.flatnonzero(wrong)[0])].as_py()
        faults.add(f"{form.what}: '{one.name}' is {first!r} in {said.rows(wrong)}; expected a time of day from 00:00 to 24:00")
    return np.where(wrong, 0.0, minutes)


__all__ = ["NUMBER", "Rows", "label", "taken"]
