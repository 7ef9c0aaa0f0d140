"""Forecast, backtest and score without a project."""

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from lotwise.errors import ContractError, SettingsError
from lotwise.forecast import Forecast, Source, backtest, forecast, read, score, select, tune
from lotwise.tables.forecasted import QUANTILES

PLAN = [Source(name="promotions", tables=["promo"], known="plan")]
QUICK = Forecast(rounds=15, workers=1)


@pytest.fixture(scope="module")
def shop():
    """Twenty products over 44 weeks, and plans for 4 more, whose demand triples in promoted weeks."""
    rng = np.random.default_rng(3)
    promo = (rng.random((20, 48)) < 0.2).astype(float)
    units = rng.poisson(rng.uniform(5, 30, 20)[:, None] * (1 + 2 * promo)).astype(float)
    units[:, 44:] = np.nan
    weeks = pd.date_range("2024-01-01", periods=48, freq="W-MON")
    ids = np.repeat([f"p{number:02d}" for number in range(20)], 48)
    return pd.DataFrame({"unique_id": ids, "ds": np.tile(weeks, 20), "y": units.ravel(), "promo": promo.ravel()})


def test_a_forecast_has_a_row_a_series_and_week(shop):
    """Every series, the four weeks after the last, a distribution that rises and is never negative."""
    made = forecast(shop, 4, method="ses").to_pandas()
    assert len(made) == 80
    assert sorted(made.ds.unique()) == list(pd.date_range("2024-11-04", periods=4, freq="W-MON"))
    levels = made[list(QUANTILES)].to_numpy()
    assert (np.diff(levels, axis=1) >= 0).all()
    assert levels.min() >= 0


def test_knowing_the_plan_helps_and_the_scores_say_so(shop):
    """With the promotions as a plan the error is less than half of that with their past alone."""
    told, blind = (
        score(
            backtest(shop, 4, methods=["poisson"], windows=2, sources=sources, params=Forecast(rounds=60)), frame=shop
        ).to_pylist()[0]
        for sources in (PLAN, ())
    )
    assert told["rmse"] < 0.5 * blind["rmse"]
    assert told["rmsse"] < 0.5 * blind["rmsse"]


def test_a_backtest_settles_what_came(shop):
    """Its y is the frame's at that date, and every date lies after its cutoff."""
    made = backtest(shop, 4, methods=["naive"], windows=2).to_pandas()
    both = made.merge(shop, on=["unique_id", "ds"])
    assert (both.y_x == both.y_y).all()
    assert (made.ds > made.cutoff).all()
    last = made[made.ds == made.cutoff + pd.Timedelta(weeks=1)].merge(
        shop, left_on=["unique_id", "cutoff"], right_on=["unique_id", "ds"]
    )
    assert (last["mean"] == last.y_y).all()


def test_the_future_changes_nothing_before_it(shop):
    """Other demand and other promotions after a cutoff leave its forecasts as they were."""
    other = shop.copy()
    late = other.ds > "2024-09-02"
    other.loc[late & other.y.notna(), "y"] = 500.0
    other.loc[late, "promo"] = 0.5
    first, second = (
        backtest(frame, 4, methods=["poisson", "ses"], windows=[9], params=QUICK).drop_columns(["y"]) for frame in (shop, other)
    )
    assert first.equals(second)


def test_same_seed_same_bytes(shop):
    """Workers change the time and nothing else."""
    one, two = (
        backtest(shop, 4, methods=["poisson"], windows=2, sources=PLAN, params=Forecast(rounds=15, workers=workers))
        for workers in (1, 2)
    )
    assert one.equals(two)


class Middle:
    """A forecaster of one's own: the mean of what it has seen."""

    def fit(self, frame):
        """Learn each series' mean."""
        self.known = frame.to_pandas().groupby("unique_id").y.mean()
        return self

    def predict(self, horizon, future):
        """Return the mean for every week ahead."""
        wanted = future.to_pandas()[["unique_id", "ds"]]
        assert len(wanted) == horizon * len(self.known)
        return wanted.assign(mean=wanted.unique_id.map(self.known))


def test_a_forecaster_of_ones_own_is_calibrated(shop):
    """Ten lines with fit and predict stand beside the built-in methods, with intervals that hold."""
    table = score(backtest(shop, 4, methods=[Middle(), "mean"], windows=2), frame=shop).to_pylist()
    own, built_in = table
    assert own["model"] == "Middle"
    assert own["rmse"] == pytest.approx(built_in["rmse"])
    assert 0.75 < own["coverage90"] <= 1


