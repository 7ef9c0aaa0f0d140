"""The tables as arrays: one window of weeks for each cutoff, with its products, draws, limits and stock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches
from lotwise.plan.bill import explode, option_shares, uses
from lotwise.plan.materials import Materials
from lotwise.plan.problem import EDGE, LotRules, Problem, Resources, Terms, no_resources
from lotwise.plan.promises import on_order, promises
from lotwise.tables.bills import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from lotwise.config import Settings

PERFECT, NOW, MEAN = "perfect", "now", "mean"
KEEPS = 10_000
"""Weeks on the shelf of a product that keeps."""


@dataclass(frozen=True)
class Window:
    """The weeks after one cutoff.

    Parameters
    ----------
    cutoff, weeks
        The first Monday planned, and all of them.
    products
        What is planned: in the draws of this cutoff and in ``economics``.
    is_past
        Whether all its weeks have been observed.
    demand
        ``(n_products, n_weeks)``: what was asked for, where it is past.
    states
        Problem with real limits for each state of information.
    materials
        What is bought for it.
    contents
        Units of every component in one unit of each product: names and ``(n_items, n_products)``.
    """

    cutoff: date
    weeks: tuple[date, ...]
    products: tuple[str, ...]
    is_past: bool
    demand: NDArray[np.float64]
    states: dict[str, Problem]
    materials: Materials
    contents: tuple[tuple[str, ...], csr_array]


def windows(tables: Mapping[str, pa.Table], settings: Settings) -> Iterator[Window]:
    """Yield the window of each cutoff in ``draws``, in order of time.

    Past windows open without stock, take materials as ordered in time and lead weeks as begun before them; a
    window that is not over opens with the stock on hand and is bound by both.

    Parameters
    ----------
    tables
        ``draws``, ``economics``, ``demand``, and those of ``products, bom, coproducts, routing, machines, materials, suppliers,
        stock, orders, order_options, options`` that exist.
    settings
        All settings; ``plan`` and ``economics`` are read.
    """
    draws = _sorted(tables["draws"], ["cutoff", "information", "product", "week", "region"])
    demand = _sorted(tables["demand"], ["product", "week", "region"])
    known = set(tables["economics"]["product"].to_pylist())
    last = pc.max(demand["week"]).as_py()
    for cutoff in sorted(set(draws["cutoff"].to_pylist())):
        mine = draws.filter(pc.equal(draws["cutoff"], cutoff))
        weeks = tuple(cutoff + timedelta(weeks=week) for week in range(settings.plan.weeks))
        products = tuple(sorted(set(pc.unique(mine["product"]).to_pylist()) & known))
        yield _window(tables, settings, mine, demand, weeks, products, is_past=last is not None and weeks[-1] <= last)


def _window(
    tables: Mapping[str, pa.Table],
    settings: Settings,
    draws: pa.Table,
    demand: pa.Table,
    weeks: tuple[date, ...],
    products: tuple[str, ...],
    *,
    is_past: bool,
) -> Window:
    if "bom" in tables:
        tables = {**tables, "bom": in_force(tables["bom"], weeks[0])}
    materials = _materials(tables)
    resources, contents = _resources(tables, settings, products, materials, len(weeks), is_past=is_past)
    opening, firm = np.zeros(len(products)), None
    if not is_past:
        stock = _on_hand(tables)
        opening = np.array([stock.get(product, 0.0) for product in products])
        firm = promises(tables, products, weeks)
    asked = _cells(demand, products, weeks, demand["units"].to_numpy()[None, :])[0]
    base = Problem(
        products,
        weeks,
        asked[None],
        _terms(tables["economics"], tables.get("products"), products, settings),
        resources,
        opening,
        firm,
        lead=0 if is_past else min(settings.plan.lead_weeks, len(weeks)),
        rules=_lot_rules(tables.get("products"), products),
        on_order=None if is_past or settings.plan.frozen_weeks else on_order(tables.get("products"), products),
        cutoff=weeks[0],
    )
    states = {}
    for information in sorted(set(draws["information"].to_pylist())):
        if information == PERFECT:
            found = asked[None]
        else:
            found = _scenarios(draws.filter(pc.equal(draws["information"], information)), products, weeks)
        if firm is not None:
            found = found + firm
        states[information] = replace(base, demand=found, information=information)
    if is_past and NOW in states:
        states |= _derived(states[NOW], asked, notice=settings.forecast.notice)
    return Window(weeks[0], weeks, products, is_past, asked, states, materials, contents)


def _derived(now: Problem, asked: NDArray[np.float64], *, notice: bool) -> dict[str, Problem]:
    """Return what needs no forecast of its own: the plan for the mean, and plans that know the orders of the first weeks."""
    found = {MEAN: now.demand.mean(axis=0, keepdims=True)}
    for weeks in range(1, asked.shape[1]) if notice else ():
        found[f"orders-{weeks}"] = np.concatenate(
            [np.broadcast_to(asked, now.demand.shape)[:, :, :weeks], now.demand[:, :, weeks:]], axis=2
        )
    return {information: replace(now, demand=demand, information=information) for information, demand in found.items()}


def _scenarios(draws: pa.Table, products: Sequence[str], weeks: Sequence[date]) -> NDArray[np.float64]:
    """Return demand by scenario, product and week, regions added up within each scenario."""
    units = draws["units"].combine_chunks()
    counts = pc.list_value_length(units).to_numpy(zero_copy_only=False)
    if len(set(counts.tolist())) != 1:
        state = f"information '{draws['information'][0].as_py()}', cutoff {draws['cutoff'][0].as_py()}"
        found = f"column 'units' holds {sorted(set(counts.tolist()))} draws in the rows of {state}, expected one number"
        raise ContractError(breaches("Table 'draws' breaks its contract", [found]))
    values = units.flatten().to_numpy().astype(float).reshape(len(units), -1).T
    return _cells(draws, products, weeks, values)


def _cells(rows: pa.Table, products: Sequence[str], weeks: Sequence[date], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values added up by product and week; ``(n, n_products, n_weeks)`` from ``(n, n_rows)``."""
    product = pc.index_in(rows["product"], value_set=pa.array(products, pa.string()))
    week = pc.index_in(rows["week"], value_set=pa.array(weeks, pa.date32()))
    place = (pc.fill_null(column, -1).to_numpy() for column in (product, week))
    row, column = place
    inside = (row >= 0) & (column >= 0)
    cells = np.zeros((len(products), len(weeks), len(values)))
    np.add.at(cells, (row[inside], column[inside]), values.T[inside])
    return np.ascontiguousarray(np.moveaxis(cells, 2, 0))


