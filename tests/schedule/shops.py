"""Small shops for tests: written out by hand (``make_shop``), or drawn at random with everything in them (``random_shop``)."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np

from lotwise.schedule.jobs import Schedule
from lotwise.schedule.shop import (
    NEVER,
    PAUSES,
    Before,
    Calendars,
    Goal,
    Machines,
    Modes,
    Operations,
    Orders,
    Setups,
    Shop,
    Tools,
)


def whole(values):
    return np.array(list(values), dtype=np.int64)


def filled(values, count, default):
    """Return the values as whole numbers; where there are none, the default ``count`` times."""
    given = list(values)
    assert len(given) in (0, count), f"{len(given)} values for {count}"
    return whole(given or [default] * count)


def ragged(rows):
    """Return the offsets of lists of different length, and what is in them, one after the other."""
    return whole(accumulate((len(row) for row in rows), initial=0)), [value for row in rows for value in row]


def make_shop(  # noqa: PLR0913 - whatever a test needs is named
    jobs, *, names=(), release=(), due=(), weight=(), ready=(), state=(), family=(), size=(), crossing=(), lag=(), before=None,
    machines=None, machine_calendar=(), machine_setups=(), machine_state=(), room=(), free=(), minute_cost=(),
    calendars=((),), setups=(), setup_cost=(), tools=(), tool_needs=(), goal=None, previous=None, start=None,
    same_sequence=False,
):  # fmt: skip
    """Return a shop from lists; whatever is left out has a plain default.

    Parameters
    ----------
    jobs
        Orders, each a list of operations, each a list of modes ``(machine, minutes[, added[, cost[, calendar]]])``; one mode
        may stand alone: ``[[(0, 5)], [(0, 3), [(0, 4), (1, 6)]]]`` are two orders with one and two operations, the last
        on either machine. Operations are numbered through, those of an order follow one another.
    release, due, weight
        One an order: 0, ``NEVER``, 1.
    ready, state, family, size, crossing
        One an operation: 0, -1, -1, 1, ``PAUSES`` (``ready`` is ``Operations.release``).
    lag, before
        Minutes after the operation before; or, instead, the lists of ``(operation, lag)`` each operation follows.
    machines
        How many; as many as the modes name.
    machine_calendar, machine_setups, machine_state, room, free, minute_cost
        One a machine: 0, 0 where there are set-ups (else -1), -1, 0, 0, 1.
    calendars
        Each a list of openings ``(opens, closes[, overtime period])``; an empty list: always open.
    setups, setup_cost
        Matrices with ``states + 1`` rows (the last: from a state that is not known) and ``states`` columns.
    tools, tool_needs
        How many of each; for each operation a list of ``(tool, count)``.
    previous
        What ``previous_of`` returns.
    """
    chains = [[[modes] if isinstance(modes, tuple) else list(modes) for modes in job] for job in jobs]
    flat = [modes for chain in chains for modes in chain]
    n, order = len(flat), [number for number, chain in enumerate(chains) for _ in chain]
    m = machines or 1 + max((mode[0] for modes in flat for mode in modes), default=0)
    machine_calendar = filled(machine_calendar, m, 0)
    offsets, modes = ragged(flat)
    modes = [mode + (0, 0, machine_calendar[mode[0]])[len(mode) - 2 :] for mode in modes]
    if before is None:
        lags = filled(lag, n, 0)
        before = [[(o - 1, lags[o])] if o and order[o - 1] == order[o] else [] for o in range(n)]
    before_offsets, pairs = ragged(before)
    tool_offsets, needs = ragged(list(tool_needs) or [[]] * n)
    step = [1 + number for chain in chains for number in range(len(chain))]
    return Shop(
        orders=Orders(
            tuple(names) or tuple(f"order {number + 1}" for number in range(len(chains))),
            filled(release, len(chains), 0),
            filled(due, len(chains), NEVER),
            np.array(list(weight) or [1.0] * len(chains), dtype=float),
        ),
        operations=Operations(
            tuple(f"order {order[o] + 1} step {step[o]}" for o in range(n)),
            whole(order), filled(ready, n, 0), filled(state, n, -1), filled(family, n, -1), filled(size, n, 1),
            filled(crossing, n, PAUSES), before_offsets, whole(pair[0] for pair in pairs), whole(pair[1] for pair in pairs),
            tool_offsets, whole(need[0] for need in needs), whole(need[1] for need in needs),
        ),
        modes=Modes(
            offsets, *(whole(mode[part] for mode in modes) for part in range(3)),
            np.array([mode[3] for mode in modes], dtype=float), whole(mode[4] for mode in modes),
        ),
        machines=Machines(
            tuple(f"machine {k + 1}" for k in range(m)), tuple(f"machine {k + 1}" for k in range(m)), machine_calendar,
            filled(machine_setups, m, 0 if len(setups) else -1), filled(machine_state, m, -1), filled(room, m, 0),
            filled(free, m, 0), np.array(list(minute_cost) or [1.0] * m, dtype=float),
        ),
        calendars=make_calendars(calendars),
        setups=make_setups(setups, setup_cost),
        tools=Tools(tuple(f"tool {k + 1}" for k in range(len(tools))), whole(tools)),
        goal=goal or Goal(), before=previous, start=start, same_sequence=same_sequence,
    )  # fmt: skip


def make_calendars(calendars):
    """Return calendars from lists of ``(opens, closes[, overtime period])``."""
    offsets, openings = ragged(calendars)
    openings = [(*opening, -1)[:3] for opening in openings]
    periods = 1 + max((period for _, _, period in openings), default=-1)
    parts = (whole(opening[part] for opening in openings) for part in range(3))
    return Calendars(offsets, *parts, tuple(f"overtime {k + 1}" for k in range(periods)))


def make_setups(minutes, cost=()):
    """Return set-up matrices from nested lists; without costs they cost nothing beside their minutes."""
    if not len(minutes):
        return Setups()
    minutes = np.array(minutes, dtype=np.int64)
    cost = np.array(cost, dtype=float) if len(cost) else np.zeros(minutes.shape)
    return Setups(tuple(f"state {k + 1}" for k in range(minutes.shape[2])), minutes, cost)


def previous_of(n, *, machine=(), behind=(), fixed=None):
    """Return the schedule before; ``fixed`` gives ``{operation: (machine, start, end)}``, whose ``behind`` follows from it."""
    fixed = fixed or {}
    machine, behind = filled(machine, n, -1), filled(behind, n, -2)
    start, end, stays = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    for o, (k, starts, ends) in fixed.items():
        machine[o], start[o], end[o], stays[o], behind[o] = k, starts, ends, True, -1
    for k in {k for k, _, _ in fixed.values()}:
        here = sorted((o for o in fixed if fixed[o][0] == k), key=lambda o: (start[o], end[o]))
        for first, then in pairwise(here):
            behind[then] = first
    return Before(machine, behind, stays, start, end)


def make_schedule(  # noqa: PLR0913 - the parts of a schedule
    shop, mode, start, end, *, behind=None, setup_start=None, batch=None, worked=None
):
    """Return a schedule from lists; ``behind`` follows from the starts, no set-ups, no batches, no overtime where left out."""
    mode, start, end = whole(mode), whole(start), whole(end)
    if behind is None:
        behind, machine = [-1] * shop.size, shop.modes.machine[mode]
        for first, then in pairwise(sorted(range(shop.size), key=lambda o: (machine[o], start[o], end[o]))):
            behind[then] = first if machine[first] == machine[then] else -1
    return Schedule(
        mode, start, end, start.copy() if setup_start is None else whole(setup_start), whole(behind),
        filled(batch or (), shop.size, -1),
        np.zeros(len(shop.calendars.periods), dtype=bool) if worked is None else np.array(worked, dtype=bool),
    )  # fmt: skip


def random_shop(  # noqa: PLR0913 - whatever a test leaves out is named
    rng, orders=3, machines=3, *, steps=3, setups=True, calendars=True, tools=True, batches=True, fixed=True, overtime=True,
    lags=True, alternatives=True,
):  # fmt: skip
    """Return a shop with 1 to ``steps`` operations an order; every one of its parts can be left out.

    It keeps clear of what is refused when it is read and of what has no agreed meaning: members of a family have one
    ``crossing`` and on one machine one calendar; the last opening of a calendar is regular; fixed operations have no
    predecessors, do not collide, and are not batched.
    """
    counts = rng.integers(1, steps + 1, orders)
    n, first = int(counts.sum()), np.concatenate(([0], np.cumsum(counts)))
    order = np.repeat(np.arange(orders), counts)
    hours = _random_hours(rng, machines, overtime=overtime) if calendars else [()]
    machine_calendar = rng.integers(0, machines + 1, machines) if calendars else np.zeros(machines, dtype=int)
    room = np.where(rng.random(machines) < 0.6, rng.integers(2, 5, machines), 0) if batches else np.zeros(machines, dtype=int)
    family = np.where(rng.random(n) < 0.6, rng.integers(0, 2, n), -1) if batches else np.full(n, -1)
    crossing = np.where(family >= 0, family * rng.integers(0, 2) + rng.integers(0, 2), rng.integers(0, 3, n))
    crossing = _one_each(crossing, family) if calendars else np.ones(n, dtype=int)
    flat = [
        _random_modes(rng, machines if alternatives else 1, machines, machine_calendar, hours, plain=family[o] >= 0)
        for o in range(n)
    ]
    before = _random_before(rng, order, lags=lags)
    tool_counts = list(rng.integers(1, 3, 2)) if tools else []
    needs = [[(t, int(rng.integers(1, c + 1))) for t, c in enumerate(tool_counts) if rng.random() < 0.4] for _ in range(n)]
    states = 3 if setups else 0
    minutes = [[[0 if a == b else int(rng.integers(0, 7)) for b in range(states)] for a in range(states + 1)] for _ in range(2)]
    return make_shop(
        [[flat[o] for o in range(first[j], first[j + 1])] for j in range(orders)],
        release=rng.integers(0, 10, orders), due=rng.integers(5, 60, orders), weight=rng.integers(1, 5, orders),
        ready=np.where(rng.random(n) < 0.3, rng.integers(0, 30, n), 0),
        state=rng.integers(-1, 3, n) if setups else (), family=family, size=rng.integers(1, 3, n), crossing=crossing,
        before=before, machines=machines, machine_calendar=machine_calendar,
        machine_setups=rng.integers(-1, 2, machines) if setups else (),
        machine_state=rng.integers(-1, 3, machines) if setups else (), room=room,
        free=rng.integers(0, 6, machines), minute_cost=rng.integers(0, 4, machines), calendars=hours,
        setups=minutes if setups else (), setup_cost=rng.integers(0, 9, (2, states + 1, states)) if setups else (),
        tools=tool_counts, tool_needs=needs,
        goal=Goal(
            makespan=float(rng.integers(0, 3)), tardiness=1.0, flow=float(rng.integers(0, 2)) / 4, setup_minute=0.5,
            machine_change=3.0, sequence_change=1.0,
        ),
        previous=_random_previous(rng, flat, before, needs) if fixed else None,
    )  # fmt: skip


def _one_each(crossing, family):
    """Return the crossings with one for all operations of a family."""
    crossing = crossing.copy()
    for group in set(family[family >= 0]):
        crossing[family == group] = crossing[family == group][0]
    return crossing


def _random_hours(rng, count, *, overtime):
    """Return a calendar that is always open and ``count`` with shifts, some of them with overtime; then each cut shorter."""
    hours, period = [()], 0
    for _ in range(count):
        now, openings, used = int(rng.integers(0, 4)), [], period
        for _ in range(4):
            closes = now + int(rng.integers(12, 25))
            openings.append((now, closes))
            now = closes + int(rng.integers(3, 12))
            if overtime and rng.random() < 0.4 and period < 3:
                begins = closes if rng.random() < 0.5 else min(closes + 1, now - 1)
                openings.append((begins, max(now - int(rng.integers(0, 2)), begins + 1), used))
                period = used + 1
        hours.append((*openings, (now, now + 20)))
    cut = [[(a, max(b - 3, a + 1), *rest) for a, b, *rest in openings[:-1]] + [openings[-1]] for openings in hours[1:]]
    return [*hours, (), *cut]


def _random_modes(rng, most, machines, machine_calendar, hours, *, plain):
    """Return the modes of one operation: machines, each once, at the machine's hours or at fewer."""
    modes = []
    for k in rng.choice(machines, size=int(rng.integers(1, min(most, 3) + 1)), replace=False):
        minutes = 0 if rng.random() < 0.05 else int(rng.integers(1, 12))
        calendar = int(machine_calendar[k])
        if len(hours) > 1 and not plain and rng.random() < 0.3:
            calendar += len(hours) // 2
        modes.append((int(k), minutes, int(rng.integers(0, 3)), float(rng.integers(0, 4)), calendar))
    return modes


