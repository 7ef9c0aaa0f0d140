"""The best schedule CP-SAT finds, with the bound it proves."""

from __future__ import annotations

import os
import time
from contextlib import closing
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, LotwiseError, breaches
from lotwise.extras import need
from lotwise.schedule.bounds import bound as bound_of
from lotwise.schedule.exact.overtime import PERIODS, periods_of
from lotwise.schedule.exact.parcel import arrays_of
from lotwise.schedule.exact.process import answers
from lotwise.schedule.exact.retime import retime
from lotwise.schedule.jobs import Found
from lotwise.schedule.search import dispatch
from lotwise.schedule.value import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.schedule.jobs import Budget, Schedule
    from lotwise.schedule.shop import Shop

EFFORT = 1 / 100_000
"""CP-SAT's deterministic time (three to seven seconds of one core) for one move: 200,000 moves are 2."""
GRACE = 10.0
"""Seconds after its time limit before CP-SAT is ended."""
ARCS = 400_000
"""Pairs of operations on machines where the order costs something: more do not fit a constraint program."""
OPERATIONS = 20_000
"""More operations take longer to write down than to schedule otherwise."""


NOTHING = "CP-SAT found no schedule in its time. Give it more seconds or moves, or take the method 'list'."
IMPOSSIBLE = "CP-SAT proves that this shop has no schedule: look at tools, and at what fixed operations hold."


def obstacles(shop: Shop, free: np.ndarray | None = None) -> list[str]:
    """Return, in words, what of a shop the constraint program does not know; nothing where it fits.

    ``free`` are the operations that may move, ``(n,)``; by default all.
    """
    owner = np.repeat(np.arange(shop.size), np.diff(shop.modes.offsets))
    batched = (shop.operations.family[owner] >= 0) & (shop.machines.room[shop.modes.machine] > 0)
    most = max((len(periods_of(shop.calendars, c)) for c in range(len(shop.calendars.offsets) - 1)), default=0)
    found = []
    if batched.any():
        found.append(f"{len(np.unique(owner[batched]))} operations can share a batch")
    if most > PERIODS:
        found.append(f"{most} overtime periods in one calendar are more than {PERIODS}")
    if shop.size > OPERATIONS:
        found.append(f"{shop.size} operations are more than {OPERATIONS}")
    ordered = shop.machines.setups[shop.modes.machine] >= 0
    if shop.before is not None and shop.goal.sequence_change > 0:
        ordered[:] = True
    moves = np.ones(shop.size, dtype=bool) if free is None else free
    every, moving = (np.bincount(shop.modes.machine[ordered & kept]).astype(np.int64) for kept in (ordered, moves[owner]))
    pairs = int((every[: len(moving)] * (moving + 1)).sum())
    if pairs > ARCS:
        found.append(f"{pairs} pairs of operations with set-ups between them are more than {ARCS}")
    return found


def fits(shop: Shop) -> bool:
    """Return whether ``exact`` can take the shop: no batches, little overtime, not too large."""
    return not obstacles(shop)


def exact(shop: Shop, budget: Budget, begin: Schedule | None = None, say: Callable[[str, float], None] | None = None) -> Found:
    """Return the best schedule CP-SAT finds, and what it proves that no schedule comes to less than.

    It is modeled as a whole: machines with alternatives, sequence-dependent set-ups, tools, calendars, overtime, lags, fixed
    operations,
    changes from the schedule before. Free operations come after the fixed ones of their machine.

    Parameters
    ----------
    budget
        With ``seconds``: so long by the clock, start of the process included, on as many cores as there are. Otherwise
        ``moves`` / 100,000 units of CP-SAT's deterministic time on one core: the same moves and seed give the same schedule
        (two interleaved workers found better ones at different times). ``starts`` is not used.
    begin
        A schedule to improve; it is returned where none is better. Default: by a dispatch rule. With set-ups CP-SAT may find
        none of its own for long.
    say
        Hears of each better schedule.

    Returns
    -------
    Found
        ``why`` says whether the schedule is proved best.

    Raises
    ------
    InputError
        The shop has what the program does not know; see ``fits``.
    MissingPackageError
        OR-Tools is not installed.
    LotwiseError
        CP-SAT ended without an answer.
    """
    against = obstacles(shop)
    if against:
        raise InputError(breaches("CP-SAT cannot schedule this shop; take the method 'list'", against))
    if find_spec("ortools") is None:
        need("ortools", extra="schedule")
    if begin is None and not shop.same_sequence:
        begin = dispatch(shop)
    return _heard(shop, budget, begin, None, say)


