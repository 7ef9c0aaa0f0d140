import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.plan.inventory import Buffer, ddmrp, simulate


def test_zones_by_hand():
    """Usage 10 a day, 12 days, factors 0.5 and 0.5: yellow 120, red 60 + 30, green the largest of three."""
    # green: 10 * 12 * 0.5 = 60; order cycle 7 days: 70; least order 50
    found = ddmrp.zones(10, 12, lead_factor=0.5, variability=0.5, cycle=7, least_order=50)
    assert (found.red, found.yellow, found.green) == (90.0, 120.0, 70.0)
    assert (found.top_of_yellow, found.top_of_green, found.average_stock) == (210.0, 280.0, 125.0)


def test_orders_up_to_the_top_of_green_from_yellow_down():
    """At the top of yellow or below it orders up to the top of green; in green it waits."""
    buffer = Buffer(np.asarray(90.0), np.asarray(120.0), np.asarray(70.0))
    assert buffer.order(np.array([-10.0, 210.0, 211.0, 300.0])).tolist() == [290.0, 70.0, 0.0, 0.0]
    assert buffer.color([-10, 90, 91, 211, 281]).tolist() == ["red", "red", "yellow", "green", "over"]


def test_net_flow_counts_what_is_due_and_spikes():
    """Orders due today count, later days only where they reach the spike."""
    # 100 + 40 - 15 - 50 (the day of 50 reaches 45, those of 20 and 44 do not)
    assert ddmrp.net_flow(100, 40, [15, 20, 50, 44], 45) == 75.0
    assert ddmrp.net_flow([100, 10], [40, 0], [[15, 20], [5, 60]], [45, 45]).tolist() == [125.0, -55.0]


def test_average_usage_takes_the_last_periods():
    """The mean of the last periods, row by row."""
    assert ddmrp.average_usage([[9, 1, 3], [0, 4, 8]], 2).tolist() == [2.0, 6.0]


def test_more_variability_holds_more_and_serves_more():
    """A larger variability factor gives no less service and more stock on the same demand."""
    demand = np.broadcast_to(np.random.default_rng(1).poisson(np.random.default_rng(2).gamma(2, 5, 4_000)), (3, 4_000))
    buffer = ddmrp.zones(10, 4, lead_factor=0.5, variability=[0.0, 0.5, 1.0])
    found = simulate(buffer, demand, lead=4)
    assert (np.diff(found.fill) >= 0).all()
    assert (np.diff(found.stock) > 0).all()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: Buffer(np.asarray(1.0), np.asarray(-1.0), np.asarray(1.0)), "yellow: found -1"),
        (lambda: ddmrp.zones(-1, 2), "usage: found -1"),
        (lambda: ddmrp.zones(1, -2), "lead: found -2"),
        (lambda: ddmrp.zones(1, 2, lead_factor=1.5), "lead_factor: found 1.5; expected at most 1"),
        (lambda: ddmrp.zones(1, 2, variability=-0.1), "variability: found -0.1"),
        (lambda: ddmrp.average_usage([1, 2], 3), "found 2 periods; expected at least 3"),
        (lambda: ddmrp.net_flow(1, 1, [1, -1], 1), r"orders: found -1 at \[1\]"),
    ],
)
def test_bad_input_is_named(act, message):
    """Whatever cannot be is refused with what was found."""
    with pytest.raises(InputError, match=message):
        act()
