"""The goal as a constraint program: makespan, lateness, flow, modes and changes of machine, in whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.bounds.heads import fixed_of
from lotwise.schedule.exact.ways import fixed_modes
from lotwise.schedule.shop import NEVER

if TYPE_CHECKING:
    from lotwise.schedule.exact.model import Program

SHARP = 10**6
"""Money is counted in at most millionths."""
LIMIT = 1 << 50
"""The goal stays below this."""


def add_makespan(p: Program) -> None:
    """Add the makespan to the goal."""
    shop, fixed = p.shop, fixed_of(p.shop)
    if shop.goal.makespan <= 0 or not shop.size:
        return
    known = max((p.end[o] for o in np.flatnonzero(fixed).tolist()), default=0)
    if fixed.all():
        p.constant += shop.goal.makespan * known
        return
    makespan = p.whole(max(known, 0), p.latest, None if p.begin is None else int(p.begin.end.max()))
    for o in np.flatnonzero(~fixed).tolist():
        p.model.add(makespan >= p.end[o])
    p.terms.append((shop.goal.makespan, makespan))


def add_orders(p: Program) -> None:
    """Add lateness and flow to the goal."""
    shop, goal, fixed = p.shop, p.shop.goal, fixed_of(p.shop)
    members: list[list[int]] = [[] for _ in shop.orders.name]
    for o, number in enumerate(shop.operations.order.tolist()):
        members[number].append(o)
    for number, mine in enumerate(members):
        weight, due = float(shop.orders.weight[number]), int(shop.orders.due[number])
        facts = [p.end[o] for o in mine if fixed[o]] or ([] if mine else [int(shop.orders.release[number])])
        known, free = max(facts, default=-NEVER), [o for o in mine if not fixed[o]]
        if not free:
            p.constant += weight * (goal.tardiness * max(known - due, 0) + goal.flow * known)
            continue
        ended = None if p.begin is None else int(max(p.begin.end[o] for o in mine))
        if goal.flow * weight > 0:
            _ends_after(p, free, 0, max(known, 0), ended, goal.flow * weight)
        if goal.tardiness * weight > 0 and due < p.latest:
            _ends_after(p, free, due, max(known - due, 0), ended, goal.tardiness * weight)


def _ends_after(p: Program, members: list[int], due: int, least: int, ended: int | None, price: float) -> None:
    """Add to the goal the minutes by which the last of some operations ends after ``due``; ``ended`` is its hint."""
    minutes = p.whole(least, max(p.latest - due, 0), None if ended is None else max(ended - due, 0))
    for o in members:
        p.model.add(minutes >= p.end[o] - due)
    p.terms.append((price, minutes))


def add_modes(p: Program) -> None:
    """Add the cost of modes, and of machines other than before, to the goal."""
    shop, fixed = p.shop, fixed_of(p.shop)
    p.constant += float(shop.modes.cost[list(fixed_modes(shop).values())].sum())
    for o in np.flatnonzero(~fixed).tolist():
        was = -1 if shop.before is None else int(shop.before.machine[o])
        money = [
            float(shop.modes.cost[w.mode]) + (shop.goal.machine_change if was not in {-1, w.machine} else 0) for w in p.ways[o]
        ]
        least = min(money, default=0.0)
        p.constant += least
        for cost, literal in zip(money, p.taken[o], strict=True):
            if cost > least:
                p.terms.append((cost - least, literal))


def set_goal(p: Program) -> int:
    """Give the program its goal in whole numbers; return how many make one unit of money.

    Where no power of ten makes all prices whole they are rounded down, so that a bound in whole numbers stays a bound in money.
    """
    scale = 1
    prices = np.array([price for price, _ in p.terms])
    while scale < SHARP and len(prices) and np.abs(prices * scale - np.round(prices * scale)).max() > 1e-9 * scale:
        scale *= 10
    most = float(np.abs(prices).sum()) * max(p.latest, 1) if len(prices) else 0.0
    while scale > 1 and most * scale > LIMIT:
        scale //= 10
    whole = [int(np.floor(price * scale + 1e-6)) for price in prices]
    p.model.minimize(sum(price * term for price, (_, term) in zip(whole, p.terms, strict=True)))
    return scale
