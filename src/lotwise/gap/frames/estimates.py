"""Figures and their intervals, from sums over series and periods that were resampled together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.gap.interval import bootstrap, has_blocks, interval, total

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lotwise.config import Gap
    from lotwise.gap.frames.newsvendor import Array
    from lotwise.gap.verdict import Interval

    Sums = Mapping[str, Array]


NEAR = 1e-4
"""Share of the way to a resample's sums over which a formula is made linear."""


class Estimates:
    """Sums of named figures, as they are and in every resample.

    Parameters
    ----------
    cells
        Name -> figures by series and period, ``(n_series, n_periods)``.
    params
        Section ``[gap]``; a block is so many periods.
    seed
        Same seed, same intervals.

    Attributes
    ----------
    note
        Why there are no intervals, empty where there are.
    """

    def __init__(self, cells: Mapping[str, Array], params: Gap, seed: int) -> None:
        self.totals = {name: np.asarray(total(grid)) for name, grid in cells.items()}
        self.width = params.interval
        self.drawn: dict[str, Array] = {}
        self.note = ""
        periods = next(iter(cells.values())).shape[1]
        if not has_blocks(periods, params.block_weeks):
            self.note = f"no interval: {periods} settled periods, two blocks of {params.block_weeks} are needed"
            return
        rng = np.random.default_rng(seed)
        sums = bootstrap(np.stack(list(cells.values())), rng=rng, resamples=params.resamples, block_weeks=params.block_weeks)
        self.drawn = dict(zip(cells, sums.T, strict=True))

    def value(self, formula: Callable[[Sums], Array]) -> float:
        """Return a figure that is made of the sums."""
        return float(formula(self.totals))

    def between(self, formula: Callable[[Sums], Array]) -> Interval | None:
        """Return its interval, None where there is none; a quotient is made linear around what it is, see ``quotient``."""
        if not self.drawn:
            return None
        as_is = formula(self.totals)
        near = {name: whole + NEAR * (self.drawn[name] - whole) for name, whole in self.totals.items()}
        return interval(as_is + (formula(near) - as_is) / NEAR, self.width)


def ratio(part: Array, whole: Array) -> Array:
    """Return part / whole, not a number where the whole is not above 0."""
    return np.divide(part, whole, out=np.full_like(np.asarray(whole), np.nan), where=np.asarray(whole) > 0)
