"""Plans as rows of the stage's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.plan.floor import carry_out, settle_carried
from lotwise.plan.materials import arrivals, projection, purchases
from lotwise.plan.settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.plan.lots import Plan
    from lotwise.plan.problem import Problem
    from lotwise.plan.settle import Outcome
    from lotwise.plan.windows import Window

DIGITS = 6
LEAST = 1e-6
SAME = 1e-6
"""Share of the bound a plan falls short of it by rounding only."""
EXECUTED = "executed"
FENCED = "fenced"
"""The plan the floor is told where weeks are frozen; ``now`` where none is."""
Row = dict[str, object]


def plan_rows(problem: Problem, plan: Plan) -> pa.Table:
    """Return the rows of ``plans`` for one plan; expectations are settled, never the program's own."""
    outcome = plan.outcome
    numbers = {
        "units": plan.supply,
        "demand": problem.demand.mean(axis=0),
        "sold": outcome.sold,
        "lost": outcome.lost,
        "left": outcome.left,
        "profit": outcome.profit,
    }
    return _by_week(problem, problem.information, numbers)


def solve_row(problem: Problem, plan: Plan) -> Row:
    """Return the row of ``solves`` for one plan."""
    bound = max(plan.bound, plan.objective) if plan.is_feasible else plan.bound
    is_best = plan.objective >= bound - SAME * max(1.0, abs(bound))
    return {
        "information": problem.information,
        "limits": problem.limits,
        "cutoff": problem.cutoff,
        "status": "infeasible" if not plan.is_feasible else "optimal" if is_best else "bounded",
        "objective": plan.objective,
        "bound": bound,
        "products": len(problem.products),
        "rows": plan.rows,
        "columns": plan.columns,
    }


def price_rows(problem: Problem, plan: Plan) -> list[Row]:
    """Return the rows of ``prices`` for one plan with real limits."""
    resources = problem.resources
    used, extra = resources.used(plan.supply, problem.lead), resources.overtime_used(plan.supply, problem.lead)
    return [
        {
            "information": problem.information,
            "cutoff": problem.cutoff,
            "resource": name,
            "week": day,
            "kind": resources.kinds[number],
            "used": used[number, week],
            "capacity": resources.capacity[number, week] if np.isfinite(resources.capacity[number, week]) else None,
            "overtime": extra[number, week],
            "price": plan.price[number, week],
            "unit": resources.units[number],
        }
        for number, name in enumerate(resources.names)
        for week, day in enumerate(problem.weeks)
    ]


def use_rows(problem: Problem) -> pa.Table:
    """Return the rows of ``uses``."""
    resources = problem.resources
    table = resources.uses.tocoo()
    some = table.data > 0
    product, resource, quantity = table.col[some], table.row[some], table.data[some]
    names, kinds = pa.array(resources.names, pa.string()), pa.array(resources.kinds, pa.string())
    return pa.table(
        {
            "product": pa.array(problem.products, pa.string()).take(pa.array(product)),
            "resource": names.take(pa.array(resource)),
            "kind": kinds.take(pa.array(resource)),
            "quantity": quantity,
        }
    )


def money_rows(problem: Problem, plan: Plan, demand: NDArray[np.float64]) -> pa.Table:
    """Return the rows of ``money`` for one past plan, settled against the demand that came."""
    charges = problem.resources.overtime_money(plan.supply, problem.lead)
    outcome = settle(plan.supply, demand, problem.terms, opening=problem.opening, charges=charges)
    return _money(problem, problem.information, plan.supply, demand, outcome)


def executed_rows(problem: Problem, plan: Plan, demand: NDArray[np.float64], work: pa.Table) -> Iterator[pa.Table]:
    """Yield the rows of ``money`` for a past plan as the floor carried it out, cause by cause.

    One state ``executed-CAUSE`` for each cause that changes the plan, with every cause up to it put on, and ``executed``
    with all of them; how, says ``floor``.
    """
    chain = carry_out(problem, plan.supply, work)
    named = [(f"{EXECUTED}-{carried.cause}", carried) for carried in chain[1:]]
    for name, carried in (*named, (EXECUTED, chain[-1])):
        yield _money(problem, name, carried.made, demand, settle_carried(problem, carried, demand))


