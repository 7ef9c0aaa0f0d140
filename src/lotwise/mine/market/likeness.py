"""How alike two products of one category are, by their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

ATTRIBUTES = ("department", "type", "brand", "package")


class Attributes:
    """The attributes of products: columns of ``products``, and the values each option can take.

    Parameters
    ----------
    names
        Products, in the order they are asked for.
    products
        Table ``products``.
    options
        Table ``options``; each option is an attribute, alike by the share of its values that both products have.
    """

    def __init__(self, names: Sequence[str], products: pa.Table | None, options: pa.Table | None) -> None:
        self.categories: list[str | None] = [None] * len(names)
        self.values: list[list[str | None]] = [[] for _ in names]
        self.choices: list[dict[str, set[str]]] = [{} for _ in names]
        places = {name: place for place, name in enumerate(names)}
        if products is not None:
            columns = [products[name].to_pylist() for name in ("product", "category", *ATTRIBUTES)]
            for product, category, *values in zip(*columns, strict=True):
                if product in places:
                    self.categories[places[product]] = category
                    self.values[places[product]] = values
        if options is not None:
            for product, option, value in zip(*(options[c].to_pylist() for c in ("product", "option", "value")), strict=True):
                if product in places:
                    self.choices[places[product]].setdefault(option, set()).add(value)

    def likeness(self, one: int, other: int) -> float | None:
        """Return the share of attributes, known of both, that are the same; nothing where none is known of both."""
        pairs = zip(self.values[one], self.values[other], strict=False)
        alike = [float(mine == theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
        for option, mine in self.choices[one].items():
            theirs = self.choices[other].get(option)
            if theirs:
                alike.append(len(mine & theirs) / len(mine | theirs))
        return sum(alike) / len(alike) if alike else None


def nearest(attributes: Attributes, prices: NDArray[np.float64], count: int) -> list[list[tuple[int, float | None]]]:
    """Return the nearest products of each product's category, with their likeness.

    Distance is 1 - likeness (1/2 where it is not known) plus the distance of the logarithms of the prices.

    Parameters
    ----------
    attributes
        Attributes of the products.
    prices
        Price of each, ``(n_products,)``; products without one are near to nobody.
    count
        Most that are given of each.
    """
    members: dict[str, list[int]] = {}
    for place, category in enumerate(attributes.categories):
        if category is not None and prices[place] > 0:
            members.setdefault(category, []).append(place)
    found: list[list[tuple[int, float | None]]] = [[] for _ in prices]
    logs = np.log(np.where(prices > 0, prices, 1.0))
    for group in members.values():
        for one in group:
            ranked = []
            for other in group:
                if other != one:
                    likeness = attributes.likeness(one, other)
                    far = 1 - (0.5 if likeness is None else likeness) + abs(float(logs[one] - logs[other]))
                    ranked.append((far, other, likeness))
            found[one] = [(other, likeness) for _, other, likeness in sorted(ranked, key=lambda row: row[:2])[:count]]
    return found
