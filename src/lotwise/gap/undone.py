"""What was lost between the plan and the floor, and what the solver left."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap import verdict
from lotwise.gap.line import Line, difference
from lotwise.gap.value import EXECUTED, FENCED, IDEAL, NOW, days
from lotwise.tables.planned import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.gap.value import Cells, Value

NAMES = {
    "overridden": "floor: overridden",
    "down": "floor: machines down",
    "late": "floor: late",
    "scrapped": "floor: scrapped",
    "short": "floor: short",
}
"""Line of each cause."""

NO_FLOOR = "no floor data"
SOLVER = "solver's own gap"
SUNDAY = 6


def undone(value: Value, *, work: pa.Table, solves: pa.Table) -> list[Line]:
    """Return the lines of the account ``undone``.

    The floor's lines are V(before) - V(after) of each cause that changed the plan, in the order of ``CAUSES``: the first
    starts from ``planned_state``, the last ends at ``executed``, so that together they are what the floor lost. The solver's
    line is bound - objective of the plans made with what was known: the most a better solution might have had, and perhaps
    nothing; it is 0 for linear programs.

    Parameters
    ----------
    value
        Settled profits. With ``executed`` but no state of a cause, all of the loss is taken for units not made.
    work
        What the floor did, of which the notes count the lots; no row where nobody recorded it.
    solves
        The table of this name.
    """
    left = solver_gap(value, solves)
    said = verdict.AT_MOST if left.any() else ""
    solver = Line("undone", SOLVER, _SOLVER_NOTE, cells=left, counted=True, stays=True, verdict=said)
    if EXECUTED not in value.profit:
        note = "The table 'work' has no row for the settled weeks: what was made is taken to be what was planned."
        return [Line("undone", NO_FLOOR, note, verdict=verdict.UNMEASURED), solver]
    return [*_floor(value, work), solver]


def planned_state(value: Value) -> str:
    """Return the state the floor started from: the plan with the weeks frozen before, where there is one, else ``now``."""
    return FENCED if FENCED in value.profit else NOW


def solver_gap(value: Value, solves: pa.Table) -> Cells:
    """Return bound - objective of the plans ``now``, spread over each window's cells by their ideal profit."""
    ours = pc.and_(pc.equal(solves["information"], NOW), pc.equal(solves["limits"], "real"))
    solves = solves.filter(pc.and_(ours, pc.not_equal(solves["status"], "infeasible")))
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


def _floor(value: Value, work: pa.Table) -> Iterator[Line]:
    causes = [cause for cause in CAUSES if f"{EXECUTED}-{cause}" in value.profit] or [CAUSES[-1]]
    states = [planned_state(value), *(f"{EXECUTED}-{cause}" for cause in causes[:-1]), EXECUTED]
    lots = work.filter(pc.is_in(work["week"], value_set=pa.array(value.weeks).cast(pa.date32())))
    lots = lots.filter(pc.is_in(lots["item"], value_set=pa.array(value.products, pa.string())))
    for cause, (before, after) in zip(causes, pairwise(states), strict=True):
        note = f"The plan before this cause less the plan after it: {_NOTES[cause]}."
        if len(lots):
            note += f" Recorded for {_count(lots, cause)} of {len(lots)} lots."
        formula = difference(before, after)
        yield Line("undone", NAMES[cause], note, cells=value.gain(before, after), counted=True, formula=formula)


def _count(lots: pa.Table, cause: str) -> int:
    """Return how many lots have something of a cause in their record."""
    late = pc.greater(pc.subtract(lots["finished"].cast(pa.int32()), lots["week"].cast(pa.int32())), SUNDAY)
    done = pc.add(lots["made"], pc.fill_null(lots["scrapped"], 0.0))
    found = {
        "overridden": pc.not_equal(lots["proposed"], lots["planned"]),
        "down": pc.greater(lots["down_hours"], 0.0),
        "late": late,
        "scrapped": pc.greater(lots["scrapped"], 0.0),
        "short": pc.not_equal(done, lots["planned"]),
    }
    return pc.sum(found[cause]).as_py() or 0


_NOTES = {
    "overridden": "units that were proposed and changed by somebody",
    "down": "units the machine could have made in the hours it stood still",
    "late": "units finished after their week, for sale only then",
    "scrapped": "units made and scrapped",
    "short": "other units that were not made, less those made beyond the plan",
}
_SOLVER_NOTE = (
    "At most this much, and perhaps nothing, was left by solving: the bound on the plans made with what was known less "
    "what they reach. It is taken out of what was not known in time, so that nothing is counted twice."
)
