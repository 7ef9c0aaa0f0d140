"""Every schedule of a small shop, tried one after the other: what the best one comes to, minute by minute in plain Python.

Operations are placed in the order they start in, each as early as what is placed allows; every choice of modes, batches and
worked overtime is tried. With costs that never fall when something ends later, one of these schedules is best. Overtime is the
exception: it can pay to wait until an overtime opening that is worked anyway is over, which no schedule here does.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from lotwise.schedule.jobs import Schedule, Value
from lotwise.schedule.shop import INSIDE, PAUSES

HORIZON = 3000
LOW = 100


class Open:
    """Which minutes of each calendar are open, and which of them are overtime, told for every minute."""

    def __init__(self, shop, worked):
        calendars = shop.calendars
        self.open, self.extra = [], []
        for c in range(len(calendars.offsets) - 1):
            here = range(calendars.offsets[c], calendars.offsets[c + 1])
            minutes, extra = np.zeros(HORIZON + LOW, dtype=bool), np.zeros(HORIZON + LOW, dtype=bool)
            for i in here:
                period = calendars.overtime[i]
                if period < 0 or worked[period]:
                    minutes[calendars.opens[i] + LOW : calendars.closes[i] + LOW] = True
                if period >= 0 and worked[period]:
                    extra[calendars.opens[i] + LOW : calendars.closes[i] + LOW] = True
            minutes[(calendars.closes[here[-1]] + LOW if here else 0) :] = True
            self.open.append(minutes.tolist())
            self.extra.append(extra.tolist())

    def is_open(self, calendar, minute):
        """Return whether a minute is open."""
        return self.open[calendar][minute + LOW]

    def after(self, calendar, minute, minutes):
        """Return the minute at which so many open minutes have passed."""
        while minutes > 0:
            minutes -= self.is_open(calendar, minute)
            minute += 1
        return minute

    def ended(self, calendar, start, minutes, crossing):
        """Return when work that starts at a minute ends; None where it cannot start then."""
        if minutes == 0:
            return start
        if not self.is_open(calendar, start):
            return None
        if crossing == PAUSES:
            return self.after(calendar, start, minutes)
        if crossing == INSIDE and not all(self.is_open(calendar, t) for t in range(start, start + minutes)):
            return None
        return start + minutes

    def setup_start(self, calendar, start, minutes):
        """Return the latest minute from which a set-up has its open minutes before ``start``."""
        while minutes > 0:
            start -= 1
            minutes -= self.is_open(calendar, start)
        return start

    def overtime(self, calendar, start, end):
        """Return the minutes of ``[start, end)`` in overtime that is worked."""
        return sum(self.extra[calendar][t + LOW] for t in range(start, end))


class Trial:
    """A schedule under way: what is placed, in the order it starts."""

    def __init__(self, shop, worked):
        self.shop, self.worked, self.open = shop, worked, Open(shop, worked)
        n, o = shop.size, shop.operations
        self.before = [
            [(int(o.before[i]), int(o.lag[i])) for i in range(o.before_offsets[k], o.before_offsets[k + 1])] for k in range(n)
        ]
        self.tools = [
            [(int(o.tool[i]), int(o.tool_count[i])) for i in range(o.tool_offsets[k], o.tool_offsets[k + 1])] for k in range(n)
        ]
        self.modes = [range(shop.modes.offsets[k], shop.modes.offsets[k + 1]) for k in range(n)]
        self.times = {}
        self.groups = []
        self.last = {k: (-1, max(0, int(shop.machines.free[k])), int(shop.machines.state[k])) for k in range(self.machines)}
        self.fixed = set()
        if shop.before is not None:
            self.place_fixed()

    @property
    def machines(self):
        """How many machines there are."""
        return len(self.shop.machines.name)

    def place_fixed(self):
        """Place what is fixed, as it is."""
        b = self.shop.before
        for o in sorted(np.flatnonzero(b.fixed).tolist(), key=lambda o: (b.start[o], b.end[o])):
            mode = next(m for m in self.modes[o] if self.shop.modes.machine[m] == b.machine[o])
            self.fixed.add(o)
            self.put([o], [mode], int(b.start[o]), int(b.end[o]), int(b.start[o]))

    def put(self, members, modes, start, end, setup_start):
        """Place what is done together; return what ``undo`` needs."""
        k = int(self.shop.modes.machine[modes[0]])
        was = self.last[k]
        for o, mode in zip(members, modes, strict=True):
            self.times[o] = (mode, start, end, setup_start, was[0], len(self.groups) if len(members) > 1 else -1)
        state = int(self.shop.operations.state[members[0]])
        self.groups.append((members, start, end))
        self.last[k] = (min(members), max(end, was[1]), state if state >= 0 else was[2])
        return k, was, members

    def undo(self, change):
        """Take back what ``put`` placed."""
        k, was, members = change
        self.last[k] = was
        self.groups.pop()
        for o in members:
            del self.times[o]

    def earliest(self, members, modes):
        """Return start, end and start of the set-up of what is done together, as early as what is placed allows."""
        shop, first = self.shop, members[0]
        k, calendar = int(shop.modes.machine[modes[0]]), int(shop.modes.calendar[modes[0]])
        _, free, state = self.last[k]
        minutes = max(int(shop.modes.minutes[m]) for m in modes) + sum(int(shop.modes.added[m]) for m in modes)
        setup, hours = setup_minutes(shop, k, state, first), int(shop.machines.calendar[k])
        start = max(self.open.after(hours, free, setup), *(self.ready(o) for o in members))
        while True:
            end = self.open.ended(calendar, start, minutes, int(shop.operations.crossing[first]))
            if end is not None and self.tools_free(members, start, end):
                return start, end, self.open.setup_start(hours, start, setup)
            start += 1

    def ready(self, o):
        """Return the minute by which everything an operation needs is there."""
        after = [self.times[p][2] + lag for p, lag in self.before[o]]
        shop = self.shop
        return max(0, int(shop.operations.release[o]), int(shop.orders.release[shop.operations.order[o]]), *after)

    def tools_free(self, members, start, end):
        """Return whether there are tools enough at every minute."""
        needed = self.held(members)
        for minute in range(start, end):
            for tool, count in needed.items():
                used = sum(self.held(group).get(tool, 0) for group, a, b in self.groups if a <= minute < b)
                if used + count > self.shop.tools.count[tool]:
                    return False
        return True

    def held(self, members):
        """Return the tools that are held by what is done together."""
        most = {}
        for o in members:
            for tool, count in self.tools[o]:
                most[tool] = max(most.get(tool, 0), count)
        return most

    def choices(self):
        """Yield what can be placed next: one operation, or several that share a batch, with the modes they are done in."""
        shop, free = self.shop, [o for o in range(self.shop.size) if o not in self.times]
        can = [o for o in free if all(p in self.times for p, _ in self.before[o])]
        for o in can:
            for mode in self.modes[o]:
                yield [o], [mode]
        ops, machine = shop.operations, shop.modes.machine
        for count in range(2, len(can) + 1):
            for members in combinations([o for o in can if ops.family[o] >= 0], count):
                alike = {(ops.family[o], ops.state[o]) for o in members}
                if len(alike) > 1:
                    continue
                for modes in product(*(self.modes[o] for o in members)):
                    k = machine[modes[0]]
                    size = sum(int(ops.size[o]) for o in members)
                    if all(machine[m] == k for m in modes) and 0 < size <= shop.machines.room[k]:
                        yield list(members), list(modes)

    def schedule(self):
        """Return what is placed, when all of it is."""
        columns = zip(*(self.times[o] for o in range(self.shop.size)), strict=True) if self.shop.size else [()] * 6
        mode, start, end, setup_start, behind, batch = (np.array(column, dtype=np.int64) for column in columns)
        return Schedule(mode, start, end, setup_start, behind, batch, np.array(self.worked, dtype=bool))


def setup_minutes(shop, k, state, o):
    """Return the minutes of set-up of a machine in a state for an operation; the last row of a matrix is for one not known."""
    needed = shop.machines.setups[k] >= 0 and shop.operations.state[o] >= 0
    return int(shop.setups.minutes[shop.machines.setups[k], state, shop.operations.state[o]]) if needed else 0


def plain_value(shop, schedule):
    """Return what a schedule comes to, added up operation by operation and minute by minute."""
    goal, open_, n = shop.goal, Open(shop, schedule.worked), shop.size
    ends = [
        max((int(schedule.end[o]) for o in range(n) if shop.operations.order[o] == j), default=int(shop.orders.release[j]))
        for j in range(len(shop.orders.name))
    ]
    late = [max(0, end - int(due)) for end, due in zip(ends, shop.orders.due, strict=True)]
    weight = [float(w) for w in shop.orders.weight]
    fixed = [shop.before is not None and bool(shop.before.fixed[o]) for o in range(n)]
    setup = overtime = change = 0.0
    moved = 0
    for o in range(n):
        mode, k = int(schedule.mode[o]), int(shop.modes.machine[schedule.mode[o]])
        start, behind = int(schedule.start[o]), int(schedule.behind[o])
        leads = schedule.batch[o] < 0 or o == min(p for p in range(n) if schedule.batch[p] == schedule.batch[o])
        if leads and not fixed[o]:
            state = state_before(shop, schedule, o)
            minutes = setup_minutes(shop, k, state, o)
            if shop.machines.setups[k] >= 0 and shop.operations.state[o] >= 0:
                setup += float(shop.setups.cost[shop.machines.setups[k], state, shop.operations.state[o]])
            setup += goal.setup_minute * minutes
            extra = open_.overtime(int(shop.modes.calendar[mode]), start, int(schedule.end[o]))
            extra += open_.overtime(int(shop.machines.calendar[k]), int(schedule.setup_start[o]), start)
            overtime += float(shop.machines.minute_cost[k]) * extra
        if shop.before is not None:
            away = shop.before.machine[o] >= 0 and shop.before.machine[o] != k and not fixed[o]
            moved += away
            change += goal.machine_change * away
            change += goal.sequence_change * (shop.before.behind[o] != -2 and shop.before.behind[o] != behind)
    tardiness = goal.tardiness * sum(w * x for w, x in zip(weight, late, strict=True))
    modes = sum(float(shop.modes.cost[m]) for m in schedule.mode)
    makespan = max((int(end) for end in schedule.end), default=0)
    rest = goal.makespan * makespan + goal.flow * sum(w * end for w, end in zip(weight, ends, strict=True))
    total = rest + tardiness + setup + overtime + change + modes
    return Value(total, tardiness, setup, overtime, change, modes, makespan, sum(x > 0 for x in late), moved)


def state_before(shop, schedule, o):
    """Return the state an operation finds its machine in, following what is behind what."""
    k, at = shop.modes.machine[schedule.mode[o]], int(schedule.behind[o])
    while at >= 0 and shop.operations.state[at] < 0:
        at = int(schedule.behind[at])
    return int(shop.operations.state[at]) if at >= 0 else int(shop.machines.state[k])


def random_schedule(shop, rng):
    """Return some schedule: what is placed next, and where, is drawn."""
    trial = Trial(shop, rng.random(len(shop.calendars.periods)) < 0.5)
    while len(trial.times) < shop.size:
        choices = list(trial.choices())
        members, modes = choices[int(rng.integers(0, len(choices)))]
        start, end, setup_start = trial.earliest(members, modes)
        trial.put(members, modes, start, end, setup_start)
    return trial.schedule()


def best(shop):
    """Return the best schedule of a shop with up to about 8 operations, and its value."""
    found = [np.inf, None]
    for worked in product((False, True), repeat=len(shop.calendars.periods)):
        trial = Trial(shop, worked)
        _try(trial, Least(shop), found, -LOW)
    return found[1], plain_value(shop, found[1])


class Least:
    """The least an unfinished schedule can come to: each operation as soon as those before it allow, on the fastest machine."""

    def __init__(self, shop):
        self.minutes = [
            min(int(shop.modes.minutes[m] + shop.modes.added[m]) for m in range(a, b))
            for a, b in zip(shop.modes.offsets[:-1], shop.modes.offsets[1:], strict=True)
        ]
        self.cost = [
            float(shop.modes.cost[a:b].min()) for a, b in zip(shop.modes.offsets[:-1], shop.modes.offsets[1:], strict=True)
        ]
        self.batched = [bool(family >= 0) for family in shop.operations.family]

    def __call__(self, trial, now):
        """Return the least it can come to when nothing more starts before ``now``."""
        shop, goal, n, ends = trial.shop, trial.shop.goal, trial.shop.size, {}

        def end_of(o):
            if o in trial.times:
                return trial.times[o][2]
            if o not in ends:
                after = [end_of(p) + lag for p, lag in trial.before[o]]
                release = max(int(shop.operations.release[o]), int(shop.orders.release[shop.operations.order[o]]))
                ends[o] = max(0, now, release, *after) + self.minutes[o]
            return ends[o]

        end = [end_of(o) for o in range(n)]
        total = goal.makespan * max(end, default=0)
        for j in range(len(shop.orders.name)):
            of = [end[o] for o in range(n) if shop.operations.order[o] == j]
            ended = max(of, default=int(shop.orders.release[j]))
            total += float(shop.orders.weight[j]) * (
                goal.flow * ended + goal.tardiness * max(0, ended - int(shop.orders.due[j]))
            )
        for o in range(n):
            placed = trial.times.get(o)
            total += float(shop.modes.cost[placed[0]]) if placed else self.cost[o]
            if placed and o not in trial.fixed and shop.before is not None:
                b, k = shop.before, shop.modes.machine[placed[0]]
                total += goal.machine_change * (b.machine[o] >= 0 and b.machine[o] != k)
                total += goal.sequence_change * (b.behind[o] != -2 and b.behind[o] != placed[4])
        return total


def _try(trial, least, found, now):
    if least(trial, now) >= found[0] - 1e-9:
        return
    if len(trial.times) == trial.shop.size:
        schedule = trial.schedule()
        total = plain_value(trial.shop, schedule).total
        if total < found[0] - 1e-9:
            found[:] = [total, schedule]
        return
    placed = [(trial.earliest(members, modes), members, modes) for members, modes in trial.choices()]
    for (start, end, setup_start), members, modes in sorted(placed, key=lambda one: one[0][1]):
        if start < now:
            continue
        change = trial.put(members, modes, start, end, setup_start)
        _try(trial, least, found, start)
        trial.undo(change)
