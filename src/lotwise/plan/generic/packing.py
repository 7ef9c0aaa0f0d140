"""Batches of many orders: weeks from a program that leaves packing out, packing, then moves while any pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.generic.orders import SAME, set_up, too_few, total
from lotwise.plan.solver import INFINITY, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.generic.orders import Groups, Orders

PASSES = 20
"""Most rounds of improvement."""
GAP = 5e-3
"""Share by which the program of the bound may fall short of its own."""


def relaxed(orders: Orders) -> tuple[float, NDArray[np.int64]]:
    """Return the bound, and a week for each order; packing left out, orders alike taken together."""
    table = np.column_stack([orders.kinds, orders.size, orders.release, orders.due, orders.late, orders.early])
    kinds, first, member, counts = np.unique(table, axis=0, return_index=True, return_inverse=True, return_counts=True)
    member = np.asarray(member).ravel()
    timing = orders.time_cost[first]
    may = np.isfinite(timing)
    model = Model()
    flow = model.var("flow", timing.shape, 0.0, np.where(may, counts[:, None], 0.0), np.where(may, -timing, 0.0))
    held = np.unique(orders.kinds, return_index=True)[1]
    sets = orders.options[held] if orders.mixed else np.eye(len(held), dtype=bool)
    price = orders.option if orders.mixed else orders.setup + orders.options[held] @ orders.option
    has = sets[kinds[:, 0].astype(int)]
    per = model.var("per", (sets.shape[1], orders.weeks), gain=-price[:, None], integer=True)
    made = model.row("made", (len(kinds),), counts, counts)
    model.add(made[:, None], flow, 1.0)
    room = model.row("room", (sets.shape[1], orders.weeks), high=0.0)
    kind, option = np.nonzero(has)
    model.add(room[option], flow[kind], kinds[kind, 1][:, None])
    model.add(room, per, -orders.capacity)
    whole_weeks = model.var(
        "batches", (orders.weeks,), high=orders.weekly or INFINITY, gain=-orders.setup if orders.mixed else 0.0, integer=True
    )
    if orders.mixed:
        each, above_it = model.row("each", (orders.weeks,), high=0.0), model.row("above", per.shape, high=0.0)
        model.add(each[None, :], flow, kinds[:, 1][:, None])
        model.add(each, whole_weeks, -orders.capacity)
        model.add(above_it, per, 1.0)
        model.add(above_it, whole_weeks[None, :], -1.0)
    elif orders.weekly:
        total = model.row("total", (orders.weeks,), high=0.0)
        model.add(total[None, :], per, 1.0)
        model.add(total, whole_weeks, -1.0)
    solution = model.solve(gap=GAP)
    if not solution.feasible:
        raise too_few(orders)
    return max(-solution.bound, 0.0), _weeks(orders, member, solution.values["flow"])


def _weeks(orders: Orders, member: NDArray[np.int64], flow: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return whole orders for a flow of kinds by week: the cumulative flow rounded."""
    found = np.zeros(len(member), np.int64)
    for kind in range(len(flow)):
        mine = np.flatnonzero(member == kind)
        upto = np.rint(np.cumsum(flow[kind])).astype(int)
        found[mine] = np.minimum(np.searchsorted(upto, np.arange(len(mine)), side="right"), orders.weeks - 1)
    return np.maximum(found, orders.release)


def packed(orders: Orders, weeks: NDArray[np.int64]) -> Groups:
    """Return batches by week: largest orders first, each where it adds least; in another week where its own is full."""
    timing, kinds = orders.time_cost, orders.kinds
    groups: Groups = []
    sequence = np.lexsort((np.arange(len(weeks)), -orders.size, kinds, weeks))
    for order in sequence.tolist():
        place, week = _cheapest(orders, groups, order, timing, int(weeks[order]))
        if place < 0:
            groups.append((week, [order]))
        else:
            groups[place][1].append(order)
    return groups


def _cheapest(orders: Orders, groups: Groups, order: int, timing: NDArray[np.float64], week: int) -> tuple[int, int]:
    """Return the batch that takes an order at least cost, -1 for a new one, and its week; a batch of its own week is free."""
    best_place, best_week, least = -2, week, np.inf
    used = np.bincount([at for at, _ in groups], minlength=orders.weeks) if groups else np.zeros(orders.weeks, int)
    for place, (at, lot) in enumerate(groups):
        cost = _joining(orders, lot, order) + timing[order, at]
        if cost < least - SAME:
            best_place, best_week, least = place, at, cost
    alone = set_up(orders, [order])
    open_weeks = used < orders.weekly if orders.weekly else np.ones(orders.weeks, bool)
    fresh = np.where(open_weeks, timing[order], np.inf)
    at = int(np.argmin(fresh))
    if fresh[at] + alone < least - SAME:
        best_place, best_week, least = -1, at, float(fresh[at] + alone)
    if not np.isfinite(least):
        raise too_few(orders)
    return best_place, best_week


