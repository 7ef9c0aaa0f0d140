"""What the parts of a network are called in the tables: for publishing and explaining, never for solving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROPOSED, FROZEN, APPROVED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Receipt:
    """Something on its way or decided.

    Parameters
    ----------
    number, kind
        As in the table ``receipts``.
    item, week
        Number of the item in the network, and of the week it is there.
    units
        Units that come.
    begun
        Whether it comes by itself; a lot that is not begun is approved and still to be made.
    """

    number: str
    kind: str
    item: int
    week: int
    units: float
    begun: bool = True


@dataclass(frozen=True, slots=True)
class Labels:
    """Names beside a ``Network``.

    Parameters
    ----------
    item
        Number of the item each activity is there for (the first it gives); ``(n_activities,)``.
    origin
        Number of the item a move or a replacement takes, -1 for other activities; ``(n_activities,)``.
    supplier, route, family
        Of each activity: who sells, the machines it runs on joined by `` > ``, its set-up family; empty where there is none.
    unit_price
        Price paid for one unit of level of a purchase or a move, 0 for others; ``(n_activities,)``.
    decided
        ``PROPOSED``, ``FROZEN`` or ``APPROVED``; ``(n_activities, n_weeks)``.
    standard
        Standard cost of one unit of each item; ``(n_items,)``.
    opening
        Units of each item on hand before the first week (part of ``arriving`` there); ``(n_items,)``.
    receipts
        What else is in ``arriving``, or approved as levels that are decided.
    """

    item: NDArray[np.int64]
    origin: NDArray[np.int64]
    supplier: tuple[str, ...]
    route: tuple[str, ...]
    family: tuple[str, ...]
    unit_price: NDArray[np.float64]
    decided: NDArray[np.int8]
    standard: NDArray[np.float64]
    opening: NDArray[np.float64]
    receipts: tuple[Receipt, ...] = ()