def _random_before(rng, order, *, lags):
    """Return what each operation follows: mostly the one before; now and then two parts that meet, or another order."""
    before = []
    for o, j in enumerate(order):
        mine = [p for p in range(o) if order[p] == j]
        follows = {mine[-1]} if mine else set()
        if lags and mine and len(mine) == 1 and rng.random() < 0.2:
            follows = set()
        if lags and len(mine) >= 2:
            follows.add(mine[-2])
        if lags and o and rng.random() < 0.1:
            follows.add(int(rng.integers(0, o)))
        before.append([(p, int(rng.integers(0, 6)) if lags and rng.random() < 0.5 else 0) for p in sorted(follows)])
    return before


def _random_previous(rng, flat, before, needs):
    """Return a schedule before in which up to two operations without predecessors stay, on machines of their own."""
    n, fixed = len(flat), {}
    for o in range(n):
        k = flat[o][0][0]
        alone = all(k != taken for taken, _, _ in fixed.values()) and not any(needs[o] and needs[other] for other in fixed)
        if len(fixed) < 2 and not before[o] and alone and rng.random() < 0.4:
            start = int(rng.integers(-5, 4))
            fixed[o] = (k, start, start + int(rng.integers(1, 12)))
    machine = [modes[int(rng.integers(0, len(modes)))][0] if rng.random() < 0.7 else -1 for modes in flat]
    behind = [int(rng.integers(-2, n)) for _ in range(n)]
    return previous_of(n, machine=machine, behind=[-2 if b == o else b for o, b in enumerate(behind)], fixed=fixed)
