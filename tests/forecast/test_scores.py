import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lotwise.forecast import scores
from lotwise.tables.forecasted import LEVELS


def test_scores_by_hand():
    """Two series of two weeks, every figure worked out beside it."""
    units = np.array([1.0, 3.0, 10.0, 10.0])
    mean = np.array([2.0, 3.0, 8.0, 11.0])
    series = np.array([0, 0, 1, 1])
    naive = np.array([[4.0, 4.0, 1.0, 1.0], [2.0, 2.0, 1.0, 1.0]])
    quantiles = np.repeat(mean[:, None], len(LEVELS), axis=1)
    found = scores.score(units, mean, quantiles, series=series, scaled=series, naive=naive)
    assert found["rmse"] == pytest.approx(np.sqrt((1 + 0 + 4 + 1) / 4))
    assert found["mae"] == pytest.approx(1.0)  # (1 + 0 + 2 + 1) / 4
    assert found["r2_within"] == pytest.approx(1 - 6 / 2)  # around own means 2 and 10: 1 + 1 + 0 + 0
    assert found["rmsse"] == pytest.approx((np.sqrt(0.5 / 4) + np.sqrt(2.5)) / 2)  # mean squares 0.5 and 2.5
    assert found["mase"] == pytest.approx((0.5 / 2 + 1.5 / 1) / 2)
    assert found["bias"] == pytest.approx(0.0)  # 1 + 0 - 2 + 1
    assert found["coverage50"] == pytest.approx(0.25)


def test_the_continuous_score_of_a_point_is_its_absolute_error():
    """With all quantiles equal the score is |error|, but for the tails beyond 1 % and 99 % that no level stands for."""
    found = scores.crps(np.array([5.0]), np.full((1, len(LEVELS)), 3.0))
    # twice the integral of level * 2 from 0.01 to 0.99
    assert found[0] == pytest.approx(2 * 2 * (0.99**2 - 0.01**2) / 2)


def test_scores_that_are_not_defined_are_absent():
    """No demand has no scaled score, and a flat past no scale."""
    zeros = np.zeros(3)
    found = scores.score(
        zeros, zeros, np.zeros((3, len(LEVELS))), series=np.arange(3), scaled=np.arange(3), naive=np.zeros((2, 3))
    )
    assert [found[name] for name in ("scrps", "bias", "rmsse", "mase", "r2_within")] == [None] * 5
    assert found["rmse"] == 0


def test_naive_errors_leave_out_weeks_before_the_series():
    """Steps 2 and -4: mean square 10, mean absolute 3."""
    np.testing.assert_allclose(scores.naive_errors(np.array([[np.nan, 1.0, 3.0, -1.0]])), [[10], [3]])


def test_naive_errors_of_a_season():
    """Two weeks apart, 1 3 4 8 steps by 3 and 5: mean square 17, mean absolute 4; a past shorter than that has none."""
    np.testing.assert_allclose(scores.naive_errors(np.array([[1.0, 3.0, 4.0, 8.0]]), 2), [[17], [4]])
    np.testing.assert_allclose(scores.naive_errors(np.array([[1.0]]), 2), [[0], [0]])


def test_more_scores_by_hand():
    """Errors 1, 0, -2, 1 of demands 1, 3, 10, 10."""
    units, mean = np.array([1.0, 3.0, 10.0, 10.0]), np.array([2.0, 3.0, 8.0, 11.0])
    series = np.array([0, 0, 1, 1])
    naive = np.array([[4.0, 4.0, 1.0, 1.0], [2.0, 2.0, 1.0, 1.0]])
    quantiles = np.repeat(mean[:, None], len(LEVELS), axis=1)
    weight = np.array([30.0, 30.0, 10.0, 10.0])
    found = scores.score(units, mean, quantiles, series=series, scaled=series, naive=naive, weight=weight)
    assert found["mse"] == pytest.approx(6 / 4)
    assert found["r2"] == pytest.approx(1 - 6 / 66)  # around the mean 6: 25 + 9 + 16 + 16
    assert found["smape"] == pytest.approx((2 / 3 + 0 + 4 / 18 + 2 / 21) / 4)
    assert found["wrmsse"] == pytest.approx((3 * np.sqrt(0.5 / 4) + np.sqrt(2.5)) / 4)


def test_equal_weights_leave_the_scaled_error_as_it_is():
    """WRMSSE with one weight for all is RMSSE, and a series without weight counts for nothing."""
    rng = np.random.default_rng(0)
    units, mean, series = rng.poisson(5, 40).astype(float), rng.uniform(1, 9, 40), np.repeat(np.arange(10), 4)
    naive = np.repeat(rng.uniform(1, 5, (2, 10)), 4, axis=1)
    quantiles = np.repeat(mean[:, None], len(LEVELS), axis=1)
    same = {"series": series, "scaled": series, "naive": naive}
    flat = scores.score(units, mean, quantiles, weight=np.full(40, 7.0), **same)
    assert flat["wrmsse"] == pytest.approx(flat["rmsse"])
    first = scores.score(units, mean, quantiles, weight=(series < 5).astype(float), **same)
    kept = slice(0, 20)
    half = scores.score(
        units[kept], mean[kept], quantiles[kept], series=series[kept], scaled=series[kept], naive=naive[:, kept]
    )
    assert first["wrmsse"] == pytest.approx(half["rmsse"])


