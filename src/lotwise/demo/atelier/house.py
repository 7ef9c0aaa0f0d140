"""What the workshop knows of itself: products, options, rules, bills of materials, machines, stock, lots, readings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.demo.atelier import choose
from lotwise.demo.atelier.catalog import (
    ALWAYS,
    CODES,
    LIMITED,
    MACHINES,
    MATERIALS,
    REGIONS,
    RULES,
    SETUP_HOURS,
    STYLES,
    choices,
    needs,
)
from lotwise.demo.atelier.law import START, days_on, stream

if TYPE_CHECKING:
    from lotwise.demo.atelier.floor import Trade

SENSED_DAYS, READINGS = 28, 6
RESERVE = 3.0
"""Materials on hand / mean use of the lead time and one week more: orders owed and the coming weeks must not run out."""

MEASURES = {"temperature": (41.0, 2.5), "vibration": (2.1, 0.3)}
"""Measure -> mean and spread of a machine's readings."""


def catalog() -> dict[str, pa.Table]:
    """Return the tables that do not change: products, options, option rules, bom, routing, machines, materials."""
    products = [
        {"style": s.code, "name": s.name, "category": s.category, "department": s.department, "price": s.price, "cost": s.cost,
         "salvage": s.salvage, "make": s.make, "launched": START}
        for s in STYLES
    ]  # fmt: skip
    options = [
        {"style": s.code, "option": option, "value": value, "extra_price": price, "extra_cost": cost}
        for s in STYLES
        for option, values in choices(s).items()
        for value, (_, price, cost) in values.items()
    ]
    rules = [
        {"rule": f"R{number:02d}", "style": r.style, "kind": r.kind, "if_option": r.if_option, "if_value": r.if_value,
         "then_option": r.then_option, "then_value": r.then_value}
        for number, r in enumerate(RULES, start=1)
    ]  # fmt: skip
    bom = [
        {"style": s.code, "component": component, "option": option, "value": value, "quantity": quantity}
        for s in STYLES
        for component, option, value, quantity in needs(s)
    ]
    return {name: pa.Table.from_pylist(rows) for name, rows in zip(
        ("products", "options", "option_rules", "bom", "routing", "machines", "materials"),
        (products, options, rules, bom, _routing(), _machines(), _materials()), strict=True)}  # fmt: skip


def _routing() -> list[dict[str, object]]:
    return [
        {"style": style.code, "step": step, "machine": machine, "hours": hours, "setup_hours": setup}
        for style in STYLES
        for step, (machine, hours, setup) in enumerate(zip(MACHINES, style.hours, SETUP_HOURS, strict=True), start=1)
    ]


def _machines() -> list[dict[str, object]]:
    return [
        {"machine": machine, "hours": hours, "overtime_hours": overtime, "overtime_cost": cost}
        for machine, (hours, overtime, cost) in MACHINES.items()
    ]


def _materials() -> list[dict[str, object]]:
    return [
        {"material": material, "unit": unit, "unit_cost": cost, "lead_weeks": lead, "weekly_limit": LIMITED.get(material)}
        for material, (unit, cost, lead) in MATERIALS.items()
    ]


def mean_use() -> dict[str, float]:
    """Return the units of each material that a plain week uses."""
    taken = choose.takes()
    use = dict.fromkeys(MATERIALS, 0.0)
    for style in STYLES:
        for component, option, value, quantity in needs(style):
            share = 1.0 if option == ALWAYS else taken[style.code, option, value]
            use[component] += style.units * share * quantity
    return use


def stock(trade: Trade) -> pa.Table:
    """Return units on hand by day: styles that are kept, by region, and materials at the end of every week."""
    kept = [number for number, style in enumerate(STYLES) if style.make == "stock"]
    days = trade.stock.shape[2]
    style, region, day = (place.ravel() for place in np.meshgrid(kept, np.arange(len(REGIONS)), np.arange(days), indexing="ij"))
    shown = pa.table(
        {
            "item": np.array(CODES)[style],
            "region": np.array(REGIONS)[region],
            "day": days_on(day),
            "units": trade.stock[style, region, day] + 0.0,
        }
    )
    held = [
        {
            "item": material,
            "region": "all",
            "day": START + timedelta(days=sunday),
            "units": round(RESERVE * use * (MATERIALS[material][2] + 1)),
        }
        for material, use in mean_use().items()
        for sunday in range(6, days, 7)
    ]
    return pa.concat_tables([shown, pa.Table.from_pylist(held, schema=shown.schema)]).combine_chunks()


def lots(trade: Trade) -> pa.Table:
    """Return what the floor did with each lot, week by week; units a stop cost were neither made nor scrapped."""
    week, style = (place.ravel() for place in np.indices(trade.planned.T.shape))
    run = np.flatnonzero(trade.planned[style, week] > 0)
    week, style = week[run], style[run]
    friday = 7 * week + 4 + trade.late[style, week]
    return pa.table(
        {
            "lot": [f"L{w + 1:03d}-{CODES[s]}" for w, s in zip(week, style, strict=True)],
            "style": np.array(CODES)[style],
            "week": days_on(7 * week),
            "machine": np.full(len(run), "sewing"),
            "planned": trade.planned[style, week],
            "good": trade.made[style, week],
            "scrapped": trade.scrapped[style, week],
            "down_hours": trade.down[style, week],
            "finished": days_on(friday),
        }
    )


def inspections(seed: int, made: pa.Table) -> pa.Table:
    """Return two measured properties of every lot, a few of them outside their limits."""
    rng = stream(seed, "inspections")
    count = made.num_rows
    parts = [
        pa.table({"lot": made["lot"], "measure": np.full(count, name), "value": rng.normal(mean, spread, count).round(1),
                  "low": np.full(count, low), "high": np.full(count, high)})
        for name, mean, spread, low, high in (("length deviation", 0, 4, -10.0, 10.0), ("seam strength", 120, 9, 100.0, 160.0))
    ]  # fmt: skip
    return pa.concat_tables(parts).combine_chunks()


def sensors(seed: int, days: int) -> pa.Table:
    """Return readings of the last four weeks, six a day of each machine and measure."""
    rng = stream(seed, "sensors")
    first = max(0, days - SENSED_DAYS)
    hours = np.arange(first * READINGS, days * READINGS) * (24 // READINGS)
    time = np.datetime64(START, "s") + hours * np.timedelta64(1, "h")
    parts = [
        pa.table({"machine": np.full(len(time), machine), "time": time, "measure": np.full(len(time), measure),
                  "value": rng.normal(mean, spread, len(time)).round(2)})
        for machine in MACHINES
        for measure, (mean, spread) in MEASURES.items()
    ]  # fmt: skip
    return pa.concat_tables(parts).combine_chunks()
