"""One line of the ledger before it is rounded and judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    step
        Whether it is a step from the base to what is known now: all steps add up to that.
    last_in
        Money the source adds when all others are there already; None where unknown.
    yearly_cost
        What the source costs a year.
    verdict
        What can be said of it, where that does not depend on its interval.
    formula
        The states of ``money`` it is the difference of, as ``V(STATE) - V(STATE)``.
    states
        The same as weights of states, where its money is a sum of weight x V(state); empty where it is not.
    amount
        Its money where it is known in total only; never counted.
    """

    account: str
    name: str
    note: str
    cells: Cells | None = None
    counted: bool = False
    stays: bool = False
    step: bool = False
    last_in: Cells | None = None
    yearly_cost: float = 0.0
    verdict: str = ""
    formula: str | None = None
    states: Mapping[str, float] = field(default_factory=dict)
    amount: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Account and name, which no two lines share."""
        return self.account, self.name


def difference(better: str, worse: str) -> str:
    """Return the formula of a line that is the difference of two states."""
    return f"V({better}) - V({worse})"


def weighted(states: Mapping[str, float]) -> str | None:
    """Return the formula of a line that is a sum of weight x V(state); None where it is too long to be read by anyone."""
    if len(states) > MOST_TERMS:
        return None
    first, *rest = sorted(states.items(), key=lambda item: (-item[1], item[0]))
    return f"{_term(*first)}" + "".join(f" {'-' if weight < 0 else '+'} {_term(state, abs(weight))}" for state, weight in rest)


def _term(state: str, weight: float) -> str:
    return f"V({state})" if weight == 1 else f"{weight!r} V({state})"


MOST_TERMS = 64
"""Terms of a formula that are still written down."""
