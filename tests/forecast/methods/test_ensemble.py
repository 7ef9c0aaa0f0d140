import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.config import Forecast
from lotwise.forecast import direct
from lotwise.forecast.design import bare
from lotwise.forecast.methods import boosted, ensemble, linear
from lotwise.forecast.task import Curve, Task
from lotwise.tables.forecasted import LEVELS

QUICK = Forecast(rounds=20, leaves=7)


@pytest.fixture(scope="module")
def task():
    """Forty series of Poisson demand over 40 weeks."""
    rng = np.random.default_rng(2)
    return Task(bare(rng.poisson(rng.uniform(2, 40, 40)[:, None], (40, 40)).astype(float), 4), 39, (), QUICK)


def test_an_ensemble_of_one_is_that_one(task):
    """Nothing is left to weigh."""
    alone, mixed = direct.curve(task, linear.fit), ensemble.curve(task, members=[linear.fit])
    np.testing.assert_allclose(mixed.mean, alone.mean)
    np.testing.assert_allclose(mixed.quantiles, alone.quantiles)
    np.testing.assert_allclose(mixed.errors, alone.errors)


def test_quantiles_are_averaged_level_by_level(task):
    """With weights 3 and 1 the curve is three quarters of the first member's and a quarter of the second's."""
    members = [linear.fit, boosted.fit]
    first, second = (direct.curve(task, fit) for fit in members)
    found = ensemble.curve(task, members=members, weights=[3, 1])
    np.testing.assert_allclose(found.quantiles, 0.75 * first.quantiles + 0.25 * second.quantiles)
    np.testing.assert_allclose(found.errors, 0.75 * first.errors + 0.25 * second.errors)
    assert (np.diff(found.quantiles, axis=2) >= 0).all()


def test_members_are_fitted_once(task):
    """Two ensembles that share a task's memory share their members' fits."""
    fits = []

    def counting(*args, **kwargs):
        fits.append(1)
        return linear.fit(*args, **kwargs)

    fresh = Task(task.design, 39, (), QUICK)
    for weights in ([1.0], None):
        ensemble.curve(fresh, members=[counting], weights=weights)
    assert len(fits) == 2  # once early, once late


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 2))
def test_weights_find_the_planted_best_member(seed, best):
    """The member that says the true quantiles of a uniform law gets nearly all the weight against two that are far off."""
    rng = np.random.default_rng(seed)
    scale = rng.uniform(5, 50, 800)
    true = scale[:, None] * np.asarray(LEVELS)
    said = np.stack([true * factor + 3 for factor in (1.6, 2.0, 2.4)])
    said[best] = true
    weights = ensemble.fitted(rng.uniform(0, scale), said)
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    assert weights[best] > 0.9


def test_weights_are_no_worse_than_any_member_or_the_plain_mean():
    """On the rows they are fitted on, no single member and no equal mixture loses less."""
    rng = np.random.default_rng(3)
    units = rng.poisson(20, 900).astype(float)
    said = np.sort(rng.poisson(20, (3, 900, len(LEVELS))), axis=2).astype(float)
    level = np.asarray(LEVELS)

    def loss(weights):
        over = units[:, None] - np.tensordot(weights, said, 1)
        return np.maximum(level * over, (level - 1) * over).sum()

    best = loss(ensemble.fitted(units, said))
    assert all(best <= loss(np.asarray(other)) + 1e-9 for other in (*np.eye(3), np.full(3, 1 / 3)))


def test_curves_without_error_paths_can_be_mixed():
    """A member that is its series' own history brings no paths; those of the others stand for all."""
    quantiles = np.tile(np.asarray(LEVELS), (2, 4, 1))
    errors = np.ones((2, 4, 5))
    found = ensemble.mixed([Curve(np.ones((2, 4)), quantiles), Curve(np.ones((2, 4)), quantiles, errors)], [1, 1])
    np.testing.assert_array_equal(found.errors, errors)
    assert ensemble.mixed([Curve(np.ones((2, 4)), quantiles)], [1]).errors is None


def test_too_short_a_history_gives_no_ensemble():
    """Where a member cannot learn there is none."""
    short = Task(bare(np.ones((4, 3)), 4), 2, (), QUICK)
    assert ensemble.curve(short, members=[boosted.fit, linear.fit]) is None
