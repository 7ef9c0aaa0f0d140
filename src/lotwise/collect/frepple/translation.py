"""The translation that each part adds to: tables of ours, and what became of each row of frePPLe's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lotwise.collect.frepple.schema import Row

LEAST_HORIZON = 4


@dataclass
class Translation:
    """A frePPLe model as tables of ours, with what became of each of its rows.

    Parameters
    ----------
    tables
        Our table -> its rows.
    today
        First day that is not known yet.
    currency
        Currency of all money.
    horizon, cutoffs
        Weeks planned, enough for the last open order where 26 are; past plans that the history allows.
    carried
        Model -> rows that are in the tables or were reckoned into them.
    left
        (model, reason) -> rows that are not.
    notes
        What is carried over in part, or was assumed.
    families, costs
        Item -> set-up family; item -> standard cost of one unit, where it is known.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    today: date = date.min
    currency: str = "USD"
    horizon: int = LEAST_HORIZON
    cutoffs: int = 0
    carried: Counter[str] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    families: dict[str, str] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)

    def keep_if(self, model: str, reason: str) -> bool:
        """Return whether a row is carried over, which it is where no reason speaks against it, and count it."""
        if reason:
            self.left[model, reason] += 1
        else:
            self.carried[model] += 1
        return not reason
