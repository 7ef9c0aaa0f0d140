"""Lots cut into parts that go through the shop on their own."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.schedule.stage.lines import LEAST, lines
from lotwise.schedule.stage.routes import routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lotwise.schedule.stage.given import Given, Row
    from lotwise.schedule.stage.lines import Line
    from lotwise.schedule.stage.routes import Step

OPTION = "option:"
"""Begins a set-up state that is the value the order has of an option."""
Choices = tuple[dict[tuple[str, int], dict[str, str]], dict[str, str]]
"""Option -> value of each order line, and the commonest values."""


@dataclass(frozen=True)
class Part:
    """One part of a lot.

    Parameters
    ----------
    lot
        The row of its lot.
    number
        From 1 within its lot.
    steps
        What is done with it.
    units
        Good units that come out of it as planned.
    lines
        What it is for, the first due in front.
    chosen
        Option -> value, of the options that set-ups ask for.
    lost
        Step -> units scrapped there: later steps have fewer.
    after
        Not before this moment: it makes up for units that were lost then.
    """

    lot: Row
    number: int
    steps: tuple[Step, ...]
    units: float
    lines: tuple[Line, ...]
    chosen: dict[str, str]
    lost: tuple[tuple[int, float], ...] = ()
    after: datetime | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Lot and number."""
        return str(self.lot["lot"]), self.number

    @property
    def due(self) -> datetime:
        """When the first of what it is for is due."""
        return min(line.due for line in self.lines)

    @property
    def is_inside(self) -> bool:
        """Whether all of it goes into other lots: those are late, it is not."""
        return all(line.is_inside for line in self.lines)

    @property
    def weight(self) -> float:
        """Money lost with each hour it is late."""
        return sum(line.weight for line in self.lines)

    def started(self, step: int) -> float:
        """Return the units that go into a step: more than come out where some are scrapped as a rule."""
        left = max(self.units - sum(units for at, units in self.lost if at < step), 0.0)
        return float(left * self.lot["started"] / self.lot["units"]) if self.lot["units"] > 0 else left


def parts(given: Given) -> list[Part]:
    """Return the parts of all lots that have steps, by lot and number, and say which lots have none."""
    steps, of = routes(given), lines(given)
    room = {row["machine"]: row["room"] for row in given.rows("machines") if row["room"]}
    chosen, usual = _choices(given)
    found, without = [], []
    for lot in given.lots:
        way = steps[lot["item"], lot["site"]]
        if not way:
            without.append(str(lot["lot"]))
            continue
        most = _most(way, lot, room, given.settings.schedule.part_hours)
        found += _cut(lot, way, of[lot["lot"]], most, (chosen, usual.get(lot["item"], {})))
    if without:
        given.say(f"{len(without)} lots have no routing and are not scheduled, such as {', '.join(without[:3])}")
    return _made_up(found, given)


def _choices(given: Given) -> tuple[dict[tuple[str, int], dict[str, str]], dict[str, dict[str, str]]]:
    """Return order line -> option -> value, of the options that set-up states ask for; and item -> its commonest values."""
    states = {row["setup_state"] or "" for row in given.rows("routing")}
    wanted = sorted(state.removeprefix(OPTION) for state in states if state.startswith(OPTION))
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    if not wanted or "order_options" not in given.tables or "orders" not in given.tables:
        return found, {}
    for row in given.rows("order_options"):
        if row["option"] in wanted:
            found[row["order"], row["line"]][row["option"]] = row["value"]
    return found, _usual(given, wanted)


