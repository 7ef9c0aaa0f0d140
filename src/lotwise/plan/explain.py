"""Why a product gets less than it would, and which promises cannot be kept, in words with what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.limits import promised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.lots import Plan
    from lotwise.plan.problem import Problem

LEAST_MONEY = 0.01
"""Less than this is no loss."""
LEAST_SHARE = 0.005
"""A cut smaller than this share of what is wanted is not worth a sentence."""


def cuts(problem: Problem, plan: Plan, wanted: Plan) -> list[dict[str, object]]:
    """Return the rows of the table ``cuts``, by product and week.

    Parameters
    ----------
    problem, plan
        What was planned, with its limits.
    wanted
        The plan of the same demand without limits.

    Notes
    -----
    What a product gives up is counted over all weeks, for units not made now may be missed later, and
    shared out over the weeks it is cut in by the units cut. A product that gives up less than a cent is not cut.
    """
    rows = []
    cut = np.maximum(wanted.supply - plan.supply, 0.0)
    total = np.maximum((wanted.outcome.profit - plan.outcome.profit).sum(axis=1), 0.0)
    less = (cut > np.maximum(LEAST_SHARE * wanted.supply, 1e-3)) & (total >= LEAST_MONEY)[:, None]
    given_up = total[:, None] * cut / np.maximum(np.where(less, cut, 0.0).sum(axis=1, keepdims=True), 1e-12)
    overtime = problem.resources.overtime_used(plan.supply, problem.lead)
    worth = problem.resources.uses.T.tocsr()
    for product, week in np.argwhere(less):
        asked, made = wanted.supply[product, week], plan.supply[product, week]
        price = plan.price[:, week - problem.lead] if week >= problem.lead else np.zeros(len(plan.price))
        taken = worth.indices[worth.indptr[product] : worth.indptr[product + 1]]
        amount = worth.data[worth.indptr[product] : worth.indptr[product + 1]]
        binding = [pair for pair in zip(taken, amount, strict=True) if price[pair[0]] * pair[1] > 0]
        binding.sort(key=lambda pair: (-price[pair[0]] * pair[1], pair[0]))
        rows.append(
            {
                "product": problem.products[product],
                "week": problem.weeks[week],
                "wanted": float(asked),
                "planned": float(made),
                "lost_profit": float(given_up[product, week]),
                "resource": problem.resources.names[binding[0][0]] if binding else "",
                "price": float(price[binding[0][0]]) if binding else 0.0,
                "reason": _reason(problem, plan, overtime, int(week), asked - made, binding),
            }
        )
    return rows


def conflicts(problem: Problem, plan: Plan) -> list[dict[str, object]]:
    """Return the rows of the table ``conflicts``: promises that cannot be kept, and what stands in their way."""
    if plan.is_feasible or problem.firm is None:
        return []
    products, weeks, owed = promised(problem)
    rows = []
    for product, week, units, missing in zip(products, weeks, owed, plan.missing, strict=True):
        if missing <= 0:
            continue
        name, day = problem.products[product], problem.weeks[week]
        early = f" Nothing made now is ready before {problem.weeks[problem.lead]}." if week < problem.lead else ""
        rows.append(
            {
                "row": f"orders for {name} due in the week of {day}",
                "needed": float(units),
                "available": float(units - missing),
                "unit": "units",
                "reason": f"{missing:,.6g} of the {units:,.6g} units of {name} owed by then cannot be made in time."
                f"{early} Promise a later day for them, or relieve the resources listed here.",
            }
        )
    return rows + [
        _in_the_way(problem, plan, problem.firm, int(resource)) for resource in np.flatnonzero(plan.needs.any(axis=1))
    ]


def _in_the_way(problem: Problem, plan: Plan, firm: NDArray[np.float64], resource: int) -> dict[str, object]:
    """Return one row: what the promises need of a resource up to the last week in which it is short."""
    resources = problem.resources
    last = int(np.flatnonzero(plan.needs[resource])[-1])
    net = np.maximum(np.cumsum(firm, axis=1) - problem.opening[:, None], 0.0)
    by_then = net[:, min(last + problem.lead, problem.shape[1] - 1)]
    needed = float((resources.uses @ by_then)[resource])
    there = float(resources.capacity[resource, : last + 1].sum() + resources.overtime[resource] * (last + 1))
    name, kind, unit = resources.names[resource], resources.kinds[resource], resources.units[resource]
    help_ = "more overtime, another shift" if kind == "machine" else "an earlier delivery, another supplier"
    return {
        "row": f"{kind} {name} up to the week of {problem.weeks[last]}",
        "needed": needed,
        "available": there,
        "unit": unit,
        "reason": f"The promised units take {needed:,.6g} {unit} of {name} by then; there are {there:,.6g}, overtime included."
        f" What would help: {help_}, or later days for the orders listed here.",
    }


def _reason(
    problem: Problem, plan: Plan, overtime: NDArray[np.float64], week: int, units: float, binding: list[tuple[int, float]]
) -> str:
    if week < problem.lead:
        return f"Units made now are ready after {problem.lead} weeks; until then only stock is sold."
    if not binding:
        return "Nothing binds in this week: what is limited in other weeks leaves less use for it here."
    resources, when = problem.resources, week - problem.lead
    resource, amount = binding[0]
    name, unit, price = resources.names[resource], resources.units[resource], plan.price[resource, when]
    there, more = resources.capacity[resource, when], units * amount
    if resources.kinds[resource] == "machine" and there == 0:
        first = f"{name} has no hours in the week of {problem.weeks[when]}."
    elif resources.kinds[resource] == "machine":
        extra = f" and {overtime[resource, when]:,.4g} of overtime" if overtime[resource, when] > 0 else ""
        first = f"{name} is full in the week of {problem.weeks[when]} ({there:,.4g} hours{extra})."
    else:
        first = f"There is not enough {name} in the week of {problem.weeks[when]}."
    remedy = f" One more of its {unit} would earn {price:,.2f}; making what is cut takes {more:,.4g} more."
    spent = resources.kinds[resource] == "machine" and overtime[resource, when] >= resources.overtime[resource] - 1e-4
    if spent and 0 < resources.overtime_cost[resource] < price:
        remedy += f" More overtime would pay: {more * resources.overtime_cost[resource]:,.2f} for all of it."
    also = [resources.names[other] for other, _ in binding[1:3]]
    return first + remedy + (f" Also short: {', '.join(also)}." if also else "")
