"""Where promises of a project are made and held: its book of what is free, beside its ledger of reservations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lotwise.errors import LotwiseError
from lotwise.plan.promising.book import DAYS, Book
from lotwise.plan.promising.delays import from_work
from lotwise.plan.promising.facts import ANYWHERE
from lotwise.plan.promising.ledger import Ledger, Reservation
from lotwise.plan.promising.read import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    import pyarrow as pa

    from lotwise.config import Settings
    from lotwise.plan.promising.promised import Promise


class Desk:
    """Promises and reservations of one project.

    Parameters
    ----------
    tables
        Published tables by name: those of ``TAKEN`` that exist.
    settings
        Of the project.
    folder
        Where the ledger lies: ``.lotwise`` of the project.
    now
        The time reservations are made and let go by.
    today
        Nothing is promised for a week before this day's; default: that of ``now`` where it lies within the plan, else the
        plan's first.

    Raises
    ------
    MissingTableError
        There is no plan yet.
    InputError
        The plan's weeks are over.
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], settings: Settings, folder: Path, *, now: datetime, today: date | None = None
    ) -> None:
        work = tables.get("work")
        facts = read(tables, settings, today=today)
        if today is None and facts.weeks[0] < now.date() < facts.weeks[-1] + timedelta(days=DAYS):
            facts = read(tables, settings, today=now.date())
        self.book = Book(facts, delays=None if work is None else from_work(work))
        self.ledger = Ledger(folder)
        self._now = now
        self._held: dict[int, int | None] = {}
        self._ordered = set(tables["deliveries"]["order"].to_pylist())
        self.late: list[Reservation] = []

    def promise(
        self,
        product: str,
        units: float = 1.0,
        *,
        options: Mapping[str, str] | None = None,
        region: str = ANYWHERE,
        by: date | None = None,
    ) -> Promise:
        """Return the earliest week for so many units beside everything reserved; as ``Book.promise``."""
        self._follow(self.ledger.active(self._now))
        return self.book.promise(product, units, options=options, region=region, by=by)

    def hold(
        self,
        product: str,
        units: float = 1.0,
        *,
        options: Mapping[str, str] | None = None,
        region: str = ANYWHERE,
        by: date | None = None,
        hours: float | None = 48.0,
    ) -> Reservation:
        """Return a reservation of what ``promise`` gives, held for so many hours; nobody can take it meanwhile."""

        def ask(held: list[Reservation]) -> Promise:
            self._follow(held)
            return self.book.promise(product, units, options=options, region=region, by=by)

        return self.ledger.hold(ask, now=self._now, hours=hours)

    def _follow(self, active: list[Reservation]) -> None:
        """Bring the book to what is reserved now; what the plan already counts as an order is not counted twice."""
        wanted = {row.number: row for row in active if row.order is None or row.order not in self._ordered}
        for number in [number for number in self._held if number not in wanted]:
            mine = self._held.pop(number)
            if mine is not None:
                self.book.release(mine)
        for number, row in wanted.items():
            if number not in self._held:
                self._held[number] = self._set_aside(row)
        self.late = [row for row in self.late if row.number in wanted]

    def _set_aside(self, row: Reservation) -> int | None:
        """Return the book's number for a reservation; later than promised, or none, where the plan has no room for it now."""
        weeks = self.book.facts.weeks
        if row.week < weeks[0]:
            return None  # of weeks before the plan: taken as delivered, as late orders are
        if row.week > weeks[-1]:
            return None
        try:
            number, week = self.book.set_aside(row.product, row.units, weeks.index(row.week), options=row.options)
        except LotwiseError:  # a product or option that the plan no longer has
            self.late.append(row)
            return None
        if week != weeks.index(row.week):
            self.late.append(row)
        return number
