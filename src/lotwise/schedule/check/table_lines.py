"""Jobs of one machine after one another, with their set-ups; and tools that several machines share."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from lotwise.schedule.check.table_rows import ALL, PLANNED, called, minutes_between, placed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lotwise.schedule.check.table_rows import Published, Row

UNKNOWN = "new"
HALF = 0.5
"""Minutes a rounded set-up may be away."""


def overlaps(seen: Published) -> Iterator[str]:
    """Yield jobs that overlap on a machine, set-ups that begin before what is before them ends, and places out of order."""
    for machine, line in sorted(seen.lines.items()):
        places = sorted(row["place"] for group in line for row in group)
        if places != list(range(1, len(places) + 1)):
            yield f"the places on {machine} are {places[:3]} to {places[-1]}, expected 1 to {len(places)}, each once"
        for group in line:
            room = (seen.machines.get(group[0]["group"]) or {}).get("room")
            size = sum(_size(seen, row) for row in group)
            if len(group) > 1 and (not room or size > room * (1 + 1e-6)):
                yield f"the batch of {placed(group[0])} takes room {size:g}, its machine has {room or 0:g}"
        for first, then in pairwise(line):
            begins = min(row["setup_starts"] or row["starts"] for row in then)
            fact = all(row["status"] != PLANNED for row in (*first, *then))
            if begins < max(row["ends"] for row in first) and not fact:
                what = "the set-up of " if begins < then[0]["starts"] else ""
                yield f"{what}{placed(then[0])} begins before {placed(first[0])} has ended"


def _size(seen: Published, row: Row) -> float:
    way, lot = seen.ways.get((row["item"], row["step"], row["group"])), seen.lots.get(row["lot"])
    if way is None or lot is None:
        return 0.0
    a_unit = 1.0 if way["batch_room"] is None else way["batch_room"]
    return float(a_unit * row["units"] * (lot["started"] / lot["units"] if lot["units"] > 0 else 1.0))


def setups(seen: Published) -> Iterator[str]:
    """Yield set-ups from another state than the machine was left in, and of another length than ``setups`` says."""
    pairs: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for row in seen.rows("setups"):
        pairs[row["machine"]][row["from_state"], row["to_state"]] = row["hours"]
    for line in seen.lines.values():
        state = None
        for group in line:
            for row in group:
                if row["to_state"] is not None and row["from_state"] != state:
                    yield f"{placed(row)} is said to find its machine in state {row['from_state']}, expected {state}"
                if (row["setup_starts"] is None) != (row["setup_minutes"] == 0):
                    yield f"{placed(row)} has {row['setup_minutes']:g} minutes of set-up that begin at {row['setup_starts']}"
                elif row["setup_starts"] and minutes_between(row["setup_starts"], row["starts"]) < row["setup_minutes"]:
                    yield f"{placed(row)}: from {row['setup_starts']} on there is no time for {row['setup_minutes']:g} minutes"
            rules = pairs.get(group[0]["group"]) or pairs.get(ALL)
            if rules:
                yield from _length(group, rules)
            state = next((row["to_state"] for row in group if row["to_state"] is not None), state)


def _length(group: list[Row], rules: dict[tuple[str, str], float]) -> Iterator[str]:
    """Yield a set-up that is longer or shorter than table ``setups`` says; what has begun is not judged."""
    row = next((row for row in group if row["to_state"] is not None), None)
    if row is None or row["status"] != PLANNED:
        return
    expected, told = 60 * _hours(rules, row["from_state"], row["to_state"]), sum(one["setup_minutes"] for one in group)
    if abs(told - expected) > HALF:
        change = f"from {row['from_state'] or 'not known'} to {row['to_state']}"
        yield f"{placed(row)} has {told:g} minutes of set-up {change}, expected {expected:g}, by table 'setups'"


def _hours(rules: dict[tuple[str, str], float], come: str | None, go: str) -> float:
    """Return the hours of a change: the pair's own, or of what stands for every state; the longest where nobody says."""
    before = UNKNOWN if come is None else come
    if (before, go) in rules:
        return rules[before, go]
    if before == go:
        return 0.0
    wide = [(ALL, go), (before, ALL)] if come is not None else [(before, ALL), (ALL, go)]
    for pair in (*wide, (ALL, ALL)):
        if pair in rules:
            return rules[pair]
    return max((hours for (_, to), hours in rules.items() if to == go), default=0.0) if come is None else 0.0


def tools(seen: Published) -> Iterator[str]:
    """Yield moments at which more of a tool is held than there is; jobs that are facts alone are not judged."""
    count = {row["tool"]: row["count"] for row in seen.rows("tools")}
    if not count:
        return
    needs: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for row in seen.rows("tool_needs"):
        needs[row["item"], row["step"]][row["tool"]] = row["count"] or 1
    changes: dict[str, list[tuple[datetime, int, Row]]] = defaultdict(list)
    for group in seen.batches:
        held: dict[str, int] = {}
        for row in group:
            for tool, many in {**needs[ALL, row["step"]], **needs[row["item"], row["step"]]}.items():
                held[tool] = max(held.get(tool, 0), many)
        head = group[0]
        for tool, many in held.items() if head["ends"] > head["starts"] else ():
            changes[tool] += [(head["starts"], many, head), (head["ends"], -many, head)]
    for tool, some in sorted(changes.items()):
        yield from _held(tool, count.get(tool, 0), some)


def _held(tool: str, count: int, changes: list[tuple[datetime, int, Row]]) -> Iterator[str]:
    """Yield moments at which more of one tool is held than there is, as it is taken and given back."""
    in_use = 0
    running: dict[int, Row] = {}
    for moment, many, row in sorted(changes, key=lambda one: (one[0], one[1] > 0)):
        in_use += many
        if many < 0:
            running.pop(id(row), None)
            continue
        running[id(row)] = row
        if in_use > count and any(one["status"] == PLANNED for one in running.values()):
            who = "; ".join(called(one) for one in running.values())
            yield f"at {moment:%Y-%m-%d %H:%M} {in_use} of {tool} are held, there are {count}: {who}"
