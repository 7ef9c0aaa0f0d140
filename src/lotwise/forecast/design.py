"""The rows a pooled model learns from: one for each series, origin (last known week) and week ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lotwise.forecast import sources as told
from lotwise.forecast import windows
from lotwise.forecast.features.history import level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts, Index, Mask

Single = npt.NDArray[np.float32]

YOUNG = 7
"""Weeks of its own a series has before it teaches."""
NOISE = 8
"""Columns of the placebo."""


@dataclass(frozen=True)
class Rows:
    """Places in the panel: series, origin and weeks ahead (from 1) of each row; ``(n_rows,)`` each."""

    series: Index
    origin: Index
    ahead: Index

    def where(self, kept: Mask | slice) -> Rows:
        """Return some of the rows."""
        return Rows(self.series[kept], self.origin[kept], self.ahead[kept])

    @property
    def target(self) -> Index:
        """The week each row is about."""
        return self.origin + self.ahead


@dataclass(frozen=True)
class Design:
    """Features of all rows, by source, with the level and spread the model is scaled by.

    Parameters
    ----------
    units
        Demand; ``(n_series, n_weeks)``.
    level
        Long-run mean so far plus a half; ``(n_series, n_weeks)``.
    dispersion
        How far demand spreads more than level alone explains; ``(n_series, n_weeks)``.
    horizon
        Weeks ahead.
    columns
        Features by source name (``""`` for those every model has, ``"placebo"`` for noise), then by
        feature name, each broadcasting to ``(n_series, n_weeks, horizon)``.
    season
        Weeks after which a season comes again; 1 where there is none.
    """

    units: Array
    level: Array
    dispersion: Array
    horizon: int
    columns: dict[str, dict[str, Single]]
    season: int = 52

    def rows(self, origins: Sequence[int] | Index, *, young: int = 0, series: Index | None = None) -> Rows:
        """Return the rows of some origins, for all or some series with more than ``young`` weeks of their own."""
        chosen = np.arange(len(self.units)) if series is None else series
        shape = (len(chosen), len(origins), self.horizon)
        row, place, ahead = np.indices(shape).reshape(3, -1)
        origin = np.asarray(origins, np.int64)[place]
        found = Rows(chosen[row], origin, ahead + 1)
        return found.where((self.age(origins, chosen) > young)[row, place]) if young else found

    def age(self, origins: Sequence[int] | Index, series: Index | slice = slice(None)) -> Index:
        """Return how many weeks of its own each series has at each origin; ``(n_series, n_origins)``."""
        return np.asarray(np.cumsum(np.isfinite(self.units[series]), axis=1)[:, origins])

    def take(self, series: Index) -> Design:
        """Return the design of some of the series."""
        everywhere = {
            source: {name: values[series] if len(values) == len(self.units) else values for name, values in columns.items()}
            for source, columns in self.columns.items()
        }
        units, level, dispersion = (values[series] for values in (self.units, self.level, self.dispersion))
        return replace(self, units=units, level=level, dispersion=dispersion, columns=everywhere)

    def features(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """Return the source and the name of each feature, in the order of the columns of ``matrix``."""
        return [(name, feature) for name in ("", *names) for feature in self.columns[name]]

    def matrix(self, rows: Rows, names: Sequence[str]) -> Single:
        """Return the features of some sources, the base first; ``(n_rows, n_features)``."""
        shape = (*self.units.shape, self.horizon)
        blocks = [values for name in ("", *names) for values in self.columns[name].values()]
        found = np.empty((len(rows.series), len(blocks)), np.float32)
        for place, values in enumerate(blocks):
            found[:, place] = np.broadcast_to(values, shape)[rows.series, rows.origin, rows.ahead - 1]
        return found

    def known(self, rows: Rows, week: int) -> Mask:
        """Whether the target of each row was observed by a week and belongs to its series' life."""
        target = np.minimum(rows.target, self.units.shape[1] - 1)
        return np.asarray((rows.target <= week) & np.isfinite(self.units[rows.series, target]))


def bare(units: Array, horizon: int, *, season: int = 52) -> Design:
    """Return the design of no source: the features every model has, from demand alone.

    Parameters
    ----------
    units
        Demand, absent before a series begins; ``(n_series, n_weeks)``.
    horizon
        Weeks ahead.
    season
        Weeks after which a season comes again; 1 where there is none.
    """
    scale = level(units)
    spread = np.nan_to_num(windows.deviation(units)) / scale
    base: dict[str, Array] = {
        "weeks ahead": np.arange(1.0, horizon + 1)[None, None, :],
        "level": np.log(scale)[:, :, None],
        "spread over level": spread[:, :, None],
    }
    dispersion = np.clip(spread * np.sqrt(scale) / np.sqrt(1 + 0.1 * scale), 0.2, 10)
    return Design(units, scale, dispersion, horizon, {"": single(base)}, season)


def design(facts: Facts, sources: Sequence[Source], rng: np.random.Generator | None) -> Design:
    """Return the features of all sources; with ``rng``, also those of a placebo of pure noise."""
    found = bare(facts.panel.units, facts.horizon)
    for source in sources:
        found.columns[source.name] = single(told.features(facts, source))
    told.check_twins(facts, found.columns)
    if rng is not None:
        shape = (*facts.panel.shape, facts.horizon)
        found.columns["placebo"] = {f"noise {number}": rng.standard_normal(shape, np.float32) for number in range(1, NOISE + 1)}
    return found


def single(columns: dict[str, Array]) -> dict[str, Single]:
    """Return features in single precision, in which they are kept."""
    return {name: values.astype(np.float32) for name, values in columns.items()}
