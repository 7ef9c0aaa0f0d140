"""The tables the stage takes, as rows, and the time they are told in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.tables.weeks import WEEK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lotwise.config import Settings

Row = dict[str, Any]
MINUTE = timedelta(minutes=1)
EXPECTED = "expected"
"""Status of what is assembled once it is ordered: no work order yet."""


def _quiet(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Given:
    """What the stage is given.

    Parameters
    ----------
    tables
        The tables it takes, by name, and ``jobs`` as published last; what is not there has no rows.
    settings
        All settings.
    say
        Hears what is left out or assumed.
    """

    tables: Mapping[str, pa.Table]
    settings: Settings
    say: Callable[[str], None] = _quiet
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table; of orders and their options, those that a lot is pegged to."""
        if name not in self._rows:
            self._rows[name] = self._read(name)
        return self._rows[name]

    def _read(self, name: str) -> list[Row]:
        table = self.tables.get(name)
        if table is None or table.num_rows == 0:
            return []
        if name in {"orders", "order_options"}:
            table = table.filter(pc.is_in(table["order"], value_set=pa.array(sorted(self.ordered), pa.string())))
        return table.to_pylist()  # type: ignore[no-any-return]

    @cached_property
    def ordered(self) -> set[str]:
        """The numbers of the orders that supplies are pegged to."""
        named = (row["demand"] for row in self.rows("pegging"))
        return {name.removeprefix("order ").rpartition("/")[0] for name in named if name.startswith("order ")}

    @cached_property
    def first(self) -> date:
        """Monday of the first week of the plan that has a lot."""
        found: date = min(row["week"] for row in self.rows("lots"))
        return found

    @cached_property
    def start(self) -> datetime:
        """What minute 0 is."""
        said = self.settings.schedule.start
        return datetime.combine(self.first, time()) if said is None else said.replace(second=0, microsecond=0)

    @cached_property
    def end(self) -> date:
        """Monday after the last week whose lots are scheduled."""
        return self.first + self.settings.schedule.weeks * WEEK

    @cached_property
    def lots(self) -> list[Row]:
        """The lots to schedule, by number."""
        return sorted(
            (row for row in self.rows("lots") if row["week"] < self.end and row["status"] != EXPECTED),
            key=lambda row: str(row["lot"]),
        )

    def minute(self, when: datetime | date) -> int:
        """Return the minute of a moment, or of the first moment of a day."""
        moment = when if isinstance(when, datetime) else datetime.combine(when, time())
        return int((moment - self.start) // MINUTE)

    def moment(self, minute: int) -> datetime:
        """Return the moment of a minute."""
        return self.start + int(minute) * MINUTE


def end_of(day: date) -> datetime:
    """Return the first moment after a day."""
    return datetime.combine(day, time()) + timedelta(days=1)
