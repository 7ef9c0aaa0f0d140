"""Stretches of time, minute by minute."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lotwise.schedule.reading.intervals import Openings, both, cut, longest, openings, shared, united

SPAN = 60
STRETCHES = st.lists(st.tuples(st.integers(0, SPAN), st.integers(0, SPAN)).map(sorted), max_size=5)


def minutes(starts, ends):
    found = np.zeros(SPAN, bool)
    for start, end in zip(starts, ends, strict=True):
        found[start:end] = True
    return found


def arrays(stretches):
    pairs = np.array(stretches, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@given(STRETCHES, STRETCHES)
def test_cut_and_shared_are_what_is_out_and_in(one, other):
    """Of each minute that is open, cut keeps it outside of the stretches and shared within them."""
    given_, away = openings(*united(*arrays(one))), united(*arrays(other))
    inside, outside = shared(given_, *away), cut(given_, *away)
    first, second = minutes(*arrays(one)), minutes(*arrays(other))
    assert (minutes(inside.opens, inside.closes) == (first & second)).all()
    assert (minutes(outside.opens, outside.closes) == (first & ~second)).all()


@given(STRETCHES, STRETCHES)
def test_the_first_openings_come_first(one, other):
    """Where openings meet, the minute belongs to the first."""
    a, b = openings(*united(*arrays(one))), openings(*united(*arrays(other)), 7)
    found = both(a, b)
    regular = found.period < 0
    assert (minutes(found.opens[regular], found.closes[regular]) == minutes(*arrays(one))).all()
    assert (minutes(found.opens, found.closes) == (minutes(*arrays(one)) | minutes(*arrays(other)))).all()
    assert (found.opens[1:] >= found.closes[:-1]).all()


def test_openings_that_touch_are_one_stretch():
    """[0, 5) and the overtime [5, 9) together are nine minutes."""
    touching = Openings(np.array([0, 5, 20]), np.array([5, 9, 25]), np.array([-1, 0, -1]))
    assert longest(touching) == 9
    assert longest(openings(np.zeros(0), np.zeros(0))) == 0
