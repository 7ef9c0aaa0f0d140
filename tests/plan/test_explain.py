import numpy as np
import pytest

from lotwise.plan import conflicts, cuts, make


def test_a_cut_names_what_binds_most_and_what_would_help(terms, machines, problem):
    """Ten hours for 20 units of an hour each: half is cut, the hour is worth the margin of 4, overtime at 1 would pay."""
    mine = problem(np.full((1, 1, 1), 20.0), terms(), machines([[1.0]], 9.0, overtime=1.0, overtime_cost=1.0))
    row = cuts(mine, make(mine), make(mine.without_limits()))[0]
    assert (row["wanted"], row["planned"], row["resource"], row["price"]) == (20, 10, "M1", pytest.approx(4))
    assert row["lost_profit"] == pytest.approx(10 * 4 + 1)  # ten margins, and an hour of overtime
    assert row["reason"] == (
        "M1 is full in the week of 2024-01-01 (9 hours and 1 of overtime). One more of its hours would earn 4.00; "
        "making what is cut takes 10 more. More overtime would pay: 10.00 for all of it."
    )


def test_the_dearest_resource_comes_first(terms, machines, problem):
    """Of two machines that bind, the one whose hours are worth most in the product is named, then the other."""
    demand = np.full((1, 3, 1), 20.0)
    mine = problem(demand, terms(3), machines([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0]], 10.0))
    rows = {row["product"]: row for row in cuts(mine, make(mine), make(mine.without_limits()))}
    assert (rows["B"]["resource"], rows["C"]["resource"]) == ("M1", "M2")
    assert "Also short: M2" in rows["A"]["reason"]


def test_lead_weeks_are_a_reason(terms, machines, problem):
    """What cannot be ready because of the lead is said to be sold from stock."""
    mine = problem(np.full((1, 1, 2), 5.0), terms(), machines([[1.0]], 9.0, weeks=2), lead=1)
    row = cuts(mine, make(mine), make(mine.without_limits()))[0]
    assert (row["resource"], row["reason"]) == ("", "Units made now are ready after 1 weeks; until then only stock is sold.")


def test_nothing_cut_says_nothing(terms, machines, problem):
    """With hours to spare there is no cut, and without promises no conflict."""
    mine = problem(np.full((1, 1, 1), 5.0), terms(), machines([[1.0]], 9.0))
    plan = make(mine)
    assert cuts(mine, plan, make(mine.without_limits())) == []
    assert conflicts(mine, plan) == []


def test_conflicts_name_the_promise_and_what_is_in_its_way(terms, machines, problem):
    """Fourteen units promised where two weeks of five hours bring ten: the promise and the machine are in conflict."""
    firm = np.array([[0.0, 14.0]])
    mine = problem(firm[None], terms(shelf=99), machines([[1.0]], 5.0, weeks=2), firm=firm)
    found = conflicts(mine, make(mine))
    assert [row["row"] for row in found] == [
        "orders for A due in the week of 2024-01-08",
        "machine M1 up to the week of 2024-01-08",
    ]
    assert [(row["needed"], row["available"]) for row in found] == [(14, pytest.approx(10)), (14, 10)]
