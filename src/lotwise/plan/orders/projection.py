"""The stock expected of every product, component and material, week by week, all sites together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from lotwise.plan.orders.current import DIGITS, LEAST, arrived

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.orders.current import Current, Row


def projection_rows(current: Current) -> list[Row]:
    """Return the rows of the table ``projection``, by item and week.

    Units on the way between sites, or from one form of an item to the same one, count as stock: an item is received where it is
    made or bought and used where it is sold or goes into something else; what nobody has counted and is taken to be there is
    received in the week it is used in. In every row start + received - used - scrapped = end to six digits, and the end is the
    next start.
    """
    names, code, kinds = _codes(current)
    count = len(names)
    together = csr_array((np.ones(len(code)), (code, np.arange(len(code)))), shape=(count, len(code)))
    received, used, lost = _passed(current, code, together)
    granted = _granted(current, code, count)
    start = together @ current.opening
    received, used = received + granted, used + granted
    place = {name: number for number, name in enumerate(names)}
    product = np.array([place[name] for name in current.problem.products], dtype=np.int64)
    sold, expired = current.sales
    np.add.at(start, product, current.problem.opening)
    np.add.at(used, product, sold)
    np.add.at(lost, product, expired)
    has_none = current.sale_item < 0
    np.add.at(received, product[has_none], current.sold_from[has_none])
    return _rows(current, (names, kinds), start, (received, used, lost))


def _codes(current: Current) -> tuple[list[str], NDArray[np.int64], list[str]]:
    """Return the codes, the number of the code of each item, and the kind of each code; empty where it is no thing."""
    items = current.network.items
    kind = dict(zip(items.names, items.kinds, strict=True)) | dict.fromkeys(current.problem.products, "product")
    things = {items.names[n] for n in np.flatnonzero(current.is_real)} | set(current.problem.products)
    names = sorted(kind)
    place = {name: number for number, name in enumerate(names)}
    code = np.array([place[name] for name in items.names], dtype=np.int64)
    return names, code, [kind[name] if name in things else "" for name in names]


def _passed(
    current: Current, code: NDArray[np.int64], together: csr_array
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return units received, used, and lost on the way within one code; ``(n_codes, n_weeks)`` each."""
    activities, level = current.network.activities, current.flow.level
    gives, takes = (together @ activities.gives).tocsc(), (together @ activities.takes).tocsc()
    inner = np.zeros(len(activities.names), dtype=bool)
    for activity, origin in enumerate(current.labels.origin.tolist()):
        inner[activity] = origin >= 0 and code[origin] == code[current.labels.item[activity]]
    outer = level * ~inner[:, None]
    received = together @ current.receipts + arrived(gives.tocsr(), outer, activities.lead)
    used = np.asarray(takes @ outer)
    gone = np.maximum((takes - gives).tocsr() @ (level * inner[:, None]), 0.0)
    return np.asarray(received), used, np.asarray(gone)


def _granted(current: Current, code: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return units that nobody has counted and the plan takes to be there, by the week they are used in."""
    found = np.zeros((count, len(current.problem.weeks)))
    mine = np.flatnonzero(current.is_granted)
    item = current.labels.item[mine]
    np.add.at(found, code[current.shown[item]], current.out[mine, None] * current.flow.level[mine])
    return found


def _rows(
    current: Current,
    named: tuple[list[str], list[str]],
    start: NDArray[np.float64],
    moved: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> list[Row]:
    start = np.round(start, DIGITS)
    received, used, scrapped = (np.round(part, DIGITS) + 0.0 for part in moved)
    end = np.round(start[:, None] + np.cumsum(received - used - scrapped, axis=1), DIGITS) + 0.0
    begin = np.concatenate([start[:, None], end[:, :-1]], axis=1) + 0.0
    is_thing = np.array([bool(kind) for kind in named[1]], dtype=bool)
    some = is_thing[:, None] & (np.abs(begin) + np.abs(end) + received + used > LEAST)
    return [
        {
            "item": named[0][n],
            "kind": named[1][n],
            "week": current.problem.weeks[w],
            "start": begin[n, w],
            "received": received[n, w],
            "used": used[n, w],
            "scrapped": scrapped[n, w],
            "end": end[n, w],
        }
        for n, w in np.argwhere(some)
    ]