def _terms(economics: pa.Table, table: pa.Table | None, products: Sequence[str], settings: Settings) -> Terms:
    """Return the terms by ``economics``; whether demand waits, and what that costs, by ``products`` before the settings."""
    place = pc.index_in(pa.array(products, pa.string()), value_set=economics["product"].combine_chunks())
    mine = economics.take(place)
    price, cost, salvage, holding = (
        mine[name].to_numpy().astype(float) for name in ("unit_price", "unit_cost", "salvage", "holding_cost")
    )
    shelf = np.floor(pc.fill_null(mine["shelf_weeks"], KEEPS).to_numpy()).astype(np.int64)
    delay = settings.plan.backorder_share * price
    backorder = np.full(len(products), settings.plan.unserved == "backorder")
    if table is not None:
        own = table.take(pc.index_in(pa.array(products, pa.string()), value_set=table["product"].combine_chunks()))
        delay = pc.coalesce(own["late_cost"].cast(pa.float64()), pa.array(delay)).to_numpy()
        backorder = pc.coalesce(pc.equal(own["unserved"], "backorder"), pa.array(backorder)).to_numpy()
    return Terms(
        price=price,
        cost=cost,
        salvage=np.minimum(salvage, np.minimum(cost, price)),
        holding=holding,
        delay=delay,
        shelf=np.minimum(shelf, KEEPS),
        backorder=backorder,
    )


def _lot_rules(table: pa.Table | None, products: Sequence[str]) -> LotRules | None:
    """Return the smallest lots and multiples of the products, or nothing where there are none."""
    if table is None:
        return None
    place = pc.index_in(pa.array(products, pa.string()), value_set=table["product"].combine_chunks())
    given = (pc.fill_null(table[name].take(place).cast(pa.float64()), 0.0) for name in ("lot_minimum", "lot_multiple"))
    minimum, multiple = (np.where(units.to_numpy() > EDGE, units.to_numpy(), 0.0) for units in given)
    rules = LotRules(minimum, multiple)
    return rules if rules.bind.any() else None


