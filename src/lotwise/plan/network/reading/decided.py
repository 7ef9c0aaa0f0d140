"""Levels that are decided: approved lots, and the frozen weeks of the plan before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.plan.network.labels import APPROVED, FROZEN
from lotwise.plan.network.reading.draft import Whole
from lotwise.plan.problem import EDGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.plan.network.reading.draft import Book, Draft
    from lotwise.plan.network.reading.receipts import Arriving

Key = tuple[str, ...]


class Wish(NamedTuple):
    """A level that somebody decided: number of the activity, week, units, and ``labels.FROZEN`` or ``APPROVED``."""

    draft: int
    week: int
    units: float
    status: int


@dataclass(slots=True)
class Levels:
    """What is decided or known of every level, as in ``Activities`` and ``Labels``; ``(n_activities, n_weeks)``."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    before: NDArray[np.float64]
    decided: NDArray[np.int8]


def approvals(book: Book, arriving: Arriving) -> list[Wish]:
    """Return the approved lots as levels: on the first way to make each, in the week that has it ready in time.

    One that cannot be ready in time is started in the first week; one that nothing can make is taken to come as it says.
    """
    wishes = []
    for receipt in (arriving.receipts[number] for number in arriving.approved):
        ways = [n for n, draft in enumerate(book.drafts) if draft.kind == "make" and draft.main == receipt.item]
        start = max(receipt.week - min((book.drafts[n].lead for n in ways), default=0), 0)
        ways = [n for n in ways if book.drafts[n].reach(book.given.weeks)[start] > 0]
        if not ways:
            arriving.notes.append(f"approved lot {receipt.number}: nothing can make it in time; it is taken to come by itself")
            arriving.units[receipt.item, receipt.week] += receipt.units
            continue
        draft = book.drafts[ways[0]]
        if start + draft.lead > receipt.week:
            ready = book.given.problem.weeks[start + draft.lead]
            arriving.notes.append(
                f"approved lot {receipt.number} cannot be ready in time; it is started at once, ready on {ready}"
            )
        wishes.append(Wish(ways[0], start, receipt.units / draft.gives[receipt.item], APPROVED))
    return wishes


def earlier(book: Book, before: Mapping[str, pa.Table]) -> tuple[dict[tuple[int, int], float], NDArray[np.float64], list[str]]:
    """Return the plan before: its levels by activity and week, 0 or not a number elsewhere, and what has no place any more.

    A week is known to the plan before as far as that reached: what is started in it is ready by the last day it names.

    Parameters
    ----------
    before
        The last published ``lots``, ``purchases`` and ``shipments``.
    """
    weeks, notes, last = book.given.weeks, [], -1
    known: dict[tuple[int, int], float] = {}
    by_key: dict[Key, list[int]] = {}
    for number, draft in enumerate(book.drafts):
        for key in {draft.key, draft.key[:3]} if draft.key else ():
            by_key.setdefault(key, []).append(number)
    for key, day, ends, units in _rows(before):
        week, last = book.given.week(day), max(last, book.given.week(ends))
        if not 0 <= week < weeks or units <= EDGE:
            continue
        mine = by_key.get(key) or (by_key.get(key[:3]) if key[0] == "make" else None)
        if not mine:
            notes.append(f"the plan before had {units:g} units in the week of {day} of what is no more: {' '.join(key)}")
            continue
        number = _fitting(book, mine, week, units)
        known[number, week] = known.get((number, week), 0.0) + units
    levels = np.full((len(book.drafts), weeks), np.nan)
    for number, draft in enumerate(book.drafts):
        if draft.key:
            levels[number, : max(last - draft.lead + 1, 0)] = 0.0
    for cell, units in known.items():
        levels[cell] = units
    return known, levels, notes


def _rows(before: Mapping[str, pa.Table]) -> Iterable[tuple[Key, date, date, float]]:
    """Yield key, week, week of having and units of every row of the plan before."""
    for table, kind, names, ends, units in (
        ("lots", "make", ("item", "site", "route"), "ready", "started"),
        ("purchases", "buy", ("material", "supplier", "site"), "arrives", "units"),
        ("shipments", "move", ("item", "origin", "target"), "arrives", "units"),
    ):
        for row in before[table].to_pylist() if table in before else ():
            yield (kind, *(row[name] for name in names)), row["week"], row[ends], row[units]


