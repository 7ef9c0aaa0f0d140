import numpy as np
import pytest
from scipy import stats

from lotwise.config import Forecast
from lotwise.forecast import direct
from lotwise.forecast.design import bare
from lotwise.forecast.methods import boosted
from lotwise.forecast.task import Task
from lotwise.tables.forecasted import LEVELS

QUICK = Forecast(rounds=30, leaves=7)


@pytest.fixture(scope="module")
def promoted():
    """A design of 40 series of Poisson demand that triples in a quarter of the weeks, which the source ``plan`` announces."""
    rng = np.random.default_rng(9)
    on = rng.random((40, 48)) < 0.25
    units = rng.poisson(rng.uniform(5, 30, 40)[:, None] * np.where(on, 3, 1)[:, :44]).astype(float)
    found = bare(units, 4)
    weeks = np.arange(44)[:, None] + np.arange(1, 5)
    found.columns["plan"] = {"promoted": on[:, weeks].astype(np.float32), "nothing": np.zeros((1, 1, 1), np.float32)}
    return found


@pytest.mark.parametrize("fit", [boosted.fit, boosted.tweedie, boosted.lognormal])
def test_contributions_add_up(promoted, fit):
    """The shares of all features, the trees' mean and the log of the level sum to the log of the expectation, to 1e-9."""
    rows = direct.taught(promoted, 40)
    model = fit(promoted, rows, ("plan",), QUICK, seed=0)
    features, parts = model.contributions(promoted, rows)
    assert features[-2:] == [("plan", "promoted"), ("plan", "nothing")]
    assert parts.shape == (len(rows.series), len(features) + 1)
    level = np.log(promoted.level[rows.series, rows.origin])
    np.testing.assert_allclose(parts.sum(axis=1) + level, np.log(model.expect(promoted, rows)), atol=1e-9)
    assert (parts[:, -2] == 0).all()


@pytest.mark.parametrize("fit", [boosted.fit, boosted.tweedie, boosted.lognormal, boosted.quantile])
def test_an_announced_promotion_is_expected(promoted, fit):
    """Demand triples when promoted: on weeks never learned from, it is expected to rise at least to the double."""
    rows = direct.taught(promoted, 36)
    model = fit(promoted, rows, ("plan",), QUICK, seed=0)
    ahead = promoted.rows([38])
    ratio = model.expect(promoted, ahead) / promoted.level[ahead.series, ahead.origin]
    on = promoted.columns["plan"]["promoted"][ahead.series, 38, ahead.ahead - 1] > 0
    assert ratio[on].mean() > 2 * ratio[~on].mean()


def test_quantiles_are_those_of_the_law():
    """Three hundred series of one Poisson law of mean 30: the middle levels lie within a unit and a half of its quantiles."""
    design = bare(np.random.default_rng(0).poisson(30, (300, 30)).astype(float), 2)
    found = direct.curve(Task(design, 29, (), QUICK), boosted.quantile).quantiles.mean(axis=(0, 1))
    middle = slice(LEVELS.index(0.1), LEVELS.index(0.9) + 1)
    np.testing.assert_allclose(found[middle], stats.poisson(30).ppf(LEVELS)[middle], atol=1.5)


def test_the_weights_of_a_mean_are_those_of_its_levels():
    """They sum to 1, and the mean of a symmetric curve is its middle."""
    assert boosted.SHARE.sum() == pytest.approx(1)
    assert np.asarray(LEVELS) @ boosted.SHARE == pytest.approx(0.5)


@pytest.mark.parametrize("fit", [boosted.fit, boosted.tweedie, boosted.lognormal])
def test_a_burst_of_a_slow_seller_does_not_explode(fit):
    """Series that sold nothing for 20 weeks burst to 100 a week; those still silent are expected to sell less than that."""
    units = np.random.default_rng(1).poisson(20, (60, 40)).astype(float)
    units[:40] = 0.0
    units[:10, 20:24] = 100.0
    design = bare(units, 4)
    model = fit(design, direct.taught(design, 39), (), Forecast(), seed=0)
    silent = design.rows([39])
    silent = silent.where((silent.series >= 10) & (silent.series < 40))
    assert model.expect(design, silent).max() < 10


def test_the_mean_of_a_lognormal_law_is_above_its_median():
    """Demand of median 100 whose logarithm spreads by 0.8 has mean 100 exp(0.32) = 138: expectations sum to what was sold."""
    units = 100 * np.exp(np.random.default_rng(2).normal(0, 0.8, (400, 40)))
    design = bare(units, 2)
    rows = direct.taught(design, 39)
    model = boosted.lognormal(design, rows, (), QUICK, seed=0)
    assert model.expect(design, rows).sum() == pytest.approx(units[rows.series, rows.target].sum(), rel=1e-9)
    assert model.expect(design, design.rows([39])).mean() == pytest.approx(138, rel=0.05)


def test_a_multiplier_is_learned_alike_at_every_size(promoted):
    """The same factor of 3 moves small and large sellers: their expected lifts differ by less than a quarter."""
    model = boosted.lognormal(promoted, direct.taught(promoted, 36), ("plan",), QUICK, seed=0)
    ahead = promoted.rows([38])
    ratio = model.expect(promoted, ahead) / promoted.level[ahead.series, ahead.origin]
    on = promoted.columns["plan"]["promoted"][ahead.series, 38, ahead.ahead - 1] > 0
    large = promoted.level[ahead.series, 38] > np.median(promoted.level[:, 38])
    lift = [ratio[on & side].mean() / ratio[~on & side].mean() for side in (large, ~large)]
    assert lift[0] / lift[1] == pytest.approx(1, abs=0.25)


def test_the_models_averaged_differ_and_repeat(promoted):
    """Each draws rows and features of its own, and the same seed draws them again."""
    rows = direct.taught(promoted, 36)
    first, again = (boosted.lognormal(promoted, rows, ("plan",), QUICK, seed=5) for _ in range(2))
    texts = [booster.model_to_string() for booster in first.boosters]
    assert len(set(texts)) == boosted.SEEDS
    assert texts == [booster.model_to_string() for booster in again.boosters]
