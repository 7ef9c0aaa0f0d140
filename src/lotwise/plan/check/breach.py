"""One breach as a row and a sentence, and how far a published number may be from the one the rules give.

Published numbers have six digits. Each may be half a unit of the last digit away (``HALF``); sums may be as much more away as
they have terms. A limit may be exceeded by ``SOLVER`` absolutely and ``SHARE`` of itself: the tolerance of the solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

HALF = 5e-7
SOLVER = 1e-5
SHARE = 1e-7
SHOWN = 3
AGAIN = "The tables contradict one another: run lotwise run --from plan, and report it where it stays."


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a published row breaks; as text, one line with the rows and the next step.

    Parameters
    ----------
    rule
        Name of the rule, as in the table of ``lotwise.plan.check.rules``.
    subject
        Which product, machine, material, item or plan.
    week
        Monday of the week; absent where the rule has none.
    found, allowed
        The number found, and the nearest one the rule allows; absent where there is none.
    message
        What was found, what was expected, in which rows, and the next step.
    """

    rule: str
    subject: str
    week: date | None
    found: float | None
    allowed: float | None
    message: str

    def __str__(self) -> str:
        when = "" if self.week is None else f", week of {self.week}"
        return f"{self.rule}: {self.subject}{when}: {self.message}"


def broken(at: tuple[str, str, date | None], said: tuple[float, str, float], rows: str, remedy: str) -> Breach:
    """Return a breach: its rule, subject and week; what was found, how it relates to what is allowed; rows and next step."""
    found, relation, allowed = said
    message = f"found {found:,.10g}, expected {relation} {allowed:,.10g}, in {rows}. {remedy}"
    return Breach(*at, found, allowed, message)


def unequal(
    at: tuple[str, str, date | None], judged: Iterable[tuple[str, float, float, float]], rows: str, remedy: str
) -> Iterator[Breach]:
    """Yield a breach for each column whose value is further from the one expected than its slack, or is no number."""
    for column, value, expected, slack in judged:
        if value != expected and not abs(value - expected) <= slack:
            yield broken(at, (value, "exactly", expected), f"{rows}, column '{column}'", remedy)


def few(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
