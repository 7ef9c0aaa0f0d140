"""What the neural network reads of a row: features on one scale, and the weeks it may look back on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.forecast.design import Design, Rows, Single
    from lotwise.forecast.panel import Array, Index, Mask

LOOKBACK = 26
"""Weeks a row looks back on, its origin the last."""
FARTHEST = 4.0
"""A feature farther from its mean than this many standard deviations counts as this far."""
LARGEST = 1e30
"""Units beyond which single precision would lose count."""
MOST_CLASSES = 1000
"""A whole number that never changes in a series is a class, unless there are more of them than this."""


@dataclass(frozen=True)
class Inputs:
    """Rows as the network takes them.

    Parameters
    ----------
    features
        Features on one scale, 0 where absent, then which of them are absent; ``(n_rows, n_features)``.
    plans
        Those features that speak of the target week itself; ``(n_rows, n_plans)``.
    classes
        Class of each row by each classification, 0 where it is new; ``(n_rows, n_classifications)``.
    level
        Long-run mean of the row's series at its origin; ``(n_rows,)``.
    weeks
        All weeks of the rows' series: its plans as they stood the week before, units, and whether units are known; absent weeks
        stand before the first; ``(n_series, LOOKBACK + n_weeks, n_plans + 2)``.
    series, origin, ahead
        Place of each row in ``weeks``, and its weeks ahead; ``(n_rows,)`` each.
    """

    features: Single
    plans: Single
    classes: Index
    level: Array
    weeks: Single
    series: Index
    origin: Index
    ahead: Index


@dataclass(frozen=True)
class Reader:
    """How features are brought to one scale, as learned from the rows a network is taught.

    Parameters
    ----------
    names
        Sources, in order.
    columns
        Features as ``source: feature``; ``(n_columns,)``.
    center, spread
        Mean and standard deviation of each feature over the rows taught; ``(n_columns,)``.
    sparse
        Which features are absent in some row taught; ``(n_columns,)``.
    planned
        Which features speak of the target week; ``(n_columns,)``.
    known
        Classes seen, by place of their column.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    center: Array
    spread: Array
    sparse: Mask
    planned: Mask
    known: dict[int, Array]

    @classmethod
    def of(cls, design: Design, rows: Rows, names: Sequence[str]) -> Reader:
        """Return the reader learned from the features of some rows."""
        matrix = _finite(design.matrix(rows, names))
        seen = np.isfinite(matrix)
        count = np.maximum(seen.sum(axis=0), 1)
        center = np.where(seen, matrix, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(seen, matrix - center, 0.0) ** 2).sum(axis=0) / count)
        blocks = _blocks(design, names)
        planned = [values.shape[2] > 1 and values.shape[1] > 1 for values in blocks]
        known = {place: np.unique(values).astype(np.float64) for place, values in enumerate(blocks) if _is_class(values)}
        return cls(
            tuple(names),
            _columns(design, names),
            center,
            np.where(spread > 1e-6 * (1 + np.abs(center)), spread, 1.0),
            np.asarray(~seen.all(axis=0), bool),
            np.array(planned, bool),
            {place: values for place, values in known.items() if 1 < len(values) <= MOST_CLASSES},
        )

    @property
    def sizes(self) -> tuple[int, int, tuple[int, ...]]:
        """Number of features and of plans, and of classes by classification, new ones included."""
        plain = len(self.columns) - len(self.known) + int(self.sparse.sum())
        return plain, int(self.planned.sum()), tuple(len(values) + 1 for values in self.known.values())

    def read(self, design: Design, rows: Rows) -> Inputs:
        """Return rows as the network takes them; of no series does it see a week after the row's origin.

        Raises
        ------
        ContractError
            The design has other features than the one learned from.
        """
        found = _columns(design, self.names)
        if found != self.columns:
            odd = sorted(set(found) ^ set(self.columns)) or ["their order"]
            message = (
                f"The network was taught {len(self.columns)} features and is given {len(found)}; they differ in {odd[:5]}."
            )
            raise ContractError(f"{message} Give it the sources it was taught with.")
        matrix = _finite(design.matrix(rows, self.names))
        scaled = self._scaled(matrix, slice(None))
        plain = np.array([place not in self.known for place in range(len(self.columns))], bool)
        absent = np.isnan(matrix[:, self.sparse]).astype(np.float32)
        classes = [_places(matrix[:, place], values) for place, values in self.known.items()]
        members, series = np.unique(rows.series, return_inverse=True)
        return Inputs(
            np.concatenate([scaled[:, plain], absent], axis=1),
            scaled[:, self.planned],
            np.stack(classes, axis=1) if classes else np.zeros((len(matrix), 0), np.int64),
            np.minimum(design.level[rows.series, rows.origin], LARGEST),
            self._weeks(design, members, int(rows.origin.max(initial=-1)) + 1),
            series.reshape(-1).astype(np.int64),
            rows.origin,
            rows.ahead,
        )

    def _weeks(self, design: Design, members: Index, n_weeks: int) -> Single:
        """Return the weeks of some series up to the last origin asked for."""
        units = design.units[members, :n_weeks]
        planned = [values for values, chosen in zip(_blocks(design, self.names), self.planned, strict=True) if chosen]
        found = np.zeros((len(members), LOOKBACK + n_weeks, len(planned) + 2), np.float32)
        for place, values in enumerate(planned):
            own = values if len(values) == 1 else values[members]
            one_ahead = _finite(np.broadcast_to(own[:, : n_weeks - 1, 0], (len(members), max(n_weeks - 1, 0))))
            found[:, LOOKBACK + 1 :, place] = self._scaled(one_ahead, np.flatnonzero(self.planned)[place])
        found[:, LOOKBACK:, -2] = np.clip(np.nan_to_num(units), 0.0, LARGEST)
        found[:, LOOKBACK:, -1] = np.isfinite(units)
        return found

    def _scaled(self, values: Array, column: slice | np.intp) -> Single:
        distance = (values - self.center[column]) / self.spread[column]
        return np.nan_to_num(np.clip(distance, -FARTHEST, FARTHEST)).astype(np.float32)


def _finite(values: Single) -> Array:
    return np.where(np.isfinite(values), values, np.nan).astype(np.float64)


def _blocks(design: Design, names: Sequence[str]) -> list[Single]:
    return [values for name in ("", *names) for values in design.columns[name].values()]


def _columns(design: Design, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{name}: {feature}" for name in ("", *names) for feature in design.columns[name])


def _is_class(values: Single) -> bool:
    return values.shape[1:] == (1, 1) and bool(np.isfinite(values).all() and (values == np.rint(values)).all())


def _places(values: Array, known: Array) -> Index:
    """Return the place of each class among those known, from 1; 0 where it is none of them."""
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[place] == values, place + 1, 0)
