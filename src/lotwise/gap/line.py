"""One line of the ledger before it is rounded and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lotwise.gap.value import Cells


@dataclass(frozen=True)
class Line:
    """What one line is and how much money it is in every product and week.

    Parameters
    ----------
    account
        Account of the table ``gap``.
    name
        What it is.
    note
        How it was measured.
    cells
        Its money; None where it was not measured.
    counted
        Whether it is part of ideal - unknown - unmade - undone = actual.
    stays
        Whether it is part of the base's gap that knowledge now leaves open.
    last_in
        Money the source adds when all others are there already; None where unknown.
    yearly_cost
        What the source costs a year.
    verdict
        What can be said of it, where that does not depend on its interval.
    """

    account: str
    name: str
    note: str
    cells: Cells | None = None
    counted: bool = False
    stays: bool = False
    last_in: Cells | None = None
    yearly_cost: float = 0.0
    verdict: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Account and name, which no two lines share."""
        return self.account, self.name
