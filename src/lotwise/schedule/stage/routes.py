"""The steps of each item at each site, with the machine groups that can do them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lotwise.schedule.stage.given import Given, Row

ALL = "all"


class Step(NamedTuple):
    """One step of an item.

    Parameters
    ----------
    number
        Its number in the routing.
    ways
        Rows of the routing, one a machine group that can do it, in the order of the plan's tables.
    tools
        Tool or skill -> how many of it are held meanwhile.
    """

    number: int
    ways: tuple[Row, ...]
    tools: dict[str, int]


def routes(given: Given) -> dict[tuple[str, str], tuple[Step, ...]]:
    """Return (item, site) -> its steps in order, for every item that a lot is of; none where nobody says.

    A step on what ``tool_needs`` says another step of the item holds is no step of its own: the weekly plan counts the hours
    of people and tools like those of machines, and here they stand beside the machine.
    """
    at = {row["machine"]: row["site"] or ALL for row in given.rows("machines")}
    of: dict[str, list[Row]] = defaultdict(list)
    for row in given.rows("routing"):
        of[row["item"]].append(row)
    needs: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in given.rows("tool_needs"):
        needs[row["item"]][row["step"]][row["tool"]] = row["count"] or 1
    found = {}
    for item, site in {(lot["item"], lot["site"]) for lot in given.lots}:
        rows = [row for row in of[item] if at.get(row["machine"], ALL) in {ALL, site} or site == ALL] or of[item]
        found[item, site] = tuple(_steps(rows, needs[ALL], needs[item]))
    return found


def _steps(rows: list[Row], usual: dict[int, dict[str, int]], own: dict[int, dict[str, int]]) -> list[Step]:
    held = {(tool, step) for step, tools in own.items() for tool in tools}
    ways: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["step"], row["machine"])):
        if not any(tool == row["machine"] and step != row["step"] for tool, step in held):
            ways[row["step"]].append(row)
    return [
        Step(number, tuple(some), {**usual.get(number, {}), **own.get(number, {})}) for number, some in sorted(ways.items())
    ]
