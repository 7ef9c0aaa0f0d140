import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.config import Source
from lotwise.forecast import conformal
from lotwise.forecast.design import bare, design
from lotwise.forecast.panel import Facts, dense
from lotwise.tables.forecasted import LEVELS

ENDS = {0.5: (LEVELS.index(0.25), LEVELS.index(0.75)), 0.9: (LEVELS.index(0.05), LEVELS.index(0.95))}


def shares(units, quantiles, share):
    """Return the shares strictly inside an interval, and inside it or on its ends."""
    low, high = (quantiles[:, place] for place in ENDS[share])
    return ((units > low) & (units < high)).mean(), ((units >= low) & (units <= high)).mean()


@pytest.mark.parametrize("law", ["poisson", "negative binomial"])
def test_quantiles_cover_a_known_law(law):
    """Calibrated on true means of one half, the quantiles of the other half cover as they say, within 3 points."""
    rng = np.random.default_rng(3)
    mean = rng.uniform(1, 60, 12_000)
    units = rng.poisson(mean if law == "poisson" else rng.gamma(5.0, mean / 5.0)).astype(float)
    dispersion = rng.uniform(0.5, 2, 12_000)
    half, rest = slice(0, 6000), slice(6000, None)
    found = conformal.calibrate(units[half], mean[half], dispersion[half]).quantiles(mean[rest], dispersion[rest])
    for share in ENDS:
        inside, touching = shares(units[rest], found, share)
        assert inside - 0.03 <= share <= touching + 0.03


