"""Tests of what would help a late order, and of both in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from lotwise.schedule.search.decode import decode
from lotwise.schedule.value import is_fixed, value
from lotwise.schedule.why import lateness_rows, remedies
from lotwise.schedule.why.timing import Timing
from tests.schedule.shops import make_shop, random_shop


def placed(shop, sequence, worked=None):
    return decode(shop, np.array(sequence), shop.modes.offsets[:-1].copy(), worked)


def found(shop, schedule, order, kind):
    """Return what one kind of remedy saves at most; 0 where it does not help."""
    return max((remedy.gain for remedy in remedies(shop, schedule, order) if remedy.kind == kind), default=0.0)


@pytest.mark.parametrize("seed", range(15))
def test_timing_again_changes_nothing(seed):
    """The sequence of a decoded schedule, timed again without a change, saves nothing and costs nothing."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=5, batches=False)
    schedule = decode(shop, rng.permutation(np.flatnonzero(~is_fixed(shop))))
    timing = Timing(shop, schedule)
    assert timing.total == pytest.approx(value(shop, schedule).total)
    assert timing.gain() == pytest.approx(0)


def test_taking_it_earlier():
    """The urgent order goes first: it saves its 10 minutes at 5, and costs the other nothing, which is not due."""
    shop = make_shop([[(0, 10)], [(0, 4)]], due=[99, 4], weight=[1, 5])
    schedule = placed(shop, [0, 1])
    assert found(shop, schedule, 1, "earlier") == 50
    assert found(shop, schedule, 1, "due") == 50


def test_another_machine():
    """On the idle machine it ends at minute 6 and not at 14: 8 minutes less, and the mode costs 3 more."""
    shop = make_shop([[(0, 10)], [[(0, 4), (1, 6, 0, 3.0)]]], due=[99, 4])
    assert found(shop, placed(shop, [0, 1]), 1, "machine") == 8 - 3


def test_overtime():
    """Working on saves the 10 closed minutes at 2 each; its 3 minutes of overtime cost 1 each."""
    shop = make_shop([[(0, 13)]], due=[5], weight=[2], calendars=[[(0, 10), (10, 20, 0), (20, 40)]], minute_cost=[1.0])
    assert found(shop, placed(shop, [0], np.array([False])), 0, "overtime") == 2 * 10 - 3


def test_material_a_day_earlier():
    """Material that comes a day earlier saves a day."""
    shop = make_shop([[(0, 10)]], due=[5], ready=[2000])
    assert found(shop, placed(shop, [0]), 0, "material") == 1440
    shop = make_shop([[(0, 10)]], due=[5], release=[700])
    assert found(shop, placed(shop, [0]), 0, "release") == 700


def test_one_more_tool():
    """With a second tool the order need not wait for the first."""
    shop = make_shop([[(0, 10)], [(1, 4)]], due=[99, 4], tools=[1], tool_needs=[[(0, 1)], [(0, 1)]])
    assert found(shop, placed(shop, [0, 1]), 1, "tool") == 10


def test_the_best_comes_first_and_the_due_date_last():
    """Remedies fall in what they save; a later due date, which changes nothing in the shop, stands last."""
    shop = make_shop([[(0, 10)], [[(0, 4), (1, 6)]]], due=[99, 4])
    kinds = [(remedy.kind, remedy.gain) for remedy in remedies(shop, placed(shop, [0, 1]), 1)]
    assert kinds == [("earlier", 10), ("machine", 8), ("due", 10)]


def test_an_order_in_time_needs_nothing():
    """There are no remedies for an order in time."""
    shop = make_shop([[(0, 10)]], due=[10])
    assert remedies(shop, placed(shop, [0]), 0) == []


def test_rows_say_it_in_sentences():
    """A row tells what was waited for longest, the way step by step, and what would help."""
    shop = make_shop([[(0, 300)], [(0, 40)]], due=[999, 40], weight=[1, 2], start=datetime(2026, 11, 2, 6))  # noqa: DTZ001
    first, second = lateness_rows(shop, placed(shop, [0, 1]))
    assert first == {"waited_for": None, "waited_hours": 0.0, "reason": "", "remedy": "", "gain": 0.0}
    assert second == {
        "waited_for": "machine machine 1",
        "waited_hours": 5.0,
        "reason": "order 2 step 1 waited 5:00 hours for machine machine 1, busy with order 1 step 1. "
        "It ends at 2026-11-02 11:40, 5:00 hours after it is due.",
        "remedy": "Taking order 2 step 1 before order 1 step 1 on machine 1 saves 600.00. "
        "A due date of 2026-11-02 11:40 saves 600.00.",
        "gain": 600.0,
    }


def test_remedies_are_worked_out_for_the_most_expensive_orders():
    """Beyond a number of orders only reasons are told, and a row says so; what costs nothing needs no remedy."""
    shop = make_shop([[(0, 10)], [(0, 4)], [(1, 9)]], due=[1, 4, 8], weight=[1, 5, 0])
    rows = lateness_rows(shop, placed(shop, [0, 1, 2]), tried=1)
    assert rows[0]["remedy"] == "What would help was not worked out: 1 other orders cost more by being late."
    assert rows[1]["gain"] == 50 - 4 * 1
    rows = lateness_rows(replace(shop), placed(shop, [0, 1, 2]))
    assert rows[2]["remedy"] == "That it is late costs nothing, and no single change saves money."


@pytest.mark.parametrize("seed", range(15))
def test_any_shop_can_be_told(seed):
    """Every late order of any shop has a reason and a remedy in words."""
    rng = np.random.default_rng(seed)
    shop = random_shop(rng, orders=5)
    schedule = decode(shop, rng.permutation(np.flatnonzero(~is_fixed(shop))))
    rows = lateness_rows(shop, schedule)
    assert sum(bool(row["reason"]) for row in rows) == value(shop, schedule).late
    assert all(bool(row["reason"]) == bool(row["remedy"]) for row in rows)
