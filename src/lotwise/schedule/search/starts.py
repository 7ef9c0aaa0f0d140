"""Several searches at once, each from the best first sequence, on as many cores as there are."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.jobs import Found
from lotwise.schedule.search.anneal import SAME, State, anneal, new_state, remember
from lotwise.schedule.search.decode import OPENS, as_schedule, place_all
from lotwise.schedule.search.dispatch import first_sequences
from lotwise.schedule.search.pack import Packed, nothing_before, pack
from lotwise.schedule.value import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lotwise.schedule.jobs import Budget, Schedule
    from lotwise.schedule.shop import Shop

    Say = Callable[[str, float], None]

SAMPLE = 64
"""Neighbors whose worsening sets the first temperature."""
SAMPLED = 200_000
"""Operations placed for that at most."""
HEAT = 0.02
"""First temperature / the middle worsening of a neighbor ..."""
HEAT_AGAIN = 0.002
"""... and where the schedule before is the start, and is to be kept."""
SMALL, SMALL_STARTS, SMALL_MOVES = 16, 16, 40_000
"""Operations up to which many short searches are made, how many, and their moves together: a single one can be caught."""
SLOW = 300
"""Moves an operation from which on a search starts at the full temperature."""
ROUND, MOST_ROUNDS = 1_500, 16
"""Moves an operation of one cooling down, and how often it is cooled down at most."""
CHUNKS = 40
"""Parts of a search after which it looks at the clock and says how far it is."""


@dataclass(frozen=True)
class Candidate:
    """A sequence to start from, with modes and overtime periods, and whether it is not the schedule before."""

    sequence: np.ndarray
    choice: np.ndarray
    worked: np.ndarray
    is_new: bool = True


@dataclass
class _Report:
    """What several searches say together."""

    say: Say | None
    least: float = np.inf
    steps: list[tuple[float, float]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def better(self, when: float, total: float) -> None:
        with self.lock:
            self.steps.append((when, total))
            if total < self.least - SAME:
                self.least = total
                if self.say is not None:
                    self.say("searching", total)

    def trace(self) -> tuple[tuple[float, float], ...]:
        """Return when the best of all became better: the same whichever search was first to say so."""
        found: list[tuple[float, float]] = []
        for when, total in sorted(self.steps):
            if not found or total < found[-1][1] - SAME:
                found.append((when, total))
        return tuple(found)


def search(shop: Shop, budget: Budget, begin: Schedule | None = None, say: Say | None = None) -> Found:
    """Return the best schedule found by annealing over sequences.

    Parameters
    ----------
    budget
        With ``moves`` (the default) the result is the same on any machine. ``seconds`` are counted from the first schedule on,
        of as many searches as there are cores at most.
    begin
        A feasible schedule to start from, beside the dispatch rule's and the schedule before; it is returned where nothing
        better is found.
    say
        Hears a message and the best total whenever it becomes better; from any thread.
    """
    p = pack(shop)
    first = min(candidates(shop, p, begin), key=lambda one: _total(p, one))
    report = _Report(say)
    cores = os.cpu_count() or 1
    starts = max(1, budget.starts) if budget.seconds is None else max(1, min(budget.starts, cores))
    if shop.size <= SMALL and budget.seconds is None:
        starts = max(starts, SMALL_STARTS)
        budget = replace(budget, starts=starts, moves=max(budget.moves, SMALL_MOVES) if budget.moves else 0)
    with ThreadPoolExecutor(min(starts, cores)) as pool:
        states = list(pool.map(lambda number: _run(p.copy(), first, budget, number, report), range(starts)))
    best = min((state for state, _ in states), key=lambda state: state.totals[1])
    place_all(p, best.best_sequence, best.best_choice, best.best_worked, np.inf)
    schedule = as_schedule(p, best.best_worked)
    found = value(shop, schedule)
    if begin is not None and value(shop, begin).total < found.total - SAME:  # waiting for cheaper hours, it has no sequence
        schedule, found = begin, value(shop, begin)
    return Found(schedule, found, "list", moves=sum(moves for _, moves in states), trace=report.trace())


def candidates(shop: Shop, p: Packed, begin: Schedule | None = None) -> Iterator[Candidate]:
    """Yield the sequences a search may start from: the dispatch rule's, the one before, and the one given."""
    free_choice, none = np.full(shop.size, -1, dtype=np.int64), np.zeros(len(shop.calendars.periods), dtype=np.bool_)
    ruled = list(first_sequences(p, none))
    for sequence in ruled:
        yield Candidate(sequence, free_choice, none)
    for sequence in first_sequences(p, ~none) if len(none) else ():
        yield Candidate(sequence, free_choice, ~none)
    if begin is not None:
        yield _as_begun(p, begin)
    if shop.before is not None and (shop.before.machine[~shop.before.fixed] >= 0).any():
        yield from _as_before(shop, ruled[0], none)


def _as_begun(p: Packed, begin: Schedule) -> Candidate:
    """Return the sequence of a schedule; of each batch the member that is ready last opens it, and no other one."""
    o = p.operations
    ready = o["release"].copy()
    later = np.repeat(np.arange(len(o)), o["predecessors"])
    np.maximum.at(ready, later, begin.end[p.links_before["operation"]] + p.links_before["lag"])
    sequence = np.lexsort((-ready, begin.batch, begin.end, begin.start))
    batch = begin.batch[sequence]
    opens = np.append(True, (batch[1:] != batch[:-1]) | (batch[1:] < 0))
    choice = begin.mode.copy()
    choice[sequence[opens]] = np.where(o["family"] >= 0, OPENS - choice, choice)[sequence[opens]]
    return Candidate(sequence[~o["fixed"][sequence]], choice, begin.worked.copy())


