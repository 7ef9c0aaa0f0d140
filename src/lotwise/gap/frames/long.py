"""A user's long frame of forecasts ``unique_id, ds, cutoff, y, mean, q010 .. q990`` as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.gap.frames.newsvendor import Quantiles
from lotwise.tables.forecasted import QUANTILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lotwise.gap.frames.newsvendor import Array, Index

KEYS = ("unique_id", "ds", "cutoff")
SHOWN = 3
"""Rows shown in a message."""

_SLACK = 1e-9
"""A quantile this share below the one before it is rounding, not a fall."""


@dataclass(frozen=True)
class Rows:
    """A long frame of forecasts, one row a decision.

    Parameters
    ----------
    table
        The frame, in its own order.
    ids, times, cutoffs
        The different values of ``unique_id``, ``ds`` and ``cutoff``, in order; one null cutoff where the frame has none.
    series, period, origin
        Place of each row's values among them; ``(n_rows,)``.
    demand
        The quantiles.
    mean
        Expected units: column ``mean``, or that of the quantiles; ``(n_rows,)``.
    y
        Units that came, absent where not known yet; ``(n_rows,)``.
    """

    table: pa.Table
    ids: pa.Array
    times: pa.Array
    cutoffs: pa.Array
    series: Index
    period: Index
    origin: Index
    demand: Quantiles
    mean: Array
    y: Array

    @property
    def decision(self) -> Index:
        """Number of the (cutoff, ds) of each row: what is decided together."""
        return np.asarray(np.unique(self.origin * len(self.times) + self.period, return_inverse=True)[1], np.int64)

    def grid(self, cells: Array) -> Array:
        """Return figures of the rows summed by series and period, ``(n_series, n_periods)``, of those that occur."""
        series, row = np.unique(self.series, return_inverse=True)
        periods, column = np.unique(self.period, return_inverse=True)
        found = np.zeros((len(series), len(periods)))
        np.add.at(found, (row, column), cells)
        return found

    def places(self, other: Rows, what: str) -> Index:
        """Return the row of another frame that holds each row's key, -1 where there is none; ``(n_rows,)``."""
        parts = (("unique_id", self.ids), ("ds", self.times), ("cutoff", self.cutoffs))
        theirs = [among(other.table, name, values, what) for name, values in parts]
        known = np.flatnonzero(np.all([place >= 0 for place in theirs], axis=0))
        if not len(known):
            raise ContractError(
                f"{what} and the forecast have no unique_id, ds and cutoff in common; expected the same decisions."
            )
        key = self._key(*(place[known] for place in theirs))
        order = np.argsort(key, kind="stable")
        mine = self._key(self.series, self.period, self.origin)
        place = np.minimum(np.searchsorted(key, mine, sorter=order), len(known) - 1)
        return np.asarray(np.where(key[order][place] == mine, known[order][place], -1), np.int64)

    def twice(self) -> Index:
        """Return rows whose key stood before."""
        key = self._key(self.series, self.period, self.origin)
        order = np.argsort(key, kind="stable")
        return np.asarray(order[1:][np.diff(key[order]) == 0], np.int64)

    def take(self, rows: Index) -> Rows:
        """Return some of the rows."""
        return replace(
            self,
            table=self.table.take(pa.array(rows)),
            series=self.series[rows],
            period=self.period[rows],
            origin=self.origin[rows],
            demand=self.demand.take(rows),
            mean=self.mean[rows],
            y=self.y[rows],
        )

    def _key(self, series: Index, period: Index, origin: Index) -> Index:
        size = (len(self.ids), len(self.times), len(self.cutoffs))
        return np.asarray(np.ravel_multi_index((series, period, origin), size), np.int64)


def arrow(frame: Any, what: str) -> pa.Table:  # noqa: ANN401  any frame there is
    """Return a frame of pandas, Polars, Arrow or the like as an Arrow table.

    Raises
    ------
    ContractError
        It is no frame, or has no row.
    """
    if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
        found = f"{what}: found a {type(frame).__name__}"
        raise ContractError(f"{found}; expected pandas, Polars, Arrow or another frame with __arrow_c_stream__.")
    table = pa.table(frame)
    if table.num_rows == 0:
        raise ContractError(f"{what}: there is no row. The columns are: {', '.join(table.column_names)}.")
    return pa.table({name: _plain(table[name]) for name in table.column_names})


def read(frame: Any, what: str = "The forecast", *, settled: bool = False) -> Rows:  # noqa: ANN401  any frame there is
    """Return a long frame of forecasts, laid out.

    Parameters
    ----------
    frame
        Columns ``unique_id``, ``ds`` and ``q010`` to ``q990``; ``cutoff`` (the last period known), ``y`` and ``mean`` where
        there are any. Quantiles below 0 count as 0.
    what
        What the frame is called in a message.
    settled
        Whether some ``y`` must be known.

    Raises
    ------
    ContractError
        A column is missing, a row stands twice, a quantile is absent or falls, ``y`` is negative or infinite, a period
        does not come after its cutoff, or no ``y`` is known where one must be; every breach is listed.
    """
    table = arrow(frame, what)
    _check_columns(table, what, settled=settled)
    if "cutoff" not in table.column_names:
        table = table.append_column("cutoff", pa.nulls(table.num_rows, table["ds"].type))
    (ids, series), (times, period), (cutoffs, origin) = (numbered(table, name, what) for name in KEYS)
    quantiles = np.stack([floats(table, name, what) for name in QUANTILES], axis=1)
    y = floats(table, "y", what) if "y" in table.column_names else np.full(table.num_rows, np.nan)
    mean = floats(table, "mean", what) if "mean" in table.column_names else None
    rows = Rows(table, ids, times, cutoffs, series, period, origin, Quantiles(quantiles), y if mean is None else mean, y)
    found = list(_faults(rows, settled=settled))
    if found:
        raise ContractError(breaches(f"{what} breaks its contract", found))
    demand = Quantiles(np.maximum(np.maximum.accumulate(quantiles, axis=1), 0.0))
    expected = demand.mean() if mean is None else np.where(np.isfinite(mean), np.maximum(mean, 0.0), demand.mean())
    return Rows(table, ids, times, cutoffs, series, period, origin, demand, expected, y)


