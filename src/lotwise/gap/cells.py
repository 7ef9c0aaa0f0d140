"""The counted accounts of every product, region and settled week, in whole cents: the table ``gap_cells``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.cents import apportion
from lotwise.gap.value import codes, days, moment, places
from lotwise.tables.columns import REGION
from lotwise.tables.ledger import GAP_CELLS, GAP_PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lotwise.gap.line import Line
    from lotwise.gap.value import Cells, Value

ACCOUNTS = ("ideal", "unknown", "unmade", "undone", "actual")
"""The counted accounts: the first less the next three is the last."""

NO_REGION = "all"
"""The region of everything where no table names one."""

_MILLION = 1_000_000
"""Parts of a cent that remainders are compared in: ``cents.apportion`` trusts as many digits."""


def cells_of(value: Value, lines: Sequence[Line], totals: Mapping[str, int], demand: pa.Table, forecast: pa.Table) -> pa.Table:
    """Return the table ``gap_cells``: money of each account in every product, region and settled week.

    Plans are made for all regions of a product together, so the money of a product-week is shared among its regions:
    ``ideal``, ``unmade`` and ``undone`` by the demand of that week, equally where there was none; ``unknown`` by how far
    demand was from the mean of the forecast ``now``, by demand alone where no region was forecast, equally where all of
    that is 0. ``actual`` is what is left. Cents are dealt out by largest remainders: first among products, so that every
    product has within a cent what it has in the grid, then among the cells of each.

    Parameters
    ----------
    value
        The grid the lines stand on; each week settled at one cutoff only.
    lines
        The ledger's lines; those of ``ideal`` and the counted ones are added up by account.
    totals
        Cents of ``ideal``, ``unknown``, ``unmade`` and ``undone``, at most a cent a line away from the sum of the lines.
    demand
        The table ``demand``. Its products and weeks, and those of ``forecast``, say in which regions a product is sold;
        one that is sold in none is shared equally among all.
    forecast
        The table ``forecast``; its state ``now`` by region.

    Returns
    -------
    pyarrow.Table
        Sorted by product, region and week. Ideal - unknown - unmade - undone = actual in each row and so in every sum,
        in printed cents; each account sums to its total.
    """
    if not len(value.weeks):
        return GAP_CELLS.empty()
    regions, product, region, asked, missed = _weights(value, demand, forecast)
    start = np.searchsorted(product, np.arange(len(value.products)))
    by_demand, by_miss = (_shares(weight, product, start) for weight in (asked, missed))
    cents: dict[str, NDArray[np.int64]] = {}
    for account in ACCOUNTS[:4]:
        whole = _account(value, lines, account)
        share = by_miss if account == "unknown" else by_demand
        of_product = apportion(whole.sum(axis=1), totals[account])
        cents[account] = _dealt((whole[product] * share).ravel(), start * len(value.weeks), of_product)
    cents["actual"] = cents["ideal"] - cents["unknown"] - cents["unmade"] - cents["undone"]
    weeks = len(value.weeks)
    keys = {
        "product": pa.array(value.products, pa.string()).take(pa.array(np.repeat(product, weeks))),
        "region": pa.array(regions, pa.string()).take(pa.array(np.repeat(region, weeks))),
        "week": pa.array(np.tile(value.weeks, len(product)), pa.date32()),
    }
    return pa.table(keys | {account: amounts / 100 for account, amounts in cents.items()}, schema=GAP_CELLS.schema)


def products_of(cells: pa.Table) -> pa.Table:
    """Return the table ``gap_products``: the accounts of each product, sorted by product."""
    return summed(cells, "product").cast(GAP_PRODUCTS.schema)


def weeks_of(cells: pa.Table) -> pa.Table:
    """Return the accounts of each settled week: ``week`` and the five accounts, in order of time."""
    return summed(cells, "week")


def regions_of(cells: pa.Table) -> pa.Table:
    """Return the accounts of each region: ``region`` and the five accounts, sorted by region."""
    return summed(cells, "region")


def summed(cells: pa.Table, by: str) -> pa.Table:
    """Return the accounts added up in whole cents over the rows of ``gap_cells`` that share one column, sorted by it."""
    whole = pa.table({by: cells[by], **{account: in_cents(cells[account]) for account in ACCOUNTS}})
    sums = whole.group_by(by).aggregate([(account, "sum") for account in ACCOUNTS]).sort_by(by)
    return pa.table({by: sums[by], **{account: sums[f"{account}_sum"].to_numpy() / 100 for account in ACCOUNTS}})


def in_cents(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return a column of printed money as whole cents."""
    cents: NDArray[np.int64] = np.rint(column.to_numpy() * 100).astype(np.int64)
    return cents


