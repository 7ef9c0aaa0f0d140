"""Arrays lent to a kernel: enlarged when it asks for room, within the caps, with a look at the clock in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.mine.itemsets.output import DONE, FOUND, FULL, NEED, PAUSE, PLACES, SETS, WORK, WRITTEN, Output
from lotwise.mine.itemsets.ranked import Sets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from lotwise.mine.itemsets.caps import Ending, Meter
    from lotwise.mine.itemsets.ranked import Ranked

SLICE = 20_000_000
"""Work between two looks at the clock: some hundredths of a second."""
ENDLESS = 2**62
"""Work where nobody looks at the clock."""
START = 1 << 14
"""Sets there is room for at first."""
MOST = 2**31 - 1
"""Most elements of an array that numbers of 32 bits point into."""


class Lender:
    """Runs a kernel until it is done or a cap ends it.

    Parameters
    ----------
    ranked, meter
        What is searched, and its caps.
    fields
        For each lack a kernel may tell of, the arrays of its buffer that are enlarged together.
    """

    def __init__(self, ranked: Ranked, meter: Meter, *, fields: Mapping[int, tuple[str, ...]]) -> None:
        self.ranked = ranked
        self.meter = meter
        self.fields = fields
        self.output = Output(
            items=np.empty(4 * START, dtype=np.int32),
            ends=np.empty(START, dtype=np.int64),
            counts=np.empty(START, dtype=np.int64),
            prefix=np.empty(ranked.longest + 2, dtype=np.int32),
        )

    def run(self, kernel: Callable[..., int], buffer: Any, *room: Any) -> Sets:  # noqa: ANN401  named tuples of the kernel
        """Return the sets the kernel finds."""
        state = np.zeros(5, dtype=np.int64)
        ranked, most = self.ranked, self.meter.caps.itemsets
        said = PAUSE
        while True:
            ended = self.meter.exceeded(size=_size(buffer, *room, self.output))
            if ended:
                return self._sets(state, ended)
            if said == PAUSE:
                state[WORK] = SLICE if self.meter.has_clock else ENDLESS
            said = kernel(buffer, *room, self.output, state, ranked.minimum, ranked.longest, most)
            if said in {DONE, FULL}:
                return self._sets(state, "whole" if said == DONE else "itemsets")
            if said in {SETS, PLACES}:
                names = ("ends", "counts") if said == SETS else ("items",)
                fits = self._enlarge(self.output, names, int(state[NEED]), _size(buffer, *room, self.output))
            else:
                fits = said == PAUSE or self._enlarge(
                    buffer, self.fields[said], int(state[NEED]), _size(buffer, *room, self.output)
                )
            if not fits:
                return self._sets(state, "memory")

    def _enlarge(self, lent: Any, names: tuple[str, ...], need: int, size: int) -> bool:  # noqa: ANN401  a named tuple
        """Make room in place for what is needed, and for more where memory allows; return whether there is enough of it."""
        arrays = [getattr(lent, name) for name in names if len(getattr(lent, name))]
        longest = max(len(array) for array in arrays)
        for length in (max(need, 2 * longest), max(need, longest + longest // 8)):
            more = sum((length - len(array)) * array.itemsize for array in arrays)
            if length <= MOST and self.meter.fits(size + more):
                for array in arrays:
                    array.resize(length, refcheck=False)
                return True
        return False

    def _sets(self, state: NDArray[np.int64], ended: Ending) -> Sets:
        found, written = int(state[FOUND]), int(state[WRITTEN])
        output = self.output
        output.items.resize(written, refcheck=False)
        output.counts.resize(found, refcheck=False)
        return Sets(output.items, np.concatenate([np.zeros(1, dtype=np.int64), output.ends[:found]]), output.counts, ended)


def _size(*lent: Any) -> int:  # noqa: ANN401  named tuples of arrays
    return sum(array.nbytes for one in lent for array in one)
