"""What a quantity earns when demand is not known."""

import numpy as np
import pytest

from lotwise.gap.frames.newsvendor import Quantiles, Scenarios, Terms
from lotwise.tables.forecasted import LEVELS


def terms(price, cost, salvage, uses=None):
    values = [np.asarray(one, dtype=float) for one in (price, cost, salvage)]
    return Terms(*values, np.ones(len(values[0])) if uses is None else np.asarray(uses, dtype=float))


def test_expected_sales_are_the_integral_over_levels(rng):
    """E min(q, D) of a quantile function is what a fine grid of levels gives, also with level pieces."""
    values = np.sort(rng.gamma(2, 10, (6, len(LEVELS))).round(), axis=1)
    fine = (np.arange(200_000) + 0.5) / 200_000
    drawn = np.stack([np.interp(fine, LEVELS, row) for row in values])
    quantity = np.array([0.0, 5.0, 20.0, 35.0, values[4, 7], 1000.0])
    expected = np.minimum(drawn, quantity[:, None]).mean(axis=1)
    assert Quantiles(values).sold(quantity) == pytest.approx(expected, abs=1e-3)


def test_scenarios_give_the_least_quantity_that_covers():
    """Of 10, 20, 30, 40 a quarter is covered by 10, just above a quarter by 20, nothing by 0, all by 40."""
    demand = Scenarios(np.tile([10.0, 20.0, 30.0, 40.0], (5, 1)))
    assert demand.at(np.array([0.0, 0.25, 0.26, 0.75, 1.0])).tolist() == [0, 10, 20, 30, 40]


def test_tails_are_held():
    """Beyond the outer levels a quantile is the outer one; at ratio 0 nothing is made."""
    demand = Quantiles(np.tile(np.arange(10.0, 33.0), (3, 1)))
    assert demand.at(np.array([0.0, 0.001, 0.999])).tolist() == [0, 10, 32]


def test_no_other_quantity_earns_more(rng):
    """The quantile at the critical ratio beats a grid of quantities, for quantiles and for scenarios."""
    values = np.sort(rng.gamma(2, 10, (8, len(LEVELS))), axis=1)
    money = terms(rng.uniform(5, 10, 8), rng.uniform(2, 5, 8), rng.uniform(0, 2, 8))
    for demand in (Quantiles(values), Scenarios(values)):
        best = demand.at(money.ratio())
        earned = money.profit(demand.sold(best), best)
        for other in np.linspace(0, 120, 200):
            assert (money.profit(demand.sold(np.full(8, other)), np.full(8, other)) <= earned + 1e-9).all()


def test_a_unit_that_earns_nothing_is_not_made():
    """Where cost is not below price the critical ratio is 0, whatever the salvage."""
    assert terms([2, 2, 3], [2, 3, 2], [1, 2, 1]).ratio().tolist() == [0, 0, 0.5]
