"""Segments from one run to the next: which is which, and who moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.tables.mined import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SHARED = 1 / 3
"""Customers in both over customers in either, of those known in both runs, from which two segments are the same one."""

NEW, GONE = "new", "gone"


@dataclass(frozen=True)
class Before:
    """The run before.

    Parameters
    ----------
    segment
        Segment of each customer.
    names
        Name of each segment.
    """

    segment: Mapping[str, str]
    names: Mapping[str, str]


def recall(table: pa.Table) -> Before:
    """Return the table ``segments`` of the run before."""
    segments = table["segment"].to_pylist()
    return Before(
        dict(zip(table["customer"].to_pylist(), segments, strict=True)),
        dict(zip(segments, table["name"].to_pylist(), strict=True)),
    )


def match(customers: Sequence[str], labels: NDArray[np.int64], count: int, before: Before) -> list[str | None]:
    """Return the segment of the run before that each segment goes on from, or nothing.

    Pairs are formed so that as many customers as possible stay (Hungarian method); a pair holds where a third of the
    customers of either are in both.

    Parameters
    ----------
    customers, labels
        Who is in which segment now, numbered from 0.
    count
        Segments now.
    before
        The run before.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  slow to import

    old = sorted(before.names)
    places = {segment: place for place, segment in enumerate(old)}
    overlap = np.zeros((count, len(old)))
    for customer, label in zip(customers, labels.tolist(), strict=True):
        if customer in before.segment:
            overlap[label, places[before.segment[customer]]] += 1
    either = overlap.sum(axis=1)[:, None] + overlap.sum(axis=0)[None, :] - overlap
    share = np.divide(overlap, either, out=np.zeros_like(overlap), where=either > 0)
    found: list[str | None] = [None] * count
    for now, then in zip(*linear_sum_assignment(-overlap), strict=True):
        if share[now, then] >= SHARED:
            found[now] = old[then]
    return found


def number(matched: Sequence[str | None], before: Before | None = None) -> list[str]:
    """Return the number of each segment: that of the one it goes on from, else the next free one.

    Parameters
    ----------
    matched
        What each segment goes on from, the segment with most revenue first.
    before
        The run before: while any of its segments goes on, the numbers of those that ended are not given again.
    """
    taken = set(matched) | (set(before.names) if before is not None and any(matched) else set())
    free = (name for name in (f"S{place}" for place in range(1, 10**6)) if name not in taken)
    return [segment or next(free) for segment in matched]


def migrations(before: Mapping[str, str], after: Mapping[str, str]) -> pa.Table:
    """Return the table ``migrations``: how many customers went from where to where.

    Parameters
    ----------
    before, after
        Segment of each customer in the run before and now. Customers of one of them only come from ``new`` or go to
        ``gone``; the shares of each ``before`` sum to 1.
    """
    moves = Counter((before.get(customer, NEW), after.get(customer, GONE)) for customer in before.keys() | after.keys())
    total = Counter[str]()
    for (old, _), count in moves.items():
        total[old] += count
    rows = [
        {"before": old, "after": now, "customers": count, "share": count / total[old]}
        for (old, now), count in sorted(moves.items())
    ]
    return MIGRATIONS.check(pa.Table.from_pylist(rows)) if rows else MIGRATIONS.empty()
