"""Choice sets of a category: which product was bought, among those on sale there and then, at that week's prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.preferences import shelf
from lotwise.mine.preferences.sets import PRICE, Attribute, Sets, held_from

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.mine.preferences.sold import Sold

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

OTHER = "other"
ENTANGLED = 0.9
"""Share of an attribute, within products, that the price explains: from here it is not told apart from the price."""


@dataclass(frozen=True)
class Category:
    """The choices of one category, and what goes with its products.

    Parameters
    ----------
    name
        The category.
    sets
        Choices among its best sellers and ``other``.
    products
        Row of the table ``products`` of each alternative, -1 for ``other``.
    price
        Price of each alternative in each set, ``(n_sets, n_alternatives)``; not a number for ``other``.
    when
        Week of each set.
    """

    name: str
    sets: Sets
    products: Whole
    price: Reals
    when: Whole


def largest(sold: Sold, products: pa.Table, count: int) -> list[str]:
    """Return the categories with most revenue, the largest first."""
    names, place = _categories(sold, products)
    revenue = np.bincount(place[place >= 0], sold.revenue[place >= 0], minlength=len(names))
    order = np.argsort(-revenue, kind="stable").tolist()
    return [names[number] for number in order if revenue[number] > 0][:count]


def category(
    name: str, sold: Sold, products: pa.Table, promotions: pa.Table | None = None, *, alternatives: int = 12
) -> Category | str:
    """Return the choices of one category, or why there are none, in words.

    Each sale line is one choice. A product is on sale in a region and week where a line of it was sold there and then; or
    within two weeks of it, if it sells so slowly (below 3 lines a week it sells in) that a week without a sale is chance and
    no stock-out. Its price is the median paid for one unit there and then; in a week without a sale the median of the five
    weeks with one that are nearest; its list price where none was ever paid. The best sellers before the last weeks are told
    apart; all others are one alternative, ``other``, whose price and promotions are not counted.

    Parameters
    ----------
    name
        The category.
    sold
        Sale lines.
    products
        Table ``products``.
    promotions
        Table ``promotions``, if there is one. With a column ``price`` it says what was on sale, and at which price: no other
        product was.
    alternatives
        Most products told apart.
    """
    names, place = _categories(sold, products)
    if name not in names:
        return "nothing of it was sold"
    mine = np.flatnonzero(place == names.index(name))
    if len(np.unique(sold.product[mine])) < 2:  # noqa: PLR2004  one product is no choice
        return "it has one product, so that there is nothing to choose"
    told = _best_sellers(sold, mine, alternatives)
    spot = np.full(len(sold.products), len(told))
    spot[told] = np.arange(len(told))
    alternative = spot[sold.product[mine]]
    has_other = bool((alternative == len(told)).any())
    cells, at = np.unique(sold.region[mine] * shelf.WEEKS + sold.week[mine], return_inverse=True)
    region, week = np.divmod(cells, shelf.WEEKS)
    count = len(told) + has_other
    price, regular = shelf.prices(sold, mine, told, (region, week))
    extra = shelf.promoted(promotions, [sold.products[number] for number in told], [sold.regions[r] for r in region], week)
    offered = extra.pop(PRICE, None)
    listed = shelf.listed(products, [sold.products[number] for number in told])
    price = np.where(np.isfinite(price), price, listed)
    regular = np.where(np.isfinite(regular), regular, np.where(np.isfinite(listed), listed, price))
    available = shelf.on_sale(alternative, at, (region, week), count)
    if offered is not None:
        regular = offered * np.where(price > 0, regular / price, 1.0)
        price, available[:, : len(told)] = offered, np.isfinite(offered)
    available[:, : len(told)] &= np.isfinite(price)
    columns = {PRICE: price, "discount": np.clip(1 - price / np.where(regular > 0, regular, np.nan), 0, 1), **extra}
    kept = available[at, alternative]
    labels = [sold.products[number] for number in told] + [OTHER] * has_other
    attributes, offered = _columns(labels, columns, available)
    made = Sets(
        f"category {name}", tuple(labels), attributes, offered, available, at[kept], alternative[kept],
        sold.person[mine][kept], sold.week[mine][kept], sold.order[mine][kept], base={"product": labels[0]},
    )  # fmt: skip
    row = dict(zip(products["product"].to_pylist(), range(products.num_rows), strict=True))
    rows = np.array([row.get(label, -1) for label in labels[: len(told)]] + [-1] * has_other)
    whole = np.hstack([price, np.full((len(cells), 1), np.nan)]) if has_other else price
    return Category(name, made, rows, whole, week)


def usual(sets: Sets) -> tuple[Sets, tuple[str, ...]]:
    """Return the sets without attributes that never vary within a product, and what was left out and why.

    A discount, display or place in the mailer that goes with the price is counted in the price.
    """
    columns = [place for place, attribute in enumerate(sets.attributes) if attribute.name != "product"]
    weight = sets.counts().sum(axis=1)[:, None] * sets.available
    within = {sets.names[place]: _within(sets.offered[:, :, place], weight) for place in columns}
    kept = {name for name, values in within.items() if (values**2).sum() > 1e-10}  # noqa: PLR2004  rounding
    notes = []
    if PRICE in within and PRICE not in kept:
        notes.append("prices never changed, so that what they do is not told apart from the products")
    if PRICE in kept:
        own = within[PRICE]
        for name in sorted(kept - {PRICE}):
            if _explained(own, within[name]) > ENTANGLED:
                kept.discard(name)
                notes.append(f"{name} goes with the price and is counted in it")
    names = tuple(
        n for n, attribute in zip(sets.names, sets.attributes, strict=True) if attribute.name == "product" or n in kept
    )
    return sets.keep(names), tuple(notes)


def _explained(own: Reals, other: Reals) -> float:
    """Return the share of one attribute that the other explains within products, each product with a slope of its own."""
    square = (own**2).sum(axis=0)
    told = (own * other).sum(axis=0) ** 2 / np.where(square > 0, square, np.inf)
    return float(told.sum() / (other**2).sum())


def _within(values: Reals, weight: Reals) -> Reals:
    """Return values less the mean of their product, times the root of their weight."""
    total = np.maximum(weight.sum(axis=0), 1e-300)
    found: Reals = (values - (weight * values).sum(axis=0) / total) * np.sqrt(weight)
    return found


def _categories(sold: Sold, products: pa.Table) -> tuple[list[str], Whole]:
    """Return the categories, sorted, and the place of each line's; -1 where the product is not known."""
    names = sorted(set(products["category"].to_pylist()))
    spot = {name: place for place, name in enumerate(names)}
    known = dict(zip(products["product"].to_pylist(), products["category"].to_pylist(), strict=True))
    of_product = np.array([spot[known[product]] if product in known else -1 for product in sold.products], dtype=np.int64)
    return names, of_product[sold.product] if len(sold) else np.empty(0, dtype=np.int64)


