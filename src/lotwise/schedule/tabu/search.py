"""Tabu search with path relinking: from good schedules, walks begin on the way from one to another.

References
----------
Peng, Lu, Cheng (2015), A tabu search/path relinking algorithm to solve the job shop scheduling problem, Computers &
Operations Research 53. Gonzalez, Vela, Varela (2015), Scatter search with path relinking for the flexible job shop scheduling
problem, European Journal of Operational Research 245.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.schedule.bounds import bound
from lotwise.schedule.jobs import Found, Schedule
from lotwise.schedule.tabu.blend import active, between
from lotwise.schedule.tabu.chains import Chains, chains, fits
from lotwise.schedule.tabu.elite import Elite, Good, good
from lotwise.schedule.tabu.graph import build
from lotwise.schedule.tabu.loads import load_bound
from lotwise.schedule.tabu.walk import walk
from lotwise.schedule.value import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.schedule.jobs import Budget
    from lotwise.schedule.shop import Shop

    Say = Callable[[str, float], None]

MEMBERS = 12
"""Good schedules kept by each search."""
PATIENCE = 2000
"""Steps of a walk without a better schedule."""
TENURES = (5, 10, 20)
"""Steps something stays forbidden; one of them for each walk, and up to as many more at random."""
FIRST = 100_000
"""Neighbors of the first walk under a clock, after which the pace is known."""


@dataclass
class _Board:
    """What searches side by side tell one another, and the user."""

    say: Say | None
    weight: float
    enough: int
    ordered: bool
    best: int = 1 << 62
    proven: set[int] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def tell(self, number: int, makespan: int) -> None:
        """Note a makespan of one search; the user hears of it where it is the best so far."""
        with self.lock:
            if makespan <= self.enough:
                self.proven.add(number)
            if makespan < self.best:
                self.best = makespan
                if self.say is not None:
                    self.say("searching", self.weight * makespan)

    def is_over(self, number: int) -> bool:
        """Return whether a search can stop: one that counts before it has reached the bound (any, where time decides)."""
        return any(other <= number or not self.ordered for other in self.proven)


@dataclass
class _Run:
    """One search: its random numbers, what it has spent, and what it has found."""

    shop: Chains
    number: int
    budget: Budget
    board: _Board
    begun: float
    state: np.ndarray
    tried: int = 0
    best: Good | None = None
    trace: list[tuple[float, int]] = field(default_factory=list)

    def left(self) -> int:
        """Return how many more neighbors may be tried."""
        if self.board.is_over(self.number):
            return 0
        if self.budget.seconds is None:
            return self.budget.moves // max(1, self.budget.starts) - self.tried
        spent = time.perf_counter() - self.begun
        if spent >= self.budget.seconds:
            return 0
        pace = self.tried / max(spent, 1e-6)
        return max(1000, int(pace * (self.budget.seconds - spent))) if self.tried else FIRST

    def walk(self, choice: np.ndarray, order: np.ndarray) -> Good:
        """Return the best schedule of a walk from the given one."""
        tenure = TENURES[int(self.state[0] >> np.uint64(20)) % len(TENURES)]
        limits = np.array([PATIENCE, self.left(), self.board.enough, tenure, tenure])
        choice, order, makespan, tried = walk(self.shop, choice, order, self.state, limits)
        self.tried += max(tried, len(order))
        found = good(self.shop, makespan, choice, order)
        if self.best is None or makespan < self.best.makespan:
            self.best = found
            when = self.tried if self.budget.seconds is None else time.perf_counter() - self.begun
            self.trace.append((float(when), makespan))
            self.board.tell(self.number, makespan)
        return found


def tabu(shop: Shop, budget: Budget, begin: Schedule | None = None, say: Say | None = None) -> Found:
    """Return the best schedule found for a classical shop, one that ``fits``; the search ends where a bound is reached.

    Each start keeps good schedules. A walk (tabu search, see ``walk``) begins somewhere on the way from one of them to
    another, and its best schedule takes the place of a worse one. Starts do not learn from one another.

    Parameters
    ----------
    shop
        Chains of operations on machines that are always open; the goal is the makespan.
    budget
        With ``moves`` (the default) the result is the same on any machine, however many cores it has.
    begin
        A feasible schedule; the first start begins there, so that the result is never worse.
    say
        Hears a message and the best total whenever it becomes better; from any thread.

    Raises
    ------
    InputError
        The shop is not classical.
    """
    if not fits(shop):
        message = (
            "Tabu search takes classical shops only: chains of operations, machines that are always open, no set-ups, batches, "
            "tools, fixed operations or costs, and the makespan as the goal. This shop is another: use method 'list' or 'auto'."
        )
        raise InputError(message)
    packed, weight, begun = chains(shop), shop.goal.makespan, time.perf_counter()
    enough = max(ceil(bound(shop) / weight - 1e-6), load_bound(packed))
    board = _Board(say, weight, enough, budget.seconds is None)
    starts = max(1, budget.starts)
    runs = [_Run(packed, number, budget, board, begun, _seeded(budget.seed, number)) for number in range(starts)]
    first = None if begin is None else _given(shop, packed, begin)
    with ThreadPoolExecutor(min(starts, os.cpu_count() or 1)) as pool:
        bests = list(pool.map(lambda run: _search(run, None if run.number else first), runs))
    counted = runs[: min(board.proven) + 1] if board.proven and board.ordered else runs
    best = min(bests[: len(counted)], key=lambda found: found.makespan)
    schedule = _timed(packed, best, len(shop.calendars.periods))
    trace = tuple((when, weight * makespan) for when, makespan in _falling(counted))
    moves = sum(run.tried for run in counted)
    return Found(schedule, value(shop, schedule), "tabu", bound=weight * enough, moves=moves, trace=trace)


def _seeded(seed: int, number: int) -> np.ndarray:
    return np.random.SeedSequence([seed, number]).generate_state(1, np.uint64) | np.uint64(1)


def _search(run: _Run, first: tuple[np.ndarray, np.ndarray] | None) -> Good:
    """Return the best schedule of one search when its budget is spent."""
    elite, rng = Elite(MEMBERS), np.random.default_rng(run.state)
    best = run.walk(*(active(run.shop, run.state) if first is None else first))
    elite.take(best)
    built = 1
    while run.left() > 0:
        if built < MEMBERS or len(elite.members) == 1:
            choice, order = active(run.shop, run.state)
            built += 1
        else:
            one, other = (elite.members[at] for at in rng.choice(len(elite.members), 2, replace=False))
            percent = int(rng.integers(30, 71))
            choice, order = between((one.choice, other.choice), (one.order, other.order), percent, run.state)
        new = run.walk(choice, order)
        elite.take(new)
        best = min(best, new, key=lambda found: found.makespan)
        if built >= MEMBERS:
            elite.start_over()
            built = built if len(elite.members) > 1 else 1
    return best


def _given(shop: Shop, packed: Chains, begin: Schedule) -> tuple[np.ndarray, np.ndarray]:
    """Return choices and order of a schedule; on each machine the quickest mode there is taken."""
    of = np.repeat(np.arange(shop.size), np.diff(packed.offsets))
    chosen = np.flatnonzero(packed.machine == shop.modes.machine[begin.mode][of])
    depth = np.zeros(shop.size + 1, dtype=np.int64)
    layer = np.flatnonzero(packed.before[:-1] == shop.size)
    while len(layer):
        follow = packed.after[layer]
        depth[follow] = depth[layer] + 1
        layer = follow[follow < shop.size]
    return np.append(chosen, 0), np.lexsort((depth[:-1], begin.end, begin.start))


def _timed(packed: Chains, best: Good, periods: int) -> Schedule:
    """Return the schedule in which every operation starts as early as its sequences let it."""
    n = len(best.order)
    graph = build(packed, best.choice, best.order)
    start = graph.head[:n].copy()
    behind = np.where(graph.left[:n] == n, -1, graph.left[:n])
    alone, worked = np.full(n, -1, dtype=np.int64), np.zeros(periods, dtype=np.bool_)
    return Schedule(packed.mode[best.choice[:n]], start, start + graph.minutes[:n], start.copy(), behind, alone, worked)


def _falling(runs: list[_Run]) -> list[tuple[float, int]]:
    """Return the steps by which the best of all searches fell."""
    steps: list[tuple[float, int]] = []
    for when, makespan in sorted(step for run in runs for step in run.trace):
        if not steps or makespan < steps[-1][1]:
            steps.append((when, makespan))
    return steps
