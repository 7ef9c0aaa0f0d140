"""Categories, regions and the total from joint draws: each scenario is summed, so the bands know what moves together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array

from lotwise.errors import ContractError
from lotwise.tables.columns import COUNT, TEXT
from lotwise.tables.forecasted import LEVELS, QUANTILES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lotwise.forecast.panel import Array, Index

UNKNOWN = "unknown"
"""Category of a product that has none."""
EVERYTHING = "all"
"""The one group of the level ``total``."""


def totals(draws: Array, groups: Index) -> tuple[Array, Array]:
    """Return the mean and the quantiles of the sum of each group.

    Parameters
    ----------
    draws
        Equally likely demands, the k-th of every series one scenario; ``(n_series, ..., n_scenarios)``.
    groups
        Group of each series, from 0; ``(n_series,)``.

    Returns
    -------
    tuple
        ``(n_groups, ...)`` and ``(n_groups, ..., n_levels)``; the k-th of S scenarios stands at level (k - 1/2) / S.
    """
    number = np.arange(len(groups))
    member = csr_array((np.ones(len(groups)), (groups, number)), shape=(int(groups.max()) + 1, len(groups)))
    sums = np.asarray(member @ draws.reshape(len(draws), -1).astype(np.float64)).reshape(-1, *draws.shape[1:])
    return sums.mean(axis=-1), np.moveaxis(np.quantile(sums, LEVELS, axis=-1, method="hazen"), 0, -1)


def above(draws: pa.Table, labels: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """Return the forecast of every group of every level, from the table ``draws``.

    Parameters
    ----------
    draws
        Rows of table ``draws``; those of one state of information and cutoff have the same number of scenarios.
    labels
        By name of the level, the group of each row of ``draws``.

    Returns
    -------
    pyarrow.Table
        Columns ``level, group, information, cutoff, week, horizon, mean`` and those of ``QUANTILES``, as in table
        ``forecast``, sorted by level as given, then by the next four.

    Raises
    ------
    ContractError
        Rows of one information and cutoff have different numbers of scenarios.
    """
    parts = []
    state = _codes(draws, ("information", "cutoff"))[1]
    for number in np.unique(state):
        places = np.flatnonzero(state == number)
        rows = draws.take(places)
        units = _scenarios(rows)
        parts += [_summed(level, label.take(pa.array(places)), rows, units) for level, label in labels.items()]
    made = pa.concat_tables(parts) if parts else _schema(draws.schema).empty_table()
    rank = pc.index_in(made["level"], pa.array(list(labels), pa.string()))
    sort = [(name, "ascending") for name in ("rank", "group", "information", "cutoff", "week")]
    return made.append_column("rank", rank).sort_by(sort).drop_columns(["rank"])


def levels(draws: pa.Table, products: pa.Table | None = None) -> dict[str, pa.ChunkedArray]:
    """Return the levels above the product, as ``above`` takes them: total, department, category, and regions if several.

    Parameters
    ----------
    draws
        Rows of table ``draws``.
    products
        Table ``products``; a product that is not in it, or has no category, is in ``"unknown"``. Without it there
        are no departments and categories.
    """
    found = {"total": pa.chunked_array([pa.repeat(pa.scalar(EVERYTHING), draws.num_rows)])}
    for column in ("department", "category"):
        if products is not None and column in products.column_names:
            place = pc.index_in(draws["product"], products["product"].combine_chunks())
            found[column] = pc.fill_null(pc.cast(products[column].take(place), pa.string()), UNKNOWN)
    if "region" in draws.column_names and pc.count_distinct(draws["region"]).as_py() > 1:
        found["region"] = draws["region"]
    return found


def _scenarios(rows: pa.Table) -> Array:
    """Return the scenarios of each row; ``(n_rows, n_scenarios)``."""
    units = rows["units"].combine_chunks()
    count = np.unique(pc.list_value_length(units).to_numpy(zero_copy_only=False))
    if len(count) != 1:
        raise ContractError(
            f"Table 'draws' has rows of {count.tolist()} scenarios for information '{rows['information'][0]}' and "
            f"cutoff {rows['cutoff'][0]}; expected one number. Run the stage 'forecast' again."
        )
    return np.asarray(units.flatten().to_numpy().reshape(rows.num_rows, -1), np.float64)


def _summed(level: str, label: pa.ChunkedArray, rows: pa.Table, units: Array) -> pa.Table:
    """Return the rows of one level, from those of one state of information and cutoff."""
    keys = rows.select(["information", "cutoff", "week"]).append_column("group", label)
    first, member = _codes(keys, ("group", "week"))
    mean, quantiles = totals(units, member)
    kept = keys.take(first)
    ahead = (kept["week"].to_numpy() - kept["cutoff"].to_numpy()).astype("timedelta64[D]").astype(np.int64) // 7 + 1
    columns = {"level": pa.repeat(pa.scalar(level), len(first)), "group": kept["group"]}
    columns |= {name: kept[name] for name in ("information", "cutoff", "week")}
    columns |= {"horizon": ahead, "mean": mean}
    columns |= {name: np.ascontiguousarray(quantiles[:, place]) for place, name in enumerate(QUANTILES)}
    return pa.table(columns, schema=_schema(rows.schema))


def _codes(table: pa.Table, names: tuple[str, ...]) -> tuple[Index, Index]:
    """Return the first row of each combination of values, and the combination of each row."""
    code = np.zeros(table.num_rows, np.int64)
    for name in names:
        encoded = table[name].combine_chunks().dictionary_encode()
        code = code * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy()
    _, first, member = np.unique(code, return_index=True, return_inverse=True)
    return first, member.reshape(-1)


def _schema(draws: pa.Schema) -> pa.Schema:
    names = ("information", "cutoff", "week")
    fields = [("level", TEXT), ("group", TEXT), *((name, draws.field(name).type) for name in names), ("horizon", COUNT)]
    return pa.schema([*fields, *((name, pa.float64()) for name in ("mean", *QUANTILES))])
