import numpy as np
import pytest

from lotwise.plan.orders.binding import Chains
from lotwise.plan.orders.deliveries import lines_of, served
from lotwise.plan.orders.exceptions import Found, exception_rows, ranked


def by_kind(current, orders=None):
    lines = lines_of(current, orders or {})
    return {row["kind"]: row for row in exception_rows(Found(Chains(current), lines, served(current, lines), []))}


def test_a_late_order_has_its_chain_and_remedy(chair):
    """Four chairs are late for four hours of the saw: overtime at 3 costs 12 and brings at most 16; 40 are at risk."""
    row = by_kind(*chair)["late"]
    assert row["chain"] == "order 2/1 <- chair/2024-W01/1 <- saw"
    assert row["reason"] == "saw is full in the week of 2024-01-01 (8 hours). One more of its hours would earn 4.00."
    assert (row["money"], row["remedy_cost"], row["gain"]) == (40, 12, 16)


def test_lots_that_changed_have_moved(chair):
    """Ten seats where the plan before had seven: 3 at a cost of change of 1; five in the next week are new."""
    row = by_kind(*chair)["moved"]  # the last of two, the smaller
    assert (row["subject"], row["money"]) == ("seat/2024-W01/1", 3)
    assert row["reason"] == "seat, started in the week of 2024-01-01: 7 units in the plan before, 10 now."


def test_overtime_is_an_overload(sketch, problem):
    """Twelve hours on a saw of ten: two hours of overtime at 3."""
    made = [{"kind": "make", "gives": {0: 1.0}, "uses": {0: 1.0}, "route": "saw"}]
    plan = sketch(1, items=[("chair", "all", "product", 0, False)], activities=made, machines=[("saw", 10, 5, 3.0)])
    row = by_kind(plan.current(problem([[[12.0]]], names=["chair"]), [[12.0]], machine_price=[[3.0]]))["overload"]
    assert (row["subject"], row["money"]) == ("saw", 6)
    assert row["reason"] == "saw takes 2 hours of overtime in the week of 2024-01-01. One more of its hours would earn 3.00."


def test_stock_that_perishes_and_stock_that_lies(sketch, problem):
    """Of ten units with a week to live three sell: seven lose 3 each. Wood that nothing takes lies through both weeks."""
    items = [("cake", "all", "product", 0, False), ("wood", "all", "material", -1, True)]
    plan = sketch(2, items=items, activities=[{"kind": "make", "gives": {0: 1.0}}], opening={1: 50.0})
    current = plan.current(problem([[[3.0, 0.0]]], names=["cake"], shelf=1), [[10.0, 0.0]])
    row = by_kind(current)["expiring"]
    assert (row["subject"], row["money"]) == ("cake", pytest.approx(7 * 3))
    assert "surplus" not in by_kind(current)  # it costs nothing to keep
    plan = sketch(2, items=items[:1], activities=[{"kind": "make", "gives": {0: 1.0}}])
    current = plan.current(problem([[[3.0, 3.0]]], names=["cake"], opening=[20.0]), np.zeros((1, 2)))
    row = by_kind(current)["surplus"]
    assert row["money"] == pytest.approx(14 * (3 + 0.1))  # 20 - 6 lie: cost - salvage, and carried one week


def test_less_than_a_cent_decides_the_rank():
    """Of two rows that are the same to the cent the one with more money comes first, as the checker asks."""
    rows = [{"kind": "cut", "subject": name, "week": 0, "money": money} for name, money in (("A", 4.837202), ("B", 4.837813))]

    assert [row["subject"] for row in ranked(rows)] == ["B", "A"]
