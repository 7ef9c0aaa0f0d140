"""How late promises were kept: learned from past ones, told as the days by which half and nine in ten were there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from lotwise.errors import InputError
from lotwise.plan.promising.promised import LAST_DAY

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import ArrayLike

FEWEST = 30
"""Past promises, of one number of weeks ahead, below which those of all are taken together."""
LEVELS = (0.5, 0.9)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Delays:
    """Days from the promised day by which half, and nine in ten, of past promises were kept.

    Parameters
    ----------
    together
        The two numbers of days over all past promises; below 0 where they were early.
    ahead
        The same by weeks from the promise to the promised week, where enough were so far ahead.
    """

    together: tuple[int, int]
    ahead: dict[int, tuple[int, int]]

    def after(self, weeks: int) -> tuple[int, int]:
        """Return the two numbers of days of a promise so many weeks ahead."""
        return self.ahead.get(weeks, self.together)


def learn(late: ArrayLike, ahead: ArrayLike | None = None) -> Delays:
    """Return the delays of past promises.

    Parameters
    ----------
    late
        Days from the promised day to the day each was kept, below 0 for early; ``(n_promises,)``. Infinite: not yet.
    ahead
        Weeks from promise to promised week of each; all together where absent.

    Raises
    ------
    InputError
        There are no past promises, or the arrays differ in length.

    Notes
    -----
    With n past promises the k-th smallest delay is taken, k = ceil((n + 1) level): a new promise that is like them is kept by
    then with at least that probability (split conformal prediction). Where k > n, the largest there is.

    References
    ----------
    Vovk, Gammerman and Shafer (2005), Algorithmic learning in a random world, section 4.
    """
    days = np.asarray(late, dtype=np.float64).ravel()
    weeks = np.zeros(len(days), np.int64) if ahead is None else np.asarray(ahead, dtype=np.int64).ravel()
    if not len(days) or len(days) != len(weeks) or np.isnan(days).any():
        raise InputError(
            f"Found {len(days)} delays and {len(weeks)} weeks ahead; expected as many of both, at least one, all numbers."
        )
    known = [int(week) for week in np.unique(weeks) if (weeks == week).sum() >= FEWEST]
    return Delays(_quantiles(days), {week: _quantiles(days[weeks == week]) for week in known if ahead is not None})


def from_work(work: pa.Table) -> Delays | None:
    """Return how late the floor finished its lots, against the Friday of their week; nothing where no day was noted.

    Parameters
    ----------
    work
        The table of this name; lots of which nothing was made, and those without a day, are passed over.
    """
    done = work.filter(pc.and_(pc.is_valid(work["finished"]), pc.greater(work["made"], 0)))
    if done.num_rows < FEWEST:
        return None
    finished, week = (done[name].cast("int32").to_numpy().astype(np.int64) for name in ("finished", "week"))
    return learn(finished - week - LAST_DAY)


def _quantiles(days: np.ndarray) -> tuple[int, int]:
    ordered = np.sort(days)
    finite = ordered[np.isfinite(ordered)]
    top = finite[-1] if len(finite) else float(WEEK)
    found = []
    for level in LEVELS:
        place = int(np.ceil((len(ordered) + 1) * level)) - 1
        value = ordered[min(place, len(ordered) - 1)]
        found.append(int(np.ceil(value if np.isfinite(value) else top)))
    return found[0], found[1]
