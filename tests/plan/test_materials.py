from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.plan import Materials, arrivals
from lotwise.plan.materials import purchases


def flour(*, lead=1, limit=np.inf, minimum=0.0, on_hand=0.0):
    return Materials(
        ("flour",), ("kg",), np.array([2.0]), np.array([lead]), np.array([limit]), np.array([minimum]), np.array([on_hand])
    )


def test_a_limit_brings_arrivals_forward():
    """A need of 0, 2, 9 with at most 5 a week arrives as 0, 1 + ..., that is 0, 6 would be too much: 1, 5, 5."""
    # Backwards: week 3 takes 5 of 9, week 2 must bring 2 + 4 = 6, takes 5, week 1 brings 1.
    start, units = arrivals(np.array([[0.0, 2.0, 9.0]]), flour(lead=0, limit=5.0))
    assert (start[0], units[0].tolist()) == (0, [1, 5, 5])


def test_minimum_orders_serve_later_weeks():
    """With a smallest order of 10, needs of 4, 4, 4 are one order of 10 and one more."""
    assert arrivals(np.array([[4.0, 4.0, 4.0]]), flour(lead=0, minimum=10.0))[1][0].tolist() == [10, 0, 10]


def test_within_the_lead_nothing_arrives():
    """Known stock covers the lead weeks and no more; unknown stock, and past windows, are ordered in time."""
    assert flour(lead=2, limit=5.0, on_hand=3.0).arriving(4, ordered_in_time=False)[0].tolist() == [3, 0, 5, 5]
    assert flour(lead=2, limit=5.0, on_hand=3.0).arriving(3, ordered_in_time=True)[0].tolist() == [5, 5, 5]
    assert flour(lead=2, limit=5.0, on_hand=np.nan).arriving(3, ordered_in_time=False)[0].tolist() == [5, 5, 5]


def test_an_order_is_placed_a_lead_before_it_arrives():
    """What arrives in week three with one week's lead is ordered in week two, at its cost."""
    weeks = tuple(date(2024, 1, 1) + timedelta(weeks=week) for week in range(3))
    row = {"material": "flour", "supplier": "", "site": "all", "week": weeks[1], "arrives": weeks[2], "units": 4.0, "cost": 8.0}
    assert purchases(np.array([[0.0, 0.0, 4.0]]), flour(), weeks) == [row]


@settings(max_examples=100, deadline=None)
@given(
    need=st.lists(st.integers(0, 20).map(float), min_size=1, max_size=6),
    minimum=st.integers(0, 15).map(float),
    on_hand=st.integers(0, 20).map(float),
    lead=st.integers(0, 2),
)
def test_stock_never_runs_out(need, minimum, on_hand, lead):
    """Whatever the smallest order, what is on hand and arrives covers what is used, where nothing is due within the lead."""
    need = [0.0] * lead + need
    start, units = arrivals(np.array([need]), flour(lead=lead, minimum=minimum, on_hand=on_hand))
    assert (start + np.cumsum(units[0]) - np.cumsum(need) >= -1e-9).all()
    assert (units[0, :lead] == 0).all()
    assert ((units[0] == 0) | (units[0] >= minimum)).all()
    assert start == pytest.approx(on_hand)
