"""Levels as lots: how much of what is started in a week is one lot, and which lots a person has numbered already."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.labels import APPROVED
from lotwise.plan.orders.numbers import expected_number
from lotwise.plan.orders.receipts import divided

if TYPE_CHECKING:
    from lotwise.plan.orders.current import Current

MOST_LOTS = 1000
"""More lots of one item and week than this are one row: a largest lot that small is a unit, not a lot."""
DIGITS = 6
Part = tuple[str, float]


def split(level: float, count: int, multiple: float = 0.0) -> list[float]:
    """Return a level in so many parts, as equal as can be, the larger first; they add up to it.

    With a multiple every part is a whole multiple of it where the level is one; there are no more parts than multiples.
    """
    if multiple > 0:
        steps = round(level / multiple)
        count = max(min(count, steps), 1)
        each, more = divmod(steps, count)
        parts = [(each + (number < more)) * multiple for number in range(count)]
    else:
        parts = [round(level / count, DIGITS)] * count
    return [*parts[:-1], level - sum(parts[:-1])]


def sizes(current: Current) -> dict[tuple[int, int], list[Part]]:
    """Return the lots of each activity and week that is more than one lot, or numbered already: number and level each."""
    level, multiple = current.flow.level, current.network.activities.multiple
    found = {
        (activity, week): [("", part) for part in split(float(level[activity, week]), count, float(multiple[activity]))]
        for (activity, week), count in _counts(current).items()
    }
    found |= _waiting(current)
    for (activity, week), numbered in _approved(current).items():
        rest = float(level[activity, week]) - sum(part for _, part in numbered)
        found[activity, week] = [*numbered, *([("", rest)] if rest > 10.0**-DIGITS else [])]
    return found


def _waiting(current: Current) -> dict[tuple[int, int], list[Part]]:
    """Return promised units, and units assembled once they are ordered: the second are numbered apart."""
    level, expected = current.flow.level, current.flow.expected
    found: dict[tuple[int, int], list[Part]] = {}
    if expected is None:
        return found
    for activity, week in np.argwhere((expected > 10.0**-DIGITS) & current.is_lot[:, None]).tolist():
        number, whole = expected_number(current, activity, week), float(level[activity, week])
        promised = whole - float(expected[activity, week])
        several = promised > 10.0**-DIGITS
        found[activity, week] = [("", promised), (number, whole - promised)] if several else [(number, whole)]
    return found


def _counts(current: Current) -> dict[tuple[int, int], int]:
    """Return how many lots each activity and week is in, where it is more than one."""
    switches, level = current.network.switches, current.flow.level
    member = switches.weight.tocsr()
    found: dict[tuple[int, int], int] = {}
    several = (
        np.isfinite(switches.largest) & (switches.largest > 0) & np.array([kind == "lot" for kind in switches.kinds], bool)
    )
    for switch, week in np.argwhere((np.rint(current.flow.times) > 1) & several[:, None]).tolist():
        mine = slice(member.indptr[switch], member.indptr[switch + 1])
        for activity, weight in zip(member.indices[mine].tolist(), member.data[mine].tolist(), strict=True):
            alone = mine.stop - mine.start == 1
            least = ceil(weight * level[activity, week] / switches.largest[switch] - 1e-6)
            count = round(float(current.flow.times[switch, week])) if alone else least
            if level[activity, week] > 10.0**-DIGITS and 1 < count <= MOST_LOTS:
                found[activity, week] = count
    return found


def _approved(current: Current) -> dict[tuple[int, int], list[Part]]:
    """Return the lots a person has approved, which keep their numbers; one that cannot be ready in time is ready later."""
    activities, labels = current.network.activities, current.labels
    open_ = sorted(
        (receipt for receipt in divided(current)[1] if receipt.kind == "lot"), key=lambda lot: (lot.week, lot.number)
    )
    found: dict[tuple[int, int], list[Part]] = {}
    for activity, week in np.argwhere((labels.decided == APPROVED) & (current.flow.level > 10.0**-DIGITS)).tolist():
        ready, rest = week + int(activities.lead[activity]), float(current.flow.level[activity, week])
        for lot in [lot for lot in open_ if lot.item == labels.item[activity] and lot.week <= ready]:
            if activities.kinds[activity] != "make" or rest <= 10.0**-DIGITS:
                break
            part = min(lot.units / float(current.out[activity]), rest)
            found.setdefault((activity, week), []).append((lot.number, part))
            rest -= part
            open_.remove(lot)
    return found
