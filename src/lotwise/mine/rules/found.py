"""What one search gave, ready to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules.measures import USABLE, VERDICTS
from lotwise.mine.rules.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.itemsets.found import Itemsets
    from lotwise.mine.rules.derive import Rules

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """Rules of one search.

    Parameters
    ----------
    kind, level, scope, product
        As in the table ``rules``; ``product`` is absent for orders.
    names
        The items.
    rules
        The rules.
    worth
        Their margin; NaN where it is not known; ``(n_rules,)``.
    evidence
        Baskets, lines or customers they were found in.
    itemsets
        The sets they come from, where they come from sets.
    days
        Median days from the first to the second, for kind "next"; ``(n_rules,)``.
    follow
        Rules left out because they follow from the catalog.
    shorter
        Rules left out because a shorter one holds as often beyond chance.
    beyond, weak
        Rules left out because others are worth more, and because within this scope they are not usable or may be chance.
    note
        What a cap cut, or what else is to be said; empty: nothing.
    capped
        Whether a cap ended the search.
    """

    kind: str
    level: str
    scope: str
    product: str | None
    names: tuple[str, ...]
    rules: Rules
    worth: Reals
    evidence: int
    itemsets: Itemsets | None = None
    days: Reals | None = None
    follow: int = 0
    shorter: int = 0
    beyond: int = 0
    weak: int = 0
    note: str = ""
    capped: bool = False


def trim(found: Found, most: int) -> Found:
    """Return the search with so many of its rules at most, those worth most; within a segment or period usable ones only."""
    kept = _first(found, None)
    weak = 0
    if found.scope != ALL:
        usable = found.rules.verdict[kept] == USABLE
        weak = int((~usable).sum())
        kept = kept[usable]
    beyond = max(len(kept) - most, 0)
    kept = kept[:most]
    return replace(found, rules=found.rules.take(kept), worth=found.worth[kept], beyond=beyond, weak=weak)


def worth_most(found: Sequence[Found], most: int | None = None) -> list[tuple[int, int]]:
    """Return the rules of some searches as (search, rule), those worth most first, at most so many.

    Usable rules come first, then those that may be chance, then those that are not usable; of equal verdict the larger
    margin, rules whose margin is not known last and by leverage times total; of equal margin by scope, product and names.
    """
    rows = [(number, int(row)) for number, one in enumerate(found) for row in _first(one, most)]
    rows.sort(key=lambda pair: rank(found[pair[0]], pair[1]))
    return rows[:most]


def rank(one: Found, row: int) -> tuple[object, ...]:
    """Return what puts a rule in its place among those of other searches."""
    rules = one.rules
    worth, above = float(one.worth[row]), float(rules.measures.leverage[row] * rules.measures.total[row])
    unknown = bool(np.isnan(worth))
    names = tuple(tuple(one.names[place] for place in side) for side in (rules.antecedents[row], rules.consequents[row]))
    gain = 0.0 if unknown else -round(worth, 6)
    return VERDICTS[rules.verdict[row]], unknown, gain, -round(above, 6), one.kind, one.scope, one.product or "", names


def _first(one: Found, most: int | None) -> Whole:
    """Return the first rules of one search."""
    unknown = np.isnan(one.worth)
    verdict = np.array([VERDICTS[told] for told in one.rules.verdict], dtype=np.int64)
    above = np.round(one.rules.measures.leverage * one.rules.measures.total, 6)
    order = np.lexsort((-above, -np.round(np.where(unknown, 0.0, one.worth), 6), unknown, verdict))
    return order[:most]
