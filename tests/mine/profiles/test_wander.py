"""Tests of how far customers' rates wander."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.profiles import frequency, history, worth
from lotwise.mine.profiles.wander import wander

DAYS, WEEKS = 280, 13


def log(rng, spread, customers=800, days=DAYS):
    """Return customer and day of orders at rates that are drawn anew every 13 weeks about a mean of the customer's own."""
    rate = rng.gamma(2, 0.04, customers)
    stretch = -(-days // (7 * WEEKS))
    factor = rng.gamma(1 / spread, spread, (customers, stretch)) if spread else np.ones((customers, stretch))
    chance = np.minimum(rate[:, None] * np.repeat(factor, 7 * WEEKS, axis=1)[:, :days], 1)
    return np.nonzero(rng.random((customers, days)) < chance)


def fitted(customer, day, today):
    """Return the model of a log."""
    past = history.summarize(customer, day, np.ones(len(day)), today=today)
    return past, frequency.fit(past.repeats, past.recency, past.age)


def test_constant_rates_hardly_wander():
    """Where rates are constant, next to nothing is added to the intervals."""
    customer, day = log(np.random.default_rng(1), 0.0)
    _, model = fitted(customer, day, DAYS)
    assert wander(model, customer, day, today=DAYS, weeks=WEEKS, rng=np.random.default_rng(2)) < 0.1


def test_intervals_hold_what_comes_where_rates_wander():
    """Intervals widened by what was seen before today hold about 90 % of the orders after it; constant ones hold fewer."""
    customer, day = log(np.random.default_rng(3), 0.4, days=DAYS + 7 * WEEKS)
    today = 3 * 7 * WEEKS
    known = day < today
    past, _ = fitted(customer[known], day[known], today)
    summary = (past.repeats, past.recency, past.age)
    later = np.bincount(customer[(day >= today) & (day < today + 7 * WEEKS)], minlength=800)[past.who]

    def held(bought):
        orders = worth.foresee(summary, None, ahead=float(WEEKS), rng=np.random.default_rng(4), bought=bought).orders
        return np.mean((later >= orders.low) & (later <= orders.high))

    assert held(None) < held((customer[known], day[known], today))
    assert held((customer[known], day[known], today)) == pytest.approx(0.9, abs=0.05)


def test_what_comes_after_today_changes_nothing():
    """Lines from today on leave the figure as it is."""
    customer, day = log(np.random.default_rng(5), 0.3)
    _, model = fitted(customer, day, 200)
    known = day < 200
    some, all_ = (
        wander(model, customer[rows], day[rows], today=200, weeks=8, rng=np.random.default_rng(6)) for rows in (known, day > -1)
    )
    assert some == all_


def test_too_little_history_is_not_judged():
    """With fewer weeks before the stretch than in it, or few customers, there is no figure."""
    customer, day = log(np.random.default_rng(7), 0.0)
    _, model = fitted(customer, day, DAYS)
    assert wander(model, customer, day, today=DAYS, weeks=21, rng=np.random.default_rng(8)) is None
    few = customer < 30
    assert wander(model, customer[few], day[few], today=DAYS, weeks=WEEKS, rng=np.random.default_rng(8)) is None
