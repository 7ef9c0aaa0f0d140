"""What a schedule comes to in money: lateness, set-ups, overtime, changes from the schedule before, and modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.jobs import Value

if TYPE_CHECKING:
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Calendars, Shop

UNKNOWN = -2
"""What ``Before.behind`` says of an operation whose place was not known."""
SPAN = np.int64(1) << 42
"""More than any two minutes lie apart: keeps the openings of one calendar apart from those of the next in one sorted list."""


def value(shop: Shop, schedule: Schedule) -> Value:
    """Return what the schedule comes to, part by part.

    Fixed operations are facts: they cost neither set-up nor overtime, but their modes and their place in the sequence count. An
    order without operations ends at its release. The schedule is taken as it is and not checked.

    Parameters
    ----------
    shop
        What was to be scheduled.
    schedule
        Where and when each operation is done.

    Returns
    -------
    Value
        Money; beside it the makespan in minutes, orders that are late, and operations on another machine than before.
    """
    goal, orders = shop.goal, shop.orders
    ends = order_ends(shop, schedule)
    late = np.maximum(ends - orders.due, 0)
    tardiness = goal.tardiness * float(orders.weight @ late)
    makespan = int(schedule.end.max()) if shop.size else 0
    setup = _setup(shop, schedule)
    overtime = float(overtime_minutes(shop, schedule) @ _minute_cost(shop, schedule))
    moved, resequenced = _changes(shop, schedule)
    change = goal.machine_change * moved + goal.sequence_change * resequenced
    modes = float(shop.modes.cost[schedule.mode].sum())
    total = goal.makespan * makespan + goal.flow * float(orders.weight @ ends) + tardiness + setup + overtime + change + modes
    return Value(float(total), tardiness, setup, overtime, change, modes, makespan, int((late > 0).sum()), moved)


def order_ends(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return the minute each order ends, ``(n_orders,)``: the end of its last operation, or its release if it has none."""
    ends = np.full(len(shop.orders.name), -SPAN, dtype=np.int64)
    np.maximum.at(ends, shop.operations.order, schedule.end)
    ends[ends == -SPAN] = shop.orders.release[ends == -SPAN]
    return ends


