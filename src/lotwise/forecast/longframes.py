"""Forecast and backtest any long frame ``unique_id, ds, y``, tune a method and select sources, without a project."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.config import Forecast
from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.forecast import frames, own, selection
from lotwise.forecast.auto import AUTO, Worth, choose
from lotwise.forecast.registry import history, method_named
from lotwise.forecast.task import Curve, Task, counted, many
from lotwise.forecast.tune import search
from lotwise.tables.forecasted import LEVELS, QUANTILES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Source
    from lotwise.forecast.design import Design
    from lotwise.forecast.frames import Frame
    from lotwise.forecast.own import Forecaster
    from lotwise.forecast.registry import Method

log = logging.getLogger("lotwise.forecast")


def forecast(
    frame: Any,  # noqa: ANN401  any frame there is
    horizon: int,
    *,
    method: str | Forecaster = AUTO,
    sources: Sequence[Source] = (),
    economics: Any = None,  # noqa: ANN401  the same
    params: Forecast | None = None,
    seed: int = 0,
) -> pa.Table:
    """Return the demand of each series in the periods after the last one, with its uncertainty.

    Parameters
    ----------
    frame
        Columns ``unique_id``, ``ds``, ``y`` and any covariates, or what ``read`` made of it. Rows whose ``y`` is
        absent may carry the covariates of periods to come.
    horizon
        Periods ahead.
    method
        A method's name, ``"auto"``, or an object with ``fit`` and ``predict``.
    sources
        Which columns are known when; by default each column is known up to the last period and no further.
    economics
        Columns ``unique_id, price, cost, salvage``; with them ``auto`` chooses by money.
    params
        ``[forecast]``; its horizon, method and products are not read.
    seed
        Same seed and same frame give the same bytes.

    Returns
    -------
    pa.Table
        ``unique_id, ds, model, mean`` and the quantiles ``q010`` to ``q990``; sorted by series and period.

    Raises
    ------
    ContractError
        The frame breaks its contract; every breach is listed.
    SettingsError
        A source names a column the frame lacks, or there is no such method.
    """
    laid = frame if isinstance(frame, frames.Frame) else frames.read(frame)
    settings = msgspec.structs.replace(params or Forecast(), horizon=_horizon(horizon))
    design, names = laid.design(horizon, sources, log.warning)
    end = laid.units.shape[1] - 1
    used = _method(method, laid, (design, names, end), settings, economics, seed)
    (curve,) = many(used.make, [Task(design, end, tuple(names), settings, seed, paths=False)], workers=1)
    if curve is None:
        log.warning("too little history to fit '%s': own history stands in for it", used.name)
        curve = history(Task(design, end, (), settings, seed))
    return _table(laid, end, curve, used.name)


def backtest(  # noqa: PLR0913  each is a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    horizon: int,
    *,
    methods: Sequence[str | Forecaster] = (AUTO,),
    windows: int | Sequence[int] = 4,
    sources: Sequence[Source] = (),
    economics: Any = None,  # noqa: ANN401  the same
    params: Forecast | None = None,
    seed: int = 0,
) -> pa.Table:
    """Return what each method would have forecast at past cutoffs, beside what came: a rolling origin.

    Parameters
    ----------
    frame, horizon, sources, economics, seed
        As for ``forecast``. A covariate declared ``known = "plan"`` is read as it stands in the frame; make sure
        that it stands there as it was announced, not as it came.
    methods
        Names or objects, as ``method`` of ``forecast``.
    windows
        Number of cutoffs, a horizon apart, the last one a horizon before the end; or how many periods before the end
        each of them lies.
    params
        ``[forecast]``; ``refit`` is the number of cutoffs a learner is kept for.

    Returns
    -------
    pa.Table
        ``unique_id, ds, cutoff`` (the last period known), ``model, y, mean`` and ``q010`` to ``q990``.

    Raises
    ------
    ContractError, SettingsError
        As for ``forecast``; or there are fewer periods than the windows need.
    """
    laid = frame if isinstance(frame, frames.Frame) else frames.read(frame)
    settings = msgspec.structs.replace(params or Forecast(), horizon=_horizon(horizon))
    design, names = laid.design(horizon, sources, log.debug)
    last = laid.units.shape[1] - 1
    before = sorted((horizon * (step + 1) for step in range(windows)) if isinstance(windows, int) else windows, reverse=True)
    ends = [last - back for back in before]
    if not ends or ends[0] < 1:
        message = (
            f"{last + 1} periods cannot hold a cutoff {before[0] if before else 0} periods before the end and two before it; "
        )
        raise ContractError(message + "give fewer windows, a shorter horizon, or a longer history.")
    kept: dict[object, object] = {}
    parts = []
    for asked in methods:
        used = _method(asked, laid, (design, names, ends[0]), settings, economics, seed)
        refits = [ends[place - place % settings.refit] for place in range(len(ends))]
        tasks = [
            Task(design, end, tuple(names), settings, seed, fitted, kept, paths=False)
            for end, fitted in zip(ends, refits, strict=True)
        ]
        for task, made in zip(tasks, many(used.make, tasks, workers=settings.workers), strict=True):
            curve = made or history(Task(design, task.end, (), settings, seed))
            parts.append(_table(laid, task.end, curve, used.name, settled=True))
    return pa.concat_tables(parts)


def tune(
    frame: Any,  # noqa: ANN401  any frame there is
    horizon: int,
    *,
    method: str = "poisson",
    sources: Sequence[Source] = (),
    economics: Any = None,  # noqa: ANN401  the same
    params: Forecast | None = None,
    seed: int = 0,
) -> Forecast:
    """Return the settings of a learner that did best on the last windows of a frame, searched at random.

    Parameters
    ----------
    frame, horizon, sources, economics, seed
        As for ``forecast``.
    method
        A learner, such as ``"poisson"`` or ``"ensemble"``.
    params
        ``[forecast]``; ``tune`` is the budget in seconds, as reckoned from the size of the data; by default 60.

    Raises
    ------
    ContractError, SettingsError
        As for ``forecast``; or the method has nothing to tune.
    """
    laid = frame if isinstance(frame, frames.Frame) else frames.read(frame)
    settings = msgspec.structs.replace(params or Forecast(tune=60.0), horizon=_horizon(horizon))
    design, names = laid.design(horizon, sources, log.warning)
    worth = None if economics is None else _worth(laid, frames.arrow(economics))
    end = laid.units.shape[1] - 1
    found = search(design, names, end, method_named(method), params=settings, worth=worth, seed=seed)
    return found[0].params


def select(
    frame: Any,  # noqa: ANN401  any frame there is
    horizon: int,
    sources: Sequence[Source],
    *,
    method: str = "poisson",
    economics: Any = None,  # noqa: ANN401  the same
    params: Forecast | None = None,
    seed: int = 0,
) -> list[Source]:
    """Return the sources without which the forecasts of the last windows would have been worse; what was lost is logged.

    Parameters
    ----------
    frame, horizon, sources, economics, params, seed
        As for ``forecast``; own history is always told and never left out of the frame.
    method
        A learner.

    Raises
    ------
    ContractError, SettingsError
        As for ``forecast``; or the method is told no sources.
    """
    laid = frame if isinstance(frame, frames.Frame) else frames.read(frame)
    settings = msgspec.structs.replace(params or Forecast(), horizon=_horizon(horizon))
    design, names = laid.design(horizon, sources, log.debug)
    worth = None if economics is None else _worth(laid, frames.arrow(economics))
    end = laid.units.shape[1] - 1
    gains = selection.select(design, names, end, method_named(method), params=settings, worth=worth, seed=seed)
    for gain in gains:
        log.info(
            "source '%s' %s: it takes %.1f %% of the loss away",
            gain.source,
            "kept" if gain.kept else "left out",
            100 * gain.gain,
        )
    kept = {gain.source for gain in gains if gain.kept}
    return [source for source in sources if source.name in kept]


def _horizon(horizon: int) -> int:
    if not isinstance(horizon, int) or horizon < 1:
        raise ContractError(f"horizon = {horizon!r}; expected a whole number of periods, at least 1.")
    return horizon


def _method(
    asked: str | Forecaster,
    laid: Frame,
    known: tuple[Design, list[str], int],
    settings: Forecast,
    economics: Any,  # noqa: ANN401  any frame there is
    seed: int,
) -> Method:
    labels = own.Labels(laid.ids, lambda places: laid.periods.labels(laid.first + places), laid.columns)
    if not isinstance(asked, str):
        return own.adapted(asked, type(asked).__name__, labels)
    if asked != AUTO:
        return own.named(asked, labels)
    design, names, end = known
    worth = None if economics is None else _worth(laid, frames.arrow(economics))
    settings = msgspec.structs.replace(settings, method=AUTO)
    return choose(design, names, end, settings, worth=worth, seed=seed, progress=lambda message, _: log.info(message)).method


def _worth(laid: Frame, economics: pa.Table) -> Worth:
    needed = ("unique_id", "price", "cost", "salvage")
    names = economics.column_names
    lacking = [f"column '{name}' is missing{did_you_mean(name, names)}" for name in needed if name not in names]
    if lacking:
        raise ContractError(breaches("The economics break their contract", lacking))
    place = pc.index_in(laid.ids, value_set=economics["unique_id"].combine_chunks().cast(laid.ids.type))
    if place.null_count:
        absent = laid.ids.filter(pc.is_null(place))
        message = f"The economics hold no row for {len(absent)} of {len(laid.ids)} series, such as {absent[0]}."
        raise ContractError(message)
    price, cost, salvage = (
        np.asarray(economics[name].cast(pa.float64()).combine_chunks().take(place).to_numpy(zero_copy_only=False), np.float64)
        for name in needed[1:]
    )
    if not ((salvage < cost) & (cost <= price)).all():
        wrong = laid.ids.filter(pa.array(~((salvage < cost) & (cost <= price))))
        message = f"The economics of {len(wrong)} series, such as {wrong[0]}, break salvage < cost <= price. Put them right."
        raise ContractError(message)
    return Worth((price - cost) / (price - salvage), price - salvage)


def _table(laid: Frame, end: int, curve: Curve, model: str, *, settled: bool = False) -> pa.Table:
    horizon = curve.mean.shape[1]
    quantiles = counted(curve.quantiles, laid.units[:, : end + 1]).reshape(-1, len(LEVELS))
    rows = laid.rows(end, horizon)
    count = len(rows["ds"])
    found = {**rows}
    if settled:
        found["cutoff"] = laid.periods.labels(np.full(count, laid.first + end))
    found["model"] = pa.repeat(pa.scalar(model), count)
    if settled:
        found["y"] = pa.array(laid.units[:, end + 1 : end + 1 + horizon].ravel(), from_pandas=True)
    found["mean"] = pa.array(curve.mean.ravel())
    return pa.table(found | {name: pa.array(quantiles[:, place]) for place, name in enumerate(QUANTILES)})
