from functools import partial

import numpy as np
import pytest

from lotwise.config import Forecast
from lotwise.forecast import direct
from lotwise.forecast.design import bare
from lotwise.forecast.methods import boosted, linear
from lotwise.forecast.task import Task, many
from lotwise.tables.forecasted import LEVELS

QUICK = Forecast(rounds=20, leaves=7)


@pytest.fixture(scope="module")
def shop():
    """Forty series of Poisson demand over 40 weeks, each with a rate of its own."""
    rng = np.random.default_rng(2)
    return bare(rng.poisson(rng.uniform(2, 40, 40)[:, None], (40, 44)).astype(float), 4)


@pytest.mark.parametrize("fit", [boosted.fit, boosted.quantile, linear.fit])
def test_quantiles_rise_and_are_never_negative(shop, fit):
    """Whether a learner knows quantiles of its own or not, its curve is one of quantiles."""
    found = direct.curve(Task(shop, 38, (), QUICK), fit)
    assert found.quantiles.shape == (40, 4, len(LEVELS))
    assert (np.diff(found.quantiles, axis=2) >= 0).all()
    assert found.quantiles.min() >= 0


@pytest.mark.parametrize("fit", [boosted.fit, boosted.quantile, linear.fit])
def test_what_comes_after_the_cutoff_changes_nothing(shop, fit):
    """Demand after the last known week may be anything."""
    other = shop.units.copy()
    other[:, 36:] = 999.0
    was, now = (direct.curve(Task(bare(units, 4), 35, (), QUICK), fit) for units in (shop.units, other))
    np.testing.assert_array_equal(was.mean, now.mean)
    np.testing.assert_array_equal(was.quantiles, now.quantiles)
    np.testing.assert_array_equal(was.errors, now.errors)


def test_too_few_rows_teach_nothing():
    """Ten series of two weeks hold fewer than 60 rows: no curve, and demand that was never any gives none either."""
    assert direct.curve(Task(bare(np.ones((10, 2)), 4), 1, (), QUICK), boosted.fit) is None
    assert direct.curve(Task(bare(np.zeros((40, 40)), 4), 39, (), QUICK), boosted.fit) is None


@pytest.mark.parametrize("fit", [boosted.fit, boosted.quantile, linear.fit])
def test_demand_that_never_changes_is_expected_to_stay(fit):
    """Fifty series that sell 7 every week are expected to sell 7, give or take a twentieth, and their quantiles say so."""
    found = direct.curve(Task(bare(np.full((50, 40), 7.0), 4), 39, (), QUICK), fit)
    np.testing.assert_allclose(found.mean, 7, rtol=0.05)
    np.testing.assert_allclose(found.quantiles[:, :, LEVELS.index(0.5)], 7, rtol=0.05)


def test_unknown_weeks_inside_a_series_are_survived(shop):
    """A fifth of the weeks lost: still a finite curve."""
    units = np.where(np.random.default_rng(0).random(shop.units.shape) < 0.2, np.nan, shop.units)
    for fit in (boosted.fit, boosted.quantile, linear.fit):
        found = direct.curve(Task(bare(units, 4), 39, (), QUICK), fit)
        assert np.isfinite(found.mean).all()
        assert np.isfinite(found.quantiles).all()


def test_between_refits_the_model_stays_and_its_calibration_moves_on(shop):
    """Two cutoffs that share a fit make one pair; the second is calibrated on weeks the first did not know."""
    kept = {}
    fits = []

    def counting(*args, **kwargs):
        fits.append(1)
        return boosted.fit(*args, **kwargs)

    first, second = (direct.calibrated(Task(shop, end, (), QUICK, fitted=35, kept=kept), counting) for end in (35, 37))
    assert len(fits) == 2
    assert first.rows.target.max() == 35
    assert set(second.rows.target) == set(range(32, 38))


def test_no_model_calibrates_on_what_it_learned_from(shop):
    """Targets up to the last week learned from are answered by the early model, later ones by the late one."""

    class Says:
        def __init__(self, value):
            self.value = value

        def expect(self, design, rows):
            del design
            return np.full(len(rows.series), self.value)

    pair = direct.Pair(Says(1.0), Says(2.0), 30, 6, np.zeros(0))
    rows = shop.rows(np.array([28]))
    found = pair.blind(rows, lambda model, part: model.expect(shop, part))
    np.testing.assert_array_equal(found, np.where(rows.target <= 30, 1.0, 2.0))


def test_moved_quantiles_cover_what_they_were_moved_for():
    """A learner that says half of what comes is moved until nine tenths lie inside, in every bin of size, within 2 points."""
    rng = np.random.default_rng(4)
    mean = rng.uniform(5, 80, 8000)
    units = rng.poisson(mean).astype(float)
    wrong = np.repeat(mean[:, None] / 2, len(LEVELS), axis=1)
    found = direct.Moves.of(units, mean, wrong).moved(mean, wrong)
    inside = (units >= found[:, LEVELS.index(0.05)]) & (units <= found[:, LEVELS.index(0.95)])
    for part in np.array_split(np.argsort(mean), 4):
        assert abs(inside[part].mean() - 0.9) < 0.02


def test_shuffled_targets_teach_no_skill():
    """Demand dealt out at random over series and weeks: against each series' own mean, R2 is within 0.1 of 0 or below."""
    rng = np.random.default_rng(6)
    units = rng.permutation(rng.poisson(rng.uniform(2, 40, 60)[:, None], (60, 44)).astype(float).ravel()).reshape(60, 44)
    found = direct.curve(Task(bare(units, 4), 39, (), QUICK), boosted.fit)
    came = units[:, 40:44]
    within = 1 - ((came - found.mean) ** 2).sum() / ((came - came.mean(axis=1, keepdims=True)) ** 2).sum()
    assert within < 0.1


@pytest.mark.parametrize("fit", [boosted.fit, boosted.quantile, linear.fit])
def test_one_worker_and_two_give_the_same_bytes(shop, fit):
    """The number of threads changes the time it takes and nothing else."""
    tasks = [Task(shop, end, (), QUICK, seed=3) for end in (36, 37, 38)]
    one, two = (many(partial(direct.curve, fit=fit), tasks, workers=workers) for workers in (1, 2))
    for was, now in zip(one, two, strict=True):
        assert was.quantiles.tobytes() == now.quantiles.tobytes()
        assert was.errors.tobytes() == now.errors.tobytes()


def test_rows_left_out_before_they_are_made_are_those_left_out_after(monkeypatch):
    """Of 469 rows in lives of any length, gaps among them, about 300 may stay: those of every second series."""
    rng = np.random.default_rng(4)
    units = np.where(rng.random((30, 40)) < 0.1, np.nan, 1.0)
    units[np.arange(40)[None, :] < rng.integers(0, 30, 30)[:, None]] = np.nan
    design = bare(units, 4)
    every = direct.taught(design, 35)
    monkeypatch.setattr(direct, "MOST_ROWS", 300)
    some = direct.taught(design, 35)
    kept = every.where(every.series % -(-len(every.series) // 300) == 0)
    assert 0 < len(some.series) <= 300
    for name in ("series", "origin", "ahead"):
        np.testing.assert_array_equal(getattr(some, name), getattr(kept, name))


def test_error_paths_are_made_for_those_who_draw(shop):
    """Without them the forecast is the same, to the byte."""
    with_paths, without = (direct.curve(Task(shop, 38, (), QUICK, paths=paths), boosted.fit) for paths in (True, False))
    assert with_paths.errors.shape == (40, 4, direct.PATHS)
    assert without.errors is None
    np.testing.assert_array_equal(with_paths.quantiles, without.quantiles)
