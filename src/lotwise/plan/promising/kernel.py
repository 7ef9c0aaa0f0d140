"""The search for the earliest week, in machine code: takes what is free, makes the rest, week by week.

An order is met from units that are planned and not ordered, else from new lots. A lot takes its components from free stock
first and has the rest made, through all levels, each at its own lead time. Every amount found is backed by hours, stock and
purchases of definite weeks, which is why the plan with the order in it can do it too. Functions that allocate nothing are
compiled without reference counts (``_nrt=False``): counting each array of a tuple at every call took half the time.

References
----------
Chen, Zhao and Ball (2001), Quantity and due date quoting available to promise. Information Systems Frontiers 3(4).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

TINY, LITTLE = 1e-9, 1e-6
"""Share of an amount that is rounding, and that is tried first where not all of it fits."""
ENOUGH = 2e-6
"""Share of an order that may be missing: published plans hold six digits."""
HALVINGS = 28
"""Tries to find how much of an amount fits: to a hundred-millionth of it, on the safe side."""
UNLIMITED = 1e300
"""Largest lots from here on are none."""
NEW, PLANNED = 1, 0
"""Whether units come from new lots, or are planned ones to be configured."""
LATE, EARLY = 1, 0
"""Whether new lots are as late or as early as they can be."""
KEEP, LOOK = 1, 0
"""Whether hours are taken, or only looked at."""
NOTHING, MACHINE, ITEM, SOON = 0, 1, 2, 3
"""What stands in the way: nothing, hours of a machine, units of an item, or a start before the first week."""

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Recipe(NamedTuple):
    """What one unit takes, as a tree whose first node is the product; arrays by node, by slot (one an item) or by step."""

    items: Wholes
    machines: Wholes
    parent: Wholes
    slot: Wholes
    quantity: Reals
    offset: Wholes
    spare: Flags
    total: Reals
    lead: Wholes
    good: Reals
    least: Reals
    step: Reals
    largest: Reals
    makes: Flags
    step_from: Wholes
    step_machine: Wholes
    step_hours: Reals
    step_setup: Reals
    step_shared: Reals
    is_configured: Flags


class State(NamedTuple):
    """What is free now: see ``Facts``; ``least`` is the least that is free of each item from a week on."""

    free: Reals
    least: Reals
    planned: Reals
    regular: Reals
    extra: Reals
    up: Flags
    shared: Flags
    machine_price: Reals
    item_price: Reals
    overtime_cost: Reals


class Work(NamedTuple):
    """Copies of what is free that a search takes from, and its notes."""

    free: Reals
    least: Reals
    planned: Reals
    hours: Reals
    up: Flags
    shared: Flags
    made: Reals
    taken: Reals
    over: Reals
    took: Reals
    touched_machine: Wholes
    touched_week: Wholes
    touched_hours: Reals
    blame: Wholes


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _blame(work: Work, kind: int, number: int, week: int) -> None:
    work.blame[0] = kind
    work.blame[1] = number
    work.blame[2] = week


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _fits(r: Recipe, work: Work, week: int, units: float, first: int, source: int, keep: int) -> bool:  # noqa: C901, PLR0912, PLR0915  one loop, in machine code
    """Return whether so many units can be made ready in a week, or planned ones be configured."""
    work.took[:] = 0.0
    touched, fine = 0, True
    for n in range(len(r.parent)):
        s = r.slot[n]
        work.made[n], work.taken[n], work.over[n] = 0.0, 0.0, 0.0
        if n == 0:
            if source == PLANNED:
                continue
            rest = units
        else:
            base = (0.0 if source == NEW else units) if r.spare[n] else work.made[r.parent[n]]
            amount = base * r.quantity[n]
            if amount <= TINY:
                continue
            need = week - r.offset[n]
            if need < 0:
                _blame(work, SOON, s, need)
                fine = False
                break
            take = min(amount, max(work.least[s, need] - work.took[s], 0.0))
            work.took[s] += take
            work.taken[n] = take
            rest = amount - take
            if rest <= TINY * (1.0 + amount):
                continue
            if not r.makes[s]:
                _blame(work, ITEM, s, need)
                fine = False
                break
        start = week - r.offset[n] - r.lead[s]
        if start < first:
            _blame(work, SOON, s, start)
            fine = False
            break
        started = rest / r.good[s]
        if r.step[s] > 0:
            started = np.ceil(started / r.step[s] - TINY) * r.step[s]
        bounded = r.largest[s] < UNLIMITED
        if started < r.least[s] and (bounded or not work.up[s, start]):
            started = r.least[s]
        work.made[n] = started
        work.over[n] = started * r.good[s] - rest
        sets = np.ceil(started / r.largest[s] - TINY) if bounded else (0.0 if work.up[s, start] else 1.0)
        opens = 0.0 if work.shared[s, start] else 1.0
        for k in range(r.step_from[s], r.step_from[s + 1]):
            m = r.step_machine[k]
            hours = started * r.step_hours[k] + sets * r.step_setup[k] + opens * r.step_shared[k]
            if hours > work.hours[m, start] + TINY:
                _blame(work, MACHINE, m, start)
                fine = False
                break
            work.hours[m, start] -= hours
            work.touched_machine[touched], work.touched_week[touched], work.touched_hours[touched] = m, start, hours
            touched += 1
        if not fine:
            break
    if not fine or keep == LOOK:
        for k in range(touched):
            work.hours[work.touched_machine[k], work.touched_week[k]] += work.touched_hours[k]
    return fine


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _settle(least: Reals, free: Reals, s: int) -> None:
    """Work out again the least that is free of an item from each week on."""
    low = np.inf
    for k in range(free.shape[1] - 1, -1, -1):
        low = min(low, free[s, k])
        least[s, k] = low


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _keep(r: Recipe, work: Work, week: int) -> None:
    """Take what the last amount that fits takes."""
    for n in range(len(r.parent)):
        s = r.slot[n]
        if work.taken[n] <= 0.0 and work.made[n] <= 0.0:
            continue
        ready = week - r.offset[n]
        for k in range(max(ready, 0), work.free.shape[1]):
            work.free[s, k] += work.over[n] - work.taken[n]
        if work.made[n] > 0.0:
            start = ready - r.lead[s]
            work.up[s, start] = True
            work.shared[s, start] = True
        _settle(work.least, work.free, s)


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _most(r: Recipe, work: Work, week: int, units: float, first: int, source: int) -> float:
    """Return and take the most units, up to ``units``, that fit into a week.

    All of them are tried, then hardly any, then halves of what is left between; the last try takes what was found. There is one
    call of ``_fits`` only, for every one is compiled anew.
    """
    low, high, middle, step = 0.0, units, units, 0
    kind, number, when = NOTHING, -1, -1
    while True:
        last = step in (0, HALVINGS)
        fits = _fits(r, work, week, middle, first, source, KEEP if last else LOOK)
        if not fits:
            kind, number, when = work.blame[0], work.blame[1], work.blame[2]
        if last and fits:
            _keep(r, work, week)
            break
        if (last and step > 0) or (step == 1 and not fits):
            middle = 0.0
            break
        if step > 0:
            low, high = (middle, high) if fits else (low, middle)
        step += 1
        middle = LITTLE * units if step == 1 else low if step == HALVINGS else (low + high) / 2
    _blame(work, kind, number, when)
    return middle


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _week(r: Recipe, work: Work, week: int, units: float, first: int) -> float:
    """Return and take the most units that one week gives beside what is planned and needs nothing new."""
    found = 0.0
    for source in (PLANNED, NEW):
        if source == PLANNED:
            wanted = min(units, work.least[0, week], work.planned[week]) if r.is_configured[0] else 0.0
        else:
            wanted = units - found if units - found > ENOUGH * (1.0 + units) else 0.0
            if wanted > 0.0 and not r.makes[0]:
                if work.blame[0] == NOTHING:
                    _blame(work, ITEM, 0, week)
                wanted = 0.0
        if wanted <= TINY:
            continue
        mine = _most(r, work, week, wanted, first, source)
        found += mine
        if source == PLANNED:
            work.planned[week] -= mine
            for k in range(week, work.free.shape[1]):
                work.free[0, k] -= mine
            _settle(work.least, work.free, 0)
    return found


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[untyped-decorator]
def _copies(r: Recipe, state: State) -> Work:
    weeks, slots, machines, nodes = state.free.shape[1], len(r.items), len(r.machines), len(r.parent)
    free, least = np.empty((slots, weeks)), np.empty((slots, weeks))
    up, shared = np.empty((slots, weeks), np.bool_), np.empty((slots, weeks), np.bool_)
    for s in range(slots):
        i = r.items[s]
        free[s], least[s], up[s], shared[s] = state.free[i], state.least[i], state.up[i], state.shared[i]
    hours = np.empty((machines, weeks))
    for m in range(machines):
        hours[m] = state.regular[r.machines[m]] + state.extra[r.machines[m]]
    steps = 1
    for n in range(nodes):
        steps += r.step_from[r.slot[n] + 1] - r.step_from[r.slot[n]]
    return Work(
        free, least, state.planned[r.items[0]].copy(), hours, up, shared, np.zeros(nodes), np.zeros(nodes), np.zeros(nodes),
        np.zeros(slots), np.zeros(steps, np.int64), np.zeros(steps, np.int64), np.zeros(steps), np.zeros(3, np.int64),
    )  # fmt: skip


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def unit_prices(r: Recipe, state: State) -> Reals:
    """Return what the hours and materials in one unit would earn otherwise, by the week it is ready; ``(n_weeks,)``."""
    weeks = state.free.shape[1]
    found = np.zeros(weeks)
    for week in range(weeks):
        for n in range(len(r.parent)):
            s = r.slot[n]
            need = max(week - r.offset[n], 0)
            start = max(need - r.lead[s], 0)
            if n > 0 and r.step_from[s] == r.step_from[s + 1]:
                found[week] += r.total[n] * state.item_price[r.items[s], need]
            for k in range(r.step_from[s], r.step_from[s + 1]):
                hours = r.total[n] / r.good[s] * r.step_hours[k]
                found[week] += hours * state.machine_price[r.machines[r.step_machine[k]], start]
    return found


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _overtime(r: Recipe, state: State, work: Work) -> float:
    """Return what new overtime costs above the price its hours have in the plan."""
    found = 0.0
    for m in range(len(r.machines)):
        g = r.machines[m]
        for k in range(state.free.shape[1]):
            new = state.regular[g, k] + state.extra[g, k] - work.hours[m, k]
            paid = max(new - max(state.regular[g, k], 0.0), 0.0)
            if paid > 0.0:
                found += paid * max(state.overtime_cost[g] - state.machine_price[g, k], 0.0)
    return found


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[untyped-decorator]
def _reach(r: Recipe, work: Work, units: float, first: int, blame: Wholes, reached: Reals) -> int:
    """Return the first week by whose end there are so many units, -1 for none; note how many there are by each week."""
    weeks, found = work.free.shape[1], 0.0
    for week in range(weeks):
        _blame(work, NOTHING, -1, -1)
        free = 0.0 if r.is_configured[0] else max(work.least[0, week], 0.0)
        if units - found - free > ENOUGH * (1.0 + units):
            found += _week(r, work, week, units - found, first)
            free = 0.0 if r.is_configured[0] else max(work.least[0, week], 0.0)
        reached[week] = min(found + free, units)
        if found + free >= units - ENOUGH * (1.0 + units):
            return week
        blame[:] = work.blame
    return -1


@njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)  # type: ignore[untyped-decorator]
def _fill(r: Recipe, work: Work, units: float, week: int, first: int, late: int) -> float:
    """Take so many units for one week: what is planned, then new lots as late or as early as they can be; return the rest."""
    rest = units
    if not r.is_configured[0]:
        take = min(units, max(work.least[0, week], 0.0))
        rest -= take
        for k in range(week, work.free.shape[1]):
            work.free[0, k] -= take
        _settle(work.least, work.free, 0)
    for step in range(week + 1):
        if rest <= ENOUGH * (1.0 + units):
            return 0.0
        rest -= _week(r, work, week - step if late == LATE else step, rest, first)
    return 0.0 if rest <= ENOUGH * (1.0 + units) else rest


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def place(r: Recipe, state: State, units: float, week: int, first: int) -> Work:
    """Return what is left free with so many units taken for a week they can be had in: lots as late as they can be."""
    late = LATE
    while True:
        work: Work = _copies(r, state)
        if _fill(r, work, units, week, first, late) <= 0.0 or late == EARLY:
            return work
        late = EARLY


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def search(r: Recipe, state: State, units: float, first: int, by: int) -> tuple[int, float, Wholes, Reals]:
    """Return the earliest week, the money for new overtime, what binds, and units by week.

    Parameters
    ----------
    r, state
        What is asked for, and what is free.
    units
        How many.
    first
        First week in which anything new can be started.
    by
        Number of the week it is wanted for, whether or not it could be earlier; -1 for the earliest.
    """
    blame, reached = np.zeros(3, np.int64), np.zeros(state.free.shape[1])
    work: Work = _copies(r, state)
    week = _reach(r, work, units, first, blame, reached)
    if week < 0:
        return -1, 0.0, blame, reached
    week = max(week, by)
    if not r.is_configured[0] and state.least[r.items[0], week] >= units:
        return week, 0.0, blame, reached
    return week, _overtime(r, state, place(r, state, units, week, first)), blame, reached


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def settle_all(least: Reals, free: Reals) -> None:
    """Work out the least that is free of every item from each week on."""
    for s in range(len(free)):
        _settle(least, free, s)
