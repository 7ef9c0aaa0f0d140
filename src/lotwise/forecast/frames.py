"""A user's long frame ``unique_id, ds, y`` as the arrays methods work on, and back."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.forecast import covariates
from lotwise.forecast.design import Design, bare
from lotwise.forecast.panel import EVERYWHERE, Facts, Panel
from lotwise.forecast.periods import SEASONS, Periods, infer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lotwise.config import Source
    from lotwise.forecast.design import Single
    from lotwise.forecast.panel import Array, Index

log = logging.getLogger("lotwise.forecast")

KEYS = ("unique_id", "ds", "y")
SHOWN = 3
"""Rows shown in a message."""
CHUNK = 4096
"""Series whose features are laid out at once, before they are stored in single precision."""


@dataclass(frozen=True)
class Frame:
    """A long frame, laid out: one row a series, one column a period.

    Parameters
    ----------
    ids
        The series, in order; Arrow values of the type they were given in; ``(n_series,)``.
    periods
        How dates are numbered.
    first
        Number of the first period.
    units
        ``y``; absent before a series begins and where it is not known; ``(n_series, n_periods)``.
    columns
        Numeric covariates over the periods and those after them that are told of; ``(n_series, n_periods + n_later)``.
    classes
        Covariates that are texts, as class numbers of the series; ``(n_series,)``.
    season
        Periods after which a season comes again.
    """

    ids: pa.Array
    periods: Periods
    first: int
    units: Array
    columns: Mapping[str, Array]
    classes: Mapping[str, Index]
    season: int

    def design(self, horizon: int, sources: Sequence[Source], note: Callable[[str], None]) -> tuple[Design, list[str]]:
        """Return the features of some sources, and the sources' names."""
        found = bare(self.units, horizon, season=self.season)
        told = covariates.declared(sources, [*self.columns, *self.classes])
        found.columns.update({source.name: self._features(source, horizon, note) for source in told})
        return found, [source.name for source in told]

    def take(self, series: Index) -> Frame:
        """Return some of the series."""
        columns = {name: values[series] for name, values in self.columns.items()}
        classes = {name: values[series] for name, values in self.classes.items()}
        return replace(self, ids=self.ids.take(pa.array(series)), units=self.units[series], columns=columns, classes=classes)

    def _features(self, source: Source, horizon: int, note: Callable[[str], None]) -> dict[str, Single]:
        """Return the features of one source: own history's some series at a time, for there are many."""
        count, weeks = self.units.shape
        fake = np.datetime64("1970-01-05") + 7 * (self.first + np.arange(weeks)).astype("timedelta64[D]")
        names, regions = np.arange(count).astype(str), np.full(count, EVERYWHERE)
        told = {name: self._ahead(self.columns[name], horizon) for name in source.tables if name in self.columns}
        whole = replace(self, columns=told)
        found: dict[str, Single] = {}
        for chunk in np.array_split(np.arange(count), -(-count // CHUNK) if source.tables == ["y"] else 1):
            part = whole.take(chunk)
            panel = Panel(names[chunk], regions[chunk], fake, part.units)
            for name, values in covariates.features(part, Facts(panel, horizon, {}, note), source).items():
                rows = count if len(values) == len(chunk) else 1
                stored = found.setdefault(name, np.empty((rows, *values.shape[1:]), np.float32))
                stored[chunk if rows == count else slice(1)] = values
        return found

    def _ahead(self, values: Array, horizon: int) -> Array:
        """Return a covariate over the periods and the horizon, absent where nothing is told of."""
        later = max(self.units.shape[1] + horizon - values.shape[1], 0)
        return np.concatenate([values, np.full((len(values), later), np.nan)], axis=1)[:, : self.units.shape[1] + horizon]

    def rows(self, end: int, horizon: int) -> dict[str, pa.Array]:
        """Return ``unique_id`` and ``ds`` of the periods after one, series by series."""
        numbers = self.first + end + 1 + np.arange(horizon)
        return {
            "unique_id": self.ids.take(pa.array(np.repeat(np.arange(len(self.ids)), horizon))),
            "ds": self.periods.labels(np.tile(numbers, len(self.ids))),
        }


def arrow(frame: Any) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return a frame of pandas, Polars, Arrow or the like as an Arrow table.

    Raises
    ------
    ContractError
        It is no frame.
    """
    if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
        message = f"Found a {type(frame).__name__}; expected pandas, Polars, Arrow or another frame with __arrow_c_stream__."
        raise ContractError(message)
    return pa.table(frame)


def read(
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    future: Any = None,  # noqa: ANN401  the same
    freq: str | None = None,
    season: int | None = None,
    gaps: str = "zero",
    note: Callable[[str], None] = log.warning,
) -> Frame:
    """Return a long frame laid out.

    Parameters
    ----------
    frame
        Columns ``unique_id``, ``ds``, ``y`` and any covariates; one row a series and period.
    future
        Covariates of later periods, with ``unique_id`` and ``ds``; rows of ``frame`` whose ``y`` is absent serve as well.
    freq
        Unit of the periods, a key of ``periods.SEASONS``; found from ``ds`` by default.
    season
        Periods after which a season comes again; by default that of the unit.
    gaps
        What a period without a row means, from a series' first row to the last of all: ``"zero"``, nothing was asked
        for; ``"unknown"``, it is not known.
    note
        Told what was assumed; by default it is logged.

    Raises
    ------
    ContractError
        A column is missing, ``y`` is negative, infinite or no number, a row stands twice, or no ``y`` is known.
    """
    if gaps not in {"zero", "unknown"}:
        raise ContractError(f"gaps = {gaps!r}; expected 'zero' (nothing was asked for) or 'unknown'.")
    table = arrow(frame)
    _check(table)
    if future is not None:
        table = _with(table, arrow(future))
    periods = infer(table["ds"], freq)
    number = periods.number(table["ds"])
    ids, row = _series(table["unique_id"])
    y = np.asarray(table["y"].cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    known = np.isfinite(y)
    if not known.any():
        raise ContractError("Column 'y' holds no number: there is nothing to learn from.")
    first, last = int(number[known].min()), int(number[known].max())
    _check_rows(table, row, number, y)
    units = _laid(row, number - first, y, (len(ids), last - first + 1), known)
    begins = np.full(len(ids), last - first + 1)
    np.minimum.at(begins, row[known], (number - first)[known])
    if gaps == "zero":
        units = _filled(units, row, number - first, begins, note)
    later = max(int(number.max()) - last, 0)
    inside = number >= first
    numeric = [name for name in table.column_names if name not in KEYS and _numeric(table[name].type)]
    texts = [name for name in table.column_names if name not in KEYS and name not in numeric]
    shape = (len(ids), last - first + 1 + later)
    columns = {name: _covariate(table[name], row, number - first, shape, inside) for name in numeric}
    classes = {name: _classes(table[name], row, len(ids)) for name in texts}
    return Frame(ids, periods, first, units, columns, classes, season or SEASONS[periods.unit])


def _check(table: pa.Table) -> None:
    found = [
        f"column '{key}' is missing{did_you_mean(key, table.column_names)}" for key in KEYS if key not in table.column_names
    ]
    if "y" in table.column_names and not _numeric(table["y"].type):
        found.append(f"column 'y' is {table['y'].type}; expected numbers")
    if found:
        raise ContractError(breaches("The frame breaks its contract", found))
    if table.num_rows == 0:
        raise ContractError("The frame has no row; expected one a series and period.")


def _with(table: pa.Table, later: pa.Table) -> pa.Table:
    missing = [key for key in KEYS[:2] if key not in later.column_names]
    unknown = [name for name in later.column_names if name not in table.column_names]
    found = [f"column '{key}' is missing{did_you_mean(key, later.column_names)}" for key in missing]
    found += [f"column '{name}' is not in the frame{did_you_mean(name, table.column_names)}" for name in unknown]
    if found:
        raise ContractError(breaches("The frame given as future breaks its contract", found))
    if "y" in later.column_names:
        later = later.drop_columns(["y"])
    schema = pa.schema([field for field in table.schema if field.name in later.column_names])
    return pa.concat_tables([table, later.select(schema.names).cast(schema)], promote_options="default")


def _check_rows(table: pa.Table, row: Index, number: Index, y: Array) -> None:
    found = []
    raw = table["y"].cast(pa.float64())
    for reason, wrong in (("is infinite", np.isinf(y)), ("is below 0; net returns off the period of their sale", y < 0)):
        if wrong.any():
            found.append(f"'y' {reason}: {int(wrong.sum())} rows, such as {_example(table, np.flatnonzero(wrong))}")
    if raw.null_count == len(raw):
        found.append("'y' is empty in every row")
    key = row * (number.max() - number.min() + 1) + number - number.min()
    order = np.argsort(key, kind="stable")
    twice = order[1:][np.diff(key[order]) == 0]
    if len(twice):
        found.append(f"{len(twice)} rows stand twice, such as {_example(table, twice)}; sum or drop them first")
    if found:
        raise ContractError(breaches("The frame breaks its contract", found))


def _example(table: pa.Table, rows: Index) -> str:
    part = table.take(pa.array(rows[:SHOWN])).select(KEYS)
    return "; ".join(f"{row['unique_id']} {row['ds']} y={row['y']}" for row in part.to_pylist())


def numbered(values: pa.ChunkedArray) -> Index:
    """Return the number of each value among the different ones; ``(n_rows,)``."""
    return _series(values)[1]


def _series(values: pa.ChunkedArray) -> tuple[pa.Array, Index]:
    values = _plain(values)
    if values.null_count:
        raise ContractError(f"Column 'unique_id' is empty in {values.null_count} rows. Name the series, or leave the rows out.")
    known = pc.unique(values)
    known = known.take(pc.sort_indices(known))
    return known, np.asarray(pc.index_in(values, value_set=known).to_numpy(), np.int64)


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values as plain ones: no categories, no views, which Arrow cannot sort."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    return values.cast(pa.string()) if pa.types.is_string_view(values.type) else values


def _numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_boolean(kind)
    )


def _laid(row: Index, place: Index, values: Array, shape: tuple[int, int], kept: Any) -> Array:  # noqa: ANN401  a mask
    found = np.full(shape, np.nan)
    found[row[kept], place[kept]] = values[kept]
    return found


def _filled(units: Array, row: Index, place: Index, begins: Index, note: Callable[[str], None]) -> Array:
    """Return ``y`` with 0 in periods that have no row; a row whose ``y`` is absent stays unknown."""
    stands = np.zeros(units.shape, bool)
    inside = (place >= 0) & (place < units.shape[1])
    stands[row[inside], place[inside]] = True
    gap = ~stands & (np.arange(units.shape[1]) >= begins[:, None])
    if gap.any():
        note(f"{int(gap.sum()):,} periods have no row and count as 0; give gaps = 'unknown' where they are not known")
    return np.where(gap, 0.0, units)


def _covariate(values: pa.ChunkedArray, row: Index, place: Index, shape: tuple[int, int], kept: Any) -> Array:  # noqa: ANN401  a mask
    number = np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    return _laid(row, place, np.where(np.isfinite(number), number, np.nan), shape, kept)


def _classes(values: pa.ChunkedArray, row: Index, count: int) -> Index:
    """Return the number of each series' class, that of its first row."""
    plain = _plain(values)
    known = pc.drop_null(pc.unique(plain))
    known = known.take(pc.sort_indices(known))
    code = np.asarray(pc.fill_null(pc.index_in(plain, value_set=known), -1).to_numpy(), np.int64)
    found = np.full(count, -1, np.int64)
    found[row[::-1]] = code[::-1]
    return found