def _check_columns(table: pa.Table, what: str, *, settled: bool) -> None:
    needed = ("unique_id", "ds", "y") if settled else ("unique_id", "ds")
    found = missing(table, needed)
    lacking = [name for name in QUANTILES if name not in table.column_names]
    if lacking:
        found.append(
            f"{len(lacking)} of the {len(QUANTILES)} quantile columns are missing: {', '.join(lacking[:SHOWN])}"
            f"{' ...' if len(lacking) > SHOWN else ''}; lotwise.forecast.backtest gives them"
        )
    if found:
        raise ContractError(breaches(f"{what} breaks its contract", found))


def missing(table: pa.Table, needed: Sequence[str]) -> list[str]:
    """Return what to say of each column that a table lacks."""
    names = table.column_names
    return [f"column '{name}' is missing{did_you_mean(name, names)}" for name in needed if name not in names]


def _faults(rows: Rows, *, settled: bool) -> Iterator[str]:
    table, values = rows.table, rows.demand.values
    twice = rows.twice()
    if len(twice):
        models = pc.unique(table["model"]).to_pylist() if "model" in table.column_names else []
        step = f"keep one model of {', '.join(map(str, models))}" if len(models) > 1 else "keep one row a decision"
        yield f"{len(twice)} rows stand twice (same unique_id, ds and cutoff), such as {example(table, twice)}; {step}"
    absent = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if len(absent):
        yield f"a quantile is absent or infinite in {len(absent)} rows, such as {example(table, absent)}"
    falls = np.flatnonzero((np.diff(values, axis=1) < -_SLACK * (1 + np.abs(values[:, :-1]))).any(axis=1))
    if len(falls):
        yield f"quantiles fall in {len(falls)} rows, such as {example(table, falls)}; sort them within each row"
    wrong = np.flatnonzero((rows.y < 0) | np.isinf(rows.y))
    if len(wrong):
        shown = example(table, wrong, (*KEYS, "y"))
        yield f"'y' is negative or infinite in {len(wrong)} rows, such as {shown}; net returns off the period of their sale"
    if settled and not np.isfinite(rows.y).any():
        yield "'y' is known in no row; expected what came, at least of the past periods"
    late = _late(rows)
    if len(late):
        yield f"'ds' does not come after 'cutoff' (the last period known) in {len(late)} rows, such as {example(table, late)}"


def _late(rows: Rows) -> Index:
    """Return rows whose period does not come after what was known."""
    if rows.cutoffs.null_count:
        return np.zeros(0, np.int64)
    try:
        after = pc.less(rows.table["cutoff"], rows.table["ds"].cast(rows.cutoffs.type))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        found = f"Column 'cutoff' is {rows.cutoffs.type}, column 'ds' {rows.times.type}"
        raise ContractError(f"{found}; expected one type for both.") from None
    return np.flatnonzero(~np.asarray(after.to_numpy(zero_copy_only=False), bool))


def numbered(table: pa.Table, name: str, what: str) -> tuple[pa.Array, Index]:
    """Return the different values of a column in order, and the place of each row's among them."""
    column = table[name]
    if column.null_count == len(column) and name == "cutoff":
        return pa.nulls(1, column.type), np.zeros(len(column), np.int64)
    if column.null_count:
        raise ContractError(
            f"{what}: column '{name}' is empty in {column.null_count} of {len(column)} rows. Fill it or drop them."
        )
    known = pc.unique(column)
    known = known.take(pc.sort_indices(known))
    return known, np.asarray(pc.index_in(column, value_set=known).to_numpy(), np.int64)


def among(table: pa.Table, name: str, values: pa.Array, what: str) -> Index:
    """Return the place of each row's value among others, -1 where it is not one of them."""
    if name == "cutoff" and values.null_count:
        if not table[name].null_count:
            raise ContractError(f"{what} has a column 'cutoff' and the forecast has none; expected it in both or in neither.")
        return np.zeros(table.num_rows, np.int64)
    try:
        column = table[name].cast(values.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        found = f"{what}: column '{name}' is {table[name].type}"
        raise ContractError(f"{found}; expected {values.type}, as in the forecast.") from None
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=values), -1).to_numpy(), np.int64)


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values as plain ones: no categories, no views, which Arrow cannot sort and take."""
    if pa.types.is_dictionary(values.type):
        kind = values.type.value_type
        kind = pa.string() if pa.types.is_string_view(kind) else kind
        chunks = (pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(kind)) for chunk in values.chunks)
        return pa.chunked_array([chunk.dictionary_decode() for chunk in chunks], kind)
    return values.cast(pa.string()) if pa.types.is_string_view(values.type) else values


def floats(table: pa.Table, name: str, what: str) -> Array:
    """Return a column of numbers, absent ones as not a number."""
    try:
        return np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ContractError(f"{what}: column '{name}' is {table[name].type}; expected numbers.") from None


def example(table: pa.Table, rows: Index, names: Sequence[str] = KEYS) -> str:
    """Return the first few of some rows, for a message."""
    part = table.take(pa.array(rows[:SHOWN])).select(list(names)).to_pylist()
    return "; ".join(" ".join(f"{name}={value}" for name, value in row.items() if value is not None) for row in part)
