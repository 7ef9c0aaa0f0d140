"""Tests of the liking for offers."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.profiles import offers


def test_liking_by_hand():
    """Half of the weeks on offer and 30 of 40 lines at a discount is 1.5 times as often, before it is drawn to the mean."""
    customer = np.repeat(np.arange(40), 40)
    cut = np.tile(np.arange(40) < 30, 40)
    found = offers.liking(customer, cut, np.full(1600, 0.5), 40)
    assert list(found.taken[:2]) == [30, 30]
    assert found.mean == pytest.approx(1.5, rel=1e-6)
    assert found.times == pytest.approx(np.full(40, 1.5), rel=1e-3)


def test_liking_is_found_again():
    """Known likings correlate with the figures, 90 % intervals hold 85 % or more, and the error is below that of the raw."""
    rng = np.random.default_rng(1)
    theta, lines = rng.gamma(6, 1 / 6, 500), rng.integers(3, 60, 500)
    share = 0.2
    taken = np.minimum(rng.poisson(theta * share * lines), lines)
    customer = np.repeat(np.arange(500), lines)
    cut = np.concatenate([np.arange(n) < k for n, k in zip(lines, taken, strict=True)])
    found = offers.liking(customer, cut, np.full(len(customer), share), 500)
    assert np.mean((theta >= found.low) & (theta <= found.high)) >= 0.85
    assert np.mean((found.times - theta) ** 2) < np.mean((taken / (share * lines) - theta) ** 2)
    assert np.mean((found.times - theta) ** 2) < np.mean((theta.mean() - theta) ** 2)


def test_weeks_on_offer():
    """A product sold in weeks 0 to 3 and cut in week 1 is on offer in a quarter of them; a planned week counts as well."""
    cell, week = np.zeros(4, np.int64), np.array([0, 1, 2, 3])
    cut = np.array([False, True, False, False])
    assert offers.on_offer(cell, week, cut, np.empty(0, np.int64)) == pytest.approx(np.full(4, 0.25))
    assert offers.on_offer(cell, week, cut, np.array([2])) == pytest.approx(np.full(4, 0.5))


def test_what_is_a_discount():
    """Rounding is none, an unknown discount is none, and a gift is one."""
    found = offers.discounted(np.array([10.0, 10.0, 0.0, 10.0]), np.array([0.01, 2.0, 5.0, np.nan]))
    assert list(found) == [False, True, True, False]


def test_few_customers_are_not_told():
    """Four customers have counts and no liking."""
    found = offers.liking(np.arange(4), np.ones(4, bool), np.full(4, 0.5), 4)
    assert np.isnan(found.times).all()
    assert list(found.taken) == [1, 1, 1, 1]
