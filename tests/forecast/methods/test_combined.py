import numpy as np
import pytest

from lotwise.config import Forecast
from lotwise.forecast.design import bare
from lotwise.forecast.methods import autoregression, combined, damped, holdout, theta
from lotwise.forecast.scores import NINE, inside
from lotwise.forecast.task import Task

WEEKS, HORIZON = 60, 4


def panel(rows=30, weeks=WEEKS + HORIZON, seed=0):
    """Return monthly series with level, trend, noise and a season of 12 that peaks in any month."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(weeks) + rng.uniform(0, 12, (rows, 1))) / 12)
    trend = 100 + rng.uniform(0, 1, (rows, 1)) * np.arange(weeks)
    return trend * season * np.exp(0.05 * rng.standard_normal((rows, weeks)))


def asked(units, season=12, end=None):
    return Task(bare(units, HORIZON, season=season), units.shape[1] - 1 if end is None else end, (), Forecast())


def all_of(values):
    return np.full(len(values), values.shape[1]), np.array([values.shape[1] - 1])


def test_the_combination_lies_between_its_members():
    """The median of four is no less than their second smallest and no more than their second largest; a mix is inside."""
    values = panel(weeks=WEEKS)
    end, origin = all_of(values)
    members = [method(values, end, origin, HORIZON) for method in (theta.dynamic, damped.average)]
    members += [np.exp(method(np.log(values), end, origin, HORIZON)) for method in (theta.dynamic, damped.average)]
    ordered = np.sort(members, axis=0)
    found = combined.smoothed(values, end, origin, HORIZON)
    np.testing.assert_allclose(found, (ordered[1] + ordered[2]) / 2, rtol=1e-9)
    both = combined.ahead(values, end, origin, HORIZON, 12)
    made = combined.combined(asked(values)).mean
    assert (made >= both[:, :, 0].min(axis=0) - 1e-9).all()
    assert (made <= both[:, :, 0].max(axis=0) + 1e-9).all()


def test_it_beats_the_naive_forecasts_where_there_is_trend_and_season():
    """Where trend and season are known to exist, it errs less than the last month and than the month a year ago."""
    units = panel(rows=100)
    came = units[:, WEEKS:]
    off = np.abs(combined.combined(asked(units, end=WEEKS - 1)).mean - came).mean()
    assert off < 0.7 * np.abs(units[:, WEEKS - 1 : WEEKS] - came).mean()
    assert off < 0.9 * np.abs(units[:, WEEKS - 12 : WEEKS - 12 + HORIZON] - came).mean()


def test_nine_in_ten_fall_inside():
    """The 90 % interval holds about nine in ten of what comes, over 1,200 cells of 300 series."""
    units = panel(rows=300, seed=5)
    curve = combined.combined(asked(units, end=WEEKS - 1))
    share = inside(units[:, WEEKS:].ravel(), curve.quantiles.reshape(-1, curve.quantiles.shape[2]), NINE)
    assert 0.82 < share < 0.97


@pytest.mark.parametrize("season", [1, 4, 12, 52])
def test_same_bytes_twice_and_blind_to_the_future(season):
    """The same past gives the same bytes at any season, whatever comes after the cutoff."""
    units = panel(rows=8)
    later = units.copy()
    later[:, WEEKS:] = 1e7
    first, second = (combined.combined(asked(given, season, WEEKS - 1)) for given in (units, later))
    assert first.mean.tobytes() == second.mean.tobytes()
    assert first.quantiles.tobytes() == second.quantiles.tobytes()
    assert np.isfinite(first.quantiles).all()


def test_the_size_of_a_series_does_not_matter():
    """A panel in thousands is forecast in thousands: all members move with the unit."""
    units = panel(rows=8, weeks=WEEKS)
    small, large = combined.combined(asked(units)), combined.combined(asked(1000 * units))
    np.testing.assert_allclose(large.mean, 1000 * small.mean, rtol=1e-6)


def test_gaps_zeros_and_short_series_are_survived():
    """Lost weeks, intermittent demand, a series of five weeks and one that never sold: finite, never negative."""
    units = panel(rows=6, weeks=WEEKS)
    units[0, [7, 30, 31, 59]] = np.nan
    units[1, ::2] = 0
    units[2, :-5] = np.nan
    units[3] = 0
    units[4] = np.nan
    curve = combined.combined(asked(units))
    assert np.isfinite(curve.quantiles).all()
    assert curve.quantiles.min() >= 0
    assert curve.mean[3].max() == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(curve.mean[2], units[2, -1], rtol=0.5)


def test_the_pooled_autoregression_learns_what_all_series_share():
    """Series that follow x(t) = .8 x(t-1) + noise around their levels are expected to come back by .8 a week."""
    rng = np.random.default_rng(4)
    values = np.zeros((200, 80))
    for week in range(1, 80):
        values[:, week] = 0.8 * values[:, week - 1] + 0.1 * rng.standard_normal(200)
    values += rng.normal(5, 1, (200, 1))
    end, origin = all_of(values)
    found = autoregression.ahead(values, end, origin, 3, 30)[:, 0]
    level = values.mean(axis=1, keepdims=True)
    expected = level + (values[:, -1:] - level) * 0.8 ** np.arange(1, 4)
    assert np.corrcoef((found - values[:, -1:]).ravel(), (expected - values[:, -1:]).ravel())[0, 1] > 0.8


def test_the_autoregression_is_ridge_regression_on_joined_moments():
    """One series' coefficients solve its own rows and the pool's moments together, as numpy solves them."""
    rng = np.random.default_rng(6)
    values = np.cumsum(rng.standard_normal((1, 40)), axis=1)
    lags, horizon = 3, 2
    rows = [(values[0, t - 1 :: -1][:lags] - values[0, t], values[0, t + 1 : t + 3] - values[0, t]) for t in range(3, 38)]
    x, z = (np.array(part) for part in zip(*rows, strict=True))
    scale = 1e-8 + (np.diff(values[0]) ** 2).mean()
    pool, cross = x.T @ x / (scale * len(x)), x.T @ z / (scale * len(x))
    pool += autoregression.RIDGE * np.trace(pool) / lags * np.eye(lags)
    pull = autoregression.PULL * lags * scale
    answer = np.linalg.solve(x.T @ x + pull * pool, x.T @ z + pull * cross)
    expected = values[0, -1] + (values[0, -2:-5:-1] - values[0, -1]) @ answer
    found = autoregression.ahead(values, *all_of(values), horizon, lags)[0, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_damped_trend_starts_where_least_squares_says():
    """The errors left are those of numpy's least squares over the first level and trend."""
    y = panel(rows=1, weeks=30)[0]
    setting = np.array([0.3, 0.06, 0.9])

    def errors(start):
        level, trend = damped.run(y, setting, np.array(start, float))
        before = np.concatenate([[start[0] + 0.9 * start[1]], level[:-1] + 0.9 * trend[:-1]])
        return y - before

    base = errors((0, 0))
    columns = np.stack([base - errors((1, 0)), base - errors((0, 1))], axis=1)
    best, left, _, _ = np.linalg.lstsq(columns, base, rcond=None)
    start = np.empty(2)
    assert damped.start(y, setting, start) == pytest.approx(left[0], rel=1e-6)
    np.testing.assert_allclose(start, best, rtol=1e-5)


def test_the_better_member_gets_the_larger_share():
    """Two members, one exact: all of the weight goes to it."""
    came = np.random.default_rng(0).random((20, 5, 3))
    members = np.stack([came + 1, came])
    assert holdout.mixed(members, came, np.ones(20)) == 1.0
    assert holdout.mixed(members[::-1], came, np.ones(20)) == 0.0
    assert holdout.mixed(members, np.full_like(came, np.nan), np.ones(20)) == 0.5
