"""Peers on Complete Journey, where they are installed: statsforecast, mlforecast and, when asked for, neuralforecast.

Every peer forecasts the same cells. Those that take promotions (mlforecast, neuralforecast) are given display, mailer and
front of the target week as known, as ours are. mlforecast forecasts recursively, is fitted at every origin, and has the
best of four set-ups tried on these windows; neuralforecast is fitted once, at the first origin. Where a peer has its own
intervals they are used; mlforecast and Croston's method have conformal ones. Quantiles are cut at 0 and put in order.
"""

from __future__ import annotations

import time
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.forecast.methods.boosted import SHARE
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lotwise.forecast.panel import Facts

PLANS = ("mailer", "display", "front")
WIDTHS = [round(100 * (1 - 2 * level)) for level in LEVELS if level < 0.5]
DEEP = {"TFT": 150, "NHITS": 400}
PACKAGES = ("statsforecast", "mlforecast")
Made = tuple[str, list[Curve], float]


def forecasts(
    facts: Facts, ends: Sequence[int], *, deep: bool, packages: Sequence[str] = PACKAGES, nets: Sequence[str] = tuple(DEEP)
) -> Iterator[Made]:
    """Yield the name, the curves and the seconds of every peer that is installed.

    Parameters
    ----------
    facts
        Demand and promotions.
    ends
        Place of each origin among the weeks.
    deep
        Whether to run neuralforecast too, minutes more.
    packages, nets
        Which of the others, and of its networks.
    """
    wanted = {"statsforecast": _statistical, "mlforecast": _recursive}
    wanted = {module: wanted[module] for module in packages} | ({"neuralforecast": partial(_neural, nets=nets)} if deep else {})
    for module, run in wanted.items():
        if find_spec(module) is None:
            print(f"{module} is not installed: left out", flush=True)
            continue
        yield from run(facts, ends)


def frame(facts: Facts) -> Any:  # noqa: ANN401  pandas is the peers', not ours
    """Return demand and plans as the peers want them: ``unique_id, ds, y`` and a column a kind of promotion."""
    import pandas as pd  # noqa: PLC0415  as above

    series, weeks = facts.panel.shape
    columns = {
        "unique_id": np.repeat([f"p{number:03d}" for number in range(series)], weeks),
        "ds": np.tile(facts.panel.weeks.astype("datetime64[ns]"), series),
        "y": facts.panel.units.ravel(),
    }
    plans = {kind: np.nan_to_num(facts.panel.spread(facts.tables["promotions"], kind, facts.panel.weeks)) for kind in PLANS}
    return pd.DataFrame(columns | {kind: values.ravel() for kind, values in plans.items()})


def _statistical(facts: Facts, ends: Sequence[int]) -> Iterator[Made]:
    from statsforecast import StatsForecast  # noqa: PLC0415  optional
    from statsforecast.models import CrostonSBA, DynamicOptimizedTheta  # noqa: PLC0415
    from statsforecast.utils import ConformalIntervals  # noqa: PLC0415

    demand = frame(facts)[["unique_id", "ds", "y"]]
    horizon = facts.horizon
    intervals = ConformalIntervals(n_windows=4, h=horizon)
    for model in (DynamicOptimizedTheta(season_length=1), CrostonSBA(prediction_intervals=intervals)):
        start = time.perf_counter()
        engine = StatsForecast(models=[model], freq="W-MON", n_jobs=1)
        found = engine.cross_validation(df=demand, h=horizon, n_windows=len(ends), step_size=1, level=WIDTHS)
        name = str(model)
        found = found.sort_values(["cutoff", "unique_id", "ds"])
        yield f"statsforecast {name}", _curves(found, name, len(ends), horizon), time.perf_counter() - start


