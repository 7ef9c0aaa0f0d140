from __future__ import annotations

import numpy as np

from lotwise.mine.propensity.features import Features, stacked
from tests.mine.propensity.conftest import DAYS, START, history_of, shuffled_after


def test_what_comes_after_the_day_changes_no_feature(bought):
    """Other customers, products, money and days from the cutoff on leave every feature as it is, bit by bit."""
    day = START + DAYS - 56
    before, after = (Features(history_of(some)) for some in (bought, shuffled_after(bought, day)))
    for category in ("bread", "milk", None):
        one, other = before.of(category, day, 28), after.of(category, day, 28)
        assert list(one) == list(other)
        assert np.array_equal(stacked(one), stacked(other))


def test_names_are_the_same_for_every_target_and_values_are_finite(past):
    """A pooled classifier needs the same columns for all; early days, before most are known, have no NaN either."""
    features = Features(past)
    names = list(features.of("bread", START + 30, 28))
    assert list(features.of(None, START + 30, 28)) == names
    for day in (START, START + 1, START + 30, START + DAYS):
        assert np.isfinite(stacked(features.of("milk", day, 28))).all()


def test_counts_as_of_a_day_by_hand(past, bought):
    """The flag of the last window and the days since the last visit equal those read off the lines."""
    day = START + 200
    found = Features(past).of("bread", day, 28)
    bread = (bought.product == 0) & (bought.day < day)
    recent = np.zeros(len(bought.customers))
    recent[np.unique(bought.customer[bread & (bought.day >= day - 28)])] = 1
    assert np.array_equal(found["bought 1 windows ago"], recent)
    customer = int(bought.customer[bought.day < day][0])
    last = bought.day[(bought.customer == customer) & (bought.day < day)].max()
    assert found["days since a visit"][customer] == np.log(day - last)


def test_the_year_before_tells_of_the_season(past):
    """With less than a year of history the change a year ago is 0."""
    assert (Features(past).of("bread", START + 270, 28)["change a year ago"] == 0).all()
