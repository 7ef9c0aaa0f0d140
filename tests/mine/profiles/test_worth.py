"""Tests of what customers are expected to bring."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.profiles import worth


def money(rng, customers):
    """Return orders and means of one order of customers who differ."""
    orders = 1.0 + rng.poisson(2, customers)
    return orders, rng.gamma(6 * orders, 1 / (6 * orders)) * 35 / rng.gamma(4, 1 / 3, customers)


def test_revenue_is_orders_times_money(simulated):
    """Expected revenue is expected orders times expected money of one; intervals are in order and hold most of what comes."""
    rng = np.random.default_rng(1)
    x, t_x, age, later = simulated(rng, 800, ahead=13.0)
    found = worth.foresee((x, t_x, age), money(rng, 800), ahead=13.0, rng=rng)
    assert found.revenue.mean == pytest.approx(found.orders.mean * found.order_value.mean)
    assert (found.revenue.low <= found.revenue.high).all()
    assert np.mean((later >= found.orders.low) & (later <= found.orders.high)) > 0.88


def test_same_seed_same_figures_whatever_the_chunks(simulated, monkeypatch):
    """The same generator gives the same figures, and means do not depend on how many are drawn at once."""
    x, t_x, age, _ = simulated(np.random.default_rng(2), 300)
    first, second = (worth.foresee((x, t_x, age), None, ahead=13.0, rng=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first.orders.high, second.orders.high)
    monkeypatch.setattr(worth, "AT_ONCE", 50)
    third = worth.foresee((x, t_x, age), None, ahead=13.0, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(first.orders.mean, third.orders.mean)
    assert np.abs(first.orders.high - third.orders.high).mean() < 0.5


def test_nobody_ordered_again():
    """Without a repeat order nothing is expected, and the note says why; the money of one order is still told."""
    rng = np.random.default_rng(4)
    found = worth.foresee((np.zeros(30), np.zeros(30), np.full(30, 9.0)), money(rng, 30), ahead=13.0, rng=rng)
    assert found.frequency is None
    assert "0 customers who ordered on a second day" in found.notes[0]
    assert np.isfinite(found.order_value.mean).all()
    assert worth.models(found)["model"].unique().to_pylist() == ["Gamma-Gamma"]


def test_negative_money_only(simulated):
    """Money that is nowhere above 0 is left out; orders are still expected."""
    x, t_x, age, _ = simulated(np.random.default_rng(5), 300)
    found = worth.foresee((x, t_x, age), (x, np.full(300, -4.0)), ahead=13.0, rng=np.random.default_rng(5))
    assert found.spend is None
    assert np.isfinite(found.orders.mean).all()
    assert np.isnan(found.revenue.mean).all()


def test_money_that_goes_with_frequency_is_said(simulated):
    """Where frequent customers pay more per order, a note gives the correlation."""
    x, t_x, age, _ = simulated(np.random.default_rng(6), 800)
    paid = (1 + x, (1 + x) * np.random.default_rng(7).gamma(8, 1 / 8, 800))
    found = worth.foresee((x, t_x, age), paid, ahead=13.0, rng=np.random.default_rng(8))
    assert found.together > 0.5
    assert any("go together (correlation 0." in note for note in found.notes)


def test_margins_are_drawn_to_that_of_all():
    """A customer's margin lies between the own one and everybody's, the own one the more, the more lines there are."""
    rng = np.random.default_rng(9)
    truth = rng.uniform(0.2, 0.6, 200)
    lines = np.where(np.arange(200) < 100, 2, 200)
    customer = np.repeat(np.arange(200), lines)
    revenue = rng.uniform(5, 15, len(customer))
    margin = revenue * (truth[customer] + rng.normal(0, 0.2, len(customer)))
    found = worth.margins(customer, revenue, margin, 201)
    own = np.bincount(customer, margin) / np.bincount(customer, revenue)
    everybody = margin.sum() / revenue.sum()
    assert np.mean((found[:200] - truth) ** 2) < np.mean((own - truth) ** 2)
    assert np.abs(found[100:200] - own[100:]).max() < 0.02
    assert found[200] == pytest.approx(everybody)


def test_equal_margins_stay_equal():
    """Customers with one margin are all told that margin."""
    found = worth.margins(np.repeat(np.arange(5), 3), np.full(15, 10.0), np.full(15, 4.0), 5)
    assert found == pytest.approx(np.full(5, 0.4))
