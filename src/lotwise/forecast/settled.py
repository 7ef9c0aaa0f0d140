"""Scores of settled forecasts in any long frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.forecast import frames, scores
from lotwise.tables.forecasted import QUANTILES, SCORES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.frames import Frame
    from lotwise.forecast.panel import Array

NAIVE = "naive"
SCORED = ("cells", *(column.name for column in SCORES.columns if column.nullable), "owa")
"""Columns that are scores and no groups."""


def score(rows: Any, *, frame: Any = None, by: Sequence[str] = ("model",)) -> pa.Table:  # noqa: ANN401  any frames
    """Return the scores of forecasts that are settled, one row a group.

    Parameters
    ----------
    rows
        Columns ``unique_id``, ``ds``, ``y``, ``mean``, the quantiles ``q010`` to ``q990`` and those named in ``by``, as
        ``backtest`` gives them; rows whose ``y`` is absent are left out.
    frame
        The frame that was forecast; with it errors are scaled by each series' own past up to the cutoff (MASE, RMSSE).
    by
        Columns that make groups.

    Returns
    -------
    pa.Table
        The columns of ``by``, ``cells`` and the scores of the table ``scores``; None where one is not defined. Where
        weeks were forecast from several cutoffs ``stability`` says how far those forecasts differ; where the model
        ``"naive"`` is among those scored, ``value_added`` is the share of its absolute error that is removed, and ``owa``
        the mean of sMAPE and MASE over its own.

    Raises
    ------
    ContractError
        A column is missing.
    """
    table = frames.arrow(rows)
    needed = ("unique_id", "ds", "y", "mean", *QUANTILES, *by)
    lacking = [
        f"column '{name}' is missing{did_you_mean(name, table.column_names)}"
        for name in needed
        if name not in table.column_names
    ]
    if lacking:
        raise ContractError(breaches("The forecasts break their contract", lacking))
    table = table.filter(pc.is_finite(table["y"].cast(pa.float64())))
    laid = None if frame is None else frame if isinstance(frame, frames.Frame) else frames.read(frame)
    found = []
    for key in table.select(list(by)).group_by(list(by)).aggregate([]).to_pylist():
        mask = pc.and_(pa.array(np.ones(table.num_rows, bool)), True)  # noqa: FBT003  Arrow's own signature
        for name, value in key.items():
            mask = pc.and_(mask, pc.equal(table[name], pa.scalar(value, table[name].type)))
        found.append(key | _scores(table.filter(mask), laid))
    if not found:
        return pa.table({name: [] for name in by})
    return pa.Table.from_pylist(_beside_naive(found)).sort_by([(name, "ascending") for name in by])


def _beside_naive(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the scores of each group with those over the naive forecast's of the same group, where there is one."""
    rivals = {_others(row): row for row in found if row.get("model") == NAIVE}
    made = []
    for row in found:
        rival = rivals.get(_others(row))
        same = rival is not None and rival["cells"] == row["cells"]
        added = 1 - row["mae"] / rival["mae"] if rival is not None and same and rival["mae"] > 0 else None
        owa = None
        if rival is not None and same and rival["mase"] is not None and row["mase"] is not None:
            owa = scores.owa(row["smape"], row["mase"], rival_smape=rival["smape"], rival_mase=rival["mase"])
        made.append(row | {"value_added": added, "owa": owa})
    return made


def _others(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a group is named by beside its model and its scores."""
    return tuple((name, str(value)) for name, value in row.items() if name not in SCORED and name != "model")


def _scores(part: pa.Table, laid: Frame | None) -> dict[str, Any]:
    series = frames.numbered(part["unique_id"])
    cutoff = frames.numbered(part["cutoff"]) if "cutoff" in part.column_names else np.zeros(part.num_rows, np.int64)
    scaled = np.unique(series * (cutoff.max() + 1) + cutoff, return_inverse=True)[1].reshape(-1)
    naive = np.zeros((2, part.num_rows)) if laid is None else _naive(part, laid)
    y, mean = (np.asarray(part[name].cast(pa.float64()).to_numpy(), np.float64) for name in ("y", "mean"))
    quantiles = np.stack([np.asarray(part[name].cast(pa.float64()).to_numpy(), np.float64) for name in QUANTILES], axis=1)
    stable = scores.stability(mean, y, series=series, week=frames.numbered(part["ds"]), origin=cutoff)
    found = scores.score(y, mean, quantiles, series=series, scaled=scaled, naive=naive)
    return {"cells": part.num_rows} | found | {"stability": stable}


def _naive(part: pa.Table, laid: Frame) -> Array:
    """Return the naive errors of each row's series up to its cutoff; ``(2, n_rows)``."""
    row = np.asarray(pc.index_in(part["unique_id"].cast(laid.ids.type), value_set=laid.ids).to_numpy(), np.int64)
    ends = laid.periods.number(part["cutoff"] if "cutoff" in part.column_names else part["ds"]) - laid.first
    ends = ends if "cutoff" in part.column_names else np.full(len(ends), ends.min() - 1)
    found = np.zeros((2, part.num_rows))
    for end in np.unique(ends):
        here = ends == end
        found[:, here] = scores.naive_errors(laid.units[:, : end + 1])[:, row[here]]
    return found
