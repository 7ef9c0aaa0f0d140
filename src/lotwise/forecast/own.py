"""A forecaster of the user's own: fit and predict on long frames, no more, beside the built-in methods."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, SettingsError, breaches, did_you_mean
from lotwise.forecast import conformal
from lotwise.forecast.registry import METHODS, Method, method_named
from lotwise.forecast.task import Curve
from lotwise.tables.forecasted import QUANTILES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lotwise.forecast.panel import Array, Index
    from lotwise.forecast.task import Task

WINDOWS = 3
"""Past windows a forecaster without quantiles is calibrated on."""
COST = 1.0
"""What a forecaster we know nothing of is reckoned to take."""


class Forecaster(Protocol):
    """What forecasts: any object with these two methods."""

    def fit(self, frame: pa.Table) -> Forecaster:
        """Learn from ``unique_id, ds, y`` (and covariates, where the frame has any), forgetting what was learned before."""

    def predict(self, horizon: int, future: pa.Table) -> Any:  # noqa: ANN401  any frame
        """Return ``unique_id, ds, mean`` and, if it knows them, ``q010`` to ``q990``: a row for each of ``future``.

        ``future`` holds ``unique_id`` and ``ds`` of each series' next ``horizon`` periods, and their covariates.
        """


@dataclass(frozen=True)
class Labels:
    """What a frame's series and periods are called.

    Parameters
    ----------
    ids
        ``unique_id`` of each series; ``(n_series,)``.
    dates
        Returns ``ds`` of places among the periods; past the last one too.
    columns
        Covariates; ``(n_series, n_periods + n_later)`` each.
    """

    ids: pa.Array
    dates: Callable[[Index], pa.Array]
    columns: Mapping[str, Array]

    def long(self, places: Index, units: Array | None = None) -> pa.Table:
        """Return the long frame of some periods; with units ``(n_series, n_places)``, those that are known."""
        count = len(self.ids)
        found = {
            "unique_id": self.ids.take(pa.array(np.repeat(np.arange(count), len(places)))),
            "ds": self.dates(np.tile(places, count)),
        }
        if units is not None:
            found["y"] = pa.array(units.ravel())
        found |= {
            name: pa.array(values[:, places].ravel()) for name, values in self.columns.items() if places.max() < values.shape[1]
        }
        table = pa.table(found)
        return table if units is None else table.filter(pa.array(np.isfinite(units).ravel()))


def named(name: str, labels: Labels) -> Method:
    """Return a built-in method by its name, or the user's own by ``module:name``.

    Raises
    ------
    SettingsError
        There is no such method, module or name in it, or it has no ``fit`` and ``predict``.
    """
    if ":" not in name:
        return method_named(name)
    module, _, thing = name.partition(":")
    try:
        found = getattr(import_module(module), thing)
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"[forecast] method = '{name}': there is no module '{module}' to import; is it on the path?"
        ) from error
    except AttributeError as error:
        known = [word for word in dir(import_module(module)) if not word.startswith("_")]
        message = f"[forecast] method = '{name}': module '{module}' has no '{thing}'{did_you_mean(thing, known)}"
        raise SettingsError(message) from error
    return adapted(found() if isinstance(found, type) else found, name, labels)


def adapted(model: Forecaster, name: str, labels: Labels) -> Method:
    """Return a user's forecaster as a method: its means calibrated on past windows where it gives no quantiles.

    Raises
    ------
    SettingsError
        It has no ``fit`` or no ``predict``.
    """
    lacking = [word for word in ("fit", "predict") if not callable(getattr(model, word, None))]
    if lacking:
        message = f"Found a {type(model).__name__} without {' and '.join(lacking)}; expected fit(frame) and "
        message += f"predict(horizon, future), or the name of a built-in method: {', '.join(METHODS)}"
        raise SettingsError(message)

    def make(task: Task) -> Curve | None:
        mean, quantiles = _ask(model, task, task.end, labels)
        past = [end for end in (task.end - task.horizon * step for step in range(WINDOWS, 0, -1)) if end >= task.horizon]
        if quantiles is None and not past:
            return None
        asked = [_ask(model, task, end, labels)[0] for end in past]
        came = [task.units[:, end + 1 : end + 1 + task.horizon] for end in past]
        scaled = [(units - found) / conformal.scale(found) for units, found in zip(came, asked, strict=True)]
        errors = np.stack(scaled, axis=2) if scaled else None
        if quantiles is None:
            spread = [np.repeat(task.design.dispersion[:, end, None], task.horizon, axis=1) for end in past]
            known = np.isfinite(np.stack(came))
            calibration = conformal.calibrate(np.stack(came)[known], np.stack(asked)[known], np.stack(spread)[known])
            level = np.repeat(task.design.dispersion[:, task.end], task.horizon)
            quantiles = calibration.quantiles(mean.ravel(), level).reshape(*mean.shape, -1)
        return Curve(mean, quantiles, errors)

    return Method(name, "a forecaster of your own", make, cost=COST)


def _ask(model: Forecaster, task: Task, end: int, labels: Labels) -> tuple[Array, Array | None]:
    """Return means and quantiles of a copy of the model that knows nothing after ``end``."""
    ahead = np.arange(end + 1, end + 1 + task.horizon)
    wanted = labels.long(ahead)
    found = deepcopy(model).fit(labels.long(np.arange(end + 1), task.units[:, : end + 1])).predict(task.horizon, wanted)
    table = pa.table(found)
    names = table.column_names
    lacking = [
        f"column '{name}' is missing{did_you_mean(name, names)}" for name in ("unique_id", "ds", "mean") if name not in names
    ]
    if lacking:
        raise ContractError(breaches(f"What {type(model).__name__}.predict returned breaks its contract", lacking))
    keys = ["unique_id", "ds"]
    table = table.set_column(names.index("ds"), "ds", table["ds"].cast(wanted["ds"].type))
    place = wanted.select(keys).append_column("row", pa.array(np.arange(wanted.num_rows)))
    joined = place.join(table, keys=keys, join_type="left outer").sort_by("row")
    mean = np.asarray(joined["mean"].cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    if joined.num_rows != wanted.num_rows or not np.isfinite(mean).all():
        message = f"What {type(model).__name__}.predict returned breaks its contract:\n- {int((~np.isfinite(mean)).sum())} of "
        message += (
            f"{wanted.num_rows} rows have no finite 'mean'; expected one row for each series and each of {task.horizon} periods"
        )
        raise ContractError(message + f", such as {wanted.slice(0, 1).to_pylist()[0]}")
    shape = (len(labels.ids), task.horizon)
    mean = np.maximum(mean, 0.0).reshape(shape)
    if not set(QUANTILES) <= set(names):
        return mean, None
    levels = np.stack([np.asarray(joined[name].cast(pa.float64()).to_numpy(), np.float64) for name in QUANTILES], axis=1)
    return mean, np.maximum.accumulate(np.maximum(levels, 0.0), axis=1).reshape(*shape, -1)
