from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.propensity.streams import stream

VISITS = st.lists(st.tuples(st.integers(0, 3), st.integers(-40, 40), st.floats(0, 50)), max_size=30)
"""Customer, day and money."""


def made(visits):
    who, day, money = (np.array([visit[place] for visit in visits]) for place in range(3))
    return stream(4, who.astype(int), day.astype(int), money.astype(float), np.zeros(len(visits)))


@given(VISITS, st.integers(-45, 45))
def test_counts_before_a_day_are_those_of_a_loop(visits, cutoff):
    """Visits, the last of them and the decayed money before a day equal what a loop over all visits finds."""
    found, days = made(visits), np.array([cutoff])
    before = [visit for visit in visits if visit[1] < cutoff]
    for customer in range(4):
        own = [visit for visit in before if visit[0] == customer]
        distinct = {visit[1] for visit in own}
        assert found.sums(np.ones(len(found.day)), days)[0, customer] == len(distinct)
        last = found.last(days)[0, customer]
        assert (last == max(distinct)) if distinct else np.isnan(last)
        worth = sum(money * 0.5 ** ((cutoff - day) / 10) for _, day, money in own)
        assert np.isclose(found.decayed(found.money, days, 10.0)[0, customer], worth)


@given(VISITS, st.integers(-45, 45), st.integers(1, 30))
def test_visits_of_a_window_are_those_within_it(visits, start, length):
    """A window holds its first day and not the day after its last."""
    found = made(visits).visits(np.array([start]), np.array([start + length]))[0]
    for customer in range(4):
        assert found[customer] == len({day for who, day, _ in visits if who == customer and start <= day < start + length})


def test_lines_of_one_day_are_one_visit():
    """Two lines of a customer on one day are one visit with both lines and their money."""
    found = stream(2, np.array([1, 1, 0]), np.array([5, 5, 9]), np.array([1.0, 2.0, 4.0]), np.zeros(3))
    assert found.customer.tolist() == [0, 1]
    assert found.lines.tolist() == [1.0, 2.0]
    assert found.money.tolist() == [4.0, 3.0]


def test_gaps_are_days_between_visits_of_one_customer():
    """The first visit of a customer follows none, whoever came before."""
    found = stream(2, np.array([0, 0, 1]), np.array([3, 10, 11]), np.zeros(3), np.zeros(3))
    follows, days = found.gaps
    assert follows.tolist() == [False, True, False]
    assert days[1] == 7
