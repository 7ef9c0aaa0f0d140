"""What knowing earlier is worth: profit against weeks of notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.gap.interval import total
from lotwise.gap.states import NOW
from lotwise.tables.ledger import GAP_NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lotwise.gap.value import Cells, Value
    from lotwise.gap.verdict import Interval

Key = tuple[str, str]
STATES = {"plans": "notice-", "orders": "orders-", "decision": "late-"}
"""Kind of the curve, and what its states are called before the number of weeks."""


def notices(value: Value) -> dict[Key, Cells]:
    """Return what each notice gains over the plan made with what was known, by kind and weeks, cell by cell.

    Three curves. ``plans``: announced plans known so many weeks ahead, from 0 (only what has run already) on.
    ``orders``: demand of the first weeks known when the plan is made, as if customers ordered so long before.
    ``decision``: plans decided so many weeks before the cutoff, with what was known then.

    Parameters
    ----------
    value
        Settled profits; curves whose states were not settled are left out.
    """
    found: dict[Key, Cells] = {}
    for kind, prefix in STATES.items():
        states = {int(state.removeprefix(prefix)): state for state in value.profit if state.startswith(prefix)}
        states = {weeks: states[weeks] for weeks in sorted(states)}
        found |= {(kind, str(weeks)): value.gain(state, NOW) for weeks, state in states.items()}
    return found


def table(value: Value, gains: Mapping[Key, Cells], ends: Mapping[Key, Interval]) -> pa.Table:
    """Return the table ``gap_notice``, each curve with the plan made with what was known among its points.

    Parameters
    ----------
    value
        Settled profits.
    gains
        As ``notices`` gives them.
    ends
        Interval of each gain, where there is one.
    """
    rows = list(_rows(value, gains, ends))
    return pa.Table.from_pylist(rows, schema=GAP_NOTICE.schema).sort_by([("kind", "ascending"), ("weeks", "ascending")])


def _rows(value: Value, gains: Mapping[Key, Cells], ends: Mapping[Key, Interval]) -> Iterator[dict[str, object]]:
    now = total(value.profit[NOW])
    for (kind, weeks), cells in gains.items():
        low, high = ends.get((kind, weeks), (None, None))
        gain = round(total(cells), 2)
        yield {
            "kind": kind,
            "weeks": int(weeks),
            "profit": round(now + gain, 2),
            "gain": gain,
            "gain_low": low,
            "gain_high": high,
        }
    for kind in dict.fromkeys(kind for kind, _ in gains):
        longest = max(int(weeks) for of, weeks in gains if of == kind)
        same = longest + 1 if kind == "plans" else 0
        if kind == "orders" and "perfect" in value.profit:
            perfect = round(total(value.gain("perfect", NOW)), 2)
            yield {"kind": kind, "weeks": longest + 1, "profit": round(now + perfect, 2), "gain": perfect}
        yield {"kind": kind, "weeks": same, "profit": round(now, 2), "gain": 0.0, "gain_low": 0.0, "gain_high": 0.0}