def test_coverage_holds_in_every_group_and_class():
    """Errors grow with the week ahead, double under promotion, spread with dispersion: all are covered."""
    rng = np.random.default_rng(13)
    count = 80_000
    mean, dispersion = rng.uniform(20, 60, count), rng.choice([0.5, 1.0, 2.0], count) + rng.uniform(0, 0.1, count)
    ahead, promoted = rng.integers(0, 4, count), rng.random(count) < 0.4
    sigma = (1 + 0.2 * ahead) * np.where(promoted, 2.0, 1.0) * np.rint(2 * dispersion)
    units = np.maximum(mean + sigma * rng.normal(size=count), 0)
    group = promoted * 4 + ahead
    half, rest = slice(0, count // 2), slice(count // 2, None)
    made = conformal.calibrate(units[half], mean[half], dispersion[half], group[half])
    found = made.quantiles(mean[rest], dispersion[rest], group[rest])
    for share in ENDS:
        parts = [group[rest] == number for number in range(8)]
        parts += [np.rint(2 * dispersion[rest]) == spread for spread in (1, 2, 4)]
        for part in parts:
            assert shares(units[rest][part], found[part], share)[1] == pytest.approx(share, abs=0.03)


def test_the_kth_of_n_errors_stands_at_level_k_over_n_plus_1():
    """Of 399 errors, too few for two bins, the 20th stands at level 0.05 = 20 / 400, and so on at every level."""
    rng = np.random.default_rng(1)
    mean = rng.uniform(5, 50, 399)
    units = rng.poisson(mean).astype(float)
    error = np.sort((units - mean) / conformal.scale(mean))
    place = [round(400 * level) - 1 for level in LEVELS]
    made = conformal.calibrate(units, mean, rng.uniform(0.5, 2, 399))
    np.testing.assert_allclose(made.errors[0, 0, 0], error[place], atol=1e-12)


def test_a_small_group_is_like_its_class():
    """With one error in a group, its quantiles are nearly those of the class; with none, exactly."""
    rng = np.random.default_rng(2)
    mean = rng.uniform(5, 50, 3000)
    units, dispersion = rng.poisson(mean).astype(float), rng.uniform(0.5, 2, 3000)
    group = np.zeros(3000, np.int64)
    group[0] = 2
    made = conformal.calibrate(units, mean, dispersion, group)
    everywhere, one, none, unseen = (made.errors[:, :, place] for place in (3, 2, 1, 3))
    np.testing.assert_array_equal(none, everywhere)
    np.testing.assert_array_equal(unseen, everywhere)
    assert np.abs(one - everywhere).max() < 0.15 * np.ptp(everywhere)
    few = made.quantiles(mean[:5], dispersion[:5], np.full(5, 99))
    np.testing.assert_array_equal(few, made.quantiles(mean[:5], dispersion[:5]))


def test_a_group_stretches_intervals_and_keeps_the_middle():
    """A group whose errors are three times as wide gets wider intervals around the same median."""
    rng = np.random.default_rng(7)
    mean, dispersion = np.full(8000, 50.0), np.ones(8000)
    group = np.repeat([0, 1], 4000)
    units = mean + rng.normal(size=8000) * np.where(group == 1, 6.0, 2.0)
    made = conformal.calibrate(units, mean, dispersion, group)
    calm, wild = made.quantiles(np.array([50.0, 50.0]), np.ones(2), np.array([0, 1]))
    middle = LEVELS.index(0.5)
    assert calm[middle] == wild[middle]
    low, high = ENDS[0.9]
    assert wild[high] - wild[low] > 2 * (calm[high] - calm[low])


@given(st.integers(1, 200), st.integers(0, 10_000), st.booleans())
def test_quantiles_rise_and_are_never_negative(count, seed, grouped):
    """Whatever the number of errors and groups, quantiles are monotone and at least 0."""
    rng = np.random.default_rng(seed)
    mean, units, dispersion = rng.uniform(0.02, 30, count), rng.poisson(3, count).astype(float), rng.uniform(0.2, 5, count)
    group = rng.integers(0, 9, count) if grouped else None
    made = conformal.calibrate(units, mean, dispersion, group)
    found = made.quantiles(rng.uniform(0.02, 90, 50), rng.uniform(0.2, 9, 50), rng.integers(0, 12, 50) if grouped else None)
    assert (np.diff(found, axis=1) >= -1e-12).all()
    assert found.min() >= 0


def test_errors_that_are_all_one_number_are_that_number():
    """A demand of 0 forecast as 0.02 every time: every quantile is the same, and none is absent."""
    found = conformal.calibrate(np.zeros(500), np.full(500, 0.02), np.full(500, 0.2), np.arange(500) % 4)
    np.testing.assert_allclose(found.quantiles(np.array([0.02]), np.array([0.2])), 0.0, atol=1e-12)


def test_without_any_error_they_are_normal():
    """Nothing to calibrate on: the median is the mean, and 2 x 1.645 standard deviations hold 90 %."""
    nothing = np.zeros(0)
    found = conformal.calibrate(nothing, nothing, nothing, np.zeros(0, np.int64)).quantiles(np.array([400.0]), np.array([1.0]))
    low, high = ENDS[0.9]
    assert found[0, LEVELS.index(0.5)] == pytest.approx(400)
    assert found[0, high] - found[0, low] == pytest.approx(2 * 1.645 * conformal.scale(np.array([400.0]))[0], rel=1e-3)


def test_wide_errors_of_dispersed_series_stay_theirs():
    """Series that spread more get wider quantiles than series of the same size that do not."""
    rng = np.random.default_rng(5)
    mean = np.full(4000, 20.0) + rng.uniform(0, 1, 4000)
    dispersion = np.repeat([0.5, 3.0], 2000)
    units = np.maximum(mean + rng.normal(size=4000) * np.where(dispersion > 1, 9, 2), 0)
    found = conformal.calibrate(units, mean, dispersion).quantiles(np.array([20.5, 20.5]), np.array([0.5, 3.0]))
    width = found[:, LEVELS.index(0.95)] - found[:, LEVELS.index(0.05)]
    assert width[1] > 3 * width[0]


def test_groups_are_weeks_ahead_and_apart_for_promoted_weeks(promoted_shop):
    """A target week whose mailer is above the product's usual one is in the second set of groups; others in the first."""
    facts = Facts(dense(promoted_shop["demand"]), 4, promoted_shop, lambda _: None)
    made = design(facts, [Source(name="promotions", tables=["promotions"], known="plan")], None)
    rows = made.rows([30])
    found = conformal.groups(made, rows, ("promotions",))
    mailer = promoted_shop["promotions"]["mailer"].to_numpy().reshape(30, 48)
    np.testing.assert_array_equal(found, rows.ahead - 1 + 4 * (mailer[rows.series, rows.target] > 0))
    np.testing.assert_array_equal(conformal.groups(made, rows, ()), rows.ahead - 1)


def test_without_sources_a_group_is_a_week_ahead():
    """A bare design has as many groups as weeks ahead."""
    made = bare(np.ones((2, 20)), 3)
    assert sorted(set(conformal.groups(made, made.rows([10]), ()).tolist())) == [0, 1, 2]
