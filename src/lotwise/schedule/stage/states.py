"""Set-up states of operations, and what it takes to change a machine from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError, breaches
from lotwise.schedule.shop import Setups
from lotwise.schedule.stage.parts import OPTION
from lotwise.schedule.stage.routes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.schedule.stage.given import Given, Row
    from lotwise.schedule.stage.parts import Part
    from lotwise.schedule.stage.routes import Step

State = tuple[str, str]
"""The named state that a matrix of ``setups`` asks for, and the item that set-up hours of routing and families ask for."""
UNKNOWN = "new"
MOST_CELLS = 6_000_000
"""Most entries of all matrices together; beyond, set-up hours of lots are added to the work of each of their parts."""
LISTED = 20


class States:
    """The states there are, and the matrix of each machine group that has set-ups.

    Groups with rows in ``setups`` go by the named state of routing, the item where it names none. The others go by the item:
    ``routing.setup_hours`` whenever another item comes, and the hours of ``families`` whenever another family does.
    """

    def __init__(self, given: Given) -> None:
        rows = given.rows("setups")
        told = {row["machine"] for row in rows}
        groups = [row["machine"] for row in given.rows("machines")]
        self._rules = {name: [row for row in rows if row["machine"] == (name if name in told else ALL)] for name in groups}
        self._own: dict[tuple[str, str], Row] = {}
        for row in given.rows("routing"):
            seen = self._own.setdefault((row["machine"], row["item"]), row)
            if (row["setup_hours"] or 0.0) > (seen["setup_hours"] or 0.0):
                self._own[row["machine"], row["item"]] = row
        self._families = {(row["machine"], row["family"]): row for row in given.rows("families")}
        self._family = {lot["item"]: lot["family"] for lot in given.lots}
        priced = {m for (m, _), row in self._own.items() if (row["setup_hours"] or 0.0) + (row["setup_cost"] or 0.0) > 0}
        self._by_item = (priced | {machine for machine, _ in self._families}) - {m for m, some in self._rules.items() if some}
        self._number: dict[State, int] = {}
        self._at: dict[str, dict[int, None]] = {}
        self.is_summed = False

    def of(self, part: Part, step: Step) -> int:
        """Return the number of the state that one step of a part needs; -1: any."""
        named = item = ""
        for way in step.ways:
            if self._rules.get(way["machine"]):
                named = named or _named(way, part)
            elif way["machine"] in self._by_item:
                item = part.lot["item"]
        if not (named or item):
            return -1
        number = self._number.setdefault((named, item), len(self._number))
        for way in step.ways:
            self._at.setdefault(way["machine"], {})[number] = None
        return number

    def label(self, group: str, state: int) -> str:
        """Return what a state is called on the machines of a group."""
        named, item = list(self._number)[state]
        return (named or item) if self._rules.get(group) else (item or named)

    def has_setups(self, group: str) -> bool:
        """Whether changing over takes something on the machines of a group."""
        return bool(self._rules.get(group)) or (group in self._by_item and not self.is_summed)

    def lot_hours(self, group: str, item: str) -> float:
        """Return set-up hours to add to each part's work, where there are too many items for a matrix."""
        return (self._own[group, item]["setup_hours"] or 0.0) if self.is_summed and group in self._by_item else 0.0

    def settle(self, given: Given) -> None:
        """Decide whether the matrices are too large to be told."""
        groups = [name for name in self._at if self._rules.get(name) or name in self._by_item]
        if len(groups) * len(self._number) ** 2 > MOST_CELLS and self._by_item:
            self.is_summed = True
            given.say(f"{len(self._number)} set-up states are too many for a matrix: every part of a lot is set up on its own")

    def setups(self) -> tuple[Setups, dict[str, int]]:
        """Return the matrices, and the number of each group's.

        Raises
        ------
        ContractError
            ``setups`` does not say what it takes to change from one state to another that occurs beside it.
        """
        states, groups = list(self._number), [name for name in sorted(self._at) if self.has_setups(name)]
        minutes = np.zeros((len(groups), len(states) + 1, len(states)), dtype=np.int64)
        cost = np.zeros(minutes.shape)
        holes: list[str] = []
        for n, group in enumerate(groups):
            used = list(self._at[group])
            rules = _Rules(group, self._rules[group]) if self._rules.get(group) else None
            for to in used:
                for come in [*used, len(states)]:
                    before = states[come] if come < len(states) else None
                    found = rules.change(before, states[to], holes) if rules else self._item_change(group, before, states[to])
                    minutes[n, come, to], cost[n, come, to] = round(found[0] * 60), found[1]
        if holes:
            more = [f"and {len(holes) - LISTED} more"] if len(holes) > LISTED else []
            hint = "Add these rows, or one from or to 'all'"
            raise ContractError(breaches(f"Table 'setups' has holes. {hint}", [*dict.fromkeys(holes[:LISTED]), *more]))
        names = tuple(" ".join(part for part in dict.fromkeys(state) if part) for state in states)
        return Setups(names, minutes, cost), {name: number for number, name in enumerate(groups)}

    def _item_change(self, group: str, before: State | None, to: State) -> tuple[float, float]:
        """Return hours and cost of changing a group that goes by items."""
        if before is not None and before[1] == to[1]:
            return 0.0, 0.0
        rows = [self._own[group, to[1]]]
        family = self._family.get(to[1], "")
        if family and (before is None or self._family.get(before[1], "") != family):
            rows += [row] if (row := self._families.get((group, family))) else []
        return sum(row["setup_hours"] or 0.0 for row in rows), sum(row["setup_cost"] or 0.0 for row in rows)


def _named(way: Row, part: Part) -> str:
    said = way["setup_state"] or str(part.lot["item"])
    return part.chosen.get(said.removeprefix(OPTION), "") if said.startswith(OPTION) else said


class _Rules:
    """The rows of ``setups`` for one group: the exact pair, else into the state from 'all', else from the state into 'all'."""

    def __init__(self, group: str, rows: Iterable[Row]) -> None:
        self._group = group
        self._pairs = {(row["from_state"], row["to_state"]): (row["hours"], row["cost"] or 0.0) for row in rows}

    def change(self, before: State | None, to: State, holes: list[str]) -> tuple[float, float]:
        """Return hours and cost of a change; from a state that is not known the longest that is told, where nothing is."""
        come, go = UNKNOWN if before is None else before[0], to[0]
        pair = (come, go)
        if pair not in self._pairs and come == go:
            return 0.0, 0.0
        tried = (pair, (ALL, go), (come, ALL), (ALL, ALL)) if before is not None else (pair, (come, ALL), (ALL, go), (ALL, ALL))
        found = next((self._pairs[one] for one in tried if one in self._pairs), None)
        if found is None and before is None:
            found = max((cell for (_, into), cell in self._pairs.items() if into == go), default=(0.0, 0.0))
        if found is None:
            holes.append(f"{self._group}: from '{come}' to '{go}'")
        return found or (0.0, 0.0)