def test_a_constant_explains_nothing():
    """The mean of all cells has an R2 of 0; so has any forecast of demand that never varies."""
    units = np.array([1.0, 2.0, 6.0])
    assert scores.r2(units, np.full(3, 3.0)) == pytest.approx(0.0)
    assert scores.r2(np.full(3, 4.0), np.array([4.0, 4.0, 4.0])) == 0.0


def test_a_forecast_of_nothing_that_nothing_came_of_is_right():
    """Where demand and forecast are both 0, the symmetric error is 0 and no division by 0."""
    assert scores.smape(np.zeros(2), np.array([0.0, 1.0])) == pytest.approx(1.0)  # (0 + 2) / 2


def test_a_rival_is_one():
    """The overall weighted average of the rival itself is 1, of half its errors a half; undefined for a perfect rival."""
    assert scores.owa(0.2, 3.0, rival_smape=0.2, rival_mase=3.0) == pytest.approx(1.0)
    assert scores.owa(0.1, 1.5, rival_smape=0.2, rival_mase=3.0) == pytest.approx(0.5)
    assert scores.owa(0.1, 1.5, rival_smape=0.0, rival_mase=3.0) is None


def test_value_added_is_the_share_of_error_removed():
    """1 + 2 of 4 + 8 leaves three quarters removed; twice the error adds as much again."""
    assert scores.value_added(np.array([1.0, 2.0]), np.array([4.0, 8.0])) == pytest.approx(0.75)
    assert scores.value_added(np.array([8.0, 16.0]), np.array([4.0, 8.0])) == pytest.approx(-1.0)
    assert scores.value_added(np.ones(2), np.zeros(2)) is None


def test_stability_is_the_mean_change_between_origins():
    """In any order of rows: week 5 forecast as 10 then 12 then 11, demand 20: (2 + 1) / (20 + 20)."""
    rows = np.array(
        [[0, 5, 3, 12, 20], [1, 5, 3, 7, 9], [0, 5, 4, 11, 20], [0, 5, 2, 10, 20], [0, 6, 4, 50, 1]],
        float,
    )
    series, week, origin = rows[:, :3].T.astype(np.int64)
    found = scores.stability(rows[:, 3], rows[:, 4], series=series, week=week, origin=origin)
    assert found == pytest.approx(3 / 40)
    once = series == 1
    assert scores.stability(rows[once, 3], rows[once, 4], series=series[once], week=week[once], origin=origin[once]) is None


def test_quantiles_between_levels():
    """The quantile at any level is numpy's interpolation of each cell's curve, held at both ends."""
    rng = np.random.default_rng(3)
    quantiles = np.sort(rng.gamma(2, 5, (50, len(LEVELS))), axis=1)
    ratio = rng.random(50)
    ratio[:2] = 0.001, 0.999
    expected = [np.interp(level, LEVELS, curve) for level, curve in zip(ratio, quantiles, strict=True)]
    np.testing.assert_allclose(scores.at(quantiles, ratio), expected)


def test_money_lost_is_the_newsvendors_regret():
    """Price-weighted pinball at the critical ratio equals profit with known demand minus profit of the plan."""
    rng = np.random.default_rng(4)
    count = 500
    price = rng.uniform(2, 9, count)
    cost = price * rng.uniform(0.3, 0.9, count)
    salvage = cost * rng.uniform(0, 0.9, count)
    units = rng.poisson(8, count).astype(float)
    quantiles = np.sort(rng.gamma(3, 3, (count, len(LEVELS))), axis=1)
    ratio = (price - cost) / (price - salvage)
    plan = np.array([np.interp(level, LEVELS, curve) for level, curve in zip(ratio, quantiles, strict=True)])

    def profit(made):
        return price * np.minimum(made, units) - cost * made + salvage * np.maximum(made - units, 0)

    found = scores.money_loss(units, quantiles, ratio, price - salvage)
    np.testing.assert_allclose(found, profit(units) - profit(plan), atol=1e-10)
    assert found.min() >= 0


def test_revenue_of_the_last_weeks():
    """Absent weeks and prices count as 0: 2 x 3 + 4 x 5 of the last two weeks."""
    units = np.array([[9.0, 2.0, 4.0], [np.nan, 1.0, 7.0]])
    price = np.array([[1.0, 3.0, 5.0], [1.0, 1.0, np.nan]])
    np.testing.assert_allclose(scores.revenue(units, price, 2), [26, 1])


