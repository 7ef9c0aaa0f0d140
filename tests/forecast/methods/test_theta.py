import numpy as np
import pytest

from lotwise.forecast.methods import seasons, theta


def walks(rows, weeks, seed=0):
    """Return random walks with drift, far from zero."""
    rng = np.random.default_rng(seed)
    return 500 + np.cumsum(rng.normal(1.0, 5.0, (rows, weeks)), axis=1)


def last(method, values, horizon, season=None):
    end, origin = np.full(len(values), values.shape[1]), np.array([values.shape[1] - 1])
    made = method(values, end, origin, horizon) if season is None else method(values, end, origin, horizon, season)
    return made[..., 0, :]


def by_lines(y, a, start, horizon):
    """Return the mean of theta line 0, a regression, and theta line 2, smoothed exponentially, computed one by one."""
    n = len(y)
    slope, level = np.polyfit(np.arange(1, n + 1), y, 1)
    line = level + slope * np.arange(1, n + horizon + 1)
    doubled = 2 * y - line[:n]
    state = start
    for now in doubled:
        state += a * (now - state)
    return (line[n:] + state) / 2


def test_the_classic_method_is_smoothing_with_drift():
    """Half theta line 0 and half theta line 2 give smoothing with drift, for the weight and first level it chose.

    Smoothing is linear: y from l0 plus half the drift equals half of line 0 plus half of line 2 smoothed from 2 l0 - c,
    where c is the value of the line at week 0.
    """
    for y in walks(5, 40):
        a, (start, _) = min(((a, theta.first_level(y, a)) for a in theta.FINE), key=lambda one: one[1][1])
        _, level = np.polyfit(np.arange(1, 41), y, 1)
        # drift adds slope / 2 (h - 1 + (1 - (1 - a)^n) / a); line 0 of week 0 is the level of the regression
        expected = by_lines(y, a, 2 * start - level, 6)
        np.testing.assert_allclose(last(theta.classic, y[None], 6)[0], expected, rtol=1e-9)


def test_settings_are_scored_as_if_run():
    """Squared errors from moments equal those of the recursion run with the best first level, and no other level is better."""
    y = walks(1, 30)[0]
    lines, a = theta.lines(y), 0.3

    def run(kind, start):
        level, power = theta.smooth(y, a, start)
        errors = [
            y[t + 1] - theta.on(t + 1, (level[t], power[t], lines[0][t], lines[1][t]), a, 1 - 1 / theta.THETAS[kind], 1)[0]
            for t in range(len(y) - 1)
        ]
        return float((np.array(errors) ** 2).sum())

    errors, starts = theta.settings(y, lines, a, theta.THETAS)
    for kind in range(len(theta.THETAS)):
        assert run(kind, starts[kind]) == pytest.approx(errors[kind], rel=1e-8)
        assert run(kind, starts[kind] + 1) > errors[kind]


def test_a_straight_line_is_continued_by_the_dynamic_theta():
    """A line has one continuation at high theta; the average follows at least half of its slope."""
    found = last(theta.dynamic, np.linspace(10, 69, 60)[None], 3)[0]
    assert (np.diff(found) > 0.5).all()
    assert (found > 69).all()


def test_it_agrees_with_statsforecast():
    """The classic method is within 1 % of statsforecast's Theta for most series; both choose their own weight."""
    models = pytest.importorskip("statsforecast.models")
    season = np.tile([0.7, 1.0, 1.3, 1.0], 15)
    values = walks(20, 60, seed=3) * season
    ours = last(theta.ahead, values, 8, 4)[0]
    theirs = np.array([models.Theta(season_length=4).forecast(y=y, h=8)["mean"] for y in values])
    off = np.abs(ours / theirs - 1).max(axis=1)
    assert np.median(off) < 0.01
    assert off.max() < 0.05


def test_short_series_stay_and_constant_ones_too():
    """Five weeks are too few to see a trend in, and a constant goes on as it was."""
    short = np.array([[1.0, 2, 3, 4, 5]])
    assert (last(theta.dynamic, short, 4) == 5).all()
    assert (last(theta.classic, short, 4) == 5).all()
    np.testing.assert_allclose(last(theta.dynamic, np.full((1, 20), 7.0), 4), 7)
    np.testing.assert_allclose(last(theta.classic, np.full((1, 20), 7.0), 4), 7)


@pytest.mark.parametrize("method", [theta.classic, theta.dynamic])
def test_each_origin_reads_its_past_only(method):
    """Forecasts from an early origin are the same whatever comes after it, parameters being fitted before."""
    values = walks(4, 50)
    later = values.copy()
    later[:, 40:] = 1e6
    end, origins = np.full(4, 30), np.array([29, 35, 39])
    assert (method(values, end, origins, 5) == method(later, end, origins, 5)).all()


def test_a_series_that_has_not_begun_is_absent():
    """An origin before the first week has no forecast."""
    values = np.concatenate([np.full((2, 10), np.nan), walks(2, 30)], axis=1)
    found = theta.dynamic(values, np.full(2, 40), np.array([5, 20]), 3)
    assert np.isnan(found[:, 0]).all()
    assert np.isfinite(found[:, 1]).all()
    assert (seasons.begins(values) == 10).all()
