from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan.orders.deliveries import NOT_PLANNED, delivery_rows, lateness, lines_of, served, unplanned_rows
from lotwise.plan.promises import promises


def rows_of(current, orders):
    lines = lines_of(current, orders)
    return delivery_rows(current, lines, served(current, lines), lambda *_: "why")


def test_the_second_order_is_late_by_what_the_saw_cannot_do(chair):
    """Of 12 chairs due 8 are there: order 1 in time, of order 2 four a week late, 40 of revenue at risk."""
    first, second = rows_of(*chair)
    assert (first["late_weeks"], first["late_units"], first["reason"]) == (0, 0, "")
    assert (second["week"], second["late_weeks"], second["late_units"], second["money"]) == (date(2024, 1, 8), 1, 4, 40)
    assert second["reason"] == "why"


def test_what_never_comes_is_late_to_the_end_of_the_plan(sketch, problem, orders):
    """An order of 9 due in the second of three weeks, of which 5 are ever made, is late by the two weeks left."""
    plan = sketch(3, items=[("chair", "all", "product", 0, False)], activities=[{"kind": "make", "gives": {0: 1.0}}])
    firm = np.array([[0.0, 9.0, 0.0]])
    current = plan.current(problem([firm], firm=firm, names=["chair"]), [[5.0, 0.0, 0.0]])
    (row,) = rows_of(current, orders([("7", 1, "chair", 9, date(2024, 1, 10))], ["chair"]))
    assert (row["week"], row["late_weeks"], row["late_units"]) == (None, 2, 4)


def test_a_line_of_a_product_that_is_not_planned_is_never_there(chair, orders):
    """A firm order of 3 tables, of which there is no plan, is late by all its units to the end of the plan, and says why."""
    current, _ = chair
    tables = orders([("9", 1, "table", 3, date(2024, 1, 10)), ("9", 2, "chair", 1, date(2024, 1, 10))], ["chair", "table"])
    assert unplanned_rows(current, tables) == [
        {
            "order": "9", "line": 1, "product": "table", "units": 3.0, "due": date(2024, 1, 8), "week": None,
            "late_weeks": 2, "late_units": 3.0, "money": 0.0, "reason": NOT_PLANNED,
        }
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_order_is_accounted_for(random_plan, seed):
    """Lines add up to the promises of the problem, late units to the promises it cannot keep in time, week by week."""
    current, orders = random_plan(seed)
    problem = current.problem
    lines = lines_of(current, orders)
    asked, in_time = np.zeros(problem.shape), np.zeros(problem.shape)
    np.add.at(asked, (lines.product, lines.week), lines.units)
    assert asked == pytest.approx(problem.firm)
    known = promises(orders, problem.products, problem.weeks)
    assert known is None or asked == pytest.approx(known)
    np.add.at(in_time, (lines.product, lines.week), lines.units - lateness(lines, served(current, lines)).units)
    there = problem.opening[:, None] + np.cumsum(current.sold_from, axis=1)
    owed = np.cumsum(asked, axis=1)
    late_by_then = np.where(asked > 0, np.minimum(np.maximum(owed - there, 0.0), asked), 0.0)
    assert asked - in_time == pytest.approx(late_by_then, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_no_more_is_delivered_than_there_is(random_plan, seed):
    """Deliveries up to each week are within stock and supply, none is before its week, and none exceeds its line."""
    current, orders = random_plan(seed)
    lines = lines_of(current, orders)
    delivered = served(current, lines)
    firm = np.zeros(current.problem.shape)
    np.add.at(firm, lines.product, delivered)
    there = current.problem.opening[:, None] + np.cumsum(current.sold_from, axis=1)
    assert (np.cumsum(firm, axis=1) <= there + 1e-4).all()
    assert (delivered.sum(axis=1) <= lines.units + 1e-9).all()
    assert not delivered[np.arange(delivered.shape[1]) < lines.week[:, None]].any()
