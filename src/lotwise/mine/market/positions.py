"""Each product beside each competitor and beside its nearest products of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.mine.market.likeness import nearest
from lotwise.tables.mined import MARKET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lotwise.mine.market.likeness import Attributes
    from lotwise.mine.market.panel import Panel

LEAST = 12
"""Weeks in which both prices must be known before a correlation is told."""


def positions(found: Panel, rivals: Mapping[str, NDArray[np.float64]], attributes: Attributes, count: int) -> pa.Table:
    """Return the table ``market``.

    Parameters
    ----------
    found
        Units and revenue by week.
    rivals
        Competitors' prices by product and week.
    attributes
        What the products are.
    count
        Nearest products of our own.
    """
    rows, prices = [], found.prices
    calm = apart(np.log1p(found.units))
    for competitor, theirs in rivals.items():
        moved = apart(np.log(theirs))
        for place in range(len(found.products)):
            row = _row(found, (prices[place], theirs[place]), (calm[place], moved[place]))
            if row is not None:
                rows.append({"product": found.products[place], "rival": competitor, "kind": "competitor", **row})
    moved = apart(np.log(np.where(prices > 0, prices, np.nan)))
    taken = {(row["product"], row["rival"]) for row in rows}
    for place, near in enumerate(nearest(attributes, found.recent_prices(), count)):
        for other, likeness in near:
            row = _row(found, (prices[place], prices[other]), (calm[place], moved[other]))
            pair = (found.products[place], found.products[other])
            if row is not None and pair not in taken:
                rows.append({"product": pair[0], "rival": pair[1], "kind": "own", **row, "likeness": likeness})
    if not rows:
        return MARKET.empty()
    rows.sort(key=lambda row: (row["product"], row["kind"], row["rival"]))
    return MARKET.check(pa.Table.from_pylist(rows, schema=MARKET.schema))


def apart(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values less their product's mean and less what moves all products in that week.

    What moves all is the mean over products of what is left of them; with one product nothing can be taken out, and its
    values less their mean come back.

    Parameters
    ----------
    values
        Products by weeks; absent where not known.
    """
    known = np.isfinite(values)
    own = _mean(values, known, axis=1)
    rest = np.where(known, values - own[:, None], 0.0)
    if len(values) > 1:
        rest -= _mean(rest, known, axis=0)[None, :]
    return np.where(known, rest, np.nan)


def _mean(values: NDArray[np.float64], known: NDArray[np.bool_], axis: int) -> NDArray[np.float64]:
    total, count = np.where(known, values, 0.0).sum(axis=axis), known.sum(axis=axis)
    found: NDArray[np.float64] = np.divide(total, count, out=np.zeros(len(count)), where=count > 0)
    return found


def _row(
    found: Panel,
    prices: tuple[NDArray[np.float64], NDArray[np.float64]],
    moves: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> dict[str, str | float | int | None] | None:
    """Return what is told of one pair, or nothing where their prices are not both known in the last weeks."""
    both = np.isfinite(prices[0]) & np.isfinite(prices[1]) & (np.nan_to_num(prices[1]) > 0)
    late = np.flatnonzero(both & (np.arange(len(both)) >= len(both) - found.last))
    if not len(late):
        return None
    price, theirs = (float(values[late].mean()) for values in prices)
    early = np.flatnonzero(both)[: found.last]
    early = early[early < len(both) - found.last]
    change = None
    if len(early) and prices[0][early].mean() > 0:
        change = (price / theirs) / float(prices[0][early].mean() / prices[1][early].mean()) - 1
    return {
        "price": price,
        "rival_price": theirs,
        "index": price / theirs,
        "change": change,
        "moves_with": _correlation(*moves),
        "weeks": int(both.sum()),
    }


def _correlation(units: NDArray[np.float64], price: NDArray[np.float64]) -> float | None:
    known = np.isfinite(units) & np.isfinite(price)
    if known.sum() < LEAST:
        return None
    one, other = units[known] - units[known].mean(), price[known] - price[known].mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float(np.clip((one * other).sum() / size, -1, 1)) if size > 1e-9 else None  # noqa: PLR2004  nothing moved