def _account(value: Value, lines: Sequence[Line], account: str) -> Cells:
    """Return the money of one account, ``(n_products, n_weeks)``."""
    whole = np.zeros((len(value.products), len(value.weeks)))
    for line in lines:
        if line.account == account and line.cells is not None and (line.counted or account == "ideal"):
            whole = whole + line.cells
    return whole


def _weights(
    value: Value, demand: pa.Table, forecast: pa.Table
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64], Cells, Cells]:
    """Return the regions, the product and region of each pair that is sold, and its demand and missed units by week.

    Pairs are sorted; weights have shape ``(n_pairs, n_weeks)``.
    """
    demand = _settled(value, demand)
    now = _settled(value, _as_planned(value, forecast))
    regions, _ = codes(pa.chunked_array([*demand["region"].chunks, *now["region"].chunks], REGION.type))
    regions = regions or (NO_REGION,)
    of_demand, of_now = (_pair(table, value.products, regions) for table in (demand, now))
    sold = np.union1d(of_demand, of_now).astype(np.int64)
    unsold = np.setdiff1d(np.arange(len(value.products)), sold // len(regions))
    pairs = np.union1d(sold, unsold[:, None] * len(regions) + np.arange(len(regions))).astype(np.int64)
    asked, meant = np.zeros((2, len(pairs), len(value.weeks)))
    asked[np.searchsorted(pairs, of_demand), _column(value, demand)] = demand["units"].to_numpy()
    meant[np.searchsorted(pairs, of_now), _column(value, now)] = now["mean"].to_numpy()
    return regions, pairs // len(regions), pairs % len(regions), asked, np.abs(asked - meant)


def _settled(value: Value, table: pa.Table) -> pa.Table:
    """Return the rows of settled products and weeks."""
    ours = pc.is_in(table["product"], value_set=pa.array(value.products, pa.string()))
    return table.filter(pc.and_(ours, pc.is_in(table["week"], value_set=pa.array(value.weeks, pa.date32()))))


def _as_planned(value: Value, forecast: pa.Table) -> pa.Table:
    """Return what was expected of each settled week at the cutoff its plan was made at, by the state ``now``."""
    now = forecast.filter(pc.equal(forecast["information"], "now"))
    settled = moment(value.cutoffs.astype(np.int64), value.weeks.astype(np.int64))
    return now.filter(pa.array(np.isin(moment(days(now["cutoff"]), days(now["week"])), settled)))


def _pair(table: pa.Table, products: tuple[str, ...], regions: tuple[str, ...]) -> NDArray[np.int64]:
    """Return one number for the product and region of each row, ordered first by product."""
    return places(table["product"], products) * len(regions) + places(table["region"], regions)


def _column(value: Value, table: pa.Table) -> NDArray[np.int64]:
    return np.searchsorted(value.weeks.astype(np.int64), days(table["week"])).astype(np.int64)


def _shares(weight: Cells, product: NDArray[np.int64], start: NDArray[np.int64]) -> Cells:
    """Return each pair's share of its product in each week; equal shares where all weights are 0."""
    whole = np.add.reduceat(weight, start, axis=0)
    pairs = np.diff(start, append=len(product))
    equal = (1 / pairs)[product][:, None]
    return np.where((whole > 0)[product], np.divide(weight, np.where(whole > 0, whole, 1.0)[product]), equal)


def _dealt(money: NDArray[np.float64], start: NDArray[np.int64], totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return whole cents for each part that sum, over each stretch of parts, to the stretch's total.

    As ``cents.apportion`` does it, for many stretches at once: what rounding down leaves goes to the largest remainders
    of the stretch, the first of equals first.

    Parameters
    ----------
    money
        The parts, stretch after stretch, ``(n,)``.
    start
        Place of the first part of each stretch, rising.
    totals
        Cents of each stretch.
    """
    if not money.any() and not totals.any():
        return np.zeros(len(money), dtype=np.int64)
    exact = np.round(money * 100, 6)
    whole = np.floor(exact)
    remainder = np.rint((exact - whole) * _MILLION).astype(np.int64)
    cents = whole.astype(np.int64)
    size = np.diff(start, append=len(money))
    left = totals - np.add.reduceat(cents, start)
    stretch = np.repeat(np.arange(len(start)), size)
    order = np.argsort(stretch * (2 * _MILLION) + _MILLION - remainder, kind="stable")
    rank = np.arange(len(money)) - start[stretch]
    each, more = np.divmod(left, size)
    cents[order] += (each[stretch] + (rank < more[stretch])).astype(np.int64)
    return cents
