"""Who the buyers of the last weeks are: their income, their children, and how much one household counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.forecast import windows

if TYPE_CHECKING:
    from lotwise.forecast.features.customers import Purchases
    from lotwise.forecast.panel import Array, Facts, Mask

SPAN = 8
"""Weeks whose buyers are looked at."""
BANDS = 3
"""Income bands told: the commonest."""
CHILDLESS = ("", "0", "none", "no", "no children", "false")


def mix(facts: Facts, bought: Purchases, names: list[str]) -> dict[str, Array]:
    """Return the shares of the last 8 weeks' buyers by income and children; ``(n_series, n_weeks)`` each.

    Parameters
    ----------
    facts
        With the table ``customers``, if there is one.
    bought
        Purchases.
    names
        Customer of each number in ``bought``.
    """
    table = facts.tables.get("customers")
    if table is None or "customer" not in table.column_names or len(bought.week) == 0:
        return {}
    row = pc.index_in(pa.array(names, pa.string()), value_set=table["customer"].cast(pa.string()))
    found: dict[str, Array] = {}
    if "income" in table.column_names and table["income"].null_count < table.num_rows:
        band = _said(table, "income", row)
        for name in _commonest(table):
            found[f"share of income {name}"] = _share(bought, band == name, facts.panel.shape)
    if "children" in table.column_names and table["children"].null_count < table.num_rows:
        several = ~np.isin(np.char.lower(_said(table, "children", row)), CHILDLESS)
        found["share with children"] = _share(bought, several, facts.panel.shape)
    return found


def largest(bought: Purchases, shape: tuple[int, int]) -> Array:
    """Return the share of all units so far that the household which bought most has bought; ``(n_series, n_weeks)``."""
    top, total = np.zeros(shape), np.zeros(shape)
    if len(bought.week):
        np.maximum.at(top, (bought.series, bought.week), bought.so_far)
        np.add.at(total, (bought.series, bought.week), bought.units)
    top, total = np.maximum.accumulate(top, axis=1), np.cumsum(total, axis=1)
    return np.where(total > 0, top / np.where(total > 0, total, 1), np.nan)


def _said(table: pa.Table, column: str, row: pa.Array) -> np.ndarray:
    values = pc.fill_null(table[column].cast(pa.string()), "").combine_chunks().take(row)
    return np.asarray(pc.fill_null(values, "").to_numpy(zero_copy_only=False)).astype(str)


def _commonest(table: pa.Table) -> list[str]:
    counts = pc.value_counts(table["income"].drop_null().cast(pa.string())).to_pylist()
    return [one["values"] for one in sorted(counts, key=lambda one: (-one["counts"], one["values"]))[:BANDS]]


def _share(bought: Purchases, fits: Mask, shape: tuple[int, int]) -> Array:
    flat = bought.series * shape[1] + bought.week
    size = shape[0] * shape[1]
    all_of, some = (
        windows.total(np.bincount(flat, weights=weights, minlength=size).reshape(shape).astype(float), SPAN)
        for weights in (np.ones(len(flat)), fits[bought.customer].astype(float))
    )
    return np.where(all_of > 0, some / np.maximum(all_of, 1), np.nan)
