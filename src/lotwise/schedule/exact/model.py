"""A shop as a constraint program: optional intervals, one at a time on each machine, circuits where the order matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.extras import need
from lotwise.schedule.bounds.heads import fixed_of
from lotwise.schedule.exact.goal import add_makespan, add_modes, add_orders
from lotwise.schedule.exact.order import machines_in_order
from lotwise.schedule.exact.overtime import choices, periods_of
from lotwise.schedule.exact.ways import floors, horizon, ways_of

if TYPE_CHECKING:
    from lotwise.schedule.exact.ways import Way
    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop


@dataclass
class Program:
    """The program while it is written, and what of it is asked for afterwards.

    Parameters
    ----------
    model
        The ``CpModel``.
    start, span, end
        One an operation: a variable, or the minutes of a fixed one.
    ways, taken
        Of each operation its ways, and the literal that each is the one taken.
    on
        ``on[machine][operation]``: the literal that the operation is there.
    terms
        (money a unit, expression) of the goal.
    constant
        Money that is lost anyway.
    ordered
        Whether the order of operations is in literals of its own: circuits.
    begin
        The schedule whose values are hints.
    kept
        ``(n,)`` operations that keep their modes and their order in it; none: all are free.
    hints
        Of literals, by their number.
    worked
        Literals: an overtime period is worked.
    chosen, hinted
        Of each (calendar, choice of its periods): the literal, and whether it is the hinted one.
    """

    shop: Shop
    model: Any
    latest: int
    begin: Schedule | None
    kept: np.ndarray | None = None
    start: list[Any] = field(default_factory=list)
    span: list[Any] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    ways: list[list[Way]] = field(default_factory=list)
    taken: list[list[Any]] = field(default_factory=list)
    on: list[dict[int, Any]] = field(default_factory=list)
    terms: list[tuple[float, Any]] = field(default_factory=list)
    constant: float = 0.0
    ordered: bool = False
    hints: dict[int, bool] = field(default_factory=dict)
    worked: list[Any] = field(default_factory=list)
    chosen: dict[tuple[int, int], Any] = field(default_factory=dict)
    hinted: dict[tuple[int, int], bool] = field(default_factory=dict)

    def flag(self, hint: bool | None = None) -> Any:  # noqa: ANN401, FBT001 - CP-SAT's own types are known where it is installed
        """Return a new literal."""
        literal = self.model.new_bool_var("")
        if hint is not None:
            self.model.add_hint(literal, hint)
            self.hints[literal.index] = hint
        return literal

    def whole(self, low: int, high: int, hint: int | None = None) -> Any:  # noqa: ANN401 - as above
        """Return a new whole number."""
        number = self.model.new_int_var(low, high, "")
        if hint is not None:
            self.model.add_hint(number, min(max(int(hint), low), high))
        return number

    def is_on(self, o: int, machine: int) -> bool | None:
        """Return whether the hinted schedule has an operation on a machine."""
        return None if self.begin is None else bool(self.shop.modes.machine[self.begin.mode[o]] == machine)


def program(shop: Shop, begin: Schedule | None, free: np.ndarray | None = None) -> Program:
    """Return the constraint program of a shop.

    Parameters
    ----------
    begin
        A schedule whose values are hints.
    free
        ``(n,)`` operations that may change their modes and places; the others keep those they have in ``begin``. Default: all.

    References
    ----------
    Optional intervals and circuits: Laborie, Rogerie, Shaw and Vilim (2018), Constraints 23, 210-250; CP-SAT's documentation,
    scheduling recipes.
    """
    cp = need("ortools.sat.python.cp_model", extra="schedule")
    latest = horizon(shop, begin)
    p = Program(shop, cp.CpModel(), latest, begin, ways=ways_of(shop, latest))
    if free is not None and begin is not None:
        p.ways = [[w for w in ways if free[o] or w.mode == begin.mode[o]] for o, ways in enumerate(p.ways)]
        p.kept = ~free
    _overtime(p)
    for o in range(shop.size):
        _operation(p, o, cp.Domain)
    _precedence(p)
    machines_in_order(p, floors(shop), cp.Domain)
    _tools(p)
    if shop.same_sequence:
        _same_sequence(p)
    add_makespan(p)
    add_orders(p)
    add_modes(p)
    return p


def _operation(p: Program, o: int, domain: Any) -> None:  # noqa: ANN401 - as above
    """Add one operation: when, and in which of its ways."""
    ways, begin = p.ways[o], p.begin
    if fixed_of(p.shop)[o] and p.shop.before is not None:
        _append(
            p, int(p.shop.before.start[o]), int(p.shop.before.end[o] - p.shop.before.start[o]), int(p.shop.before.end[o]), []
        )
        return
    if not ways:  # nothing fits before the latest minute
        p.model.add_bool_or([])
        _append(p, 0, 0, 0, [])
        return
    first, last = min(way.stretches[0][0] for way in ways), max(way.stretches[-1][1] for way in ways)
    start = p.whole(first, last, None if begin is None else int(begin.start[o]))
    taken = []
    for way in ways:
        literal = p.flag(_is_hinted(p, o, way)) if len(ways) > 1 else p.model.new_constant(1)
        starts = domain.from_intervals([list(stretch) for stretch in way.stretches])
        allowed = p.model.add_linear_expression_in_domain(start, starts)
        if len(ways) > 1:
            allowed.only_enforce_if(literal)
        p.model.add_implication(literal, p.chosen[way.choice])
        taken.append(literal)
    if len(ways) > 1:
        p.model.add_exactly_one(taken)
    _work_in_overtime(p, o, start, taken)
    lengths = {way.minutes for way in ways}
    if len(lengths) == 1:
        _append(p, start, ways[0].minutes, start + ways[0].minutes, taken)
        return
    span = p.whole(min(lengths), max(lengths), None if begin is None else int(begin.end[o] - begin.start[o]))
    p.model.add(span == sum(way.minutes * literal for way, literal in zip(ways, taken, strict=True)))
    ends = min(way.stretches[0][0] + way.minutes for way in ways), max(way.stretches[-1][1] + way.minutes for way in ways)
    end = p.whole(*ends, None if begin is None else int(begin.end[o]))
    p.model.add(end == start + span)
    _append(p, start, span, end, taken)


def _is_hinted(p: Program, o: int, way: Way) -> bool | None:
    """Return whether the schedule to begin with does an operation this way."""
    if p.begin is None:
        return None
    start, length = int(p.begin.start[o]), int(p.begin.end[o] - p.begin.start[o])
    same = p.begin.mode[o] == way.mode and length == way.minutes and p.hinted[way.choice]
    return bool(same and any(a <= start <= b for a, b in way.stretches))


def _overtime(p: Program) -> None:
    """Add whether each overtime period is worked, and a literal for each choice of a calendar's periods."""
    calendars, begin = p.shop.calendars, p.begin
    p.worked = [p.flag(None if begin is None else bool(begin.worked[period])) for period in range(len(calendars.periods))]
    for c in range(len(calendars.offsets) - 1):
        own = periods_of(calendars, c)
        for number, worked in enumerate(choices(calendars, c)):
            parts = [p.worked[period] if worked[period] else ~p.worked[period] for period in own]
            p.hinted[c, number] = begin is not None and all(begin.worked[period] == worked[period] for period in own)
            literal = p.flag(p.hinted[c, number] if begin is not None else None) if len(parts) > 1 else p.model.new_constant(1)
            if len(parts) == 1:
                literal = parts[0]
            elif parts:
                p.model.add_bool_and(parts).only_enforce_if(literal)
                p.model.add_bool_or([literal, *(~part for part in parts)])
            p.chosen[c, number] = literal