def stock_rows(window: Window, problem: Problem, plan: Plan) -> tuple[list[Row], list[Row]]:
    """Return the rows of ``purchases`` and of ``projection``: products, components, materials."""
    resources, materials, weeks = problem.resources, window.materials, problem.weeks
    used = resources.used(plan.supply, problem.lead)[~resources.is_machine] if materials.names else np.zeros((0, len(weeks)))
    start, bought = arrivals(used, materials)
    orders = purchases(bought, materials, weeks)
    sold, scrapped = projection(problem, plan.supply)
    rows = _projected(problem.products, "product", weeks, problem.opening, plan.supply, sold, scrapped)
    rows += _projected(materials.names, "material", weeks, start, bought, used, np.zeros_like(used))
    parts, contents = window.contents
    own = set(problem.products) | set(materials.names)
    chosen = np.array([n for n, part in enumerate(parts) if part not in own], dtype=int)
    need = np.zeros((len(chosen), len(weeks)))
    need[:, : len(weeks) - problem.lead] = (contents[chosen] @ plan.supply)[:, problem.lead :]
    rows += _projected([parts[n] for n in chosen], "component", weeks, np.zeros(len(chosen)), need, need, np.zeros_like(need))
    return orders, sorted(rows, key=lambda row: (str(row["item"]), row["week"]))


def _projected(
    items: tuple[str, ...] | list[str],
    kind: str,
    weeks: tuple[date, ...],
    start: NDArray[np.float64],
    received: NDArray[np.float64],
    used: NDArray[np.float64],
    scrapped: NDArray[np.float64],
) -> list[Row]:
    """Return projection rows in which start + received - used - scrapped = end, and end is the next start."""
    received, used, scrapped = (np.round(part, DIGITS) for part in (received, used, scrapped))
    end = np.round(start[:, None] + np.cumsum(received - used - scrapped, axis=1), DIGITS) + 0.0
    begin = np.concatenate([start[:, None], end[:, :-1]], axis=1)
    moved = np.abs(begin) + np.abs(end) + received + used > LEAST
    return [
        {
            "item": items[n],
            "kind": kind,
            "week": weeks[w],
            "start": begin[n, w],
            "received": received[n, w],
            "used": used[n, w],
            "scrapped": scrapped[n, w],
            "end": end[n, w],
        }
        for n, w in np.argwhere(moved)
    ]


def _money(
    problem: Problem, information: str, made: NDArray[np.float64], demand: NDArray[np.float64], outcome: Outcome
) -> pa.Table:
    revenue, cost = np.round(outcome.revenue, DIGITS), np.round(outcome.cost, DIGITS)
    numbers = {
        "made": made,
        "demand": demand,
        "sold": outcome.sold,
        "lost": outcome.lost,
        "left": outcome.left,
        "revenue": revenue,
        "cost": cost,
        "profit": revenue - cost,
    }
    return _by_week(problem, information, numbers)


def _by_week(problem: Problem, information: str, numbers: dict[str, NDArray[np.float64]]) -> pa.Table:
    """Return one row for each product and week, with what the plan is named by in front."""
    products, weeks = problem.shape
    count = products * weeks
    return pa.table(
        {
            "information": pa.array([information] * count, pa.string()),
            "limits": pa.array([problem.limits] * count, pa.string()),
            "cutoff": pa.array([problem.cutoff] * count, pa.date32()),
            "product": pa.array(problem.products, pa.string()).take(pa.array(np.repeat(np.arange(products), weeks))),
            "week": pa.array(problem.weeks, pa.date32()).take(pa.array(np.tile(np.arange(weeks), products))),
            **{name: np.round(values, DIGITS).ravel() + 0.0 for name, values in numbers.items()},
        }
    )
