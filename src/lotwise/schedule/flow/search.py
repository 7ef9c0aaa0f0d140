"""Permutation flow shops by iterated greedy search, several starts side by side."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.schedule.bounds import bound
from lotwise.schedule.flow.greedy import build, iterate
from lotwise.schedule.flow.insert import follow, places, total
from lotwise.schedule.flow.line import Line, fits, line
from lotwise.schedule.jobs import Found, Schedule
from lotwise.schedule.value import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.schedule.jobs import Budget
    from lotwise.schedule.shop import Shop

    Say = Callable[[str, float], None]

HEAT = 0.04
"""Temperature / the middle worsening of an order put elsewhere; on Taillard's instances about that of Ruiz and Stutzle."""
CHUNKS = 40
"""Parts of a search after which the clock is looked at."""


@dataclass
class _Board:
    """What the user hears of all searches together."""

    say: Say | None
    constant: float
    best: float = np.inf
    lock: Lock = field(default_factory=Lock)

    def tell(self, cost: float) -> None:
        with self.lock:
            if cost < self.best:
                self.best = cost
                if self.say is not None:
                    self.say("searching", cost + self.constant)


def flow(shop: Shop, budget: Budget, begin: Schedule | None = None, say: Say | None = None) -> Found:
    """Return the best schedule found for a permutation flow shop, one that ``fits``.

    Parameters
    ----------
    budget
        With ``moves`` (the default) the result is the same on any machine, however many cores it has.
    begin
        A feasible schedule; the first start begins there.
    say
        Hears a message and the best total whenever it becomes better; from any thread.

    Raises
    ------
    InputError
        The shop is no permutation flow shop.
    """
    if not fits(shop):
        message = (
            "Iterated greedy search takes permutation flow shops only: every order on the same machines in the same order, "
            "in one sequence, without alternatives, calendars, batches, tools or fixed operations. This shop is another: "
            "use method 'list' or 'auto'."
        )
        raise InputError(message)
    packed, constant, begun = line(shop), float(shop.modes.cost.sum()), time.perf_counter()
    least, board, starts = bound(shop), _Board(say, constant), max(1, budget.starts)
    given = None if begin is None else np.argsort(begin.start[packed.operation[:, 0]], kind="stable")

    def run(number: int) -> tuple[float, np.ndarray, int, list[tuple[float, float]]]:
        return _search(packed, budget, number, (begun, least - constant), board, None if number else given)

    with ThreadPoolExecutor(min(starts, os.cpu_count() or 1)) as pool:
        runs = list(pool.map(run, range(starts)))
    schedule = _timed(shop, packed, min(runs, key=lambda one: one[0])[1])
    trace: list[tuple[float, float]] = []
    for when, cost in sorted(step for one in runs for step in one[3]):
        if not trace or cost + constant < trace[-1][1]:
            trace.append((when, cost + constant))
    worth = value(shop, schedule)
    return Found(schedule, worth, "flow", bound=min(least, worth.total), moves=sum(one[2] for one in runs), trace=tuple(trace))


def _search(
    packed: Line, budget: Budget, number: int, times: tuple[float, float], board: _Board, given: np.ndarray | None
) -> tuple[float, np.ndarray, int, list[tuple[float, float]]]:
    """Return cost and sequence of one search, neighbors tried, and when it became better."""
    begun, enough = times
    state = np.random.SeedSequence([budget.seed, number]).generate_state(1, np.uint64) | np.uint64(1)
    sequence, cost = _first(packed, state)
    if given is not None and total(packed, given, len(given)) < cost:
        sequence, cost = given.copy(), float(total(packed, given, len(given)))
    best, heat, tried, trace = sequence.copy(), HEAT * _worsening(packed, sequence, cost, state), 0, [(0.0, cost)]
    board.tell(cost)
    moves = budget.moves // max(1, budget.starts)
    chunk = max(1, moves // CHUNKS) if budget.seconds is None else 1000
    while cost > enough and len(sequence) > 1:
        spent = time.perf_counter() - begun
        if (tried >= moves) if budget.seconds is None else (spent >= budget.seconds):
            break
        if budget.seconds is not None and tried:
            chunk = max(100, int(min(tried, tried / max(spent, 1e-6) * budget.seconds / CHUNKS)))
        new, more = iterate(packed, sequence, best, np.array([chunk, heat, enough]), state)
        tried += more
        if new < cost:
            cost = new
            trace.append((float(tried) if budget.seconds is None else time.perf_counter() - begun, cost))
            board.tell(cost)
    return cost, best, tried, trace


def _first(packed: Line, state: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the better of two sequences built in turn: orders with most work first, and orders due first."""
    work = packed.minutes.sum(axis=1)
    turns = [np.argsort(-work, kind="stable"), np.lexsort((-packed.weight, packed.due))]
    (one, cost), (other, least) = (build(packed, turn, state) for turn in turns)
    return (one, float(cost)) if cost <= least else (other, float(least))


def _worsening(packed: Line, sequence: np.ndarray, cost: float, state: np.ndarray) -> float:
    """Return by how much an order put elsewhere makes a sequence worse, in the middle of those that do."""
    rng, n = np.random.default_rng(state), len(sequence)
    values, worse = np.empty(n), np.empty(0)
    for _ in range(10):
        at = int(rng.integers(n))
        places(packed, np.delete(sequence, at), n - 1, int(sequence[at]), values)
        worse = np.append(worse, values[values > cost + 1e-9] - cost)
    return float(np.median(worse)) if len(worse) else 0.0


def _timed(shop: Shop, packed: Line, sequence: np.ndarray) -> Schedule:
    """Return the schedule in which every order follows the one before it as early as it can, set-ups as late as they can."""
    n = len(packed.due)
    start, setup_start, end, behind = (np.zeros(shop.size, dtype=np.int64) for _ in range(4))
    ends, before = packed.free.copy(), n
    for order in sequence:
        follow(packed, ends, before, int(order), ends)
        mine = packed.operation[order]
        end[mine], start[mine] = ends, ends - packed.minutes[order]
        setup_start[mine] = start[mine] - packed.setup[before, order]
        behind[mine] = -1 if before == n else packed.operation[before]
        before = int(order)
    alone, worked = np.full(shop.size, -1, dtype=np.int64), np.zeros(len(shop.calendars.periods), dtype=np.bool_)
    return Schedule(shop.modes.offsets[:-1].copy(), start, end, setup_start, behind, alone, worked)