def _best_sellers(sold: Sold, mine: Whole, most: int) -> Whole:
    """Return the products with most lines before the last weeks, the most first."""
    first = held_from(sold.week[mine])
    before = mine if first is None else mine[sold.week[mine] < first]
    lines = np.bincount(sold.product[before], minlength=len(sold.products))
    order = np.argsort(-lines, kind="stable")[:most]
    return order[lines[order] > 0]


def _columns(labels: list[str], columns: dict[str, Reals], available: Flags) -> tuple[tuple[Attribute, ...], Reals]:
    """Return the attributes of the sets: a constant for each alternative but the first, then the columns."""
    count = len(labels)
    offered = np.zeros((len(available), count, count - 1 + len(columns)))
    offered[:, np.arange(1, count), np.arange(count - 1)] = 1.0
    for place, values in enumerate(columns.values()):
        offered[:, : values.shape[1], count - 1 + place] = np.nan_to_num(values)
    offered[~available] = 0.0
    return (*(Attribute("product", label) for label in labels[1:]), *(Attribute(name) for name in columns)), offered


def nests(category: Category, products: pa.Table) -> dict[str, list[str]]:
    """Return the products of each brand, or of each type where there is one brand; none: they fall into no nests.

    Parameters
    ----------
    category
        The choices.
    products
        Table ``products``.
    """
    for trait in ("brand", "type"):
        found: dict[str, list[str]] = {}
        for label, row in zip(category.sets.alternatives, category.products, strict=True):
            value = products[trait][int(row)].as_py() if row >= 0 else None
            if value is not None:
                found.setdefault(value, []).append(label)
        several = {value: labels for value, labels in found.items() if len(labels) > 1}
        if several and len(found) > 1:
            return several
    return {}