def _work_in_overtime(p: Program, o: int, start: Any, taken: list[Any]) -> None:  # noqa: ANN401 - as above
    """Add the overtime of one operation to the goal."""
    for k in sorted({way.machine for way in p.ways[o] if way.constant or way.slope}):
        here = [(w, t) for w, t in zip(p.ways[o], taken, strict=True) if w.machine == k and (w.constant or w.slope)]
        hint = 0
        if p.begin is not None:
            hint = next((w.constant + w.slope * int(p.begin.start[o]) for w, _ in here if _is_hinted(p, o, w)), 0)
        minutes = p.whole(0, max(w.minutes for w, _ in here), None if p.begin is None else hint)
        for way, literal in here:
            p.model.add(minutes >= way.constant + way.slope * start).only_enforce_if(literal)
        p.terms.append((float(p.shop.machines.minute_cost[k]), minutes))


def _append(p: Program, start: Any, span: Any, end: Any, taken: list[Any]) -> None:  # noqa: ANN401 - as above
    p.start.append(start)
    p.span.append(span)
    p.end.append(end)
    p.taken.append(taken)


def _precedence(p: Program) -> None:
    operations, fixed = p.shop.operations, fixed_of(p.shop)
    for o in np.flatnonzero(~fixed).tolist():
        for place in range(operations.before_offsets[o], operations.before_offsets[o + 1]):
            p.model.add(p.start[o] >= p.end[operations.before[place]] + int(operations.lag[place]))


