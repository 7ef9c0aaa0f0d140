"""What of decided levels is possible: less where the hours, the materials or the rules of the week do not suffice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.labels import APPROVED
from lotwise.plan.problem import EDGE
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.plan.network.network import Machines
    from lotwise.plan.network.reading.decided import Wish
    from lotwise.plan.network.reading.draft import Book, Draft
    from lotwise.plan.network.reading.receipts import Arriving
    from lotwise.plan.network.reading.switches import Members


def possible(
    book: Book, wishes: Sequence[Wish], machines: Machines, found: Members, coming: Arriving
) -> tuple[list[Wish], list[str]]:
    """Return the decided levels as far as they are possible, and a note for each that is not.

    Hours, with set-ups, go to approved lots before frozen ones, in each week. What of the rest can be supplied is
    found by a linear program over the whole network without lot rules, in which each decided level counts with the share
    of it that is kept: approved before frozen, earlier before later.

    Parameters
    ----------
    machines
        With all their hours.
    found
        Every switch, for its hours.
    coming
        What comes without a decision.
    """
    names = {number: draft.name for number, draft in enumerate(book.drafts)}
    hours, notes = _Hours(machines, found), []
    fitting = []
    for wish in sorted(wishes, key=lambda wish: (wish.week, -wish.status, wish.draft)):
        draft = book.drafts[wish.draft]
        most = float(draft.reach(book.given.weeks)[wish.week]) if wish.status != APPROVED else np.inf
        kept = wish._replace(units=min(wish.units, most, hours.room(wish, draft.uses)))
        hours.take(kept, draft.uses)
        fitting.append(kept)
        if wish.units > kept.units + EDGE:
            reason = "is possible at all" if most <= kept.units else "fits into the hours there are"
            notes.append(_note(book, names, wish, kept.units, reason))
    supplied = _supplied(book, fitting, hours.for_lots, coming)
    for wish, kept in zip(fitting, supplied, strict=True):
        if wish.units > kept.units + EDGE * max(wish.units, 1.0):
            notes.append(_note(book, names, wish, kept.units, "can be made of what is there by then"))
    return supplied, notes


def _note(book: Book, names: dict[int, str], wish: Wish, units: float, reason: str) -> str:
    what, day = "approved" if wish.status == APPROVED else "frozen", book.given.problem.weeks[wish.week]
    return f"{names[wish.draft]}: of {wish.units:g} {what} units in the week of {day} only {units:g} {reason}"


def _supplied(book: Book, wishes: Sequence[Wish], hours: NDArray[np.float64], coming: Arriving) -> list[Wish]:
    """Return the decided levels as far as there are items for them; see ``possible``."""
    weeks, size = book.given.weeks, len(book.drafts)
    real = [wish for wish in wishes if wish.units > EDGE]
    if not real:
        return list(wishes)
    drafts = [*book.drafts, *(book.drafts[wish.draft] for wish in real)]
    high, gain = np.array([draft.reach(weeks) for draft in drafts]), np.zeros((len(drafts), weeks))
    high[size:] = 0.0
    for wish in wishes:
        if wish.status != APPROVED:
            high[wish.draft, wish.week] = 0.0
    for number, wish in enumerate(real, start=size):
        high[number, wish.week] = wish.units
        gain[number, wish.week] = (wish.status + (weeks - wish.week) / weeks) / wish.units
    model = Model()
    level = model.var("level", high.shape, high=high, gain=gain)
    _add_rows(model, level, book, drafts, hours, coming.units)
    found = iter(model.solve().values["level"][size:].sum(axis=1))
    return [wish._replace(units=float(np.clip(next(found), 0.0, wish.units))) if wish.units > EDGE else wish for wish in wishes]


def _add_rows(
    model: Model,
    level: NDArray[np.int64],
    book: Book,
    drafts: Sequence[Draft],
    hours: NDArray[np.float64],
    coming: NDArray[np.float64],
) -> None:
    """Add the balance of every item and the hours of every machine; what is sold, or stands for no thing, may be left over."""
    weeks = level.shape[1]
    keeps = np.array([part.keeps for part in book.parts], dtype=bool)
    stock = model.var("stock", (int(keeps.sum()), weeks))
    rows = model.row("items", coming.shape, -coming, np.where(keeps[:, None], -coming, np.inf))
    model.add(rows[keeps], stock, -1.0)
    model.add(rows[keeps, 1:], stock[:, :-1], 1.0)
    running = model.row("machines", hours.shape, high=hours)
    for number, draft in enumerate(drafts):
        lead = min(draft.lead, weeks)
        for item, units in draft.takes.items():
            model.add(rows[item], level[number], -units)
        for item, units in draft.gives.items():
            model.add(rows[item, lead:], level[number, : weeks - lead], units)
        for machine, each in draft.uses.items():
            model.add(running[machine], level[number], each)


class _Hours:
    """Hours of machines that decided levels have not taken yet."""

    def __init__(self, machines: Machines, found: Members) -> None:
        self.left = machines.hours + machines.overtime
        self.for_lots = self.left.copy()
        self.setups: dict[int, list[tuple[str, dict[int, float]]]] = {}
        self.on: set[tuple[str, int]] = set()
        for name, (whole, numbers) in found.items():
            if whole.kind == "shift":
                for machine, given in whole.hours.items():
                    self.left[machine] -= given * whole.most
                    self.for_lots[machine] -= given * whole.most
            for number in numbers if whole.hours else ():
                self.setups.setdefault(number, []).append((name, whole.hours))

    def _setup(self, wish: Wish) -> dict[int, float]:
        """Return the hours of set-ups that the week does not have yet."""
        total: dict[int, float] = {}
        for name, hours in self.setups.get(wish.draft, ()):
            if (name, wish.week) not in self.on:
                for machine, each in hours.items():
                    total[machine] = total.get(machine, 0.0) + each
        return total

    def room(self, wish: Wish, uses: dict[int, float]) -> float:
        setup = self._setup(wish)
        if any(self.left[machine, wish.week] + EDGE < hours for machine, hours in setup.items()):
            return 0.0
        rooms = [(self.left[m, wish.week] - setup.get(m, 0.0)) / hours for m, hours in uses.items() if hours > 0]
        return float(max(min(rooms, default=np.inf), 0.0))

    def take(self, wish: Wish, uses: dict[int, float]) -> None:
        if wish.units <= 0:
            return
        for machine, hours in self._setup(wish).items():
            self.left[machine, wish.week] -= hours
            self.for_lots[machine, wish.week] -= hours
        self.on |= {(name, wish.week) for name, _ in self.setups.get(wish.draft, ())}
        for machine, hours in uses.items():
            self.left[machine, wish.week] -= hours * wish.units
