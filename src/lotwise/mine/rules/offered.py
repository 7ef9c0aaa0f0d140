"""Between a product and its options: what is chosen more often with one product than with others that offer the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules.derive import judged
from lotwise.mine.rules.measures import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lotwise.mine.rules.catalog import Catalog
    from lotwise.mine.rules.derive import Bar, Rules

    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Offer:
    """Products that offer the same values of one option, and no rule of theirs speaks of it.

    Parameters
    ----------
    option
        The option.
    values
        Its values, in order.
    products
        Places of the products; two or more.
    """

    option: str
    values: tuple[str, ...]
    products: tuple[int, ...]


def offers(products: Sequence[str], catalogs: dict[str, Catalog]) -> list[Offer]:
    """Return what can be compared between products: options with the same two or more values, untouched by rules.

    Where one product has fewer values to choose from, or rules that move choices, its shares differ from the others' for
    that reason alone.
    """
    found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for place, product in enumerate(products):
        if product not in catalogs:
            continue
        ruled = catalogs[product].ruled
        for option, values in sorted(catalogs[product].values.items()):
            if option not in ruled and len(values) > 1:
                found.setdefault((option, tuple(sorted(values))), []).append(place)
    return [Offer(*key, tuple(places)) for key, places in sorted(found.items()) if len(places) > 1]


def compare(
    found: list[Offer], products: Sequence[str], counts: dict[str, Whole], bar: Bar, least: Callable[[int], int]
) -> tuple[Rules, tuple[str, ...]]:
    """Return the rules between products and values, either way round, and the names of their items.

    Parameters
    ----------
    found
        What can be compared.
    products
        Names of the products.
    counts
        By ``"option=value"``: lines of each product that have it, ``(n_products,)``; by ``""``: lines of each product that
        have any option.
    bar
        What a rule must reach.
    least
        Returns the least count of a rule, given the number of lines compared.
    """
    lines = counts[""]
    names = [f"product={product}" for product in products]
    rows: list[tuple[int, int, int, int, int, int]] = []
    for offer in found:
        places = list(offer.products)
        compared = int(lines[places].sum())
        for value in offer.values:
            item = f"{offer.option}={value}"
            held = counts.get(item, np.zeros_like(lines))
            names.append(item)
            holders = int(held[places].sum())
            for place in (place for place in places if held[place] >= least(compared)):
                rows.append((place, len(names) - 1, int(held[place]), int(lines[place]), holders, compared))
                rows.append((len(names) - 1, place, int(held[place]), holders, int(lines[place]), compared))
    first, second, both, one, two, total = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    measures = measure(both, one, two, total)
    kept = np.flatnonzero(measures.confidence >= bar.confidence)
    sides = [(int(place),) for place in first[kept]], [(int(place),) for place in second[kept]]
    return judged(sides, measures.take(kept), measures.p_value, bar), tuple(names)
