"""What was lost between the plan and the floor, and what the solver left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap import verdict
from lotwise.gap.line import Line
from lotwise.gap.value import IDEAL, days, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.gap.value import Cells, Value

SHORT = "floor: short"
SCRAPPED = "floor: scrapped"
NO_FLOOR = "no floor data"
SOLVER = "solver's own gap"


def undone(value: Value, *, work: pa.Table, solves: pa.Table) -> list[Line]:
    """Return the lines of the account ``undone``.

    The floor's lines are V(now) - V(executed), split in each product and window by units scrapped
    against units short. The solver's line is bound - objective of the plans made with what was known:
    the most a better solution might have had, and perhaps nothing; it is 0 for linear programs.

    Parameters
    ----------
    value
        Settled profits.
    work
        What the floor did; no row where nobody recorded it.
    solves
        The table of this name.
    """
    left = solver_gap(value, solves)
    said = verdict.AT_MOST if left.any() else ""
    solver = Line("undone", SOLVER, _SOLVER_NOTE, cells=left, counted=True, stays=True, verdict=said)
    if "executed" not in value.profit:
        note = "The table 'work' has no row for the settled weeks: what was made is taken to be what was planned."
        return [Line("undone", NO_FLOOR, note, verdict=verdict.UNMEASURED), solver]
    loss = value.gain("now", "executed")
    scrapped = _scrapped_share(value, work)[:, value.windows]
    note = "The plan as made less the plan as the floor carried it out"
    return [
        Line("undone", SHORT, f"{note}: units that were not made.", cells=loss * (1 - scrapped), counted=True),
        Line("undone", SCRAPPED, f"{note}: units made and scrapped.", cells=loss * scrapped, counted=True),
        solver,
    ]


def solver_gap(value: Value, solves: pa.Table) -> Cells:
    """Return bound - objective of the plans ``now``, spread over each window's cells by their ideal profit."""
    ours = pc.and_(pc.equal(solves["information"], "now"), pc.equal(solves["limits"], "real"))
    solves = solves.filter(pc.and_(ours, pc.equal(solves["status"], "optimal")))
    gap = np.maximum(solves["bound"].to_numpy() - solves["objective"].to_numpy(), 0.0)
    cutoff = days(solves["cutoff"]).astype("datetime64[D]")
    weight = np.maximum(value.profit[IDEAL], 0.0)
    cells = np.zeros_like(weight)
    for when, money in zip(cutoff, gap, strict=True):
        window = value.cutoffs == when
        if window.any():
            part = weight[:, window] if weight[:, window].any() else np.ones_like(weight[:, window])
            cells[:, window] = money * part / part.sum()
    return cells


def _scrapped_share(value: Value, work: pa.Table) -> NDArray[np.float64]:
    """Return the share of the units planned and not made that were scrapped, ``(n_products, n_windows)``."""
    product = places(work["item"], value.products)
    week = days(work["week"]).astype("datetime64[D]")
    column = np.clip(np.searchsorted(value.weeks, week), 0, len(value.weeks) - 1)
    ours = (product >= 0) & (value.weeks[column] == week)
    row, window = product[ours], value.windows[column[ours]]
    shape = (len(value.products), len(np.unique(value.cutoffs)))
    missing, scrapped = np.zeros(shape), np.zeros(shape)
    np.add.at(missing, (row, window), (work["planned"].to_numpy() - work["made"].to_numpy())[ours])
    np.add.at(scrapped, (row, window), pc.fill_null(work["scrapped"], 0.0).to_numpy()[ours])
    return np.clip(np.divide(scrapped, missing, out=np.zeros(shape), where=missing > 0), 0.0, 1.0)


_SOLVER_NOTE = (
    "At most this much, and perhaps nothing, was left by solving: the bound on the plans made with what was known less "
    "what they reach. It is taken out of what was not known in time, so that nothing is counted twice."
)
