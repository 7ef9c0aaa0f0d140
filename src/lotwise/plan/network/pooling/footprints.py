"""Products that are one to the plan: assembled of the same in the same ways, at the same money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.pooling.ways import Ways
    from lotwise.plan.problem import Terms

DIGITS = 9


def footprints(ways: Ways, terms: Terms) -> list[NDArray[np.int64]]:
    """Return groups of products with the same use of components and machines, set-ups and money; each ascending.

    Orders for any product of a group are orders for all of them: their demand adds up within each scenario.
    """
    groups: dict[object, list[int]] = {}
    for product in ways.products.tolist():
        mine = np.flatnonzero(ways.product == product)
        money = tuple(getattr(terms, name)[product] for name in ("price", "cost", "delay", "backorder"))
        key = (money, tuple(sorted(_footprint(ways, int(way)) for way in mine)))
        groups.setdefault(key, []).append(product)
    return [np.array(group, dtype=np.int64) for group in groups.values()]


def _footprint(ways: Ways, way: int) -> tuple[object, ...]:
    columns = []
    for table in (ways.takes, ways.uses, ways.member):
        part = slice(table.indptr[way], table.indptr[way + 1])
        columns.append(
            tuple(sorted(zip(table.indices[part].tolist(), np.round(table.data[part], DIGITS).tolist(), strict=True)))
        )
    return (*columns, round(float(ways.cost[way]), DIGITS), tuple(ways.open[way].tolist()))
