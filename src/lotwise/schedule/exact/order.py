"""Machines as a constraint program: one operation at a time, set-ups between them, and who is behind whom."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.schedule.bounds.heads import fixed_of
from lotwise.schedule.exact.setups import Setups

if TYPE_CHECKING:
    from lotwise.schedule.exact.model import Program


def machines_in_order(p: Program, floor: np.ndarray, domain: Any) -> None:  # noqa: ANN401 - CP-SAT's class
    """Add every machine: no overlap, set-ups in open time, their cost, and changes of sequence."""
    shop = p.shop
    _presence(p)
    _kept_rows(p)
    states = [state_before(p, k) for k in range(len(p.on))]
    setups = Setups(p, floor, domain)
    sequences = shop.goal.sequence_change > 0 and shop.before is not None
    kept: list[dict[tuple[int, int], Any]] = []
    for k, here in enumerate(p.on):
        needs = [o for o in here if shop.operations.state[o] >= 0] if shop.machines.setups[k] >= 0 else []
        arcs = _circuit(p, k, needs, whole=len(needs) == len(here)) if needs else {}
        for (i, j), literal in arcs.items():
            before = states[k][0] if i < 0 else int(shop.operations.state[i])
            setups.add(k, i, j, literal, before)
        if sequences and len(needs) < len(here):
            every = _circuit(p, k, list(here), whole=True)
            for (i, j), literal in every.items():
                if i >= 0:
                    p.model.add(p.start[j] >= p.end[i]).only_enforce_if(literal)
            kept.append(every)
        else:
            kept.append(arcs)
    setups.close()
    _no_overlap(p, setups)
    if sequences:
        _changes(p, kept, [last for _, last in states])


def state_before(p: Program, machine: int) -> tuple[int, int]:
    """Return the state a machine is in, and its last operation, after its fixed operations."""
    shop, state, last = p.shop, int(p.shop.machines.state[machine]), -1
    if shop.before is None:
        return state, last
    facts = np.flatnonzero(fixed_of(shop) & (shop.before.machine == machine))
    for o in facts[np.lexsort((facts, shop.before.end[facts], shop.before.start[facts]))].tolist():
        last = o
        if shop.operations.state[o] >= 0:
            state = int(shop.operations.state[o])
    return state, last


def _kept_rows(p: Program) -> None:
    """Add that operations which keep their order do."""
    for k, here in enumerate(p.on):
        for then, first in _kept_before(p, k, list(here)).items():
            if first >= 0:
                p.model.add(p.start[then] >= p.end[first])


def _kept_before(p: Program, machine: int, members: list[int]) -> dict[int, int]:
    """Return for each operation that keeps its order the one of them it comes after on a machine; -1 for none."""
    begin, kept = p.begin, p.kept
    if kept is None or begin is None:
        return {}
    row = sorted((o for o in members if kept[o] and p.is_on(o, machine)), key=lambda o: (begin.start[o], begin.end[o]))
    return {then: first for first, then in pairwise([-1, *row])}


def _presence(p: Program) -> None:
    """Fill ``p.on``: the literal that an operation is on a machine."""
    p.on = [{} for _ in p.shop.machines.name]
    for o, ways in enumerate(p.ways):
        for k in sorted({way.machine for way in ways}):
            literals = [literal for way, literal in zip(ways, p.taken[o], strict=True) if way.machine == k]
            if len(literals) == 1:
                p.on[k][o] = literals[0]
            elif len(literals) == len(ways):
                p.on[k][o] = p.model.new_constant(1)
            else:
                p.on[k][o] = p.flag(p.is_on(o, k))
                p.model.add(sum(literals) == p.on[k][o])


def _no_overlap(p: Program, setups: Setups) -> None:
    """Add that a machine does one thing at a time: operations, and with set-ups that others may come between, these too."""
    for k, here in enumerate(p.on):
        intervals = []
        for o in here:
            for way, literal in zip(p.ways[o], p.taken[o], strict=True):
                if way.machine == k:
                    intervals.append(p.model.new_optional_fixed_size_interval_var(p.start[o], way.minutes, literal, ""))
        if len(here) > 1:
            p.model.add_no_overlap(intervals)
        stateless = [o for o in here if p.shop.operations.state[o] < 0]
        if not stateless or len(stateless) == len(here) or p.shop.machines.setups[k] < 0:
            continue
        wide = []
        for o, literal in here.items():
            begins, span = setups.begin(o) if p.shop.operations.state[o] >= 0 else (p.start[o], p.span[o])
            wide.append(p.model.new_optional_interval_var(begins, span, p.end[o], literal, ""))
        p.model.add_no_overlap(wide)


def _circuit(p: Program, machine: int, members: list[int], *, whole: bool) -> dict[tuple[int, int], Any]:
    """Return literals (i, j): j is next after i among the members that are on the machine; i = -1: the first of them.

    ``whole``: the members are all operations of the machine, so that a hint follows from ``behind``.
    """
    shop, begin, p_on = p.shop, p.begin, p.on[machine]
    follows: dict[int, int] = {}
    if begin is not None:
        there = [o for o in members if p.is_on(o, machine)]
        there.sort(key=lambda o: (begin.start[o], begin.end[o]))
        follows = {o: there[place - 1] if place else -1 for place, o in enumerate(there)}
        if whole and all(int(begin.behind[o]) in follows for o in there[1:]):
            follows |= {o: int(begin.behind[o]) for o in there[1:]}
    node = {o: place + 1 for place, o in enumerate(members)}
    node[-1] = 0
    before = shop.operations.before_offsets
    earlier = {o: set(shop.operations.before[before[o] : before[o + 1]].tolist()) for o in members}
    kept = _kept_before(p, machine, members)
    found, arcs = {}, []
    for i in [-1, *members]:
        for j in members:
            if i == j or (i >= 0 and j in earlier[i]) or (j in kept and kept[j] != i and (i < 0 or i in kept)):
                continue
            found[i, j] = p.flag(None if begin is None else follows.get(j, -2) == i)
            arcs.append((node[i], node[j], found[i, j]))
    behind = set(follows.values())
    for o in members:
        arcs.append((node[o], 0, p.flag(None if begin is None else o in follows and o not in behind)))
        arcs.append((node[o], node[o], ~p_on[o]))
    arcs.append((0, 0, p.flag(None if begin is None else not follows)))
    p.model.add_circuit(arcs)
    p.ordered = True
    return found


def _changes(p: Program, kept: list[dict[tuple[int, int], Any]], last: list[int]) -> None:
    """Add to the goal what operations cost that are behind another one than before."""
    shop = p.shop
    if shop.before is None:
        return
    price, behind, fixed = shop.goal.sequence_change, shop.before.behind, fixed_of(shop)
    for o in np.flatnonzero((behind != -2) & ~fixed).tolist():  # noqa: PLR2004 - not known
        same = []
        for k, arcs in enumerate(kept):
            if o in p.on[k]:
                same += [literal for (i, j), literal in arcs.items() if j == o and (last[k] if i < 0 else i) == behind[o]]
        p.constant += price
        for literal in same:
            p.terms.append((-price, literal))
    for o in np.flatnonzero((behind != -2) & fixed).tolist():  # noqa: PLR2004 - not known
        facts = np.flatnonzero(fixed & (shop.before.machine == shop.before.machine[o]))
        row = facts[np.lexsort((facts, shop.before.end[facts], shop.before.start[facts]))].tolist()
        place = row.index(o)
        if (row[place - 1] if place else -1) != behind[o]:
            p.constant += price
