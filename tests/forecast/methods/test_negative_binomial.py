import numpy as np
from scipy.stats import nbinom

from lotwise.config import Forecast
from lotwise.forecast.design import bare
from lotwise.forecast.methods import negative_binomial as counts
from lotwise.forecast.task import Task
from lotwise.tables.forecasted import LEVELS


def asked(units, horizon=2):
    """Return the curve of some demand."""
    return counts.negative_binomial(Task(bare(units, horizon), units.shape[1] - 1, (), Forecast(horizon=horizon)))


def mixture(numbers, pool, setting, until):
    """Return, written plainly, the probability of counts 0 to 400 before a week under one setting."""
    keep, pull, shape, own = setting
    known = [week for week in range(until) if numbers[week] >= 0]
    fade = {week: keep ** (until - 1 - week) for week in known}
    seen, sold = sum(fade.values()), sum(fade[week] * numbers[week] for week in known)
    mean = (sold + pull * pool) / (seen + pull)
    found = nbinom.pmf(np.arange(401), shape, shape / (shape + mean))
    for week in known:
        found[numbers[week]] += own * fade[week]
    return found / (1 + own * seen)


NUMBERS = np.array([[0, 3, 0, -1, 0, 3, 1, 0], [2, 0, 2, 2, 2, 0, 2, 2]])


def test_likelihoods_are_those_of_the_plain_formula():
    """The likelihood of every setting is the product of its probabilities, week by week, of what came."""
    found = counts.likelihoods(NUMBERS, 0.7)
    for series, numbers in enumerate(NUMBERS):
        for place, setting in enumerate(counts.SETTINGS):
            weeks = [week for week in range(1, 8) if numbers[week] >= 0]
            expected = sum(np.log(mixture(numbers, 0.7, setting, week)[numbers[week]]) for week in weeks)
            np.testing.assert_allclose(found[series, place], expected)


def test_mean_and_quantiles_are_those_of_the_plain_mixture():
    """A quantile is the least count whose probability adds up to its level."""
    curve = asked(np.where(NUMBERS < 0, np.nan, NUMBERS.astype(float)))
    pool = np.median([7 / 7, 12 / 8])
    logs = counts.likelihoods(NUMBERS, pool)
    weights = counts.posterior(logs, counts.common(logs))
    for series, numbers in enumerate(NUMBERS):
        chance = sum(w * mixture(numbers, pool, s, 8) for w, s in zip(weights[series], counts.SETTINGS, strict=True))
        np.testing.assert_allclose(curve.mean[series], chance @ np.arange(401), rtol=1e-6)
        np.testing.assert_array_equal(curve.quantiles[series, 0], np.searchsorted(chance.cumsum(), LEVELS))


def test_how_common_settings_are_is_learned():
    """Where 300 of 400 series can only be of one kind and 100 of another, three quarters and one are found."""
    logs = np.where(np.arange(400)[:, None] < 300, [0.0, -50.0], [-50.0, 0.0])
    np.testing.assert_allclose(counts.common(logs), [300.5 / 401, 100.5 / 401])


def test_intervals_hold_on_demand_that_comes_now_and_then():
    """Of 600 negative binomial series with a tenth to two units a week, 90 to 98 % fall within the 95 % quantile."""
    rng = np.random.default_rng(5)
    mean = rng.uniform(0.1, 2, (600, 1))
    units = rng.negative_binomial(0.8, 0.8 / (0.8 + mean), (600, 41)).astype(float)
    curve = asked(units[:, :40], 1)
    inside = (units[:, 40] <= curve.quantiles[:, 0, LEVELS.index(0.95)]).mean()
    assert 0.93 <= inside <= 0.99
    np.testing.assert_allclose(curve.mean.mean(), mean.mean(), rtol=0.1)


def test_packs_stay_packs():
    """What only ever sells by the six is expected to sell in sixes: no quantile up to 90 % lies between."""
    rng = np.random.default_rng(6)
    units = 6.0 * rng.poisson(0.5, (20, 80))
    quantiles = asked(units).quantiles[:, 0, : LEVELS.index(0.9)]
    assert (quantiles % 6 == 0).mean() > 0.9


def test_weights_and_fast_sellers_are_counted_in_parts_of_their_largest_week():
    """Kilograms and thousands are counted in two-hundredths; pieces below 200 one by one; what is returned is none."""
    units = np.array([[0.5, 2.0, np.nan], [1000.0, 0.0, 400.0], [3.0, -1.0, 200.0]])
    numbers, unit = counts.counts(units)
    np.testing.assert_allclose(unit, [0.01, 5, 1])
    np.testing.assert_array_equal(numbers, [[50, 200, -1], [200, 0, 80], [3, 0, 200]])
