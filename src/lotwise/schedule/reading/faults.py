"""What is wrong with a user's tables, collected until all of it can be said at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError, breaches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN = 5
"""Rows or names shown in a message."""


@dataclass(frozen=True)
class Faults:
    """What was found so far.

    Parameters
    ----------
    found
        Breaches: nothing is scheduled before they are put right.
    remarks
        What is taken as it stands, and how.
    """

    found: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, said: str) -> None:
        """Keep a breach."""
        self.found.append(said)

    def add_each(self, said: Sequence[str], what: str) -> None:
        """Keep the first breaches of one kind, and how many more there are."""
        self.found.extend(said[:SHOWN])
        if len(said) > SHOWN:
            self.found.append(f"{what}: {len(said) - SHOWN:,} more of this kind")

    def remark(self, said: str) -> None:
        """Keep a remark."""
        self.remarks.append(said)

    def refuse(self) -> None:
        """Refuse what was read if anything was found.

        Raises
        ------
        ContractError
            Every breach, one a line.
        """
        if self.found:
            raise ContractError(breaches("What is to be scheduled cannot be read", self.found))


def rows(wrong: np.ndarray) -> str:
    """Return the first rows of a mask or of places in words, counted from 1: ``"rows 3, 7 and 2 more"``."""
    places = np.flatnonzero(wrong) if wrong.dtype == bool else wrong
    return ("row " if len(places) == 1 else "rows ") + listed([str(int(place) + 1) for place in places[:SHOWN]], len(places))


def listed(names: Iterable[str], count: int | None = None) -> str:
    """Return the first names, and how many more there are."""
    given: Sequence[str] = list(names)
    more = (len(given) if count is None else count) - min(len(given), SHOWN)
    return ", ".join(given[:SHOWN]) + (f" and {more:,} more" if more else "")