def _fitting(book: Book, numbers: Sequence[int], week: int, units: float) -> int:
    """Return the activity that units of an earlier plan belong to: one effective in the week, of price breaks the largest."""
    there = [n for n in numbers if book.drafts[n].reach(book.given.weeks)[week] > 0] or list(numbers)
    reached = [n for n in there if _least(book.drafts[n]) <= units + EDGE] or there[:1]
    return max(reached, key=lambda n: (_least(book.drafts[n]) if book.drafts[n].kind == "buy" else 0.0, -n))


def _least(draft: Draft) -> float:
    return max((whole.least for whole in draft.wholes), default=0.0)


def frozen(book: Book, known: Mapping[tuple[int, int], float], approved: Sequence[Wish]) -> list[Wish]:
    """Return the levels of the frozen weeks: those of the plan before, less what is approved of them by now."""
    done: dict[tuple[int, int], float] = {}
    for wish in approved:
        done[wish.draft, wish.week] = done.get((wish.draft, wish.week), 0.0) + wish.units
    return [
        Wish(number, week, max(known.get((number, week), 0.0) - done.get((number, week), 0.0), 0.0), FROZEN)
        for number, draft in enumerate(book.drafts)
        for week in range(min(book.given.settings.plan.frozen_weeks, book.given.weeks))
        if draft.key
    ]


def decide(book: Book, wishes: Sequence[Wish], before: NDArray[np.float64]) -> Levels:
    """Write down levels as decided, and return all levels.

    An approved lot, and a frozen one that today's lot rules would not allow, is an activity of its own, without those rules.
    """
    weeks = book.given.weeks
    size = len(book.drafts)
    own: dict[int, int] = {}
    cells: dict[tuple[int, int], tuple[float, int]] = {}
    for wish in wishes:
        draft, number = book.drafts[wish.draft], wish.draft
        if wish.units > EDGE and (wish.status == APPROVED or not allowed(draft, wish.units)):
            number = own.setdefault(wish.draft, len(book.drafts))
            if number == len(book.drafts):
                book.drafts.append(_without_rules(draft))
            if wish.status == FROZEN:
                cells[wish.draft, wish.week] = (0.0, FROZEN)
        units, status = cells.get((number, wish.week), (0.0, 0))
        cells[number, wish.week] = (units + wish.units, max(status, wish.status))
    more = len(book.drafts) - size
    high = np.array([draft.reach(weeks) for draft in book.drafts]).reshape(-1, weeks)
    high[size:] = 0.0
    found = Levels(
        np.zeros_like(high), high, np.pad(before, ((0, more), (0, 0)), constant_values=np.nan), np.zeros(high.shape, np.int8)
    )
    for cell, (units, status) in cells.items():
        found.low[cell] = found.high[cell] = units
        found.decided[cell] = status
    for number, mine in own.items():
        found.before[number] = np.maximum(found.before[number] - found.low[mine], 0.0)
    return found


def allowed(draft: Draft, units: float) -> bool:
    """Return whether the lot rules of an activity allow a level."""
    if draft.multiple > 0 and abs(round(units / draft.multiple) * draft.multiple - units) > EDGE:
        return False
    for whole in draft.wholes:
        times = max(np.ceil((units - EDGE) / whole.largest), 1.0) if whole.largest > 0 else np.inf
        if times > whole.most or times * whole.least > units + EDGE:
            return False
    return True


def _without_rules(draft: Draft) -> Draft:
    """Return an activity that does the same in lots of any size; a lot of it is set up, or ordered, once."""
    kept = [whole for whole in draft.wholes if whole.hours or whole.cost]
    wholes = tuple(
        Whole(f"{whole.name} (decided)", "setup" if draft.kind == "make" else "order", hours=whole.hours, cost=whole.cost)
        for whole in kept
    )
    return replace(draft, name=f"{draft.name} (decided)", multiple=0.0, wholes=wholes, most=np.inf)
