"""What every registered method must do; a method added to the registry goes through it too."""

from functools import cache

import numpy as np
import pytest

from lotwise.config import Forecast, Source
from lotwise.forecast.design import design
from lotwise.forecast.panel import Facts, Panel
from lotwise.forecast.registry import METHODS
from lotwise.forecast.task import Task
from lotwise.tables.forecasted import LEVELS

HORIZON = 3
LOWERED = {"sba": 0.95}
"""The correction of SBA takes off half its weight of 0.1, even where nothing varies."""
ROUGH = {"mlp": 0.1}
"""A network that passes over so little a few times only comes near."""
PARAMS = Forecast(horizon=HORIZON, rounds=10, leaves=4)


@pytest.fixture(params=METHODS)
def method(request):
    """Each method whose extra is installed."""
    found = METHODS[request.param]
    if found.missing() is not None:
        pytest.skip(found.missing())
    return found


def told(units, end=None):
    """Return the task of some demand, its own history being told."""
    first = np.datetime64("2024-01-01")
    weeks = first + 7 * np.arange(units.shape[1])
    names = np.array([f"p{number:03d}" for number in range(len(units))])
    panel = Panel(names, np.full(len(units), "all"), weeks, units)
    plan = design(Facts(panel, HORIZON, {}, lambda _: None), [Source(name="history", tables=["demand"])], None)
    return Task(plan, units.shape[1] - 1 if end is None else end, ("history",), PARAMS, seed=3)


def demand():
    """Return six series, some of fast sellers, one that begins late, one that hardly sells; (6, 36)."""
    rng = np.random.default_rng(11)
    units = rng.poisson(np.array([[20], [8], [3], [30], [5], [0.2]]), (6, 36)).astype(float)
    units[4, :9] = np.nan
    return units


def hard():
    """Return a series without demand, one that begins at the cutoff, one with gaps, one never known, one late sale."""
    units = demand()
    units[0] = 0
    units[1, :-1] = np.nan
    units[2, [5, 6, 20, 35]] = np.nan
    units[3] = np.nan
    units[5] = 0
    units[5, -1] = 4
    return units


def whole_curve(curve, series):
    """Assert that a curve is one: shapes, no number missing, quantiles rising, nothing below 0."""
    assert curve.mean.shape == (series, HORIZON)
    assert curve.quantiles.shape == (series, HORIZON, len(LEVELS))
    assert np.isfinite(curve.mean).all()
    assert np.isfinite(curve.quantiles).all()
    assert curve.mean.min() >= 0
    assert curve.quantiles.min() >= 0
    assert np.diff(curve.quantiles, axis=2).min() >= 0
    assert curve.errors is None or curve.errors.shape[:2] == (series, HORIZON)


@cache
def usual(name):
    """Return a method's curve of the usual demand, made once."""
    return METHODS[name].make(told(demand()))


def test_the_curve_is_whole(method):
    """A method answers ordinary demand with a curve: right shapes, finite, rising, never negative."""
    whole_curve(usual(method.name), 6)


def test_what_comes_later_changes_nothing_and_neither_does_time(method):
    """The same seed gives the same bytes, though what came after the cutoff is now enormous."""
    units = np.concatenate([demand(), np.full((6, 5), 1e9)], axis=1)
    found, before = method.make(told(units, end=35)), usual(method.name)
    assert found.mean.tobytes() == before.mean.tobytes()
    assert found.quantiles.tobytes() == before.quantiles.tobytes()
    assert (found.errors is None) == (before.errors is None)
    assert found.errors is None or found.errors.tobytes() == before.errors.tobytes()


@pytest.mark.parametrize("case", ["hard", "one", "weeks", "nothing", "week"])
def test_it_survives(method, case):
    """Hard series, one series, eight weeks, no demand at all, one week: a whole curve or None, never an error."""
    units = {"hard": hard(), "one": demand()[:1], "weeks": demand()[:4, -8:], "nothing": np.zeros((3, 20))}
    given = units.get(case, np.full((1, 1), 3.0))
    curve = method.make(told(given))
    if curve is not None:
        whole_curve(curve, len(given))


def test_what_never_changes_is_expected_to_go_on(method):
    """Three products that sold 6 every week are expected to sell 6 within 1 %, half of the time within 5 %."""
    curve = method.make(told(np.full((3, 36), 6.0)))
    expected = 6 * LOWERED.get(method.name, 1.0)
    np.testing.assert_allclose(curve.mean, expected, rtol=ROUGH.get(method.name, 0.01))
    np.testing.assert_allclose(
        curve.quantiles[:, :, LEVELS.index(0.25) : LEVELS.index(0.75) + 1], 6, rtol=ROUGH.get(method.name, 0.05)
    )


def test_ten_times_the_demand_is_ten_times_the_forecast(method):
    """Of fast sellers, ten times the demand is forecast about ten times as high, whatever the unit."""
    units = demand()[[0, 3]]
    once, tenfold = (method.make(told(units * factor)) for factor in (1, 10))
    if once is not None:
        np.testing.assert_allclose(tenfold.mean.sum() / once.mean.sum(), 10, rtol=0.1)