def _materials(tables: Mapping[str, pa.Table]) -> Materials:
    rows = sorted(tables["materials"].to_pylist(), key=lambda row: row["material"]) if "materials" in tables else []
    stock = _on_hand(tables)
    return Materials(
        names=tuple(row["material"] for row in rows),
        units=tuple(row["unit"] or "units" for row in rows),
        cost=np.array([row["unit_cost"] for row in rows], dtype=float),
        lead=np.array([row["lead_weeks"] or 0 for row in rows], dtype=np.int64),
        limit=np.array([np.inf if row["weekly_limit"] is None else row["weekly_limit"] for row in rows], dtype=float),
        minimum=np.array([row["minimum_order"] or 0.0 for row in rows], dtype=float),
        on_hand=np.array([stock.get(row["material"], np.nan) for row in rows], dtype=float),
    )


def _resources(
    tables: Mapping[str, pa.Table],
    settings: Settings,
    products: tuple[str, ...],
    materials: Materials,
    weeks: int,
    *,
    is_past: bool,
) -> tuple[Resources, tuple[tuple[str, ...], csr_array]]:
    machines = sorted(tables["machines"].to_pylist(), key=lambda row: row["machine"]) if "machines" in tables else []
    bom, routing = tables.get("bom"), tables.get("routing")
    if bom is None:
        bom = pa.table({name: pa.array([], pa.string()) for name in ("item", "component", "option", "value", "quantity")})
    shares = option_shares(bom, tables.get("orders"), tables.get("order_options"), tables.get("options"))
    bill = explode(products, bom, shares)
    steps = (
        routing
        if routing is not None and machines
        else pa.table({name: pa.array([], pa.string()) for name in ("item", "machine", "hours")})
    )
    if not machines and not materials.names:
        return no_resources(len(products), weeks), (bill.items, bill.contents)
    overtime = settings.plan.overtime
    resources = Resources(
        names=(*(row["machine"] for row in machines), *materials.names),
        kinds=("machine",) * len(machines) + ("material",) * len(materials.names),
        units=("hours",) * len(machines) + materials.units,
        uses=uses(
            bill,
            steps,
            machines=[row["machine"] for row in machines],
            materials=materials.names,
            elsewhere=_elsewhere(tables),
        ),
        capacity=np.concatenate(
            [
                np.repeat(np.array([row["hours"] for row in machines], dtype=float).reshape(-1, 1), weeks, axis=1),
                materials.arriving(weeks, ordered_in_time=is_past),
            ]
        ),
        overtime=np.array([(row["overtime_hours"] or 0.0) * overtime for row in machines] + [0.0] * len(materials.names)),
        overtime_cost=np.array(
            [settings.economics.overtime_cost if row["overtime_cost"] is None else row["overtime_cost"] for row in machines]
            + [0.0] * len(materials.names)
        ),
        count=np.array([row["count"] or 1 for row in machines] + [1] * len(materials.names), dtype=np.int64),
    )
    return resources, (bill.items, bill.contents)


def _elsewhere(tables: Mapping[str, pa.Table]) -> set[str]:
    """Return what suppliers sell and what comes with the making of something else: only the network plan limits it."""
    named = (("suppliers", "material"), ("coproducts", "coproduct"))
    return {item for name, column in named if name in tables for item in tables[name][column].to_pylist()}


def _on_hand(tables: Mapping[str, pa.Table]) -> dict[str, float]:
    """Return the units of each item on its latest day, all regions together."""
    latest: dict[str, tuple[date, float]] = {}
    rows = (
        sorted(tables["stock"].to_pylist(), key=lambda row: (row["item"], row["day"], row["site"] or "", row["region"]))
        if "stock" in tables
        else []
    )
    for row in rows:
        day, units = latest.get(row["item"], (row["day"], 0.0))
        latest[row["item"]] = (row["day"], units + row["units"] if row["day"] == day else row["units"])
    return {item: units for item, (_, units) in latest.items()}


def _sorted(table: pa.Table, names: Sequence[str]) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in names])
