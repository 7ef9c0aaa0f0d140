from __future__ import annotations

import numpy as np
from scipy.stats import norm

from lotwise.mine.propensity.rhythm import LEAST, expected, renewal
from lotwise.mine.propensity.streams import stream


def regular(gap: int, visits: int, customers: int = 1):
    day = np.tile(np.arange(visits) * gap, customers)
    return stream(customers, np.repeat(np.arange(customers), visits), day, np.ones(len(day)), np.zeros(len(day)))


def test_renewal_is_the_conditional_chance_of_a_lognormal_gap_or_none():
    """One customer with gaps of 10 and 20 days: the closed form, the chance to leave being the one of most likelihood."""
    found = stream(1, np.zeros(3, int), np.array([0, 10, 30]), np.ones(3), np.zeros(3))
    logs = np.log([10.0, 20.0])
    mean = logs.mean()  # shrinking towards everybody's mean, which is the customer's own
    spread = np.sqrt(((logs - mean) ** 2).sum() / 1) * np.sqrt(1 + 1 / (2 + 2.0))
    now, then = (norm.sf((np.log(5 + more) - mean) / spread) for more in (0, 14))
    leaves = 0.05
    for _ in range(20):  # two gaps ended, one silence; half a case of leaving and half of staying added
        leaves = (leaves / ((1 - leaves) * now + leaves) + 0.5) / (2 + 1 + 1.0)
    assert np.isclose(renewal(found, np.array([35]), 14)[0, 0], (1 - leaves) * (now - then) / ((1 - leaves) * now + leaves))


def test_the_share_that_left_is_found():
    """Of customers who leave after one purchase in five, about a fifth of all purchases are told to be the last."""
    rng = np.random.default_rng(5)
    who, day = [], []
    for customer in range(600):
        when = rng.integers(0, 60)
        while when < 400:
            who.append(customer)
            day.append(int(when))
            if rng.random() < 0.2:
                break
            when += max(round(float(rng.lognormal(np.log(12), 0.5))), 1)
    found = stream(600, np.array(who), np.array(day), np.ones(len(day)), np.zeros(len(day)))
    chance = renewal(found, np.array([400]), 28)[0]
    gone = 400 - found.last(np.array([400]))[0] > 100  # gaps of a hundred days are 4 spreads away: they have left
    assert chance[gone].max() < 0.05
    assert chance[~gone].max() > 0.6


def test_renewal_of_one_who_never_bought_is_unknown():
    """Without a purchase there is no time since the last one."""
    assert np.isnan(renewal(stream(2, np.zeros(2, int), np.array([0, 7]), np.ones(2), np.zeros(2)), np.array([9]), 7)[0, 1])


def test_a_long_silence_makes_the_next_purchase_less_likely():
    """A weekly customer is all but sure to come after 7 days and less so after 100."""
    found = regular(7, 30)
    soon, late = renewal(found, np.array([29 * 7 + 7, 29 * 7 + 100]), 7)[:, 0]
    assert soon > 0.9 > late


def test_expected_counts_are_those_simulated():
    """With rates from a gamma distribution the stated chances come true: overall and in each fifth, to 3 standard errors."""
    rng = np.random.default_rng(3)
    count, days, ahead = 4000, 200, 28
    rate = rng.gamma(0.8, 1 / 40, count)
    came = rng.random((count, days + ahead)) < rate[:, None]
    who, day = np.nonzero(came)
    found = stream(count, who, day, np.ones(len(day)), np.zeros(len(day)))
    chance = expected(found, np.zeros(count), np.array([days]), ahead)[0]
    happened = came[:, days:].any(axis=1)
    for rows in np.array_split(np.argsort(chance), 5):
        error = np.sqrt((chance[rows] * (1 - chance[rows])).sum()) / len(rows)
        assert abs(chance[rows].mean() - happened[rows].mean()) < 3 * error + 0.01  # .01: rates of a day are not quite Poisson


def test_chances_stay_off_certainty():
    """Customers without any purchase, or all alike, give chances within the bounds and no warning."""
    empty = stream(3, np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0))
    none = expected(empty, np.array([0.0, 5.0, np.nan]), np.array([10]), 7)
    alike = expected(regular(7, 10, 3), np.zeros(3), np.array([70]), 7)
    for found in (none, alike):
        assert ((found >= LEAST) & (found <= 1 - LEAST)).all()