def _as_before(shop: Shop, ruled: np.ndarray, none: np.ndarray) -> Iterator[Candidate]:
    """Yield the sequence of the schedule before; what is new comes where the rule has it, or first of all."""
    before = shop.before if shop.before is not None else nothing_before(shop.size)
    known = before.machine >= 0
    turn = np.empty(shop.size)
    turn[ruled] = np.arange(len(ruled))
    place = before.start.astype(float)
    new = ruled[~known[ruled]]
    old = ruled[known[ruled]]
    choice = np.full(shop.size, -1, dtype=np.int64)
    for o in old:
        own = np.arange(shop.modes.offsets[o], shop.modes.offsets[o + 1])
        same = own[shop.modes.machine[own] == before.machine[o]]
        choice[o] = same[0] if len(same) else -1
    if not len(old):
        return
    for where in (np.interp(turn[new], np.sort(turn[old]), np.sort(place[old])), np.full(len(new), -1.0)):
        place[new] = where
        sequence = ruled[np.lexsort((turn[ruled], place[ruled]))]
        for modes in (choice, np.full(shop.size, -1, dtype=np.int64)):
            yield Candidate(sequence, modes, none, is_new=False)


def _total(p: Packed, one: Candidate) -> float:
    return place_all(p, one.sequence, one.choice, one.worked, np.inf)


def _run(p: Packed, first: Candidate, budget: Budget, number: int, report: _Report) -> tuple[State, int]:
    """Return one search when its budget is spent, and how many neighbors it tried."""
    state = new_state(p, first.sequence, first.choice, first.worked, budget.seed * 1000 + number)
    report.better(0.0, state.totals[1])
    heat = (HEAT if first.is_new else HEAT_AGAIN) * _middle_worsening(p, state, budget.seed * 1000 + number)
    if budget.seconds is not None:
        return state, _for_seconds(p, state, first, heat, budget.seconds, report)
    moves = budget.moves // max(1, budget.starts)
    rounds, heat = _rounds(state, moves, first), heat * _warmth(state, moves)
    chunks = CHUNKS * rounds
    for chunk in range(chunks):
        if state.totals[1] <= 0.0:
            return state, moves * chunk // chunks
        own = moves * (chunk + 1) // chunks - moves * chunk // chunks
        share = chunk % CHUNKS
        if chunk and not share:
            _restart(p, state, first, chunk // CHUNKS)
        if own and anneal(p, state, own, share / CHUNKS, (share + 1) / CHUNKS, heat):
            report.better(moves * (chunk + 1) / chunks, state.totals[1])
    return state, moves


def _rounds(state: State, moves: float, first: Candidate) -> int:
    """Return how many times a search cools down: a small shop is stuck long before many moves are tried."""
    return int(np.clip(moves // (ROUND * max(len(state.sequence), 1)), 1, MOST_ROUNDS)) if first.is_new else 1


def _warmth(state: State, moves: float) -> float:
    """Return the share of the first temperature that pays: where few moves are to be had, there is no time to cool down."""
    return float(min(1.0, moves / (SLOW * max(len(state.sequence), 1))) ** 2)


def _restart(p: Packed, state: State, first: Candidate, number: int) -> None:
    """Go back to the first sequence, every other time to the best one so far."""
    best = (state.best_sequence, state.best_choice, state.best_worked)
    given = best if number % 2 else (first.sequence, first.choice, first.worked)
    for own, other in zip((state.sequence, state.choice, state.worked), given, strict=True):
        own[:] = other
    state.totals[0] = place_all(p, state.sequence, state.choice, state.worked, np.inf)
    remember(p, state, 0)


def _for_seconds(p: Packed, state: State, first: Candidate, heat: float, seconds: float, report: _Report) -> int:
    """Search until the time is over; the temperature follows the clock."""
    anneal(p, state, 0, 0.0, 0.0, heat)  # compiled or loaded, the first time, before the clock runs
    started = time.perf_counter()
    moves, chunk, done, spent, rounds, number, warmth = 0, 1, 0.0, 0.0, 1, 0, 0.0
    movable = len(state.sequence) > 1 or (len(state.sequence) == 1 and len(p.modes) + len(state.worked) > len(p.operations))
    while movable and seconds > 0.0 and done < 1.0 and state.totals[1] > 0.0:
        before = time.perf_counter()
        if int(done * rounds) > number:
            number = int(done * rounds)
            _restart(p, state, first, number)
        share = done * rounds - number
        better = anneal(p, state, chunk, share, min(1.0, share + rounds * spent / seconds), heat * warmth)
        moves += chunk
        now = time.perf_counter()
        done, spent = (now - started) / seconds, now - before
        if better:
            report.better(now - started, state.totals[1])
        if number == 0 and done < 1 / (2 * MOST_ROUNDS):
            possible = chunk * seconds / max(spent, 1e-6)
            rounds, warmth = _rounds(state, possible, first), _warmth(state, possible)
        wanted = chunk * seconds / (2 * CHUNKS * rounds * max(spent, 1e-6))
        chunk = int(np.clip(wanted, 1, 4 * chunk))
    return moves


def _middle_worsening(p: Packed, state: State, seed: int) -> float:
    """Return by how much a random insertion makes the schedule worse, in the middle of those that do."""
    rng = np.random.default_rng(seed)
    n = len(state.sequence)
    worse = []
    for _ in range(min(SAMPLE, max(4, SAMPLED // n)) if n > 1 else 0):
        a, b = rng.integers(n), rng.integers(n)
        tried = np.insert(np.delete(state.sequence, a), b, state.sequence[a])
        more = place_all(p, tried, state.choice, state.worked, np.inf) - state.totals[0]
        if more > SAME:
            worse.append(more)
    return float(np.median(worse)) if worse else 0.0
