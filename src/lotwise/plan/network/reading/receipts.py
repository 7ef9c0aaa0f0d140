"""What is there or on its way: stock on hand, open purchases, lots under way; and lots that are approved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.labels import Receipt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.reading.draft import Book
    from lotwise.plan.network.reading.given import Row


@dataclass(slots=True)
class Arriving:
    """What comes without any decision of the plan.

    Parameters
    ----------
    units
        As ``network.Items.arriving``; ``(n_items, n_weeks)``.
    opening
        What of it is on hand before the first week; ``(n_items,)``.
    receipts
        Every receipt that counts, approved lots among them.
    approved
        Receipts that are still to be made: numbers in ``receipts``.
    notes
        What was done about receipts and stock that do not fit.
    """

    units: NDArray[np.float64]
    opening: NDArray[np.float64]
    receipts: list[Receipt] = field(default_factory=list)
    approved: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def arriving(book: Book) -> Arriving:
    """Return what is there or on its way.

    Stock of a product without kept items of its own is the problem's opening, and not counted here. What is overdue comes in
    the first week, what comes after the last is left out.
    """
    found = Arriving(np.zeros((len(book.parts), book.given.weeks)), np.zeros(len(book.parts)))
    for (item, site), units in book.given.stock.items():
        home = book.places.home(item, site)
        if home is not None and book.parts[book.number[item, home]].keeps:
            found.opening[book.number[item, home]] += units
        elif home is None and units > 0 and book.places.at.get(item):
            found.notes.append(
                f"{units:g} units of '{item}' at '{site}' are left out: no lane takes them to where they are used"
            )
    found.units[:, 0] += found.opening
    unneeded = 0
    for row in sorted(book.given.rows["receipts"], key=lambda row: row["receipt"]):
        if row["item"] in book.standard:
            _receive(book, row, found)
        else:
            unneeded += 1
    if unneeded:
        found.notes.append(f"{unneeded} receipts of items that this plan does not need are left out")
    return found


def _receive(book: Book, row: Row, found: Arriving) -> None:
    title, week = f"receipt {row['receipt']} of '{row['item']}'", book.given.week(row["day"])
    home = book.places.home(row["item"], row["site"])
    if home is None and (book.places.at[row["item"]] or row["item"] not in book.given.products):
        found.notes.append(f"{title} is left out: no lane takes it from '{row['site']}' to where it is used")
        return
    if week >= book.given.weeks:
        found.notes.append(f"{title} is left out: it comes on {row['day']}, after the last week of the plan")
        return
    if week < 0:
        found.notes.append(f"{title} was due on {row['day']}: it is taken to come in the first week; correct its day if not")
    number = book.sold(row["item"]) if home is None else book.number[row["item"], home]
    begun = row["kind"] != "lot" or row.get("begun") is not False
    found.receipts.append(Receipt(row["receipt"], row["kind"], number, max(week, 0), row["units"], begun))
    if not begun:
        found.approved.append(len(found.receipts) - 1)
    else:
        found.units[number, max(week, 0)] += row["units"]
