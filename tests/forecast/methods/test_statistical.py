import numpy as np
import pytest

from lotwise.config import Forecast
from lotwise.forecast.design import bare
from lotwise.forecast.methods import statistical
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Task
from lotwise.tables.forecasted import LEVELS

MODELS = {"ets": "AutoETS", "theta": "DynamicOptimizedTheta", "arima": "AutoARIMA"}


def asked(make, units, season=1):
    """Return the curve of some demand, three weeks ahead."""
    return make(Task(bare(units, 3, season=season), units.shape[1] - 1, (), Forecast(horizon=3)))


@pytest.fixture
def models():
    """The models of statsforecast."""
    return pytest.importorskip("statsforecast.models")


def test_unknown_weeks_lie_on_the_line_between_their_neighbors():
    """2, unknown, unknown, 8, unknown is 2, 4, 6, 8, 8; what came before the first week is left out."""
    units = np.array([np.nan, 2, np.nan, np.nan, 8, np.nan])
    np.testing.assert_allclose(statistical.interpolated(units), [2, 4, 6, 8, 8])
    assert len(statistical.interpolated(np.full(3, np.nan))) == 0


@pytest.mark.parametrize("name", MODELS)
def test_mean_and_interval_are_those_of_the_model(models, name):
    """The mean is the model's own, the 5 % and 95 % quantiles are the ends of its 90 % interval."""
    units = np.random.default_rng(0).normal(50, 5, (1, 40))
    found = asked(METHODS[name].make, units)
    theirs = getattr(models, MODELS[name])(season_length=1).forecast(y=units[0], h=3, level=[90])
    np.testing.assert_allclose(found.mean[0], theirs["mean"])
    np.testing.assert_allclose(found.quantiles[0, :, LEVELS.index(0.05)], theirs["lo-90"], rtol=0.02)
    np.testing.assert_allclose(found.quantiles[0, :, LEVELS.index(0.95)], theirs["hi-90"], rtol=0.02)


def test_a_season_is_used_once_it_came_twice(models):
    """A clear season of four weeks is continued; with seven weeks of it known it is not looked for."""
    assert models is not None
    units = np.tile([10.0, 30.0, 10.0, 50.0], 10)[None] + np.random.default_rng(1).normal(0, 0.5, (1, 40))
    found = asked(statistical.ets, units, season=4)
    np.testing.assert_allclose(found.mean[0], [10, 30, 10], atol=2)
    assert np.isfinite(asked(statistical.ets, units[:, :7], season=4).mean).all()


def test_what_cannot_be_modeled_is_smoothed(models):
    """Seven weeks, or never anything but 5, are left to exponential smoothing."""
    assert models is not None
    units = np.array([[np.nan] * 13 + [4.0, 6, 4, 6, 4, 6, 4], [5.0] * 20])
    found = asked(statistical.theta, units)
    plain = asked(METHODS["ses"].make, units)
    np.testing.assert_array_equal(found.mean, plain.mean)
    np.testing.assert_array_equal(found.quantiles, plain.quantiles)