def _tools(p: Program) -> None:
    """Add that no more of a tool are held than there are; fixed operations may hold more, then only they do."""
    operations = p.shop.operations
    owner = np.repeat(np.arange(p.shop.size), np.diff(operations.tool_offsets))
    fixed = fixed_of(p.shop)
    for kind, count in enumerate(p.shop.tools.count.tolist()):
        needs = np.flatnonzero(operations.tool == kind)
        facts = [
            (p.start[o], p.end[o], int(c)) for o, c in zip(owner[needs], operations.tool_count[needs], strict=True) if fixed[o]
        ]
        intervals, demands = [], []
        for start, end, held in _capped(facts, count):
            intervals.append(p.model.new_fixed_size_interval_var(start, end - start, ""))
            demands.append(held)
        for o, held in zip(owner[needs].tolist(), operations.tool_count[needs].tolist(), strict=True):
            if not fixed[o]:
                intervals.append(p.model.new_interval_var(p.start[o], p.span[o], p.end[o], ""))
                demands.append(held)
        if sum(demands) > count:
            p.model.add_cumulative(intervals, demands, count)


def _capped(facts: list[tuple[int, int, int]], count: int) -> list[tuple[int, int, int]]:
    """Return what fixed operations hold from moment to moment, no more than there is."""
    moments = sorted({moment for start, end, _ in facts for moment in (start, end)})
    found = []
    for first, last in pairwise(moments):
        held = sum(c for start, end, c in facts if start <= first and end >= last)
        found.append((first, last, min(held, count)))
    return [piece for piece in found if piece[2] > 0]


def _same_sequence(p: Program) -> None:
    """Add that of any two orders the same one is first on every machine both visit: each order has a place in one row."""
    order, begin = p.shop.operations.order, p.begin
    row = [p.whole(0, len(p.shop.orders.name)) for _ in p.shop.orders.name]
    first: dict[tuple[int, int], Any] = {}
    for here in p.on:
        for a in here:
            for b in here:
                pair = int(order[a]), int(order[b])
                if pair[0] >= pair[1]:
                    continue
                if pair not in first:
                    first[pair] = p.flag(None if begin is None else bool(begin.start[a] < begin.start[b]))
                    p.model.add(row[pair[0]] + 1 <= row[pair[1]]).only_enforce_if(first[pair])
                    p.model.add(row[pair[1]] + 1 <= row[pair[0]]).only_enforce_if(~first[pair])
                p.model.add(p.end[a] <= p.start[b]).only_enforce_if(first[pair], here[a], here[b])
                p.model.add(p.end[b] <= p.start[a]).only_enforce_if(~first[pair], here[a], here[b])
