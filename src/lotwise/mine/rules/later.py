"""What is bought next: everywhere, within each segment, within each period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules.found import Found, trim
from lotwise.mine.rules.search import LEAST, least
from lotwise.mine.rules.sequences import follow, following, waits
from lotwise.mine.rules.worth import weigh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.config.mining import MineRules
    from lotwise.mine.rules.derive import Bar
    from lotwise.mine.rules.reading import Bought
    from lotwise.mine.rules.scopes import Divide
    from lotwise.mine.rules.sequences import Windows


def later(bought: Bought, level: str, scopes: Divide, bar: Bar, settings: MineRules) -> Iterator[Found]:
    """Yield the rules of each scope.

    Parameters
    ----------
    bought
        What each order holds.
    level
        What the items are.
    scopes
        Given days and customers of some orders: names, and which of them are in each.
    bar, settings
        What a rule must reach, and what is kept.
    """
    windows = follow(bought, days=settings.next_days)
    for scope, inside in scopes(windows.day, windows.customer):
        some = windows.within(inside)
        customers = len(np.unique(some.customer))
        if customers >= LEAST:
            yield _within(some, customers, bar, settings, place=(level, scope))


def _within(windows: Windows, customers: int, bar: Bar, settings: MineRules, *, place: tuple[str, str]) -> Found:
    minimum = least(settings.next_support, customers)
    rules = following(windows, bar, minimum=minimum)
    number = {name: at for at, name in enumerate(windows.bought.names)}
    margins = windows.bought.worth()[[number[name] for name in windows.names]]
    notes = [f"next: within {windows.days} days"]
    if left := windows.items_left(minimum):
        notes.append(f"{left:,} items of fewest customers were left out")
    if windows.customers_left:
        notes.append(f"{windows.customers_left:,} customers were left out, for the orders to compare would be too many")
    level, scope = place
    found = Found(
        "next", level, scope, None, windows.names, rules, weigh(rules, margins), customers,
        note="; ".join(notes), capped=len(notes) > 1,
    )  # fmt: skip
    kept = trim(found, settings.rules)
    return replace(kept, days=waits(windows, kept.rules))
