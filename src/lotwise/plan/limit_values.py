"""What each limit cost in one past window: its share of the loss, and what less of it would bring, solved again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.lots import make
from lotwise.plan.problem import no_resources
from lotwise.plan.relax import best, ideal, shares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from lotwise.plan.lots import Plan
    from lotwise.plan.problem import Problem

LEAD = "lead time"
LOTS = "lot sizes"
LEAST = 1e-6
"""Money below this is rounding."""
Row = dict[str, object]


def lifted(problem: Problem, limit: str) -> Problem:
    """Return the problem without one limit.

    Parameters
    ----------
    problem
        What is to be planned.
    limit
        A machine or material of its resources, ``"lead time"`` or ``"lot sizes"``.

    Raises
    ------
    ValueError
        There is no such limit.
    """
    if limit == LEAD:
        return replace(problem, lead=0)
    if limit == LOTS:
        return problem.without_lots()
    return _with_capacity(problem, _number(problem, limit), np.inf)


def alone(problem: Problem, limit: str) -> Problem:
    """Return the problem with one limit only.

    Parameters
    ----------
    problem, limit
        As for ``lifted``.
    """
    free = replace(problem, resources=no_resources(*problem.shape))
    if limit == LEAD:
        return free.without_lots()
    if limit == LOTS:
        return replace(free, lead=0)
    number = _number(problem, limit)
    capacity = np.where(np.arange(len(problem.resources.names))[:, None] == number, problem.resources.capacity, np.inf)
    return replace(problem.without_lots(), lead=0, resources=replace(problem.resources, capacity=capacity))


def limit_rows(problem: Problem, plan: Plan) -> list[Row]:
    """Return the rows of ``limit_values`` for one past window: of every limit that costs something or has a price.

    The column ``lost`` adds up to the ideal profit less the plan's. What lot sizes cost is taken off first, then
    lead time, and machines and materials share the rest (``relax.shares``). The other columns leave lot rules out
    of every plan but that of the lot rules alone.

    Parameters
    ----------
    problem
        Demand known (one scenario), real limits.
    plan
        The best plan for it.
    """
    most, free = ideal(problem), replace(problem.without_lots(), firm=None)
    real = best(free)
    rows = [*_lots(problem, plan, real.value, most), *_lead(free, real.value, most)]
    lost, price = shares(free), real.price.sum(axis=1)
    for number in np.flatnonzero((lost > LEAST) | (price > LEAST)).tolist():
        name, resources = problem.resources.names[number], problem.resources
        one_more = _with_capacity(free, number, resources.capacity[number] + 1.0)
        rows.append(
            {
                **_row(problem, name, resources.kinds[number], float(lost[number])),
                "first_in": _gain(best(lifted(free, name)).value, real.value),
                "last_in": _gain(most, best(alone(free, name)).value),
                "unit": resources.units[number],
                "price": float(price[number]),
                "one_more": _gain(best(one_more).value, real.value),
                "another": _gain(best(_another(free, number)).value, real.value),
            }
        )
    return rows


def _lots(problem: Problem, plan: Plan, free: float, most: float) -> Iterator[Row]:
    """Yield the row of the lot rules, where they cost anything: the plan's profit against the best without them."""
    if problem.rules is None or free - plan.objective <= LEAST:
        return
    kept = make(alone(problem, LOTS)).objective
    lost = free - plan.objective
    yield {**_row(problem, LOTS, "lot", lost), "first_in": lost, "last_in": _gain(most, kept)}


def _lead(problem: Problem, real: float, most: float) -> Iterator[Row]:
    """Yield the row of lead time, where there is any: what is ready too late for the first weeks."""
    lost = _gain(best(lifted(problem, LEAD)).value, real) if problem.lead else 0.0
    if lost > LEAST:
        yield {**_row(problem, LEAD, "lead", lost), "first_in": lost, "last_in": _gain(most, best(alone(problem, LEAD)).value)}


def _row(problem: Problem, limit: str, kind: str, lost: float) -> Row:
    return {"cutoff": problem.cutoff, "limit": limit, "kind": kind, "lost": lost}


def _another(problem: Problem, number: int) -> Problem:
    """Return the problem with one more machine like those of the group, or a second supplier like the first."""
    resources = problem.resources
    if resources.kinds[number] == "material":
        return _with_capacity(problem, number, 2.0 * resources.capacity[number])
    count = 1 if resources.count is None else int(resources.count[number])
    overtime = resources.overtime.copy()
    overtime[number] *= (count + 1) / count
    more = _with_capacity(problem, number, resources.capacity[number] * ((count + 1) / count))
    return replace(more, resources=replace(more.resources, overtime=overtime))


def _with_capacity(problem: Problem, number: int, hours: ArrayLike) -> Problem:
    capacity = problem.resources.capacity.copy()
    capacity[number] = np.asarray(hours)
    return replace(problem, resources=replace(problem.resources, capacity=capacity))


def _number(problem: Problem, limit: str) -> int:
    names = problem.resources.names
    if limit not in names:
        found = f"'{limit}' limits nothing here, expected '{LEAD}', '{LOTS}' or one of {', '.join(map(repr, names))}"
        message = f"{found}. Take one of these"
        raise ValueError(message)
    return names.index(limit)


def _gain(better: float, worse: float) -> float:
    return max(better - worse, 0.0)
