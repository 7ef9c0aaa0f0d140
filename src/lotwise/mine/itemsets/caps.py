"""Where a search for itemsets ends at the latest, and the meter that sees to it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from lotwise.errors import SettingsError, breaches

Ending = Literal["whole", "itemsets", "seconds", "memory"]
ENDINGS: dict[str, Ending] = {"whole": "whole", "itemsets": "itemsets", "seconds": "seconds", "memory": "memory"}
"""Endings by name."""

MB = 1_000_000


@dataclass(frozen=True)
class Caps:
    """What one search may use at most.

    Parameters
    ----------
    itemsets
        Most sets found.
    seconds
        Most seconds of the clock; 0: any, and then the same baskets always give the same sets.
    memory_mb
        Most memory of the sets and of the search's own buffers, in MB of 1,000,000 bytes.

    Raises
    ------
    SettingsError
        A cap is no number, negative, or (all but the seconds) 0; every one is listed.
    """

    itemsets: int = 2_000_000
    seconds: float = 0.0
    memory_mb: float = 2000.0

    def __post_init__(self) -> None:
        found = [
            f"{name} = {value!r}; expected {expected}"
            for name, value, fits, expected in (
                ("itemsets", self.itemsets, self.itemsets >= 1, "at least 1"),
                ("seconds", self.seconds, self.seconds >= 0, "at least 0; 0 is any"),
                ("memory_mb", self.memory_mb, self.memory_mb > 0, "more than 0"),
            )
            if not fits
        ]
        if found:
            raise SettingsError(breaches("The caps of the search do not hold", found))


class Meter:
    """What a search has used so far; reads the clock only where seconds are capped."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self._end = time.monotonic() + caps.seconds if caps.seconds else None

    @property
    def has_clock(self) -> bool:
        """Whether seconds are capped."""
        return self._end is not None

    def fits(self, size: int) -> bool:
        """Return whether memory of so many bytes is within the caps."""
        return size <= self.caps.memory_mb * MB

    def exceeded(self, *, itemsets: int = 0, size: int = 0) -> Ending | None:
        """Return the cap that so many sets, bytes, or the clock have passed; nothing while none has."""
        if itemsets > self.caps.itemsets:
            return "itemsets"
        if not self.fits(size):
            return "memory"
        if self._end is not None and time.monotonic() >= self._end:
            return "seconds"
        return None
