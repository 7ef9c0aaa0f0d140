"""Where rules are looked for: everywhere, within each segment, within each period."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.customers import EPOCH, monday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Scope = tuple[str, NDArray[np.bool_]]
    Divide = Callable[[Whole, Whole], Iterator[Scope]]

ALL = "all"


def scopes(
    day: Whole, customer: Whole, segment: tuple[tuple[str, ...], Whole], *, today: int, weeks: int
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each scope and which baskets are in it: all, then segment by segment, then period by period.

    Periods are counted back from the end of the last week that is known whole, so that each has the same number of weeks;
    what is left at the beginning is in no period. Fewer than two periods are none, as they would say the same as "all".

    Parameters
    ----------
    day, customer
        Of each basket; customer -1: not known; ``(n_baskets,)``.
    segment
        Names of the segments, and the segment of each customer (-1: none).
    today
        First day not known yet.
    weeks
        Weeks of a period; 0: no segments and no periods either.
    """
    yield ALL, np.ones(len(day), dtype=np.bool_)
    if not weeks:
        return
    names, of_customer = segment
    own = np.append(of_customer, -1)[customer]
    for number, name in enumerate(names):
        yield f"segment {name}", own == number
    yield from _periods(day, today=today, weeks=weeks)


def segments_of(customers: tuple[str, ...], segments: pa.Table) -> tuple[tuple[str, ...], Whole]:
    """Return the names of the segments, and the segment of each customer (-1: none)."""
    names = tuple(sorted(set(segments["segment"].to_pylist())))
    place = pc.index_in(pa.array(customers, pa.string()), segments["customer"].combine_chunks())
    of_customer = pc.index_in(segments["segment"].combine_chunks().take(place), pa.array(names, pa.string()))
    return names, pc.fill_null(of_customer, -1).to_numpy(zero_copy_only=False).astype(np.int64)


def _periods(day: Whole, *, today: int, weeks: int) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    if not len(day):
        return
    end = (monday(today) - EPOCH).days
    count = (end - int(day.min())) // (7 * weeks)
    for number in range(count, 0, -1) if count > 1 else ():
        start = end - 7 * weeks * number
        last = start + 7 * weeks
        label = f"period {EPOCH + timedelta(days=start)}..{EPOCH + timedelta(days=last - 1)}"
        yield label, (day >= start) & (day < last)