def polish(shop: Shop, schedule: Schedule, free: np.ndarray, budget: Budget) -> Schedule:
    """Return the schedule, or a better one in which only some operations have changed their machines and places.

    A window of 20-40 operations of a large schedule is what CP-SAT searches best: a neighborhood for large neighborhood search.
    All other operations keep their modes and their order on each machine, not their minutes.

    Parameters
    ----------
    free
        ``(n,)`` operations that may move.
    budget
        As for ``exact``. A process is started each time, which takes about half a second of one core.

    References
    ----------
    Shaw, P. (1998). Using constraint programming and local search methods to solve vehicle routing problems. CP-98, 417-431.
    """
    against = obstacles(shop, free)
    if against:
        raise InputError(breaches("CP-SAT cannot polish a schedule of this shop", against))
    if find_spec("ortools") is None:
        need("ortools", extra="schedule")
    return _heard(shop, budget, schedule, free, None).schedule


def _heard(
    shop: Shop, budget: Budget, begin: Schedule | None, free: np.ndarray | None, say: Callable[[str, float], None] | None
) -> Found:
    """Return the best of what the process of CP-SAT answers."""
    floor = bound_of(shop) if free is None else -np.inf
    best, total = begin, value(shop, begin).total if begin is not None else np.inf
    trace, impossible = [], False
    deadline = 0.0 if budget.seconds is None else time.time() + budget.seconds
    asked = question(shop, budget, begin, free, deadline)
    with closing(answers(asked, deadline + GRACE if deadline else None)) as heard:
        for answer in heard:
            if "bound" in answer:
                floor, impossible = max(floor, float(answer["bound"])), bool(answer["impossible"])
                continue
            schedule, now = _timed(shop, answer)
            if now < total:
                best, total = schedule, now
                trace.append((float(answer["spent"]), now))
                if say is not None:
                    say("CP-SAT found a better schedule", now)
    if best is None:
        raise LotwiseError(IMPOSSIBLE if impossible else NOTHING)
    proved = floor >= total - 1e-6 * max(1.0, abs(total))
    why = "proved by CP-SAT: no schedule is better" if proved else "the best CP-SAT found in its time"
    return Found(best, value(shop, best), "exact", why, min(floor, total), 0, tuple(trace))


def _timed(shop: Shop, answer: dict[str, np.ndarray]) -> tuple[Schedule, float]:
    """Return the schedule of an answer and its total: everything as early as can be, or as it was where that saves overtime."""
    found = [retime(shop, answer["mode"], answer["start"], answer["worked"], early=early) for early in (True, False)]
    totals = [value(shop, schedule).total for schedule in found]
    return found[int(totals[1] < totals[0])], min(totals)


def question(
    shop: Shop, budget: Budget, begin: Schedule | None, free: np.ndarray | None, deadline: float
) -> dict[str, np.ndarray]:
    """Return what the process of CP-SAT is asked."""
    return arrays_of(shop, begin) | {
        "free": np.ones(shop.size, dtype=bool) if free is None else free,
        "seed": np.array(budget.seed),
        "workers": np.array(1 if budget.seconds is None else os.cpu_count() or 1),
        "deadline": np.array(deadline),
        "effort": np.array(max(budget.moves, 1) * EFFORT),
    }
