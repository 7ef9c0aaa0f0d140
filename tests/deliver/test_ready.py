"""Tests of when orders are ready, where they go and what a day's delay costs."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from lotwise.deliver.ready import finished
from lotwise.tables import contract

MONDAY = date(2026, 11, 2)

at = datetime.fromisoformat


def rows(name, *given):
    """Return rows as a table of its contract, what is not given absent."""
    table = contract(name)
    return pa.Table.from_pylist([{column: row.get(column) for column in table.names} for row in given], schema=table.schema)


def line(order, **values):
    """Return a firm line: one unit of a coat due on Friday."""
    usual = {"line": 1, "product": "coat", "units": 2.0, "due": MONDAY, "week": MONDAY, "late_weeks": 0, "late_units": 0.0}
    return {"order": order, **usual, "money": 0.0, "reason": "", **values}


def sale(order, **values):
    """Return the order line of it: 70 a unit, from the shop N1 in the north."""
    usual = {"line": 1, "time": at("2026-10-01 00:00"), "product": "coat", "location": "N1", "region": "north", "units": 2.0}
    return {"order": order, **usual, "unit_price": 70.0, "due": date(2026, 11, 6), "kind": "sale", **values}


@pytest.fixture
def tables():
    """Return three orders: from stock, of a lot that is scheduled, and of one that is not."""
    peg = {"item": "coat", "site": "all", "week": MONDAY, "units": 2.0}
    return {
        "deliveries": rows("deliveries", line("1"), line("2"), line("3"), line("4", week=None)),
        "orders": rows("orders", sale("1"), sale("2"), sale("3", location="X"), sale("4")),
        "pegging": rows(
            "pegging",
            {"demand": "order 1/1", "supply": "stock coat", **peg},
            {"demand": "order 2/1", "supply": "L1", **peg},
            {"demand": "order 3/1", "supply": "L2", **peg},
        ),
        "lateness": rows(
            "lateness",
            {"lot": "L1", "part": 1, "item": "coat", "ends": at("2026-11-03 14:30")},
            {"lot": "L1", "part": 2, "item": "coat", "ends": at("2026-11-04 09:00")},
        ),
        "order_ends": rows("order_ends"),
    }


def ready(tables, **values):
    """Return orders by number."""
    places = values.pop("places", ["N1", "north"])
    return {one.order: one for one in finished(tables, places, MONDAY, delay_share=0.1)}


def test_orders_are_ready_when_what_supplies_them_is(tables):
    """Stock at once, a scheduled lot the day after its last part ends, else after its week; never what is not planned."""
    found = ready(tables)
    assert {order: one.ready for order, one in found.items()} == {"1": MONDAY, "2": date(2026, 11, 5), "3": date(2026, 11, 9)}


def test_a_line_is_ready_when_the_schedule_says(tables):
    """The schedule knows the part a line waits for; without it the last part of the lot counts."""
    due = {**tables, "orders": rows("orders", sale("1"), sale("2", due=date(2026, 11, 3)), sale("3"))}
    assert ready(due)["2"].ready == date(2026, 11, 5)
    late = {"order": "2", "line": 1, "product": "coat", "lot": "L1", "part": 2, "due": date(2026, 11, 3), "late_days": 1.0}
    late = {**due, "order_ends": rows("order_ends", {**late, "ends": at("2026-11-05 10:00")})}
    assert ready(late)["2"].ready == date(2026, 11, 6)


def test_what_is_shipped_within_the_week_is_ready_when_it_is_made(tables):
    """Shipments are followed to lots and stock; one of another week, or from elsewhere, counts with the plan's week."""
    peg, ships = {"item": "coat", "site": "all", "week": MONDAY, "units": 2.0}, f"shipment coat factory {MONDAY}"

    def when(name, *supplies):
        through = [{"demand": name, "supply": supply, **peg} for supply in supplies]
        changed = rows("pegging", {"demand": "order 2/1", "supply": name, **peg}, *through)
        return ready({**tables, "pegging": changed})["2"].ready

    assert when(ships, "L1", "stock coat") == date(2026, 11, 5)
    assert when(ships, "stock coat") == MONDAY
    week_end = date(2026, 11, 9)
    assert when(ships) == when(ships, "L1", "L2") == when(ships, "receipt 7") == when(ships, ships) == week_end
    assert when("shipment coat factory 2026-10-26", "L1") == week_end


def test_an_order_waits_for_all_its_lines(tables):
    """One line from stock and one not within the plan: the order is not ready; both from the plan: the later one counts."""
    more = rows("deliveries", line("1"), line("1", line=2, week=None))
    assert "1" not in ready({**tables, "deliveries": more})
    later = rows("deliveries", line("1"), line("1", line=2, week=date(2026, 11, 9)))
    assert ready({**tables, "deliveries": later})["1"].ready == date(2026, 11, 16)


def test_a_place_named_as_the_order_wins(tables):
    """The order's own number, then its location, then its region, else no place."""
    assert ready(tables)["1"].place == "N1"
    assert ready(tables, places=["N1", "1"])["1"].place == "1"
    assert ready(tables)["3"].place == "north"
    assert ready(tables, places=["south"])["1"].place is None


def test_a_days_delay_costs_a_seventh_of_a_week(tables):
    """Two units at 70, a tenth of it a week: 2 a day; 3.5 a week and unit by the product, doubled by the order's weight."""
    assert ready(tables)["1"].late_money == pytest.approx(2.0)
    product = rows("products", {"product": "coat", "late_cost": 3.5})
    terms = rows("order_terms", {"order": "1", "weight": 2.0, "due": at("2026-11-05 12:00")})
    found = ready({**tables, "products": product, "order_terms": terms})["1"]
    assert (found.late_money, found.due) == (pytest.approx(2.0), date(2026, 11, 5))
