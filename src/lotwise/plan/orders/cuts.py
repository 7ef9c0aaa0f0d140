"""Products that get less than they would without limits, and promises that cannot be kept: what binds them in the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.limits import promised
from lotwise.plan.orders.words import NOTHING, said, unit_of

if TYPE_CHECKING:
    from lotwise.plan.lots import Plan
    from lotwise.plan.orders.binding import Binding, Chains
    from lotwise.plan.orders.current import Current, Row
    from lotwise.plan.orders.deliveries import Lines

LEAST_MONEY, LEAST_SHARE = 0.01, 0.005
"""A loss below the first, or a cut below this share of what is wanted, is not worth a sentence."""
SHOWN = 3
"""Orders of one promise that are named."""


def bound_by(chains: Chains, product: int, week: int) -> Binding | None:
    """Return what binds a product in a week, by their numbers; nothing where nothing supplies it.

    One more hour or unit is worth at most the price of the units it brings: what the program pays beyond that, so that promises
    come first, is nobody's money.
    """
    item = int(chains.current.sale_item[product])
    if item < 0:
        return None
    binding = chains.binding(item, week)
    most = float(chains.current.problem.terms.price[product]) / max(binding.each, 1e-12)
    return replace(binding, price=min(binding.price, most))


def reason(chains: Chains, product: int, week: int) -> str:
    """Return in words why a product is short in a week."""
    binding = bound_by(chains, product, week)
    if binding is None:
        return f"Nothing in the tables makes or brings {chains.current.problem.products[product]}."
    return said(chains.current, binding)


def cut_rows(chains: Chains, wanted: Plan) -> list[Row]:
    """Return the rows of the table ``cuts``, by product and week; money as in ``explain.cuts``.

    Parameters
    ----------
    chains
        What binds in the current plan.
    wanted
        The plan of the same demand without limits.
    """
    current = chains.current
    problem, plan = current.problem, current.plan
    cut = np.maximum(wanted.supply - plan.supply, 0.0)
    total = np.maximum((wanted.outcome.profit - plan.outcome.profit).sum(axis=1), 0.0)
    less = (cut > np.maximum(LEAST_SHARE * wanted.supply, 1e-3)) & (total >= LEAST_MONEY)[:, None]
    given_up = total[:, None] * cut / np.maximum(np.where(less, cut, 0.0).sum(axis=1, keepdims=True), 1e-12)
    rows: list[Row] = []
    for product, week in np.argwhere(less).tolist():
        binding = bound_by(chains, product, week)
        binds = binding is not None and binding.kind != "none"
        rows.append(
            {
                "product": problem.products[product],
                "week": problem.weeks[week],
                "wanted": wanted.supply[product, week],
                "planned": plan.supply[product, week],
                "lost_profit": given_up[product, week],
                "resource": binding.name if binds and binding is not None else "",
                "price": binding.price if binds and binding is not None else 0.0,
                "reason": _reason(current, binding, float(cut[product, week])),
            }
        )
    return sorted(rows, key=lambda row: (str(row["product"]), row["week"]))


def _reason(current: Current, binding: Binding | None, units: float) -> str:
    if binding is None:
        return "Nothing in the tables makes or brings it."
    if binding.kind == "none":
        return NOTHING
    return f"{said(current, binding)} Making what is cut takes {units * binding.each:,.4g} {unit_of(current, binding)} more."


def conflict_rows(chains: Chains, lines: Lines) -> list[Row]:
    """Return the rows of the table ``conflicts``: promises that cannot be kept, the orders in them, and what is in their way.

    Parameters
    ----------
    chains
        What binds in the current plan.
    lines
        The lines of firm orders.
    """
    current = chains.current
    problem, plan = current.problem, current.plan
    if not plan.missing.any():
        return []
    rows: list[Row] = []
    ways: dict[tuple[str, str, int], tuple[Binding, float]] = {}
    for product, week, units, missing in zip(*promised(problem), plan.missing, strict=True):
        if missing <= 0:
            continue
        name, day = problem.products[product], problem.weeks[week]
        mine = np.flatnonzero((lines.product == product) & (lines.week == week)).tolist()
        shown = ", ".join(lines.name(n) for n in mine[:SHOWN]) + (f" and {len(mine) - SHOWN} more" if len(mine) > SHOWN else "")
        orders = f" Orders: {shown}." if mine else ""
        rows.append(
            {
                "row": f"orders for {name} due in the week of {day}",
                "needed": float(units),
                "available": float(units - missing),
                "unit": "units",
                "reason": f"{missing:,.6g} of the {units:,.6g} units of {name} owed by then cannot be there in time.{orders} "
                f"{reason(chains, int(product), int(week))} Promise a later day for them, or relieve what is listed here.",
            }
        )
        binding = bound_by(chains, int(product), int(week))
        if binding is not None and binding.kind != "none":
            key = (binding.kind, binding.name, binding.week)
            ways[key] = (binding, ways.get(key, (binding, 0.0))[1] + float(missing) * binding.each)
    return rows + [_way(current, binding, more) for _, (binding, more) in sorted(ways.items())]


def _way(current: Current, binding: Binding, more: float) -> Row:
    """Return the row of something in the way of promises: what they take of it beyond what there is."""
    week = binding.week
    there = _there(current, binding)
    kind = "machine" if binding.kind == "machine" else "supply of"
    return {
        "row": f"{kind} {binding.name} in the week of {current.day(week)}",
        "needed": there + more,
        "available": there,
        "unit": unit_of(current, binding),
        "reason": f"{said(current, binding)} The promises listed here take {more:,.6g} {unit_of(current, binding)} more.",
    }


def _there(current: Current, binding: Binding) -> float:
    network, week = current.network, binding.week
    if binding.kind == "machine":
        shifts = np.maximum(-network.switches.hours.tocsr()[[binding.number]].toarray()[0], 0.0) @ current.flow.times[:, week]
        return float(network.machines.hours[binding.number, week] + network.machines.overtime[binding.number, week] + shifts)
    if binding.kind == "storage":
        return float(network.room[binding.number])
    if binding.kind == "limit":
        return float(current.flow.level[binding.number, week])
    item = binding.number
    before = current.flow.stock[item, week - 1] if week else 0.0
    return float(before + network.items.arriving[item, week] + current.given[item, week])
