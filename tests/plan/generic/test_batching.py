from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.plan.generic import batching
from lotwise.plan.generic.batching import best, fifo, unit_cost
from lotwise.plan.generic.orders import Orders, total
from lotwise.plan.generic.packing import improved, packed, relaxed


def orders_of(seed, count, *, mixed=False, weekly=0, weeks=4):
    """Return orders of four options, sizes of 1 to 4 in batches of 8, drawn at random."""
    rng = np.random.default_rng(seed)
    options = rng.random((count, 4)) < 0.4 if mixed else np.eye(4, dtype=bool)[rng.integers(0, 4, count)]
    release = rng.integers(0, weeks - 1, count)
    return Orders(
        options=options,
        size=rng.integers(1, 5, count).astype(float),
        release=release,
        due=np.minimum(release + rng.integers(0, 3, count), weeks - 1),
        late=rng.uniform(3, 10, count),
        early=rng.uniform(0.2, 1, count),
        capacity=8.0,
        setup=20.0,
        option=rng.uniform(5, 15, 4),
        weeks=weeks,
        weekly=weekly,
        mixed=mixed,
    )


def brute_force(orders):
    """Return the least cost over every way to put each order into one of as many batches, in every week."""
    count, timing, least = len(orders.size), orders.time_cost, np.inf
    for labels in product(range(count), repeat=count):
        if any(label > max(labels[:place], default=-1) + 1 for place, label in enumerate(labels)):
            continue  # the same partition under other names
        lots = [[one for one in range(count) if labels[one] == label] for label in range(max(labels) + 1)]
        if any(orders.size[lot].sum() > orders.capacity for lot in lots):
            continue
        if not orders.mixed and any((orders.options[lot] != orders.options[lot[0]]).any() for lot in lots):
            continue
        setup = sum(orders.setup + orders.option[orders.options[lot].any(axis=0)].sum() for lot in lots)
        for weeks in product(range(orders.weeks), repeat=len(lots)):
            if orders.weekly and max(np.bincount(weeks)) > orders.weekly:
                continue
            least = min(least, setup + sum(timing[lot, week].sum() for lot, week in zip(lots, weeks, strict=True)))
    return least


@pytest.mark.parametrize(("mixed", "weekly"), [(False, 0), (True, 0), (False, 2), (True, 1)])
def test_few_orders_equal_brute_force(mixed, weekly):
    """Five orders in three weeks: the batches found cost what the best of all do."""
    orders = orders_of(7, 5, mixed=mixed, weekly=weekly, weeks=3)
    assert best(orders).cost == pytest.approx(brute_force(orders))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_bound_is_below_and_the_search_above_the_best(seed, mixed):
    """On six orders the program's bound is not above the best cost, the search's batches not below it."""
    orders = orders_of(seed, 6, mixed=mixed)
    least, weeks = relaxed(orders)
    cost = best(orders).cost
    assert least <= cost + 1e-6
    assert total(orders, improved(orders, packed(orders, weeks))) >= cost - 1e-6


@pytest.mark.parametrize(("mixed", "weekly"), [(False, 0), (True, 0), (False, 8)])
def test_many_orders_keep_every_rule(mixed, weekly):
    """Twenty orders: each in one batch, none too full, too early, mixed or too many a week, and no dearer than first come."""
    orders = orders_of(1, 20, mixed=mixed, weekly=weekly, weeks=6)
    found = best(orders)
    for batch, week in enumerate(found.week):
        lot = np.flatnonzero(found.batch == batch)
        assert orders.size[lot].sum() <= orders.capacity
        assert (orders.release[lot] <= week).all()
        assert mixed or (orders.options[lot] == orders.options[lot[0]]).all()
    assert not weekly or np.bincount(found.week).max() <= weekly
    assert found.bound <= found.cost <= fifo(orders).cost


def test_setups_and_weeks_add_up():
    """The cost is that of the set-ups and of the weeks, by hand: two of one color together, a third alone and a week late."""
    orders = Orders(
        options=np.array([[True, False], [True, False], [False, True]]),
        size=np.ones(3),
        release=np.array([0, 0, 1]),
        due=np.array([0, 0, 0]),
        late=np.full(3, 2.0),
        early=np.zeros(3),
        capacity=2.0,
        setup=10.0,
        option=np.array([1.0, 3.0]),
        weeks=2,
    )
    found = best(orders)
    assert (found.setups, found.timing, found.cost) == (24.0, 2.0, 26.0)
    assert found.week.tolist() == [0, 1]


def test_equal_sizes_have_a_tight_bound():
    """Orders of one size and one kind leave nothing to packing: the bound is reached."""
    count = 24
    orders = Orders(
        np.ones((count, 1), bool), np.ones(count), np.zeros(count, int), np.repeat([1, 3], 12), np.full(count, 5.0),
        np.full(count, 0.5), 5.0, 12.0, np.zeros(1), 4,
    )  # fmt: skip
    found = best(orders)
    assert found.cost == pytest.approx(found.bound, rel=batching.FEW * 1e-3)


def test_the_unit_cost_is_least_at_the_root():
    """The cost is least at the first size q with q (q + 1) >= 2 rate setup / wait: 9 for 2 x 5 x 18 / 2 = 90."""
    cost = unit_cost(np.arange(1, 41), 18.0, rate=5.0, wait=2.0)
    assert int(np.argmin(cost)) + 1 == 9  # 9 x 10 = 90: 9 and 10 cost the same
    assert cost[0] == 18.0


@pytest.mark.parametrize("wrong", [{"size": np.full(3, 99.0)}, {"due": np.array([0.5, 0, 0])}, {"release": np.full(3, 9)}])
def test_bad_input_is_refused(wrong):
    """Orders larger than a batch, broken weeks and releases after the last week are refused."""
    given = {
        "options": np.ones((3, 1), bool), "size": np.ones(3), "release": np.zeros(3, int), "due": np.zeros(3, int),
        "late": np.ones(3), "early": np.ones(3), "capacity": 4.0, "setup": 1.0, "option": np.zeros(1), "weeks": 2,
    }  # fmt: skip
    with pytest.raises(InputError):
        Orders(**(given | wrong))


def test_too_few_batches_a_week_are_said():
    """Three full batches do not go into two weeks of one."""
    orders = orders_of(1, 30, weekly=1, weeks=4)
    with pytest.raises(InputError, match="Allow more batches or weeks"):
        best(orders)
