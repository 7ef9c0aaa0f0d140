"""What rules are worth in money, and which of them another one outdoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules.measures import USABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.rules.derive import Rules

    Reals = NDArray[np.float64]


def weigh(rules: Rules, margins: Reals) -> Reals:
    """Return the margin of the second side that goes with the first above chance, in money of the whole scope; ``(n,)``.

    ``leverage * total * margin of the second side``: the baskets (for "next": customers) that hold both sides beyond those
    expected by chance, times the mean margin of the items of the second side in one basket that holds them, added up item
    by item. It tells how much money stands behind a connection. It is no forecast of what acting on it would bring.

    Parameters
    ----------
    rules
        The rules.
    margins
        Mean margin of each item in one basket that holds it, ``(n_items,)``: money paid less unit cost times units, over
        those baskets where both are known; NaN where they never are, and then the rule's is NaN too.
    """
    each = np.array([sum(margins[place] for place in side) for side in rules.consequents], dtype=np.float64)
    return rules.measures.leverage * rules.measures.total * each


def outdone(rules: Rules) -> NDArray[np.bool_]:
    """Return the rules beside which a shorter usable one holds at least as often beyond chance; ``(n,)``.

    The shorter one has the same first side and a part of the second: who is told "corn, so beans" learns no more from
    "corn, so beans and milk", but that milk is bought with everything.
    """
    sides = list(zip(rules.antecedents, rules.consequents, strict=True))
    leverage = rules.measures.leverage.tolist()
    gain = {side: own for side, own, verdict in zip(sides, leverage, rules.verdict, strict=True) if verdict == USABLE}
    best: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
    found = np.zeros(len(rules), dtype=np.bool_)
    longer = (row for row in range(len(rules)) if len(rules.consequents[row]) > 1)
    for row in sorted(longer, key=lambda number: len(rules.consequents[number])):
        first, second = sides[row]
        parts = [(first, second[:at] + second[at + 1 :]) for at in range(len(second))]
        best[first, second] = max(max(gain.get(part, -1.0), best.get(part, -1.0)) for part in parts)
        found[row] = best[first, second] >= leverage[row]
    return found
