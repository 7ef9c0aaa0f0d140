from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise import config
from lotwise.plan.check import check
from lotwise.plan.network.made import make
from lotwise.plan.network.reading import build
from lotwise.plan.network.reading.places import opening
from lotwise.plan.orders.rows import rows
from lotwise.plan.publish import plan_rows, solve_row
from lotwise.plan.windows import windows
from lotwise.tables import contract, planned
from tests.plan.test_check_lots import table

MONDAY = date(2024, 1, 15)


def factory(seed):
    """Return random tables: two products of two components of three materials, with every rule that tables can say, or not."""
    rng = np.random.default_rng(seed)
    weeks = [MONDAY + timedelta(weeks=week) for week in range(4)]

    def chance(share=0.5):
        return bool(rng.random() < share)

    def maybe(value, share=0.5):
        return value if chance(share) else None

    products, parts, materials = ("lamp", "shade"), ("frame", "stand"), ("oak", "felt", "glue")
    bom = []
    for item in products:
        bom += [{"item": item, "component": part, "quantity": float(rng.integers(1, 3))} for part in parts]
        bom.append({"item": item, "component": "glue", "quantity": 0.5, "scrap": maybe(0.1)})
    for item in parts:
        bom += [
            {"item": item, "component": one, "quantity": 1.0, "alternate": "wood"} for one in materials[: rng.integers(1, 3)]
        ]
    if chance():
        bom += [bom[0] | {"quantity": 3.0, "version": "later", "starts": weeks[2]}]
        bom[0] = bom[0] | {"ends": weeks[2] - timedelta(days=1)}
    routing = [{"item": item, "step": 1, "machine": "saw", "hours": rng.uniform(0.05, 0.2)} for item in parts]
    routing += [{"item": "frame", "step": 1, "machine": "mill", "hours": 0.2, "setup_hours": maybe(0.5)}] if chance() else []
    routing += [{"item": item, "step": 1, "machine": "bench", "hours": 0.3, "setup_hours": maybe(0.4)} for item in products]
    items = [
        {"item": part, "lead_weeks": maybe(1, 0.3), "yield": maybe(0.9), "family": maybe("sawn"), "lot_minimum": maybe(10.0)}
        | {"lot_multiple": maybe(5.0), "lot_maximum": maybe(40.0), "safety_stock": maybe(3.0)}
        for part in parts
    ]
    suppliers = [
        {"material": "oak", "supplier": "forest", "from_units": low, "unit_price": price, "lead_weeks": 1, "order_cost": 4.0}
        | {"lead_spread": 0.5, "minimum_order": 10.0, "order_multiple": 5.0}
        for low, price in ((0.0, 3.0), (60.0, 2.5))
    ]  # fmt: skip
    firm = [
        {"order": f"o{n}", "line": 1, "product": products[n % 2], "units": float(rng.integers(1, 15)), "kind": "sale"}
        | {"due": MONDAY + timedelta(days=int(rng.integers(0, 27))), "unit_price": 50.0}
        for n in range(5)
    ]
    stock = [("oak", 60.0), ("felt", 80.0), ("frame", 20.0), ("stand", 15.0), ("lamp", 5.0)]
    receipts = [
        {"receipt": "p1", "item": "oak", "kind": "purchase", "day": weeks[1], "units": 30.0},
        {"receipt": "l1", "item": "lamp", "kind": "lot", "day": weeks[2], "units": 4.0, "begun": maybe(value=False)},
    ]
    always = {"option": "always", "value": "always", "version": "always"}
    machines = [("saw", 14.0), ("mill", 10.0), ("bench", 14.0)]
    economics = [
        {"product": product, "category": "home", "unit_price": 50.0, "unit_cost": 20.0, "salvage": 5.0, "holding_cost": 0.1}
        | dict.fromkeys(("price_basis", "cost_basis", "salvage_basis"), "given")
        for product in products
    ]
    draws = [
        {"information": "now", "cutoff": MONDAY, "product": product, "region": "all", "week": week}
        | {"units": rng.poisson(8, 10).astype(float).tolist()}
        for product in products
        for week in weeks
    ]
    given = {
        "products": [{"product": product, "make": "order", "unserved": maybe("backorder")} for product in products],
        "bom": [always | line for line in bom],
        "routing": routing,
        "items": items,
        "coproducts": [{"item": "stand", "coproduct": "glue", "quantity": 0.1}] if chance(0.3) else [],
        "families": [{"family": "sawn", "machine": "saw", "setup_hours": 1.0, "setup_cost": 5.0}],
        "machines": [
            {"machine": name, "hours": hours, "overtime_hours": 3.0}
            | {"extra_shifts": maybe(1), "shift_hours": 4.0, "shift_cost": 80.0}
            for name, hours in machines
        ],
        "machine_weeks": [{"machine": "bench", "week": weeks[1], "hours": 6.0}],
        "calendar": [{"day": weeks[2], "region": "all", "name": "holiday", "working": False}],
        "materials": [
            {"material": name, "unit_cost": 2.0, "lead_weeks": maybe(1), "weekly_limit": maybe(100.0)} for name in materials
        ],
        "suppliers": suppliers,
        "receipts": receipts,
        "stock": [{"item": item, "day": date(2024, 1, 14), "units": units} for item, units in stock if chance(0.8)],
        "orders": firm,
        "economics": economics,
        "demand": [{"product": product, "week": date(2024, 1, 8), "units": 5.0} for product in products],
    }  # fmt: skip
    found = {name: table(name, content) for name, content in given.items() if content}
    return found | {"draws": pa.Table.from_pylist(draws, schema=contract("draws").schema)}


@pytest.mark.parametrize("seed", range(20))
def test_every_plan_made_lot_by_lot_keeps_every_rule(seed):
    """What is built, planned and published from random tables passes the rules, written from the tables' meanings alone."""
    tables = factory(seed)
    settings = config.build({"forecast": {"horizon": 4}, "plan": {"weeks": 4, "lead_weeks": seed % 3 // 2}})
    problem = next(iter(windows(tables, settings))).states["now"]
    problem = replace(problem, opening=opening(problem, tables, settings))
    network, labels = build(problem, tables, settings)
    plan, flow = make(problem, network)
    published = tables | rows(problem, network, labels, plan, flow, tables)
    published["plans"] = plan_rows(problem, plan)
    published["solves"] = pa.Table.from_pylist([solve_row(problem, plan)], schema=planned.SOLVES.schema)
    assert [str(breach) for breach in check(published, settings.plan)] == []
