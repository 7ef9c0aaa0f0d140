"""What is bought together in one order: everywhere, within each segment, within each period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules.found import Found, trim
from lotwise.mine.rules.search import LEAST, least
from lotwise.mine.rules.worth import outdone, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lotwise.config.mining import MineRules
    from lotwise.mine.itemsets.found import Itemsets
    from lotwise.mine.rules.derive import Rules
    from lotwise.mine.rules.reading import Bought
    from lotwise.mine.rules.scopes import Scope
    from lotwise.mine.rules.search import Search


def together(bought: Bought, level: str, scopes: Iterable[Scope], search: Search, settings: MineRules) -> Iterator[Found]:
    """Yield the rules of each scope.

    Parameters
    ----------
    bought
        What each order holds.
    level
        What the items are.
    scopes
        Names, and which orders are in each; one with fewer than 5 orders is left out.
    search, settings
        How is searched, and what is kept.
    """
    for scope, inside in scopes:
        some = bought if inside.all() else bought.within(inside)
        if len(some.day) < LEAST:
            continue
        itemsets, rules = search.run(some, minimum=least(settings.support, len(some.day)))
        found = weighed(rules, itemsets, some)
        yield trim(replace(found, kind="together", level=level, scope=scope), settings.rules)


def weighed(rules: Rules, itemsets: Itemsets, bought: Bought) -> Found:
    """Return the rules with what they are worth, without those that a shorter one outdoes."""
    worth = weigh(rules, bought.worth())
    kept = np.flatnonzero(~outdone(rules))
    notes = []
    if itemsets.ended != "whole":
        notes.append(itemsets.sentence)
    if rules.left:
        notes.append(f"{rules.left:,} larger sets were not split into rules, of which there would be too many")
    return Found(
        kind="", level="", scope="", product=None, names=bought.names, rules=rules.take(kept), worth=worth[kept],
        evidence=len(bought.day), itemsets=itemsets, shorter=len(rules) - len(kept), note="; ".join(notes), capped=bool(notes),
    )  # fmt: skip
