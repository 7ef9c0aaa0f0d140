"""Unmade, by what binds."""

import numpy as np
import pytest

from lotwise.gap import settle
from lotwise.gap.limits import unmade


@pytest.fixture
def bakery(build):
    """Two products, an oven and flour, one week: the oven lacks 5 hours at 12, flour 10 units at 2."""
    money = build.money({"ideal": [[200], [180]], "perfect": [[160], [120]], "now": [[150], [120]]})
    week = {"cutoff": build.week(0), "week": build.week(0)}
    tables = {
        "plans": build.plans([{"product": "p0", "units": 100.0, **week}, {"product": "p1", "units": 30.0, **week}]),
        "uses": build.uses(
            [
                {"product": "p0", "resource": "oven", "quantity": 0.1},
                {"product": "p1", "resource": "oven", "quantity": 0.5},
                {"product": "p0", "resource": "flour", "quantity": 1.0},
                {"product": "p1", "resource": "mixer", "quantity": 0.1},
            ]
        ),
        "prices": build.prices(
            [
                {"resource": "oven", "capacity": 20.0, "price": 12.0, **week},
                {"resource": "flour", "capacity": 90.0, "price": 2.0, **week},
                {"resource": "mixer", "capacity": 9.0, "price": 0.0, **week},
            ]
        ),
    }
    return settle(money), tables


def test_two_resources_by_hand(bakery):
    """The oven's 5 h x 12 = 60 and flour's 10 x 2 = 20 share the 100 that is lost as 75 and 25."""
    value, tables = bakery
    lines = unmade(value, **tables)
    assert [line.name for line in lines] == ["oven", "flour"]
    assert [line.cells.sum() for line in lines] == pytest.approx([75, 25])
    assert lines[0].cells[:, 0] == pytest.approx([30, 45])


def test_what_no_price_explains_is_not_attributed(bakery, build):
    """Without a shadow price there is one line that says so, with the whole loss."""
    value, tables = bakery
    (line,) = unmade(value, **tables | {"prices": build.prices([])})
    assert (line.name, line.cells.sum()) == ("not attributed", 100)


def test_no_loss_is_said(build):
    """If the plan without limits fits, one line says that nothing binds."""
    value = settle(build.money({"ideal": [[5]], "perfect": [[5]], "now": [[4]]}))
    (line,) = unmade(value, plans=build.plans([]), prices=build.prices([]), uses=build.uses([]))
    assert (line.name, line.cells.sum()) == ("no limit binds", 0)


def test_the_first_weeks_are_lost_to_lead_time(build):
    """With one week's lead, what a window's first week loses is lead time's; the rest is priced in the week before."""
    value = settle(build.money({"ideal": [[50, 40]], "perfect": [[0, 30]], "now": [[0, 20]]}, horizon=2))
    cutoff = {"cutoff": build.week(0)}
    lines = unmade(
        value,
        plans=build.plans([{"product": "p0", "week": build.week(week), "units": 10.0, **cutoff} for week in (0, 1)]),
        prices=build.prices([{"resource": "oven", "week": build.week(0), "capacity": 8.0, "price": 1.0, **cutoff}]),
        uses=build.uses([{"product": "p0", "resource": "oven", "quantity": 1.0}]),
        lead_weeks=1,
    )
    assert {line.name: line.cells.tolist() for line in lines} == {"oven": [[0, 10]], "lead time": [[50, 0]]}


def test_prices_of_other_cutoffs_say_nothing(bakery, build):
    """A price of a cutoff that was not settled, such as the current one, is passed over."""
    value, tables = bakery
    later = {"cutoff": build.week(9), "week": build.week(9)}
    prices = build.prices([{"resource": "oven", "capacity": 0.0, "price": 9.0, **later}])
    assert [line.name for line in unmade(value, **tables | {"prices": prices})] == ["not attributed"]


def test_lines_sum_to_the_loss_in_every_cell(bakery):
    """Nothing is lost in the split."""
    value, tables = bakery
    assert np.sum([line.cells for line in unmade(value, **tables)], axis=0) == pytest.approx(value.gain("ideal", "perfect"))
