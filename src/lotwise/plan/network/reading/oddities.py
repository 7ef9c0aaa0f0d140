"""What is odd about a network but not wrong: things that cannot be had in time, machines that never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.plan.network.reading.draft import IN_USE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from lotwise.plan.network.network import Machines
    from lotwise.plan.network.reading.draft import Book


def oddities(book: Book, machines: Machines, high: NDArray[np.float64]) -> list[str]:
    """Return a note on every item that nothing can supply within the weeks, and every machine without hours.

    Parameters
    ----------
    high
        Most of each level; ``(n_activities, n_weeks)``.
    """
    return [*_too_late(book, high), *_idle(book, machines), *_unguarded(book)]


def _too_late(book: Book, high: NDArray[np.float64]) -> Iterator[str]:
    """Yield the items all of whose sources give only after the last week, or never."""
    leads: dict[str, list[int]] = {part.name: [] for part in book.parts if part.keeps or part.product >= 0}
    alive: set[str] = set()
    for draft, most in zip(book.drafts, high, strict=True):
        names = {book.parts[item].name.removesuffix(IN_USE) for item in draft.gives if draft.kind in {"make", "buy"}}
        alive |= names if most.any() else set()
        for name in names:
            leads.get(name, []).append(draft.lead)
    for name, mine in sorted(leads.items()):
        if name in alive:
            continue
        if mine:
            yield (
                f"'{name}' cannot be had within the {book.given.weeks} weeks planned: it takes at least {min(mine)} weeks, "
                "or cannot be ordered in them; only what is there or on its way is used"
            )
        elif name in book.given.products:
            yield f"nothing makes, buys or brings '{name}' to where it is sold; only what is there or on its way is sold"


def _idle(book: Book, machines: Machines) -> Iterator[str]:
    """Yield the machines that never run and would have to."""
    shifts = {name for name, row in book.given.index["machines"].items() if row.get("extra_shifts")}
    idle = {n for n, h in enumerate(machines.hours + machines.overtime) if not h.any() and machines.names[n] not in shifts}
    for number in sorted(idle):
        names = sorted({book.parts[draft.main].name for draft in book.drafts if number in draft.uses})
        if names:
            some = ", ".join(f"'{name}'" for name in names[:3])
            yield f"machine '{machines.names[number]}' has no hours in any week: what needs it cannot be made, such as {some}"


def _unguarded(book: Book) -> Iterator[str]:
    rows = book.given.rows["items"]
    names = sorted({r["item"] for r in rows if r.get("safety_stock") and r["item"] in book.places.sale} - book.places.moved)
    if names:
        some = ", ".join(f"'{name}'" for name in names[:3])
        yield f"safety_stock is not used for products sold where they are made, such as {some}: the spread of demand is"
