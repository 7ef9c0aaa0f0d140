"""Ways through the machines: for each item and site every choice among machines that can do the same step."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from lotwise.plan.network.reading.given import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.plan.network.reading.given import Given, Row

MOST_ROUTES = 8
"""Choices of machines that each become an activity; with more, every step is chosen by itself."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way through the machines.

    Parameters
    ----------
    name
        Its machines joined by `` > ``, with `` or `` between those that are chosen from for each unit.
    uses
        Hours of each machine for one unit started.
    cost
        Money for one unit started above standard.
    setup_hours, setup_cost
        Hours of each machine, and money, for one lot.
    open
        Steps whose machine is chosen by activities of their own: their rows.
    """

    name: str
    uses: dict[int, float]
    cost: float
    setup_hours: dict[int, float]
    setup_cost: float
    open: tuple[tuple[Row, ...], ...] = ()


def routes(given: Given, machines: Mapping[str, int], item: str, site: str) -> list[Route]:
    """Return the ways to make an item at a site; one without a machine where nobody says.

    Of the machines of a step the cheapest comes first, then the fastest, as ``plan.bill.uses`` prefers them.
    """
    steps: dict[int, list[Row]] = {}
    for row in sorted(given.steps.get(item, ()), key=_rank):
        if (given.index["machines"][row["machine"]].get("site") or ALL) in {site, ALL}:
            steps.setdefault(row["step"], []).append(row)
    choices = list(steps.values())
    if prod(len(rows) for rows in choices) <= MOST_ROUTES:
        return [route(rows, machines) for rows in product(*choices)]
    single = [rows[0] for rows in choices if len(rows) == 1]
    chosen = route(single, machines)
    name = " > ".join(" or ".join(row["machine"] for row in rows) for rows in choices)
    several = tuple(tuple(rows) for rows in choices if len(rows) > 1)
    return [Route(name, chosen.uses, chosen.cost, chosen.setup_hours, chosen.setup_cost, several)]


def _rank(row: Row) -> tuple[int, float, float, str]:
    return row["step"], row.get("unit_cost") or 0.0, row["hours"], row["machine"]


def route(rows: Sequence[Row], machines: Mapping[str, int]) -> Route:
    """Return the way through one machine for each step."""
    uses: dict[int, float] = {}
    setup: dict[int, float] = {}
    for row in rows:
        number = machines[row["machine"]]
        uses[number] = uses.get(number, 0.0) + row["hours"]
        setup[number] = setup.get(number, 0.0) + (row.get("setup_hours") or 0.0)
    return Route(
        " > ".join(row["machine"] for row in rows),
        {machine: hours for machine, hours in uses.items() if hours > 0},
        sum(row.get("unit_cost") or 0.0 for row in rows),
        {machine: hours for machine, hours in setup.items() if hours > 0},
        sum(row.get("setup_cost") or 0.0 for row in rows),
    )
