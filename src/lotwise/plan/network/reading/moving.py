"""Transfers: lanes between sites, lanes to customers, and the free way from where a product is kept to where it is sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.reading.buying import LONGEST, round_up
from lotwise.plan.network.reading.draft import Draft, Whole
from lotwise.plan.network.reading.given import CUSTOMERS

if TYPE_CHECKING:
    from lotwise.plan.network.reading.draft import Book
    from lotwise.plan.network.reading.given import Row


def add_moves(book: Book) -> None:
    """Write down what moves every item between its sites, and every product to its customers.

    A lane that names an item goes before one for ``all``. A product kept somewhere and without a lane to customers is
    delivered from all its sites at once and at no cost.
    """
    places = book.places
    for item in sorted(places.order):
        delivered = False
        for (origin, target), row in sorted(places.ways(item).items(), key=lambda pair: pair[0]):
            ends = book.number.get((item, origin)), book.number.get((item, target))
            if ends[0] is None or ends[1] is None or (target == CUSTOMERS and item not in places.moved):
                continue
            delivered |= target == CUSTOMERS
            book.drafts.append(_move(row, item, ends[0], ends[1], (origin, target)))
        if item in places.moved and not delivered:
            for site in places.at[item]:
                takes, gives = {book.taken(item, site): 1.0}, {book.sold(item): 1.0}
                book.drafts.append(Draft(f"deliver {item} from {site}", "move", takes, gives))


def _move(row: Row, item: str, origin: int, target: int, way: tuple[str, str]) -> Draft:
    name = f"move {item} from {way[0]} to {way[1]}"
    multiple, cost = row.get("multiple") or 0.0, row.get("unit_cost") or 0.0
    least, limit = round_up(row.get("minimum") or 0.0, multiple), row.get("weekly_limit")
    return Draft(
        name, "move", {origin: 1.0}, {target: 1.0}, lead=min(row.get("lead_weeks") or 0, LONGEST), cost=cost,
        most=np.inf if limit is None else limit, multiple=multiple, unit_price=cost,
        wholes=(Whole(f"shipment: {name}", "order", least),) if least > 0 else (), key=("move", item, *way),
    )  # fmt: skip
