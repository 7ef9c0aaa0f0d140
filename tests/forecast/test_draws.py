import numpy as np
import pytest
from scipy.stats import spearmanr

from lotwise.forecast import draws
from lotwise.forecast.methods.empirical import history
from lotwise.tables.forecasted import LEVELS


def test_draws_of_a_forecast_have_its_quantiles():
    """Sorted, the draws of each cell are its quantile curve at (k - 1/2) / S."""
    rng = np.random.default_rng(1)
    quantiles = np.sort(rng.gamma(2, 10, (5, 3, len(LEVELS))), axis=2)
    found = draws.paths(quantiles, rng.normal(size=(5, 3, 20)), 50, rng)
    expected = [np.interp((np.arange(50) + 0.5) / 50, LEVELS, cell) for cell in quantiles.reshape(15, -1)]
    np.testing.assert_allclose(np.sort(found, axis=2).reshape(15, 50), expected)


def test_draws_keep_the_correlation_of_past_errors():
    """Two products whose errors moved together (rank correlation 0.9) still do, over products and over weeks."""
    rng = np.random.default_rng(2)
    shared = rng.normal(size=(1, 1, 24))
    errors = shared + 0.3 * rng.normal(size=(2, 4, 24))
    quantiles = np.sort(rng.gamma(2, 10, (2, 4, len(LEVELS))), axis=2)
    found = draws.paths(quantiles, errors, 200, rng)
    past = spearmanr(errors[0, 0], errors[1, 0]).statistic
    for other in (found[1, 0], found[1, 3], found[0, 2]):
        assert abs(spearmanr(found[0, 0], other).statistic - past) < 0.15


def test_draws_of_independent_errors_are_independent():
    """Products that never erred together are not made to."""
    rng = np.random.default_rng(4)
    quantiles = np.sort(rng.gamma(2, 10, (2, 1, len(LEVELS))), axis=2)
    found = draws.paths(quantiles, rng.normal(size=(2, 1, 400)), 400, rng)
    assert abs(spearmanr(found[0, 0], found[1, 0]).statistic) < 0.15


def test_draws_of_no_information_are_whole_past_weeks():
    """Each cell holds its own history's quantiles, and products share their weeks."""
    rng = np.random.default_rng(6)
    common = rng.gamma(2, 10, 40)
    units = np.stack([common, 2 * common, rng.gamma(2, 10, 40)])
    found = draws.bootstrap(units, 2, 40, rng)
    np.testing.assert_allclose(np.sort(found[:, 1], axis=1), history(units, draws.points(40)))
    np.testing.assert_allclose(found[1], 2 * found[0])
    assert abs(spearmanr(found[0, 0], found[0, 1]).statistic) < 0.5


def test_absent_errors_may_take_any_rank():
    """A series without past errors still gets its own quantiles."""
    rng = np.random.default_rng(8)
    quantiles = np.sort(rng.gamma(2, 10, (1, 1, len(LEVELS))), axis=2)
    found = draws.paths(quantiles, np.full((1, 1, 3), np.nan), 20, rng)
    np.testing.assert_allclose(np.sort(found), draws.along(quantiles, 20))
    assert (np.diff(found) < 0).any()


def test_choices_are_taken_evenly():
    """Fifty scenarios of 24 paths take each path two or three times."""
    count = np.bincount(draws.evenly(np.arange(24), 50, np.random.default_rng(0)))
    assert set(count) == {2, 3}


def test_one_unknown_past_error_does_not_break_the_correlation():
    """Half of one product's past errors are lost: with the other half it still moves with its twin."""
    rng = np.random.default_rng(12)
    shared = rng.normal(size=(1, 1, 200))
    errors = shared + 0.1 * rng.normal(size=(2, 1, 200))
    errors[0, 0, ::2] = np.nan
    quantiles = np.sort(rng.gamma(2, 10, (2, 1, len(LEVELS))), axis=2)
    found = draws.paths(quantiles, errors, 200, rng)
    np.testing.assert_allclose(np.sort(found, axis=2), draws.along(quantiles, 200))
    # half of the ranks are kept (correlation near 1), half are random (0): about 0.5
    assert 0.35 < spearmanr(found[0, 0], found[1, 0]).statistic < 0.65


def test_the_mean_of_draws_is_the_mean_of_the_curve():
    """Whatever the order, the mean of each cell's draws is the mean of its quantile curve at the same levels."""
    rng = np.random.default_rng(14)
    quantiles = np.sort(rng.gamma(2, 10, (6, 4, len(LEVELS))), axis=2)
    found = draws.paths(quantiles, rng.normal(size=(6, 4, 24)), 2000, rng)
    flat = quantiles.reshape(24, -1)
    # the curve's own integral from 1 % to 99 % by trapezoids, its ends held beyond
    inner = (np.diff(LEVELS) * (flat[:, 1:] + flat[:, :-1]) / 2).sum(axis=1)
    expected = inner + LEVELS[0] * flat[:, 0] + (1 - LEVELS[-1]) * flat[:, -1]
    np.testing.assert_allclose(found.mean(axis=2).ravel(), expected, rtol=1e-3)


def test_totals_of_draws_spread_as_totals_of_demand_do():
    """With a known common shock, totals over products and over weeks spread in the draws as they do in truth.

    Log demand of 40 products is 0.3 x a shock of the week shared by all + 0.2 x one of their own, and half of a
    shock stays for the next week. Marginals that were drawn apart would spread 5 times less over products.
    """
    rng = np.random.default_rng(16)
    products, horizon, count = 40, 3, 4000

    def shocks(number):
        common = np.zeros((horizon, number))
        common[0] = rng.normal(size=number)
        for week in range(1, horizon):
            common[week] = 0.5 * common[week - 1] + np.sqrt(0.75) * rng.normal(size=number)
        return 0.3 * common[None] + 0.2 * rng.normal(size=(products, horizon, number))

    demand = 50 * np.exp(shocks(count))
    quantiles = np.moveaxis(np.quantile(demand, LEVELS, axis=2), 0, 2)
    found = draws.paths(quantiles, shocks(400), 400, rng)
    truth = demand.sum(axis=0)
    drawn = found.sum(axis=0)
    np.testing.assert_allclose(drawn.std(axis=1), truth.std(axis=1), rtol=0.12)
    assert np.corrcoef(drawn)[0, 1] == pytest.approx(np.corrcoef(truth)[0, 1], abs=0.1)
    alone = rng.permuted(found, axis=2).sum(axis=0).std(axis=1)
    assert (drawn.std(axis=1) > 4 * alone).all()
