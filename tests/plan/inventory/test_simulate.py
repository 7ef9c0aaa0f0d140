import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.plan.inventory import BaseStock, MinMax, simulate


def by_hand(policy, demand, lead, review, unmet):
    """Return stock, owed, missed and ordered units of every period of one row, kept with a list of open orders."""
    stock, owed, orders, seen = float(policy.order(np.asarray(0.0))), 0.0, [], []
    for period, asked in enumerate(demand):
        units = 0.0
        position = stock - owed + sum(units for _, units in orders)
        if period % review == 0:
            units = float(policy.order(np.asarray(position)))
            orders.append((period + lead, units))
        stock += sum(units for due, units in orders if due == period)
        orders = [(due, units) for due, units in orders if due > period]
        stock, owed = max(stock - owed, 0.0), max(owed - stock, 0.0)
        sold = min(stock, asked)
        stock -= sold
        owed += asked - sold if unmet == "backorder" else 0.0
        seen.append((stock, owed, asked - sold, units))
    return np.array(seen).T


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    lead=st.integers(0, 4),
    review=st.integers(1, 3),
    unmet=st.sampled_from(["backorder", "lost"]),
    gap=st.integers(1, 20),
)
def test_agrees_with_a_plain_loop(seed, lead, review, unmet, gap):
    """A simulator of lists and plain numbers gives the same service, stock, backlog and orders for (s, S)."""
    demand = np.random.default_rng(seed).poisson(4, lead + 36) + 0.0  # 36 periods are whole cycles of 1, 2 and 3
    policy = MinMax(np.asarray(6.0), np.asarray(6.0 + gap))
    stock, owed, missed, ordered = by_hand(policy, demand, lead, review, unmet)[:, lead:]
    found = simulate(policy, demand, lead=lead, review=review, unmet=unmet)
    assert found.fill == pytest.approx(1 - missed.sum() / demand[lead:].sum())
    assert found.cycle == pytest.approx(1 - ((owed + missed).reshape(-1, review) > 0).any(axis=1).mean())
    assert (found.stock, found.owed, found.ordered) == pytest.approx((stock.mean(), owed.mean(), ordered.mean()))


def test_two_periods_by_hand():
    """Level 10, lead time 1, demand 4, 9, 3: 10 - 4 = 6; 3 short with 4 on the way; all served after."""
    # period 0: position 10, no order; stock 6. period 1: order 4 (due 2), demand 9: 3 owed. period 2: 4 arrive, 3 of them to
    # what was owed, stock 1, position 1: order 9 (due 3); demand 3: 2 owed. Measured from period 1: 5 of 12 short
    found = simulate(BaseStock(np.asarray(10.0)), [4, 9, 3], lead=1)
    assert found.fill == pytest.approx(1 - (3 + 2) / 12)
    assert (found.cycle, found.stock, found.owed) == (0.0, 0.0, 2.5)
    assert (found.orders, found.ordered) == (1.0, (4 + 9) / 2)


def test_lost_sales_are_not_ordered_again():
    """Level 10, lead time 1, demand 4, 9, 3 with lost sales: 3 are lost, and 6 ordered in their stead."""
    # period 1: order 4, demand 9, stock 6: 3 lost. period 2: 4 arrive, position 4: order 6; demand 3 served, stock 1
    found = simulate(BaseStock(np.asarray(10.0)), [4, 9, 3], lead=1, unmet="lost")
    assert (found.fill, found.owed, found.ordered) == (pytest.approx(1 - 3 / 12), 0.0, 5.0)


def test_rows_do_not_touch_one_another():
    """Many rows with their own levels and lead times give what each gives alone."""
    rng = np.random.default_rng(5)
    demand, leads, levels = rng.poisson(3, (4, 50)) + 0.0, rng.integers(1, 4, (4, 50)), np.array([5.0, 9.0, 12.0, 20.0])
    leads[:, 0] = 1
    together = simulate(BaseStock(levels), demand, lead=leads)
    for row in range(4):
        alone = simulate(BaseStock(levels[row]), demand[row], lead=leads[row])
        assert (together.cycle[row], together.fill[row], together.stock[row]) == (alone.cycle, alone.fill, alone.stock)


def test_no_demand_is_served_in_full():
    """Where nothing is asked for, the fill rate is 1 and nothing is ordered."""
    found = simulate(BaseStock(np.asarray(3.0)), np.zeros(5), lead=2)
    assert (found.fill, found.cycle, found.stock, found.orders) == (1.0, 1.0, 3.0, 0.0)


def test_no_rows_give_no_figures():
    """Demand of no products gives empty figures, without an error or a warning."""
    found = simulate(BaseStock(np.asarray(3.0)), np.zeros((0, 5)))
    assert found.fill.shape == found.cycle.shape == (0,)


def test_what_arrives_after_the_end_never_arrives():
    """A lead time of 10^9 periods is played like one beyond the end."""
    # level 3, demand 1, 1, 1, 1: the order of period 1 never comes, so that stock from period 1 on is 1, 0, 0
    found = simulate(BaseStock(np.asarray(3.0)), [1, 1, 1, 1], lead=[1, 10**9, 10**9, 1])
    assert (found.stock, found.owed) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"lead": -1}, "lead: found -1"),
        ({"lead": 1e300}, "lead: found 1e"),
        ({"review": 0}, "review: found 0"),
        ({"unmet": "wait"}, "unmet: found 'wait'"),
        ({"opening": -1}, "opening: found -1"),
        ({"lead": 3}, "found 3 periods; expected at least 4"),
        ({"warmup": 3}, "found 3 periods; expected at least 4"),
    ],
)
def test_bad_input_is_named(more, message):
    """Whatever cannot be is refused with what was found."""
    with pytest.raises(InputError, match=message):
        simulate(BaseStock(np.asarray(3.0)), [1, 2, 3], **more)


def test_negative_demand_is_refused():
    """Demand below 0 is named with its place."""
    with pytest.raises(InputError, match=r"demand: found -2 at \[1\]"):
        simulate(BaseStock(np.asarray(3.0)), [1, -2])
