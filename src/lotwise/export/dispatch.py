"""The schedule as lists: every operation by lot, or what each machine does, one job after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import InputError, MissingTableError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 12
"""Names told in a message."""
SCHEDULE = (
    "lot", "part", "step", "item", "units", "group", "machine", "starts", "ends", "setup_starts", "from_state", "to_state",
    "minutes", "setup_minutes", "overtime_minutes", "batch", "place", "status", "before", "changed",
)  # fmt: skip
DISPATCH = {
    "machine": "machine",
    "place": "place",
    "start": "starts",
    "end": "ends",
    "lot": "lot",
    "part": "part",
    "step": "step",
    "item": "item",
    "units": "units",
    "batch": "batch",
    "setup_start": "setup_starts",
    "setup_from": "from_state",
    "setup_to": "to_state",
    "setup_minutes": "setup_minutes",
    "status": "status",
}
"""Column of a dispatch list -> column of ``jobs``."""


def schedule(tables: Mapping[str, pa.Table], *, machine: str | None = None) -> pa.Table:
    """Return every operation with all that is known of it, sorted by lot, part and step.

    Parameters
    ----------
    tables
        Published tables by name; ``jobs`` is needed.
    machine
        One machine ('sewing 3') or a group of them; all by default.

    Raises
    ------
    MissingTableError
        Nothing is scheduled yet.
    InputError
        No job is on such a machine.
    """
    return jobs_of(tables, machine).select(SCHEDULE).sort_by([(name, "ascending") for name in ("lot", "part", "step")])


def dispatch(tables: Mapping[str, pa.Table], *, machine: str | None = None) -> pa.Table:
    """Return what each machine does, one job after the other, under the columns of ``DISPATCH``.

    Parameters and errors as for ``schedule``.
    """
    rows = jobs_of(tables, machine)
    found = pa.table({theirs: rows[ours] for theirs, ours in DISPATCH.items()})
    return found.sort_by([("machine", "ascending"), ("place", "ascending"), ("lot", "ascending"), ("part", "ascending")])


def jobs_of(tables: Mapping[str, pa.Table], machine: str | None) -> pa.Table:
    """Return the jobs of one machine or of a group of them, or all jobs."""
    if "jobs" not in tables:
        raise MissingTableError("Table 'jobs' has not been published yet. Make it with: lotwise schedule")
    jobs = tables["jobs"]
    if machine is None:
        return jobs
    found = jobs.filter(pc.or_(pc.equal(jobs["machine"], machine), pc.equal(jobs["group"], machine)))
    if found.num_rows:
        return found
    known = sorted({*jobs["machine"].to_pylist(), *jobs["group"].to_pylist()})
    told = ", ".join(known[:SHOWN]) + (", ..." if len(known) > SHOWN else "")
    raise InputError(f"No job is on a machine called '{machine}'{did_you_mean(machine, known)}. Machines: {told or 'none'}")
