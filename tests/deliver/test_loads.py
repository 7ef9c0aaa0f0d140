"""Tests of orders put together into loads."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lotwise.deliver.loads import loads
from lotwise.deliver.ready import Finished

TODAY, LATER = date(2026, 11, 3), date(2026, 11, 20)


def order(number, units, place="shop", due=LATER, money=1.0):
    """Return one order."""
    return Finished(str(number), place, units, TODAY, due, money)


def test_orders_of_one_place_share_a_stop():
    """Three orders that fit are one load, the dearest delay first; another place is another load."""
    some = [order(1, 2.0), order(2, 3.0, due=TODAY, money=4.0), order(3, 1.0, place="web")]
    found = loads(some, {one.order: one.units for one in some}, TODAY, room=10.0)
    assert [(load.place, load.orders) for load in found] == [("shop", (("2", 3.0), ("1", 2.0))), ("web", (("3", 1.0),))]
    # only what is due by today loses by waiting
    assert [load.late_money for load in found] == [4.0, 0.0]


def test_an_order_larger_than_the_vehicle_is_split():
    """25 units go as 10, 10 and 5."""
    found = loads([order(1, 25.0)], {"1": 25.0}, TODAY, room=10.0)
    assert sorted(load.units for load in found) == [5.0, 10.0, 10.0]


@given(st.lists(st.floats(0.0, 30.0, allow_subnormal=False), max_size=20), st.floats(1.0, 12.0))
def test_nothing_is_lost_and_nothing_too_large(units, room):
    """Units of loads sum to units of orders, and no load is larger than the vehicle."""
    some = [order(number, amount) for number, amount in enumerate(units)]
    found = loads(some, {one.order: one.units for one in some}, TODAY, room=room)
    assert abs(sum(load.units for load in found) - sum(units)) < 1e-6
    assert all(load.units <= room + 1e-6 for load in found)
