"""Machine hours and materials: what a plan takes of them, what there is, and the loads published beside prices."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, broken, few, unequal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.facts import Facts, Plan


def loads(plan: Plan) -> dict[str, list[tuple[float, float]]]:
    """Return what is used of each resource in each week, and how far rounding may put it off."""
    total: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(plan.weeks))
    slack: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(plan.weeks))
    place = {week: number - plan.lead for number, week in enumerate(plan.weeks)}
    for (product, week), row in plan.rows.items():
        if place[week] >= 0:
            for resource, (quantity, off) in plan.takes.get(product, {}).items():
                total[resource][place[week]] += row["units"] * quantity
                slack[resource][place[week]] += HALF * quantity + off * row["units"]
    return {resource: list(zip(used, slack[resource], strict=True)) for resource, used in total.items()}


def _biggest(plan: Plan, resource: str, first: int, last: int) -> str:
    """Return the products that take most of a resource in some weeks, by their number."""
    taken = {}
    for product in plan.products:
        quantity = plan.takes.get(product, {}).get(resource, (0.0, 0.0))[0]
        ready = plan.weeks[first + plan.lead : last + plan.lead + 1]
        taken[product] = quantity * math.fsum(plan.units(product, week) for week in ready)
    order = sorted((product for product in taken if taken[product] > 0), key=lambda product: (-taken[product], product))
    return few([f"{product} ({taken[product]:,.6g})" for product in order])


def hours(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield machines and weeks in which more hours are planned than there are."""
    load = loads(plan)
    for machine, row in sorted(facts.machines.items()):
        extra = (row["overtime_hours"] or 0.0) if facts.settings.overtime else 0.0
        there = row["hours"] + extra
        for number, (used, slack) in enumerate(load.get(machine, ())):
            if used > there * (1 + SHARE) + SOLVER + slack:
                most = _biggest(plan, machine, number, number)
                remedy = f"Hours go to {most}: make less of these in this week, or add hours in machines."
                rows = f"{plan.name} ({row['hours']:,.6g} regular and {extra:,.6g} overtime hours)"
                yield broken(("machine hours", machine, plan.weeks[number]), (used, "at most", there), rows, remedy)


def _allowed(facts: Facts, plan: Plan, material: str) -> list[float]:
    """Return the most units of a material that can come in each week, in the first with the stock on hand."""
    row = facts.materials[material]
    known = not plan.is_past and material in facts.on_hand
    limit = math.inf if row["weekly_limit"] is None else row["weekly_limit"]
    wait = (row["lead_weeks"] or 0) if known else 0
    arriving = [limit if number >= wait else 0.0 for number in range(len(plan.weeks))]
    arriving[0] += facts.on_hand[material] if known else 0.0
    return arriving


def arrivals(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield the first week in which more of a material is used up than there can be."""
    load = loads(plan)
    for material in sorted(facts.materials.keys() & load.keys()):
        used = there = slack = 0.0
        for number, arriving in enumerate(_allowed(facts, plan, material)):
            used, slack, there = used + load[material][number][0], slack + load[material][number][1], there + arriving
            if used > there * (1 + SHARE) + SOLVER + slack:
                most = _biggest(plan, material, 0, number)
                remedy = f"Units up to this week go to {most}: make less of these, or later; or raise stock or weekly_limit."
                at, said = ("material", material, plan.weeks[number]), (used, "at most", there)
                yield broken(at, said, f"{plan.name}, added up from its first week", remedy)
                break


def prices(facts: Facts, plan: Plan) -> Iterator[Breach]:
    """Yield rows of ``prices`` whose loads, overtime or capacity are not those of the plan."""
    if "prices" not in facts.tables:
        return
    load, table = loads(plan), facts.tables["prices"]
    place = {week: number for number, week in enumerate(plan.weeks)}
    mine = pc.and_(pc.equal(table["information"], plan.information), pc.equal(table["cutoff"], pa.scalar(plan.cutoff)))
    for row in table.filter(mine).to_pylist():
        name, number, is_machine = row["resource"], place.get(row["week"]), row["kind"] == "machine"
        known = number is not None and name in (facts.machines if is_machine else facts.materials)
        if not known or number is None:
            remedy = "The machine or material, or the week, is unknown: correct machines or materials, and plan again."
            yield broken(("prices", name, row["week"]), (row["used"], "nothing, not even", 0.0), "table 'prices'", remedy)
            continue
        there = facts.machines[name]["hours"] if is_machine else _allowed(facts, plan, name)[number]
        used, slack = load[name][number] if name in load else (0.0, 0.0)
        judged = (
            ("used", row["used"], used, slack + 2 * HALF),
            ("overtime", row["overtime"], max(used - there, 0.0) if is_machine else 0.0, slack + 2 * HALF),
            ("capacity", math.inf if row["capacity"] is None else row["capacity"], there, 2 * HALF),
        )
        yield from unequal(("prices", name, row["week"]), judged, f"table 'prices' beside {plan.name}", AGAIN)
