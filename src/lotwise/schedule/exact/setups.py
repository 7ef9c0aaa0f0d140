"""Set-ups as a constraint program: how long they take a machine before an operation, their cost, and what of it is overtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.schedule.bounds.open_time import of_calendar
from lotwise.schedule.exact.overtime import choices, lies_within, openings_of, pieces
from lotwise.schedule.exact.ways import Way, setup_lengths

if TYPE_CHECKING:
    from lotwise.schedule.exact.model import Program


class Setups:
    """The set-ups before operations: how long, when they begin at the latest, what they cost."""

    def __init__(self, p: Program, floor: np.ndarray, domain: Any) -> None:  # noqa: ANN401 - CP-SAT's class
        self.p, self.floor, self.domain = p, floor, domain
        self.arcs: dict[int, list[tuple[int, int, Any, int]]] = {}
        self.begins: dict[int, Any] = {}

    def add(self, k: int, i: int, j: int, literal: Any, before: int) -> None:  # noqa: ANN401 - one arc
        """Add the set-up of machine k from i, which left it in a state, to j."""
        shop = self.p.shop
        at = int(shop.machines.setups[k]), before, int(shop.operations.state[j])
        minutes = int(shop.setups.minutes[at])
        money = float(shop.setups.cost[at]) + shop.goal.setup_minute * minutes
        if money > 0:
            self.p.terms.append((money, literal))
        free = int(self.floor[k]) if i < 0 else self.p.end[i]
        if minutes == 0 or self._always_open(k):
            self.p.model.add(self.p.start[j] >= free + minutes).only_enforce_if(literal)
        self.arcs.setdefault(j, []).append((k, i, literal, minutes))

    def _always_open(self, k: int) -> bool:
        calendars, c = self.p.shop.calendars, int(self.p.shop.machines.calendar[k])
        return bool(calendars.offsets[c] == calendars.offsets[c + 1])

    def _starts_open(self, j: int, machines: set[int]) -> bool:
        """Return whether j starts in open time of these machines: then its set-up can end at its start, and no earlier."""
        shop = self.p.shop
        modes = [m for m in range(shop.modes.offsets[j], shop.modes.offsets[j + 1]) if int(shop.modes.machine[m]) in machines]
        return all(
            shop.modes.minutes[m] + shop.modes.added[m] > 0
            and lies_within(shop.calendars, int(shop.modes.calendar[m]), int(shop.machines.calendar[shop.modes.machine[m]]))
            for m in modes
        )

    def close(self) -> None:
        """Add the time set-ups take of machines with closed time: they end by the start, and begin once the machine is free."""
        p = self.p
        for j, arcs in self.arcs.items():
            closing = {k for k, _, _, minutes in arcs if minutes and not self._always_open(k)}
            plain, tied = not closing, self._starts_open(j, closing)
            over = p.start[j] if tied else p.whole(0, p.latest, self._over(j))
            if not tied:
                p.model.add(over <= p.start[j])
            length = sum(minutes * literal for k, _, literal, minutes in arcs if self._always_open(k))
            for k in sorted(closing):
                length += self._spans(j, k, over)
            self.begins[j] = over - length
            for k, i, literal, _ in arcs:
                if not plain:
                    p.model.add(over - length >= (int(self.floor[k]) if i < 0 else p.end[i])).only_enforce_if(literal)

    def _over(self, j: int) -> int | None:
        """Return when the hinted set-up of j is over: at its start, or when its machine closed before that."""
        if self.p.begin is None:
            return None
        start = int(self.p.begin.start[j])
        for k, _, literal, minutes in self.arcs[j]:
            if minutes and self.p.hints.get(literal.index, False):
                hours = of_calendar(self.p.shop.calendars, int(self.p.shop.machines.calendar[k]), self.p.begin.worked)
                at = int(np.searchsorted(hours.opens, start, side="right")) - 1
                return min(start, int(hours.closes[at]))
        return start

    def _spans(self, j: int, k: int, over: Any) -> Any:  # noqa: ANN401 - CP-SAT's expressions
        """Return the minutes from the latest begin of j's set-up on machine k to its end, closed ones with them."""
        p, length = self.p, 0
        for minutes in sorted({minutes for machine, _, _, minutes in self.arcs[j] if machine == k and minutes}):
            wanted = [literal for machine, _, literal, m in self.arcs[j] if machine == k and m == minutes]
            due = any(p.hints.get(literal.index, False) for literal in wanted)
            parts = []
            for part in self._parts(k, minutes):
                hint = None if p.begin is None else due and self._is_hinted(j, part)
                literal = p.flag(hint)
                ends = self.domain.from_intervals([list(stretch) for stretch in part.stretches])
                p.model.add_linear_expression_in_domain(over, ends).only_enforce_if(literal)
                p.model.add_implication(literal, p.chosen[part.choice])
                length += part.minutes * literal
                parts.append((part, literal))
            p.model.add(sum(literal for _, literal in parts) == sum(wanted))
            self._in_overtime(j, k, over, parts)
        return length

    def _parts(self, k: int, minutes: int) -> list[Way]:
        """Return the ways of a set-up on a machine, by the minute it is over."""
        calendars, c, found = self.p.shop.calendars, int(self.p.shop.machines.calendar[k]), []
        for number, worked in enumerate(choices(calendars, c)):
            extra = openings_of(calendars, c, worked) if self.p.shop.machines.minute_cost[k] > 0 else []
            parts: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
            for span, stretches in setup_lengths(of_calendar(calendars, c, worked), minutes, self.p.latest).items():
                for a, b in stretches:
                    for constant, slope, (first, last) in pieces(extra, (a - span, b - span), span):
                        parts.setdefault((span, constant - slope * span, slope), []).append((first + span, last + span))
            found += [Way(-1, k, span, tuple(ends), (c, number), *line) for (span, *line), ends in parts.items()]
        return found

    def _is_hinted(self, j: int, part: Way) -> bool:
        at = self._over(j) or 0
        return self.p.hinted[part.choice] and any(a <= at <= b for a, b in part.stretches)

    def _in_overtime(self, j: int, k: int, over: Any, parts: list[tuple[Way, Any]]) -> None:  # noqa: ANN401 - CP-SAT's
        """Add the overtime of a set-up to the goal."""
        p, costly = self.p, [(part, literal) for part, literal in parts if part.constant or part.slope]
        if not costly:
            return
        hint = 0 if p.begin is not None else None
        for part, literal in costly:
            if p.hints.get(literal.index, False):
                hint = part.constant + part.slope * (self._over(j) or 0)
        minutes = p.whole(0, max(part.minutes for part, _ in costly), hint)
        for part, literal in costly:
            p.model.add(minutes >= part.constant + part.slope * over).only_enforce_if(literal)
        p.terms.append((float(p.shop.machines.minute_cost[k]), minutes))

    def begin(self, j: int) -> tuple[Any, Any]:
        """Return variables for when the set-up of j begins, and for the minutes from then to the end of j."""
        p = self.p
        if j not in self.begins:
            return p.start[j], p.span[j]
        hint = (None, None) if p.begin is None else (int(p.begin.setup_start[j]), int(p.begin.end[j] - p.begin.setup_start[j]))
        begins, span = p.whole(-p.latest, p.latest, hint[0]), p.whole(0, 2 * p.latest, hint[1])
        p.model.add(begins == self.begins[j])
        p.model.add(begins + span == p.end[j])
        return begins, span
