"""One plan as a whole in figures: what it earns, what that is made of, what is short, late, worked over and bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Figures = dict[tuple[str, str], float | None]
NOW = "now"
DIGITS = 6
MONEY, UNITS, HOURS = "money", "units", "hours"
CAUSES = {
    "overtime": "overtime", "setup": "set-ups", "order": "placing orders", "shift": "added shifts", "buy": "dearer purchases",
    "make": "dearer routes", "move": "moves", "replace": "replacements", "holding": "keeping materials",
    "safety": "stock below safety", "left": "materials left over",
}  # fmt: skip
"""What each cause of table ``charges`` is called."""
LATE = "late deliveries"
ROUNDING = 1e-8
"""Share of revenue up to which money that no table says is rounding: tables hold units to six digits."""


def figures(plan: Mapping[str, pa.Table]) -> Figures:
    """Return the current plan's figures by measure and unit, in the order of an income statement; absent where no table says.

    Revenue, what is left over, making, keeping, the costs above standard by cause and late deliveries add up to the expected
    profit. Where nothing says the causes, *other costs* are what no table tells apart: late deliveries, set-ups, orders,
    shifts, moves, and dearer or cheaper materials than standard.

    Parameters
    ----------
    plan
        Published tables of one plan, by name.
    """
    solve = current(plan["solves"])
    objective = solve["objective"][0].as_py() if solve.num_rows else None
    bound = solve["bound"][0].as_py() if solve.num_rows else None
    rows = current(plan["plans"])
    units, demand, sold, lost = (float(pc.sum(rows[name]).as_py() or 0.0) for name in ("units", "demand", "sold", "lost"))
    parts = _income(rows, plan)
    hours, overtime = _overtime(plan)
    above = _above_standard(plan, overtime)
    known = sum(parts.values()) + sum(money or 0.0 for money in above.values())
    rest = LATE if "charges" in plan else "other costs"
    found: Figures = {("expected profit", MONEY): objective, ("bound", MONEY): bound}
    share = None if objective is None or bound is None else (bound - objective) / max(abs(bound), 1e-9)
    found["gap to the bound", "share"] = share
    found |= {(name, MONEY): money for name, money in parts.items()}
    found |= {(name, MONEY): money for name, money in above.items()}
    found[rest, MONEY] = None if objective is None else _beyond_rounding(objective - known, parts["revenue"])
    found["units made", UNITS] = units
    found["units asked for", UNITS] = demand
    found["units sold", UNITS] = sold
    found["units not sold", UNITS] = lost
    found |= _late(plan)
    found["overtime", HOURS] = hours
    found["purchases", MONEY] = _sum(plan, "purchases", "cost")
    found["shipments", MONEY] = _sum(plan, "shipments", "cost")
    found["stock on average", MONEY] = _stock(rows, plan)
    found["lots", "number"] = float(plan["lots"].num_rows) if "lots" in plan else None
    raised = plan.get("exceptions", plan.get("cuts"))
    found["exceptions", "number"] = None if raised is None else float(raised.num_rows)
    return {key: None if value is None else round(value, DIGITS) + 0.0 for key, value in found.items()}


def current(table: pa.Table) -> pa.Table:
    """Return the rows of the plan for the weeks to come, of a table that holds all plans: by what is known now, real limits."""
    mine = table.filter(pc.and_(pc.equal(table["information"], NOW), pc.equal(table["limits"], "real")))
    return mine.filter(pc.equal(mine["cutoff"], pc.max(mine["cutoff"]))) if mine.num_rows else mine


def _income(rows: pa.Table, plan: Mapping[str, pa.Table]) -> dict[str, float]:
    """Return revenue and costs of the units planned, costs below 0, as ``plan.settle`` books them."""
    economics, codes = plan["economics"], rows["product"]
    price, cost, salvage, holding = (
        _of(codes, economics, name) for name in ("unit_price", "unit_cost", "salvage", "holding_cost")
    )
    units, sold, left = (rows[name].to_numpy() for name in ("units", "sold", "left"))
    last = pc.equal(rows["week"], pc.max(rows["week"])).to_numpy(zero_copy_only=False)
    gone = np.where(last, left, np.minimum(_scrapped(rows, plan), left))
    return {
        "revenue": float(price @ sold),
        "left over": float(np.minimum(salvage, np.minimum(cost, price)) @ gone),
        "making": -float(cost @ units),
        "keeping": -float(holding @ (left - gone)),
    }


def _above_standard(plan: Mapping[str, pa.Table], overtime: float | None) -> dict[str, float | None]:
    """Return costs above standard by cause, below 0; where no table says them, of overtime alone."""
    if "charges" not in plan:
        return {"overtime": None if overtime is None else -overtime}
    summed = plan["charges"].group_by("cause").aggregate([("money", "sum")])
    known = dict(zip(summed["cause"].to_pylist(), summed["money_sum"].to_pylist(), strict=True))
    return {name: -known.get(cause, 0.0) for cause, name in CAUSES.items()}


def _beyond_rounding(money: float, revenue: float) -> float:
    return money if abs(money) > ROUNDING * revenue else 0.0


def _scrapped(rows: pa.Table, plan: Mapping[str, pa.Table]) -> NDArray[np.float64]:
    """Return the units of each row that pass their shelf life at the end of its week."""
    if "projection" not in plan:
        return np.zeros(rows.num_rows)
    projected = plan["projection"].filter(pc.equal(plan["projection"]["kind"], "product"))
    known = dict(
        zip(
            zip(projected["item"].to_pylist(), projected["week"].to_pylist(), strict=True),
            projected["scrapped"].to_pylist(),
            strict=True,
        )
    )
    keys = zip(rows["product"].to_pylist(), rows["week"].to_pylist(), strict=True)
    return np.array([known.get(key, 0.0) for key in keys], dtype=float)


def _overtime(plan: Mapping[str, pa.Table]) -> tuple[float | None, float | None]:
    """Return overtime hours and what they cost; absent where no machine is known."""
    if "loads" in plan:
        rows, name = plan["loads"], "machine"
    elif "prices" in plan and "machines" in plan:
        prices = plan["prices"]
        mine = pc.and_(pc.equal(prices["information"], NOW), pc.equal(prices["kind"], "machine"))
        rows, name = prices.filter(mine), "resource"
        rows = rows.filter(pc.equal(rows["cutoff"], pc.max(rows["cutoff"])))
    else:
        return None, None
    hours = float(pc.sum(rows["overtime"]).as_py() or 0.0)
    if "machines" not in plan:
        return hours, None
    machines = plan["machines"]
    place = pc.index_in(rows[name], value_set=machines["machine"].combine_chunks())
    cost = pc.fill_null(machines["overtime_cost"].take(place), 0.0)
    return hours, float(pc.sum(pc.multiply(rows["overtime"], cost)).as_py() or 0.0)


def _late(plan: Mapping[str, pa.Table]) -> Figures:
    if "deliveries" not in plan:
        return {("order lines late", "number"): None, ("units late", UNITS): None, ("at risk in them", MONEY): None}
    late = plan["deliveries"].filter(pc.greater(plan["deliveries"]["late_weeks"], 0))
    return {
        ("order lines late", "number"): float(late.num_rows),
        ("units late", UNITS): float(pc.sum(late["late_units"]).as_py() or 0.0),
        ("at risk in them", MONEY): float(pc.sum(late["money"]).as_py() or 0.0),
    }


def _stock(rows: pa.Table, plan: Mapping[str, pa.Table]) -> float | None:
    """Return the money that lies in stock at the end of a week, on average over the weeks planned."""
    weeks = len(pc.unique(rows["week"]))
    if "projection" not in plan or not weeks:
        return None
    rows = plan["projection"]
    worth = np.zeros(rows.num_rows)
    for name, key in (("items", "item"), ("materials", "material"), ("economics", "product")):
        if name in plan and "unit_cost" in plan[name].column_names:
            once = plan[name].group_by(key).aggregate([("unit_cost", "max")])
            found = _of(rows["item"], once, "unit_cost_max", key=key)
            worth = np.where(found > 0, found, worth)
    return float(worth @ np.maximum(rows["end"].to_numpy(), 0.0)) / weeks


def _sum(plan: Mapping[str, pa.Table], name: str, column: str) -> float | None:
    return float(pc.sum(plan[name][column]).as_py() or 0.0) if name in plan else None


def _of(codes: pa.ChunkedArray, table: pa.Table, name: str, *, key: str = "product") -> NDArray[np.float64]:
    """Return a column of a table for each code, 0 where it has none."""
    place = pc.index_in(codes, value_set=table[key].combine_chunks())
    values: NDArray[np.float64] = pc.fill_null(table[name].take(place).cast(pa.float64()), 0.0).to_numpy()
    return values
