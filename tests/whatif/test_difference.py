"""Tests of the figures of a plan and of what differs between two."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from lotwise.tables import contract, planned
from lotwise.whatif.difference import differ
from lotwise.whatif.figures import figures

FIRST, SECOND = date(2024, 7, 29), date(2024, 8, 5)
PLAN = {"information": "now", "limits": "real", "cutoff": FIRST}
ECONOMICS = {
    "product": "cake", "category": "food", "unit_price": 10.0, "unit_cost": 4.0, "salvage": 1.0, "holding_cost": 0.5,
    "price_basis": "given", "cost_basis": "given", "salvage_basis": "given",
}  # fmt: skip
LOT = {
    "lot": "L1", "item": "cake", "site": "all", "route": "oven", "week": FIRST, "ready": FIRST, "started": 8.0, "units": 8.0,
    "family": "", "status": "proposed", "previous": 0.0,
}  # fmt: skip
RAISED = {
    "rank": 1, "kind": "late", "subject": "7/1", "week": FIRST, "money": 30.0, "reason": "oven", "chain": "", "remedy": "",
}  # fmt: skip
LOAD = {
    "machine": "oven", "week": FIRST, "hours": 6.0, "shifts": 0.0, "run": 7.0, "setup": 0.0, "overtime": 1.0,
    "most_overtime": 2.0,
}  # fmt: skip


def rows(name, *given):
    """Return rows as a table of its contract."""
    known = getattr(planned, name.upper(), None) or contract(name)
    return pa.Table.from_pylist(list(given), schema=known.schema)


@pytest.fixture
def base():
    """Return a plan of 8 cakes for the first week: 6 are sold, 2 are carried over and left at the end."""
    weeks = [
        {
            **PLAN,
            "product": "cake",
            "week": FIRST,
            "units": 8.0,
            "demand": 7.0,
            "sold": 6.0,
            "lost": 1.0,
            "left": 2.0,
            "profit": 26.0,
        },
        {
            **PLAN,
            "product": "cake",
            "week": SECOND,
            "units": 0.0,
            "demand": 0.0,
            "sold": 0.0,
            "lost": 0.0,
            "left": 2.0,
            "profit": 2.0,
        },
    ]
    solve = {**PLAN, "status": "bounded", "objective": 25.0, "bound": 50.0, "products": 1, "rows": 1, "columns": 1}
    price = {
        "information": "now", "cutoff": FIRST, "resource": "oven", "week": FIRST, "kind": "machine", "used": 7.0,
        "capacity": 6.0, "overtime": 1.0, "price": 2.0, "unit": "hours",
    }  # fmt: skip
    shown = {"item": "cake", "kind": "product", "start": 0.0, "received": 8.0, "used": 6.0, "scrapped": 0.0}
    return {
        "plans": rows("plans", *weeks),
        "solves": rows("solves", solve),
        "economics": rows("economics", ECONOMICS),
        "machines": rows("machines", {"machine": "oven", "hours": 6.0, "overtime_cost": 3.0}),
        "loads": rows("loads", LOAD),
        "lots": rows("lots", LOT),
        "exceptions": rows("exceptions", RAISED),
        "prices": rows("prices", price, {**price, "week": SECOND, "price": 1.0}),
        "projection": rows("projection", {**shown, "week": FIRST, "end": 2.0}, {**shown, "week": SECOND, "end": 2.0}),
        "deliveries": rows(
            "deliveries",
            {
                "order": "7",
                "line": 1,
                "product": "cake",
                "units": 3.0,
                "due": FIRST,
                "late_weeks": 1,
                "late_units": 3.0,
                "money": 30.0,
                "reason": "oven",
            },
        ),
    }


def test_the_figures_add_up_to_the_profit(base):
    """Revenue 6 x 10, left over 2 x 1, making 8 x 4, keeping 2 x 0.5, overtime 1 x 3; the rest, 1, is other costs."""
    found = figures(base)
    assert found["revenue", "money"] == 60
    assert found["left over", "money"] == 2
    assert found["making", "money"] == -32
    assert found["keeping", "money"] == -1
    assert found["overtime", "money"] == -3
    assert found["other costs", "money"] == 25 - (60 + 2 - 32 - 1 - 3)
    assert found["gap to the bound", "share"] == (50 - 25) / 50


def test_costs_above_standard_stand_by_cause(base):
    """Overtime 3, set-ups 2 and purchases half a unit of money cheaper: late deliveries are the rest of what is not profit."""
    week = {"week": FIRST}
    charges = [{**week, "cause": cause, "money": money} for cause, money in (("overtime", 3.0), ("setup", 2.0), ("buy", -0.5))]
    found = figures({**base, "charges": rows("charges", *charges)})
    assert (found["overtime", "money"], found["set-ups", "money"], found["dearer purchases", "money"]) == (-3, -2, 0.5)
    assert found["moves", "money"] == 0
    assert found["late deliveries", "money"] == 25 - (60 + 2 - 32 - 1 - 3 - 2 + 0.5)
    assert ("other costs", "money") not in found


def test_causes_that_cost_nothing_in_either_plan_are_left_out(base):
    """Of two plans only one of which has set-ups, set-ups are compared and moves are not."""
    setup = {"week": FIRST, "cause": "setup", "money": 2.0}
    other = {**base, "charges": rows("charges", setup)}
    compared = differ({**base, "charges": rows("charges")}, other, scenario="with set-ups")
    found = {row["measure"]: row for row in compared.figures.to_pylist()}
    assert (found["set-ups"]["base"], found["set-ups"]["value"], found["set-ups"]["change"]) == (0, -2, -2)
    assert "moves" not in found


def test_what_is_scrapped_is_neither_kept_nor_left(base):
    """A cake past its shelf life after the first week brings its salvage there, and is not carried."""
    scrapped = base["projection"].set_column(6, "scrapped", pa.array([1.0, 0.0]))
    plans = base["plans"].set_column(base["plans"].column_names.index("left"), "left", pa.array([2.0, 1.0]))
    found = figures({**base, "projection": scrapped, "plans": plans})
    assert (found["left over", "money"], found["keeping", "money"]) == (2, -0.5)


def test_units_orders_hours_and_stock_are_counted(base):
    """Two cakes of 4 each lie at the end of both weeks; one line of three is late."""
    found = figures(base)
    assert (found["units sold", "units"], found["units not sold", "units"]) == (6, 1)
    assert (found["order lines late", "number"], found["units late", "units"], found["at risk in them", "money"]) == (1, 3, 30)
    assert found["overtime", "hours"] == 1
    assert found["stock on average", "money"] == 2 * 4


def test_what_no_table_tells_is_absent(base):
    """Without the tables of a network plan the figures that need them are left open, overtime comes from the prices."""
    least = {name: base[name] for name in ("plans", "solves", "economics", "prices", "machines")}
    found = figures(least)
    assert found["order lines late", "number"] is None
    assert found["purchases", "money"] is None
    assert found["overtime", "hours"] == 2


def test_a_plan_does_not_differ_from_itself(base):
    """Every part but the figures is empty, and the figures change by nothing."""
    found = differ(base, base, scenario="same")
    assert set(found.figures["change"].to_pylist()) <= {0.0, None}
    assert [table.num_rows for name, table in found.parts.items() if name != "figures"] == [0, 0, 0, 0]


def test_lots_exceptions_and_prices_that_change_are_named(base):
    """A lot moved by a week is one less and one more; what is no longer late is gone; prices are added up over the weeks."""
    other = {
        **base,
        "lots": rows("lots", {**LOT, "week": SECOND, "ready": SECOND}),
        "exceptions": rows("exceptions", {**RAISED, "kind": "overload", "subject": "oven", "money": 3.0}),
        "prices": base["prices"].slice(0, 1),
    }
    found = differ(base, other, scenario="other", assumed=("x",))
    assert [(row["week"], row["change"]) for row in found.lots.to_pylist()] == [(FIRST, -8.0), (SECOND, 8.0)]
    assert [(row["change"], row["kind"]) for row in found.exceptions.to_pylist()] == [("gone", "late"), ("new", "overload")]
    assert found.prices.to_pylist() == [
        {"resource": "oven", "kind": "machine", "unit": "hours", "base": 3.0, "price": 2.0, "change": -1.0}
    ]
    assert found.assumed == ("x",)


def test_without_lots_the_plans_are_compared(base):
    """What is made of a product in a week stands for its lot, and what is cut for an exception."""
    least = {name: base[name] for name in ("plans", "solves", "economics")}
    fewer = base["plans"].set_column(5, "units", pa.array([5.0, 0.0]))
    found = differ(least, {**least, "plans": fewer}, scenario="fewer")
    assert found.lots.to_pylist() == [
        {"item": "cake", "site": "all", "week": FIRST, "base_units": 8.0, "units": 5.0, "change": -3.0}
    ]
    assert found.products["units_change"].to_pylist() == [-3.0]
