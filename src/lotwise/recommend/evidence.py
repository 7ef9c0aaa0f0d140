"""What is known to go together, from the table ``rules``: the evidence behind an offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

LEVELS = {"product": "product", "type": "type", "category": "category"}
"""What a rule speaks of -> the column of ``products`` that tells it of a product."""


@dataclass(frozen=True)
class Evidence:
    """Usable rules between one item and another, within one order.

    Parameters
    ----------
    items
        What each product counts as at the level of the rules, ``(m,)``; empty where it is not known.
    pairs
        (first, second) -> how much more often than by chance, and in how many orders.
    """

    items: Sequence[str]
    pairs: Mapping[tuple[str, str], tuple[float, int]]

    def words(self, bought: Iterable[int], offered: int) -> str:
        """Return the strongest rule from a product bought to the one offered, in words; empty where there is none."""
        found = [self.pairs.get((self.items[place], self.items[offered])) for place in bought]
        known = [pair for pair in found if pair is not None]
        if not known:
            return ""
        lift, count = max(known)
        return f"; together {lift:.1f} times as often as by chance, in {count:,} orders"


def read(codes: Sequence[str], rules: pa.Table | None, products: pa.Table) -> Evidence:
    """Return what the rules of all customers say of these products; nothing where there are none.

    Parameters
    ----------
    codes
        The products, ``(m,)``.
    rules, products
        The tables of that name.
    """
    if rules is None or not rules.num_rows:
        return Evidence([""] * len(codes), {})
    for name, value in (("kind", "together"), ("scope", "all"), ("verdict", "usable")):
        rules = rules.filter(pc.equal(rules[name], value))
    rows = rules.select(["level", "antecedent", "consequent", "lift", "count"]).to_pylist()
    single = [row for row in rows if len(row["antecedent"]) == len(row["consequent"]) == 1 and row["level"] in LEVELS]
    if not single:
        return Evidence([""] * len(codes), {})
    column = LEVELS[single[0]["level"]]
    single = [row for row in single if row["level"] == single[0]["level"]]
    of = {row["product"]: row[column] or "" for row in products.select(list({"product", column})).to_pylist()}
    pairs = {(row["antecedent"][0], row["consequent"][0]): (row["lift"], row["count"]) for row in single}
    return Evidence([of.get(code, "") for code in codes], pairs)