def openers(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return whether each operation stands for its batch, ``(n,)``: the first member by number, or one that is alone."""
    first = np.ones(shop.size, dtype=bool)
    batched = np.flatnonzero(schedule.batch >= 0)
    _, kept = np.unique(schedule.batch[batched], return_index=True)
    first[batched] = False
    first[batched[kept]] = True
    return first


def sequence(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return the openers in the order of their machines, and on each machine in the order they are done in.

    Where operations of no minutes stand at one minute of a machine, ``Schedule.behind`` says which is first.
    """
    first = np.flatnonzero(openers(shop, schedule))
    machine = shop.modes.machine[schedule.mode]
    sorted_ = first[np.lexsort((schedule.end[first], schedule.start[first], machine[first]))]
    at = np.stack((machine[sorted_], schedule.start[sorted_], schedule.end[sorted_]))
    same = (at[:, 1:] == at[:, :-1]).all(axis=0)
    if not same.any():
        return sorted_
    runs = np.split(sorted_, np.flatnonzero(~same) + 1)
    return np.concatenate([_chained(run, schedule.behind) if len(run) > 1 else run for run in runs])


def _chained(run: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Return operations at one minute of one machine, each behind the one before it; as they are where that is no chain."""
    inside = set(run.tolist())
    following = {int(behind[o]): int(o) for o in run}
    at = next((int(o) for o in run if int(behind[o]) not in inside), -1)
    chain: list[int] = []
    while at >= 0 and len(chain) < len(run):
        chain.append(at)
        at = following.get(at, -1)
    return np.array(chain) if len(chain) == len(run) else run


def states_before(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return the set-up state each operation finds its machine in, ``(n,)``; -1 where it is not known."""
    found = np.full(shop.size, -1, dtype=np.int64)
    if not shop.size:
        return found
    order = sequence(shop, schedule)
    machine, state = shop.modes.machine[schedule.mode][order], shop.operations.state[order]
    place = np.arange(len(order))
    last = np.maximum.accumulate(np.where(state >= 0, place, -1))
    last = np.concatenate(([-1], last[:-1]))
    opens = np.maximum.accumulate(np.where(np.r_[True, machine[1:] != machine[:-1]], place, 0))
    found[order] = np.where(last >= opens, state[last], shop.machines.state[machine])
    np.take(found, _opener_of(shop, schedule), out=found)
    return found


def setup_of(shop: Shop, schedule: Schedule) -> tuple[np.ndarray, np.ndarray]:
    """Return the minutes and the money of the set-up before each operation, ``(n,)`` each; of a batch its first member's."""
    minutes, cost = np.zeros(shop.size, dtype=np.int64), np.zeros(shop.size)
    matrix, state = shop.machines.setups[shop.modes.machine[schedule.mode]], shop.operations.state
    needed = openers(shop, schedule) & (state >= 0) & (matrix >= 0) & ~is_fixed(shop)
    if needed.any():
        at = matrix[needed], states_before(shop, schedule)[needed], state[needed]
        minutes[needed], cost[needed] = shop.setups.minutes[at], shop.setups.cost[at]
    return minutes, cost


def is_fixed(shop: Shop) -> np.ndarray:
    """Return whether each operation is a fact, ``(n,)``."""
    return np.zeros(shop.size, dtype=bool) if shop.before is None else np.asarray(shop.before.fixed, dtype=bool)


def _opener_of(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return for each operation the one that stands for its batch; itself where it is alone."""
    own = np.arange(shop.size)
    batched = np.flatnonzero(schedule.batch >= 0)
    _, kept, group = np.unique(schedule.batch[batched], return_index=True, return_inverse=True)
    own[batched] = batched[kept][group]
    return own


def _setup(shop: Shop, schedule: Schedule) -> float:
    minutes, cost = setup_of(shop, schedule)
    return float(cost.sum()) + shop.goal.setup_minute * float(minutes.sum())


def _minute_cost(shop: Shop, schedule: Schedule) -> np.ndarray:
    cost: np.ndarray = shop.machines.minute_cost[shop.modes.machine[schedule.mode]]
    return cost


def overtime_minutes(shop: Shop, schedule: Schedule) -> np.ndarray:
    """Return the minutes of set-up and work of each operation in worked overtime, ``(n,)``; of a batch its first member's.

    A set-up is in the calendar of its machine, work in that of its mode.
    """
    if not (schedule.worked.any() and (shop.calendars.overtime >= 0).any()):
        return np.zeros(shop.size, dtype=np.int64)
    machine = shop.modes.machine[schedule.mode]
    calendar = np.concatenate((shop.modes.calendar[schedule.mode], shop.machines.calendar[machine]))
    start = np.concatenate((schedule.start, schedule.setup_start))
    end = np.concatenate((schedule.end, schedule.start))
    minutes = overtime_between(shop.calendars, schedule.worked, calendar, start, end).reshape(2, -1).sum(axis=0)
    return np.where(openers(shop, schedule) & ~is_fixed(shop), minutes, 0)


def overtime_between(
    calendars: Calendars, worked: np.ndarray, calendar: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Return the minutes of worked overtime in each ``[start, end)`` of a calendar."""
    count = len(calendars.offsets) - 1
    kept = calendars.overtime >= 0
    kept[kept] = worked[calendars.overtime[kept]]
    opens, closes = calendars.opens[kept], calendars.closes[kept]
    of = np.repeat(np.arange(count, dtype=np.int64), np.diff(calendars.offsets))[kept]
    if not len(of):
        return np.zeros(len(start), dtype=np.int64)
    total = np.concatenate(([0], np.cumsum(closes - opens)))
    first, keys = np.searchsorted(of, np.arange(count))[calendar], of * SPAN + opens

    def until(minute: np.ndarray) -> np.ndarray:
        last = np.searchsorted(keys, calendar * SPAN + minute, side="right") - 1
        at = np.maximum(last, 0)
        inside = np.minimum(minute, closes[at]) - opens[at]
        minutes: np.ndarray = np.where(last >= first, total[at] - total[first] + inside, 0)
        return minutes

    between: np.ndarray = until(end) - until(start)
    return between


def _changes(shop: Shop, schedule: Schedule) -> tuple[int, int]:
    """Return how many operations are on another machine than before, and how many behind another one."""
    if shop.before is None:
        return 0, 0
    before, machine = shop.before, shop.modes.machine[schedule.mode]
    moved = (before.machine >= 0) & (before.machine != machine) & ~is_fixed(shop)
    resequenced = (before.behind != UNKNOWN) & (before.behind != schedule.behind)
    return int(moved.sum()), int(resequenced.sum())
