"""The same shop for PyJobShop, and the value of what it finds."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from pyjobshop import Model

from lotwise.schedule.shop import NEVER

if TYPE_CHECKING:
    from lotwise.schedule.shop import Shop

CENTS = 100
"""Weights are whole numbers there; ours are counted in hundredths."""


def solved(shop: Shop, seconds: float, workers: int) -> tuple[float, str]:
    """Return the total of the best schedule PyJobShop finds with OR-Tools (infinity where it finds none), and its status."""
    model, weights = _model(shop)
    result = model.solve(solver="ortools", time_limit=seconds, display=False, num_workers=workers)
    if not np.isfinite(result.objective) or not result.best.tasks:
        return float("inf"), str(result.status.value)
    ends = np.array([task.end for task in result.best.tasks])
    if shop.goal.makespan:
        return float(ends.max()) * shop.goal.makespan, str(result.status.value)
    last = np.zeros(len(shop.orders.name))
    np.maximum.at(last, shop.operations.order, ends)
    late = np.maximum(last - shop.orders.due, 0)
    spent = _setup_minutes(shop, result.best.tasks) * shop.goal.setup_minute if shop.goal.setup_minute else 0.0
    return float(shop.goal.tardiness * (weights / CENTS) @ late + spent), str(result.status.value)


def _model(shop: Shop) -> tuple[Model, np.ndarray]:
    """Return the shop as a model; every minute of set-up also counts in its objective, as in ours."""
    model = Model()
    weights = np.round(shop.orders.weight * CENTS).astype(int)
    jobs = [
        model.add_job(weight=int(weights[j]), due_date=int(due) if due < NEVER else None)
        for j, due in enumerate(shop.orders.due)
    ]
    opens, closes = shop.calendars.opens, shop.calendars.closes
    breaks = [(0, int(opens[0]))] if len(opens) else []
    breaks += [(int(a), int(b)) for a, b in zip(closes[:-1], opens[1:], strict=True)]
    machines = [model.add_machine(breaks=list(breaks)) for _ in shop.machines.name]
    tasks = [model.add_task(job=jobs[j]) for j in shop.operations.order]
    for o, task in enumerate(tasks):
        for mode in range(shop.modes.offsets[o], shop.modes.offsets[o + 1]):
            model.add_mode(task, machines[shop.modes.machine[mode]], int(shop.modes.minutes[mode] + shop.modes.added[mode]))
        for before in shop.operations.before[shop.operations.before_offsets[o] : shop.operations.before_offsets[o + 1]]:
            model.add_end_before_start(tasks[before], task)
    _add_setups(shop, model, machines, tasks)
    if shop.same_sequence:
        for first, second in pairwise(machines):
            model.add_same_sequence(first, second)
    if shop.goal.makespan:
        model.set_objective(weight_makespan=1)
        return model, weights
    model.set_objective(weight_total_tardiness=1, weight_total_setup_time=round(CENTS * shop.goal.setup_minute))
    return model, weights


def _add_setups(shop: Shop, model: Model, machines: list, tasks: list) -> None:
    can = [[] for _ in machines]
    for o in range(shop.size):
        for mode in range(shop.modes.offsets[o], shop.modes.offsets[o + 1]):
            can[shop.modes.machine[mode]].append(o)
    for k, machine in enumerate(machines):
        matrix = shop.machines.setups[k]
        for a in can[k] if matrix >= 0 else ():
            for b in can[k]:
                minutes = int(shop.setups.minutes[matrix, shop.operations.state[a], shop.operations.state[b]])
                if a != b and minutes:
                    model.add_setup_time(machine, tasks[a], tasks[b], minutes)


def _setup_minutes(shop: Shop, tasks: list) -> float:
    """Return the minutes of set-up between the tasks as they follow one another."""
    total = 0.0
    for k in range(len(shop.machines.name)):
        own = sorted((task.start, o) for o, task in enumerate(tasks) if k in task.resources)
        for (_, a), (_, b) in pairwise(own):
            total += shop.setups.minutes[shop.machines.setups[k], shop.operations.state[a], shop.operations.state[b]]
    return total