def _recursive(facts: Facts, ends: Sequence[int]) -> Iterator[Made]:
    import lightgbm  # noqa: PLC0415  optional, as what follows
    from mlforecast import MLForecast  # noqa: PLC0415
    from mlforecast.lag_transforms import (  # noqa: PLC0415
        ExpandingMean,
        ExponentiallyWeightedMean,
        RollingMax,
        RollingMean,
        RollingStd,
    )
    from mlforecast.utils import PredictionIntervals  # noqa: PLC0415

    demand = frame(facts)
    horizon, weeks = facts.horizon, facts.panel.weeks.astype("datetime64[ns]")
    model = lightgbm.LGBMRegressor(
        objective="poisson", n_estimators=150, num_leaves=31, learning_rate=0.07, verbosity=-1, n_jobs=1
    )
    moving = [RollingMean(4), RollingMean(8), RollingMean(13), RollingStd(8), RollingMax(8)]
    moving += [ExpandingMean(), ExponentiallyWeightedMean(0.3)]
    start = time.perf_counter()
    curves = []
    for end in ends:
        engine = MLForecast(
            models={"m": model},
            freq="W-MON",
            lags=[1, 2, 3, 4, 8, 13],
            lag_transforms={1: moving},
        )
        known = demand[demand["ds"] <= weeks[end]]
        ahead = demand[(demand["ds"] > weeks[end]) & (demand["ds"] <= weeks[end + horizon])].drop(columns="y")
        engine.fit(known, static_features=[], prediction_intervals=PredictionIntervals(n_windows=4, h=horizon))
        found = engine.predict(horizon, X_df=ahead, level=WIDTHS).sort_values(["unique_id", "ds"])
        curves += _curves(found, "m", 1, horizon)
    yield "mlforecast LightGBM Poisson + promotions", curves, time.perf_counter() - start


def _neural(facts: Facts, ends: Sequence[int], *, nets: Sequence[str]) -> Iterator[Made]:
    from neuralforecast import NeuralForecast, models  # noqa: PLC0415  optional, as what follows
    from neuralforecast.losses.pytorch import MQLoss  # noqa: PLC0415

    demand = frame(facts)
    horizon = facts.horizon
    for name in nets:
        start = time.perf_counter()
        model = getattr(models, name)(
            h=horizon,
            input_size=16,
            futr_exog_list=list(PLANS),
            loss=MQLoss(quantiles=list(LEVELS)),
            max_steps=DEEP[name],
            scaler_type="robust",
            random_seed=1,
            accelerator="cpu",
            enable_progress_bar=False,
            enable_model_summary=False,
            logger=False,
        )
        engine = NeuralForecast(models=[model], freq="W-MON")
        found = engine.cross_validation(df=demand, n_windows=len(ends), step_size=1, refit=False).reset_index()
        found = found.sort_values(["cutoff", "unique_id", "ds"])
        columns = [column for column in found.columns if column.startswith(name)]
        quantiles = np.maximum(np.sort(found[columns].to_numpy(float), axis=1), 0)
        quantiles = quantiles.reshape(len(ends), -1, horizon, len(LEVELS))
        curves = [Curve(one @ SHARE, one) for one in quantiles]
        yield f"neuralforecast {name} + promotions", curves, time.perf_counter() - start


def _curves(found: Any, name: str, origins: int, horizon: int) -> list[Curve]:  # noqa: ANN401  a pandas frame
    """Return the curves of rows sorted by origin, series and week, from a point and its central intervals."""
    middle = found[name].to_numpy(float)
    low = [found[f"{name}-lo-{width}"].to_numpy(float) for width in WIDTHS]
    high = [found[f"{name}-hi-{width}"].to_numpy(float) for width in reversed(WIDTHS)]
    quantiles = np.maximum(np.sort(np.stack([*low, middle, *high], axis=1), axis=1), 0)
    shape = (origins, -1, horizon)
    pairs = zip(np.maximum(middle, 0).reshape(shape), quantiles.reshape(*shape, len(LEVELS)), strict=True)
    return [Curve(mean, curve) for mean, curve in pairs]