def test_scores_agree_with_a_second_implementation():
    """MSE, RMSE, MAE, sMAPE, MASE, RMSSE, bias, pinball and coverage equal those of utilsforecast."""
    losses = pytest.importorskip("utilsforecast.losses")
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(9)
    past = rng.poisson(6, (3, 20)).astype(float)
    units, mean = rng.poisson(6, (3, 5)).astype(float), rng.uniform(1, 9, (3, 5))
    quantiles = np.sort(rng.gamma(3, 2, (3, 5, len(LEVELS))), axis=2)
    number = np.repeat(np.arange(3), 5)
    found = scores.score(
        units.ravel(), mean.ravel(), quantiles.reshape(15, -1), series=number, scaled=number,
        naive=scores.naive_errors(past)[:, number],
    )  # fmt: skip
    frame = pandas.DataFrame({"unique_id": number, "ds": np.tile(np.arange(20, 25), 3), "y": units.ravel(), "m": mean.ravel()})
    low, high = LEVELS.index(0.05), LEVELS.index(0.95)
    frame["m-lo-90"], frame["m-hi-90"] = quantiles[:, :, low].ravel(), quantiles[:, :, high].ravel()
    train = pandas.DataFrame({"unique_id": np.repeat(np.arange(3), 20), "ds": np.tile(np.arange(20), 3), "y": past.ravel()})

    def theirs(name, **options):
        return getattr(losses, name)(frame, models=["m"], **options)["m"].mean()

    assert found["mse"] == pytest.approx(theirs("mse"))
    assert found["rmse"] == pytest.approx(np.sqrt(theirs("mse")))
    assert found["mae"] == pytest.approx(theirs("mae"))
    assert found["smape"] == pytest.approx(2 * theirs("smape"))  # theirs goes from 0 to 1
    assert found["mase"] == pytest.approx(theirs("mase", seasonality=1, train_df=train))
    assert found["rmsse"] == pytest.approx(theirs("rmsse", seasonality=1, train_df=train))
    assert found["bias"] == pytest.approx(theirs("bias") / units.mean())
    assert found["coverage90"] == pytest.approx(theirs("coverage", level=90))
    frame["q"] = quantiles[:, :, high].ravel()
    pinball = losses.quantile_loss(frame, models={"m": "q"}, q=0.95)["m"].mean()
    assert scores.pinball(units.ravel(), quantiles.reshape(15, -1))[:, high].mean() == pytest.approx(pinball)


def dense(quantiles, count=200_001):
    """Return demand at many levels, evenly spaced, of a curve that is straight between its levels."""
    return np.interp((np.arange(count) + 0.5) / count, LEVELS, quantiles)


curves = st.lists(st.floats(0.0, 50.0), min_size=len(LEVELS), max_size=len(LEVELS)).map(lambda steps: np.cumsum(steps) + 1)
"""Quantiles of demand, none below one unit."""


@settings(deadline=None, max_examples=30)
@given(curves)
def test_the_point_for_percentage_error_is_the_best_there_is(curve):
    """Of two thousand points, none has a smaller expected absolute percentage error, to one in ten thousand."""
    came = dense(curve, 4_001)
    tried = np.linspace(curve[0], curve[-1], 2_001)
    errors = (np.abs(tried[:, None] - came) / came).mean(axis=1)
    mine = (np.abs(scores.point(curve[None], loss="mape")[0] - came) / came).mean()
    assert mine <= errors.min() * (1 + 1e-4) + 1e-9


def test_the_point_for_percentage_error_of_a_lognormal_law():
    """Its density over y is lognormal too, of log mean m - s^2: with m = 5 and s = 0.6 the median is exp(4.64) = 103.5."""
    law = stats.lognorm(0.6, scale=np.exp(5))
    found = scores.point(law.ppf(LEVELS)[None], loss="mape")
    assert found[0] == pytest.approx(np.exp(4.64), rel=0.01)


def test_no_demand_has_no_percentage_error():
    """Where half of demand is none, the point is the one best for the weeks with at least a unit; without any it is 0."""
    some = np.array([[0.0 if level < 0.5 else 10 + 20 * (level - 0.5) for level in LEVELS]])
    came = dense(some[0])
    came = came[came >= 1]
    half = np.cumsum(1 / came) / (1 / came).sum()  # the median under weights 1 / y, by brute force
    assert scores.point(some, loss="mape")[0] == pytest.approx(came[np.searchsorted(half, 0.5)], rel=1e-3)
    assert scores.point(np.zeros((1, len(LEVELS))), loss="mape")[0] == 0


@settings(deadline=None, max_examples=30)
@given(curves)
def test_the_other_points_are_the_median_and_the_mean(curve):
    """The mean is that of very many draws along the curve."""
    assert scores.point(curve[None], loss="median")[0] == curve[LEVELS.index(0.5)]
    assert scores.point(curve[None])[0] == pytest.approx(dense(curve).mean(), rel=1e-4)


def test_percentage_errors_by_hand():
    """Errors 1 of 2 and 1 of 4; a week without demand is left out, and without any there is no figure."""
    assert scores.mape(np.array([2.0, 4.0, 0.0]), np.array([3.0, 3.0, 9.0])) == pytest.approx((1 / 2 + 1 / 4) / 2)
    assert scores.mape(np.zeros(2), np.ones(2)) is None
