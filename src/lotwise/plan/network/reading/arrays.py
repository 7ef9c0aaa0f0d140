"""Items and activities as arrays, and the names beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.labels import Labels
from lotwise.plan.network.network import Activities, Items
from lotwise.plan.network.reading.given import ALL, CUSTOMERS
from lotwise.plan.network.reading.switches import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from lotwise.plan.network.reading.decided import Levels
    from lotwise.plan.network.reading.draft import Book
    from lotwise.plan.network.reading.receipts import Arriving

SAFETY_SHARE = 0.05
"""Cost of one unit below safety stock for one week, as a share of its standard cost: ten times what holding costs by default,
so that safety stock is kept where its hours and materials serve nothing better, and is used up before a sale is lost."""
ROUNDS = 64
"""Levels of a bill through which a saving is followed."""


def activities(book: Book, levels: Levels, machines: int) -> Activities:
    """Return the activities as arrays; changing one unit of the plan before costs a share of its item's standard cost."""
    drafts, parts = book.drafts, len(book.parts)

    def matrix(name: str, rows: int) -> csr_array:
        cells = [(row, column, units) for column, draft in enumerate(drafts) for row, units in getattr(draft, name).items()]
        return sparse(cells, (rows, len(drafts)))

    standard = np.array([book.parts[draft.main].standard for draft in drafts], dtype=float)
    return Activities(
        names=_unlike([draft.name for draft in drafts]),
        kinds=tuple(draft.kind for draft in drafts),
        takes=matrix("takes", parts),
        gives=matrix("gives", parts),
        uses=matrix("uses", machines),
        lead=np.array([draft.lead for draft in drafts], dtype=np.int64),
        cost=np.array([draft.cost for draft in drafts], dtype=float),
        low=levels.low,
        high=levels.high,
        multiple=np.array([draft.multiple for draft in drafts], dtype=float),
        before=levels.before,
        change_cost=book.given.settings.plan.change_share * standard,
    )


def _unlike(names: list[str]) -> tuple[str, ...]:
    """Return the names, those that stand before already with a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)


def items(book: Book, arriving: NDArray[np.float64], left: NDArray[np.float64]) -> Items:
    """Return the items as arrays.

    Holding is what ``items`` or ``materials`` say, for products what the problem says, else ``economics.holding_share`` of the
    standard cost. What is left after the last week is carried into the next, and counts at no more than what it can be had
    for (``savings``). Below safety stock one unit costs ``SAFETY_SHARE`` of its standard cost a week.
    """
    parts = book.parts
    keeps = np.array([part.keeps for part in parts], dtype=bool)

    def told(name: str, also: str = "") -> NDArray[np.float64]:
        sites = [part.site if part.site != CUSTOMERS else ALL for part in parts]
        found = [book.given.value(part.name, site, name, also=also) for part, site in zip(parts, sites, strict=True)]
        return np.array([np.nan if value is None else value for value in found], dtype=float)

    standard = np.array([part.standard for part in parts], dtype=float)
    usual = [
        book.given.problem.terms.holding[number]
        if (number := book.given.products.get(part.name)) is not None
        else book.given.settings.economics.holding_share * part.standard
        for part in parts
    ]
    holding = told("holding_cost", "materials")
    holding = np.where(keeps, np.where(np.isnan(holding), np.array(usual, dtype=float), holding), 0.0)
    return Items(
        names=tuple(part.name for part in parts),
        sites=tuple(part.site for part in parts),
        kinds=tuple(part.kind for part in parts),
        units=tuple(part.unit for part in parts),
        product=np.array([part.product for part in parts], dtype=np.int64),
        keeps=keeps,
        arriving=arriving,
        holding=holding,
        left=np.where(keeps, left + holding, 0.0),
        safety=np.where(keeps, np.nan_to_num(told("safety_stock")), 0.0),
        safety_cost=SAFETY_SHARE * standard,
        space=np.where(keeps, np.nan_to_num(told("space", "materials")), 0.0),
    )


def savings(book: Book) -> NDArray[np.float64]:
    """Return how far below its standard cost one unit of each item can be had; ``(n_items,)``.

    It is the money lost on one unit left after the last week: what is left counts at its standard cost less this, so
    that nothing is earned by buying or making it cheaply and leaving it. With ``left`` of the items taken as prices, no
    activity brings a gain: ``cost - takes' left + gives' left >= 0``. What is sold is charged by the problem and
    passes nothing on.
    """
    left = np.zeros(len(book.parts))
    for _ in range(ROUNDS):
        before = left.copy()
        for draft in book.drafts:
            gain = sum(units * left[item] for item, units in draft.takes.items()) - draft.cost
            if book.parts[draft.main].product < 0:
                left[draft.main] = max(left[draft.main], gain / draft.gives[draft.main])
        if np.array_equal(left, before):
            break
    return left


def labels(book: Book, levels: Levels, arriving: Arriving) -> Labels:
    """Return the names beside the network."""
    drafts = book.drafts
    origin = [next(iter(draft.takes), -1) if draft.kind in {"move", "replace"} else -1 for draft in drafts]
    return Labels(
        item=np.array([draft.main for draft in drafts], dtype=np.int64),
        origin=np.array(origin, dtype=np.int64),
        supplier=tuple(draft.key[2] if draft.key and draft.kind == "buy" else "" for draft in drafts),
        route=tuple(draft.key[3] if draft.key and draft.kind == "make" else "" for draft in drafts),
        family=tuple(draft.family for draft in drafts),
        unit_price=np.array([draft.unit_price for draft in drafts], dtype=float),
        decided=levels.decided,
        standard=np.array([part.standard for part in book.parts], dtype=float),
        opening=arriving.opening,
        receipts=tuple(arriving.receipts),
    )
