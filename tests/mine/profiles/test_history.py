"""Tests of the summary of orders."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.profiles.history import summarize


def test_a_summary_by_hand():
    """Orders on days 10, 10, 17 and 31 before day 38 are x = 2, t_x = 3 weeks, T = 4 weeks; gaps of 7 and 14 days."""
    found = summarize(np.array([5, 5, 5, 5]), np.array([10, 10, 17, 31]), np.array([1.0, 2, 6, -4]), today=38)
    assert (found.who[0], found.repeats[0], found.recency[0], found.age[0]) == (5, 2, 3, 4)
    assert found.gap[0] == pytest.approx(10.5)
    # money by day: 3, 6 and -4; the last is no money
    assert (found.spend[0], found.paid[0]) == (4.5, 2)


def test_gaps_are_those_of_numpy():
    """Median and quantiles of the gaps equal numpy's, customer by customer."""
    rng = np.random.default_rng(1)
    customer, day = rng.integers(0, 6, 150), rng.integers(0, 400, 150)
    found = summarize(customer, day, np.ones(150), today=401)
    for place, who in enumerate(found.who):
        gaps = np.diff(np.unique(day[customer == who]))
        assert found.gap[place] == pytest.approx(np.median(gaps))
        assert found.gap_low[place] == pytest.approx(np.quantile(gaps, 0.05))
        assert found.gap_high[place] == pytest.approx(np.quantile(gaps, 0.95))


def test_what_comes_after_today_counts_for_nothing():
    """Lines from today on change no figure."""
    rng = np.random.default_rng(2)
    customer, day = rng.integers(0, 9, 300), rng.integers(0, 100, 300)
    money = rng.random(300)
    before = day < 60
    some, all_ = summarize(customer[before], day[before], money[before], today=60), summarize(customer, day, money, today=60)
    for name in ("who", "repeats", "recency", "age", "gap", "spend", "paid"):
        np.testing.assert_array_equal(getattr(some, name), getattr(all_, name))


def test_nothing_bought():
    """No line gives a summary of nobody."""
    assert len(summarize(*[np.empty(0, np.int64)] * 2, np.empty(0), today=5).who) == 0