def _joining(orders: Orders, lot: list[int], order: int) -> float:
    """Return what an order adds to the set-up of a batch, infinite where it does not fit."""
    if orders.size[lot].sum() + orders.size[order] > orders.capacity + SAME:
        return np.inf
    before = orders.options[lot].any(axis=0)
    if not orders.mixed:
        return 0.0 if (before == orders.options[order]).all() else np.inf
    return float(orders.option[orders.options[order] & ~before].sum())


def improved(orders: Orders, groups: Groups) -> Groups:
    """Return groups after moves of one order, of whole batches in time, and merges, while any pays."""
    timing = orders.time_cost
    for _ in range(PASSES):
        before = total(orders, groups)
        groups = _shifted(orders, _moved(orders, groups, timing), timing)
        groups = _dissolved(orders, _merged(orders, groups, timing), timing)
        if total(orders, groups) >= before - SAME:
            break
    return groups


def _moved(orders: Orders, groups: Groups, timing: NDArray[np.float64]) -> Groups:
    groups = [(week, list(lot)) for week, lot in groups]
    for order in range(len(orders.size)):
        place = next(place for place, (_, lot) in enumerate(groups) if order in lot)
        week, lot = groups[place]
        rest = [one for one in lot if one != order]
        saved = timing[order, week] + set_up(orders, lot) - (set_up(orders, rest) if rest else 0.0)
        target, gain = -1, SAME
        for other, (at, some) in enumerate(groups):
            if other != place:
                cost = saved - _joining(orders, some, order) - timing[order, at]
                if cost > gain:
                    target, gain = other, cost
        if target >= 0:
            groups[place] = (week, rest)
            groups[target][1].append(order)
            groups = [group for group in groups if group[1]]
    return groups


def _shifted(orders: Orders, groups: Groups, timing: NDArray[np.float64]) -> Groups:
    """Return batches each in its cheapest week with room."""
    used = np.bincount([week for week, _ in groups], minlength=orders.weeks)
    found: Groups = []
    for week, lot in groups:
        cost = timing[lot].sum(axis=0)
        used[week] -= 1
        if orders.weekly:
            cost = np.where(used < orders.weekly, cost, np.inf)
        at = int(np.argmin(cost))
        at = at if cost[at] < timing[lot, week].sum() - SAME else week
        used[at] += 1
        found.append((at, lot))
    return found


def _merged(orders: Orders, groups: Groups, timing: NDArray[np.float64]) -> Groups:
    """Return batches after pairs were put together, in their cheapest week with room, while that pays."""
    place = 0
    groups = list(groups)
    while place < len(groups):
        week, lot = groups[place]
        used = np.bincount([at for at, _ in groups], minlength=orders.weeks)
        target, gain, chosen = -1, SAME, week
        for other in range(place + 1, len(groups)):
            at, some = groups[other]
            if not _fits(orders, lot, some):
                continue
            both = timing[lot].sum(axis=0) + timing[some].sum(axis=0)
            if orders.weekly:
                room = used < orders.weekly
                room[[week, at]] = True
                both = np.where(room, both, np.inf)
            best_week = int(np.argmin(both))
            saved = set_up(orders, lot) + set_up(orders, some) - set_up(orders, lot + some)
            saved += float(timing[lot, week].sum() + timing[some, at].sum() - both[best_week])
            if saved > gain:
                target, gain, chosen = other, saved, best_week
        if target < 0:
            place += 1
            continue
        groups[place] = (chosen, lot + groups[target][1])
        groups.pop(target)
    return groups


def _fits(orders: Orders, lot: list[int], some: list[int]) -> bool:
    """Return whether two batches may be one."""
    if orders.size[lot].sum() + orders.size[some].sum() > orders.capacity + SAME:
        return False
    return orders.mixed or bool((orders.options[lot[0]] == orders.options[some[0]]).all())


def _dissolved(orders: Orders, groups: Groups, timing: NDArray[np.float64]) -> Groups:
    """Return batches after each was taken apart and its orders put where they cost least, if that pays."""
    place = 0
    while place < len(groups):
        week, lot = groups[place]
        before = set_up(orders, lot) + float(timing[lot, week].sum())
        rest = [(at, list(some)) for at, some in groups[:place] + groups[place + 1 :]]
        added = 0.0
        for order in sorted(lot, key=lambda one: (-float(orders.size[one]), one)):
            other, at = _cheapest(orders, rest, order, timing, week)
            if other < 0:
                rest.append((at, [order]))
                added += set_up(orders, [order]) + float(timing[order, at])
            else:
                added += _joining(orders, rest[other][1], order) + float(timing[order, at])
                rest[other][1].append(order)
        if added < before - SAME:
            groups = rest
        else:
            place += 1
    return groups


def alone(orders: Orders) -> Groups:
    """Return a batch for each order in its cheapest week with room, for merging."""
    used = np.zeros(orders.weeks, int)
    found: Groups = []
    for order, cost in enumerate(orders.time_cost):
        free = np.where(used < orders.weekly, cost, np.inf) if orders.weekly else cost
        week = int(np.argmin(free))
        if not np.isfinite(free[week]):
            return []
        used[week] += 1
        found.append((week, [order]))
    return found