def _usual(given: Given, wanted: list[str]) -> dict[str, dict[str, str]]:
    """Return item -> option -> the value most order lines ever had, of the items whose lots are scheduled."""
    orders, options = given.tables["orders"], given.tables["order_options"]
    items = sorted({str(lot["item"]) for lot in given.lots})
    mine = orders.filter(pc.is_in(orders["product"], value_set=pa.array(items, pa.string()))).select(
        ["order", "line", "product"]
    )
    told = options.filter(pc.is_in(options["option"], value_set=pa.array(wanted, pa.string())))
    counts = (
        mine.join(told, ["order", "line"], join_type="inner")
        .group_by(["product", "option", "value"])
        .aggregate([([], "count_all")])
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in sorted(counts.to_pylist(), key=lambda row: (row["count_all"], row["value"])):
        found[row["product"]][row["option"]] = row["value"]
    return found


def _most(steps: Sequence[Step], lot: Row, room: dict[str, float], hours: float) -> float:
    """Return the most units of a part: as many as fit the hours of every step and the room of every batch."""
    ratio = lot["started"] / lot["units"] if lot["units"] > 0 else 1.0
    most = math.inf
    for step in steps:
        way = min(step.ways, key=lambda row: row["hours"])
        is_batch = way["batch"] is not None and room.get(way["machine"])
        if is_batch and (way["batch_room"] or 1.0) > 0:
            most = min(most, room[way["machine"]] / (way["batch_room"] or 1.0) / ratio)
        a_unit = (way["batch_unit_hours"] or 0.0) if is_batch else way["hours"]
        if a_unit > 0:
            most = min(most, hours / (a_unit * ratio))
    return most


def _cut(lot: Row, steps: tuple[Step, ...], own: list[Line], most: float, choices: Choices) -> list[Part]:
    """Return the parts of one lot, the first due in front; each holds one choice of the options that set-ups ask for.

    What no order is known for goes with the commonest choice, of the lot's orders or of all orders there ever were.
    """
    chosen, usual = choices
    named = [line for line in own if line.order]
    whole = all(abs(line.units - round(line.units)) < LEAST for line in named) if named else _is_whole(lot["units"])
    groups: dict[tuple[tuple[str, str], ...], list[Line]] = defaultdict(list)
    for line in named:
        groups[tuple(sorted((usual | chosen.get((line.order, line.line), {})).items()))].append(line)
    often = max(groups, key=lambda key: (sum(line.units for line in groups[key]), key), default=tuple(sorted(usual.items())))
    groups[often] += [line for line in own if not line.order]
    shared = [(key, _share_out(sorted(groups[key]), most, whole=whole)) for key in sorted(groups)]
    cut = [(some, dict(key)) for key, shares in shared for some in shares]
    cut.sort(key=lambda pair: (pair[0][0].first, pair[0][0].order, pair[0][0].line))
    return [
        Part(lot, number, steps, sum(line.units for line in some), tuple(some), values)
        for number, (some, values) in enumerate(cut, start=1)
    ]


def _is_whole(units: float) -> bool:
    return bool(abs(units - round(units)) < 1e-4)  # noqa: PLR2004  the plan rounds to six digits of large sums


def _share_out(some: Iterable[Line], most: float, *, whole: bool) -> list[list[Line]]:
    """Return lines in parts of about the same size; an order that fits into a part is not divided."""
    left = list(some)
    total = sum(line.units for line in left)
    most = max(math.floor(most + LEAST), 1) if whole and most < math.inf else max(most, LEAST)
    count = max(math.ceil(total / most - LEAST), 1)
    size = math.ceil(total / count - LEAST) if whole else total / count
    found: list[list[Line]] = [[]]
    free = size
    for line in left:
        rest = line
        while rest.units > free + (most - size if line.order and free > LEAST else 0.0) + LEAST:
            if free > LEAST and not (rest.order and rest.units <= size + LEAST):
                found[-1].append(_of(rest, free))
                rest = _of(rest, rest.units - free)
            found.append([])
            free = size
        found[-1].append(rest)
        free -= rest.units
    return [part for part in found if part]


def _of(line: Line, units: float) -> Line:
    return line._replace(units=units, weight=line.weight * units / line.units)


def _made_up(found: list[Part], given: Given) -> list[Part]:
    """Return the parts with what the floor says is scrapped: later steps have fewer units, and a further part makes them up."""
    lost: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in given.rows("floor"):
        if (row["scrapped"] or 0.0) > 0:
            lost[row["lot"], row["part"]].append(row)
    count: dict[str, int] = defaultdict(int)
    for part in found:
        count[part.key[0]] += 1
    made: list[Part] = []
    for part in found:
        rows = sorted(lost.get(part.key, ()), key=lambda row: row["step"])
        made.append(replace(part, lost=tuple((row["step"], row["scrapped"]) for row in rows)) if rows else part)
        for row in rows:
            count[part.key[0]] += 1
            units = min(row["scrapped"], part.units)
            again = tuple(_of(line, line.units * units / part.units) for line in part.lines)
            when = row["finished"] or row["expected"] or row["started"]
            made.append(replace(part, number=count[part.key[0]], units=units, lines=again, after=when))
    return sorted(made, key=lambda part: part.key)
