"""Orders: when each may start, when it is due, and what an hour of delay costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from lotwise.schedule.reading.faults import listed, rows
from lotwise.schedule.shop import NEVER, Orders

if TYPE_CHECKING:
    import pyarrow as pa

    from lotwise.schedule.reading.draft import Draft
    from lotwise.schedule.reading.faults import Faults

MINUTES = 60


def orders(draft: Draft, faults: Faults) -> Orders:
    """Return the orders in the order of their rows. One due before its release is taken as it is: it will be late."""
    table = draft.orders
    if not len(table):
        faults.add("The orders: there is no row; give one for each order")
    _once(table["order"], faults)
    release = whole(table["release"], 0)
    due = whole(table["due"], NEVER)
    early = due < release
    if early.any():
        faults.remark(f"The orders: due before release in {rows(early)}: late whatever is done, and scheduled all the same")
    return Orders(tuple(table["order"].to_pylist()), np.maximum(release, 0), due, table["weight"] / MINUTES)


def whole(values: np.ndarray, absent: int) -> np.ndarray:
    """Return minutes as whole numbers, absent ones as told."""
    return np.where(np.isnan(values), absent, np.nan_to_num(values)).astype(np.int64)


def _once(names: pa.Array, faults: Faults) -> None:
    counts = pc.value_counts(names)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        at = pc.is_in(names, value_set=twice).to_numpy(zero_copy_only=False)
        faults.add(f"The orders: {listed(twice.to_pylist())} stand more than once ({rows(at)}); give each order one row")
