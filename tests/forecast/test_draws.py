import numpy as np
from scipy.stats import spearmanr

from lotwise.forecast import draws
from lotwise.forecast.methods import classic
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
    np.testing.assert_allclose(np.sort(found[:, 1], axis=1), classic.history(units, draws.points(40)))
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
