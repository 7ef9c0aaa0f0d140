"""Bills of material as lines that hold in some weeks; standard costs and needs rolled up through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.bill import ALWAYS
from lotwise.plan.network.reading.given import Given, Row, grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Line:
    """One component of one item.

    Parameters
    ----------
    component
        What goes in.
    units
        Units of it for one unit of the item that is started, scrap included.
    weight
        Share of orders that have the line.
    group
        Name of the alternates it stands in with, empty for none.
    holds
        Weeks in which it holds; ``(n_weeks,)``.
    """

    component: str
    units: float
    weight: float
    group: str
    holds: NDArray[np.bool_]


def lines(given: Given) -> dict[str, tuple[Line, ...]]:
    """Return the lines of each item that can hold within the weeks, by version, then component.

    Where there are neither materials nor suppliers, what is only bought limits nothing and is left out.
    """
    found: dict[str, list[Line]] = {}
    is_bought = bool(given.rows["materials"] or given.rows["suppliers"])
    made = {row["item"] for name in ("bom", "routing") for row in given.rows[name]}
    made |= {row["coproduct"] for row in given.rows["coproducts"]} | set(given.products)
    for row in sorted(given.rows["bom"], key=lambda row: (row.get("version") or "", row["component"])):
        if not is_bought and row["component"] not in made:
            continue
        mine = found.setdefault(row["item"], [])
        line = _line(given, row)
        if line.holds.any() and line.units * line.weight > 0:
            mine.append(line)
    return {item: tuple(_alone(mine)) for item, mine in found.items()}


def _line(given: Given, row: Row) -> Line:
    condition = (row["item"], row["option"], row["value"])
    weight = 1.0 if row["option"] == ALWAYS else given.shares.get(condition, 0.0)
    group = row.get("alternate") or ""
    if group and row["option"] != ALWAYS:
        group = f"{group} {row['option']} {row['value']}"
    units = row["quantity"] / (1.0 - (row.get("scrap") or 0.0))
    return Line(row["component"], units, weight, group, given.within(row))


def _alone(mine: Sequence[Line]) -> list[Line]:
    """Return the lines with groups of one component taken as no group."""
    members: dict[str, set[str]] = {}
    for line in mine:
        members.setdefault(line.group, set()).add(line.component)
    alone = {group for group, components in members.items() if len(components) == 1}
    return [Line(n.component, n.units, n.weight, "" if n.group in alone else n.group, n.holds) for n in mine]


def standard_costs(given: Given, bill: Mapping[str, Sequence[Line]], order: Sequence[str]) -> dict[str, float]:
    """Return the standard cost of one unit of each item.

    A product's is in ``economics``, a material's in ``materials``, a component's in ``items``; where none says, it is the
    lowest price a supplier asks, else what the bill's first lines cost (machine time is not priced).

    Parameters
    ----------
    bill
        From ``lines``.
    order
        The items, what is made of others before those.
    """
    told: dict[str, float] = {}
    for row in given.rows["suppliers"]:
        told[row["material"]] = min(told.get(row["material"], np.inf), row["unit_price"])
    for row in reversed(given.rows["items"]):
        if row.get("unit_cost") is not None:
            told[row["item"]] = row["unit_cost"]
    told |= {name: row["unit_cost"] for name, row in given.index["materials"].items()}
    told |= given.costs
    found: dict[str, float] = {}
    for item in reversed(order):
        found[item] = told[item] if item in told else _rolled(given, item, bill.get(item, ()), found)
    return found


def _rolled(given: Given, item: str, mine: Sequence[Line], known: Mapping[str, float]) -> float:
    """Return what the lines of the first week in which any holds cost, for one good unit; of alternates the first."""
    if not mine:
        return 0.0
    first = min(int(np.argmax(line.holds)) for line in mine)
    total, seen = 0.0, set()
    for line in mine:
        if not line.holds[first] or line.group in seen:
            continue
        total += line.units * line.weight * known.get(line.component, 0.0)
        seen |= {line.group} - {""}
    return total / (given.value(item, "all", "yield") or 1.0)


def needs(given: Given, bill: Mapping[str, Sequence[Line]], order: Sequence[str]) -> dict[str, float]:
    """Return the most units of each item that the demand of all weeks can need, alternates counted in full."""
    demand = given.problem.demand.sum(axis=2).max(axis=0, initial=0.0)
    found = dict.fromkeys(order, 0.0)
    found |= dict(zip(given.problem.products, demand.tolist(), strict=True))
    for row in given.rows["items"]:
        found[row["item"]] = found.get(row["item"], 0.0) + (row.get("safety_stock") or 0.0)
    worst = {
        item: min((row.get("yield") or 1.0) for row in rows) for item, rows in grouped(given.rows["items"], "item").items()
    }
    for item in order:
        started = found[item] / worst.get(item, 1.0)
        for line in bill.get(item, ()):
            found[line.component] = found.get(line.component, 0.0) + started * line.units * line.weight
    return found