def test_linear_algebra_has_one_thread(shop):
    """The last bits of a fit must not depend on the number of cores: a forecast, like a backtest, is made on one."""
    seen = set()

    class Watching(Middle):
        def fit(self, frame):
            seen.update(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
            return super().fit(frame)

    with threadpool_limits(limits=2):
        forecast(shop, 4, method=Watching())
    assert seen == {1}


def test_a_forecaster_that_leaves_rows_out_is_told(shop):
    """A missing row is an error, not a zero."""

    class Short(Middle):
        def predict(self, horizon, future):
            return super().predict(horizon, future).head(3)

    with pytest.raises(ContractError, match="have no finite 'mean'"):
        forecast(shop, 4, method=Short())


def test_what_is_no_forecaster_is_refused(shop):
    """It says which of fit and predict is missing."""
    with pytest.raises(SettingsError, match="without fit and predict"):
        forecast(shop, 4, method=object())


def test_auto_chooses_by_money_where_economics_are_given(shop):
    """With the plan known, some learner that is told of it wins; the choice is the same each time."""
    money = pd.DataFrame({"unique_id": shop.unique_id.unique(), "price": 3.0, "cost": 2.0, "salvage": 0.5})
    few = Forecast(methods=["history", "ses", "poisson"], rounds=15)
    made = [forecast(shop, 4, sources=PLAN, economics=money, params=few) for _ in range(2)]
    assert made[0]["model"][0].as_py() == "poisson"
    assert made[0].equals(made[1])


def test_economics_that_make_no_sense_are_refused(shop):
    """Salvage below cost below price, for every series."""
    money = pd.DataFrame({"unique_id": shop.unique_id.unique(), "price": 3.0, "cost": 4.0, "salvage": 0.5})
    with pytest.raises(ContractError, match="break salvage < cost <= price"):
        forecast(shop, 4, economics=money)
    with pytest.raises(ContractError, match="no row for 1 of 20 series"):
        forecast(shop, 4, economics=money.assign(cost=2.0).iloc[1:])


@pytest.mark.parametrize("freq", ["h", "D", "MS", "QS", "YS"])
def test_any_regular_period_will_do(freq):
    """Hours, days, months, quarters and years are forecast alike."""
    dates = pd.date_range("2000-01-01", periods=30, freq=freq)
    frame = pd.DataFrame({"unique_id": "a", "ds": dates, "y": np.arange(30.0)})
    made = forecast(frame, 3, method="naive").to_pandas()
    assert list(made.ds) == list(pd.date_range(dates[-1], periods=4, freq=freq)[1:])


def test_a_short_frame_falls_back_to_its_own_history():
    """Three weeks teach no learner; their own quantiles stand in."""
    frame = pd.DataFrame({"unique_id": "a", "ds": [1, 2, 3], "y": [4.0, 5.0, 6.0]})
    made = forecast(frame, 2, method="poisson")
    assert made["mean"].to_pylist() == [5.0, 5.0]


def test_windows_that_do_not_fit_are_refused(shop):
    """It says how many periods there are."""
    with pytest.raises(ContractError, match="44 periods cannot hold a cutoff"):
        backtest(shop, 4, windows=20)


@pytest.mark.parametrize("horizon", [0, -1, 1.5])
def test_a_horizon_is_a_whole_number_of_periods(shop, horizon):
    """Nothing is forecast nought periods ahead."""
    with pytest.raises(ContractError, match="at least 1"):
        forecast(shop, horizon)


def test_tuning_returns_settings_no_worse_than_todays(shop):
    """Today's settings are among those tried."""
    found = tune(shop, 4, sources=PLAN, params=Forecast(rounds=15, tune=0.2))
    assert isinstance(found, Forecast)
    with pytest.raises(SettingsError, match="no settings to tune"):
        tune(shop, 4, method="ses")


def test_read_once_use_often(shop):
    """A frame that has been read is taken as it is."""
    assert forecast(read(shop), 4, method="naive").equals(forecast(shop, 4, method="naive"))


def test_r2_of_a_constant_is_none_or_zero(shop):
    """Forecasting each product's own mean over the weeks scored explains nothing within products."""
    rows = backtest(shop, 4, methods=["mean"], windows=1).to_pandas()
    rows["mean"] = rows.groupby("unique_id").y.transform("mean")
    assert score(rows).to_pylist()[0]["r2_within"] == pytest.approx(0.0)


def test_a_source_of_noise_is_left_out_and_a_plan_is_kept(shop):
    """Selection by backtest keeps what makes forecasts better and nothing that makes them worse."""
    noisy = shop.assign(noise=np.random.default_rng(5).normal(size=len(shop)))
    sources = [*PLAN, Source(name="noise", tables=["noise"], known="plan")]
    assert select(noisy, 4, sources, params=Forecast(rounds=40)) == PLAN
    with pytest.raises(SettingsError, match="is told no sources"):
        select(noisy, 4, sources, method="ses")


def test_scores_stand_beside_the_naive_forecast(shop):
    """The naive forecast adds nothing over itself; a mean that hardly moves is stabler than the last week again."""
    found = score(backtest(shop, 4, methods=["naive", "mean"], windows=[8, 7, 6, 5, 4]), frame=shop).to_pylist()
    mean, naive = found
    assert (naive["value_added"], naive["owa"]) == (0.0, 1.0)
    assert mean["value_added"] == pytest.approx(1 - mean["mae"] / naive["mae"])
    assert mean["stability"] < 0.1 < naive["stability"]
    alone = score(backtest(shop, 4, methods=["mean"], windows=1)).to_pylist()[0]
    assert (alone["value_added"], alone["owa"], alone["stability"]) == (None, None, None)
