"""Reservations that survive the process: one SQLite file beside the published tables.

SQLite and not a published table is the truth: a promise is made and held within one transaction that locks out every other
process, and it is on disk before anybody is told of it (write-ahead log, ``synchronous=FULL``). The table
``reservations`` is a copy for the next run of the stage ``plan``.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from lotwise.errors import DamagedError, InputError, StoreError
from lotwise.tables.scheduled import RESERVATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lotwise.plan.promising.promised import Promise

FILE = "reservations.sqlite"
WAIT = 30.0
"""Seconds to wait for another process that is holding a promise."""
HELD, CONFIRMED, RELEASED, EXPIRED = "held", "confirmed", "released", "expired"
_SCHEMA = """
create table if not exists reservations (
    number integer primary key autoincrement, product text not null, options text not null, region text not null,
    units real not null, week text not null, day text not null, cost real not null, made text not null, expires text,
    status text not null, order_number text
)"""
_INSERT = """
insert into reservations (product, options, region, units, week, day, cost, made, expires, status)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_COLUMNS = "number, product, options, region, units, week, day, cost, made, expires, status, order_number"


@dataclass(frozen=True, slots=True)
class Reservation:
    """One promise that is kept for a customer; as in the table ``reservations``."""

    number: int
    product: str
    options: dict[str, str]
    region: str
    units: float
    week: date
    day: date
    cost: float
    made: datetime
    expires: datetime | None
    status: str
    order: str | None

    @property
    def is_active(self) -> bool:
        """Whether capacity and materials are set aside for it."""
        return self.status in (HELD, CONFIRMED)


class Ledger:
    """The reservations of one project.

    Parameters
    ----------
    folder
        Where the file lies: ``.lotwise`` of the project. It is made where there is none.

    Raises
    ------
    StoreError
        The file cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self.file, timeout=WAIT, isolation_level=None)
            self._base.execute("pragma journal_mode=wal")
            self._base.execute("pragma synchronous=full")
            self._base.execute(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise _explained(self.file, error) from error
        except OSError as error:
            raise StoreError(f"{self.file} cannot be opened: {error}. Check the folder and the free space.") from error

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def hold(self, ask: Callable[[list[Reservation]], Promise], *, now: datetime, hours: float | None = 48.0) -> Reservation:
        """Return what is held now, for a promise that takes account of everything held before.

        Parameters
        ----------
        ask
            Given the reservations in force, oldest first, returns the promise to hold. Nobody else can hold anything until
            it returns.
        now
            The time.
        hours
            Until it is let go unless confirmed; none: never.

        Raises
        ------
        InputError
            The promise has no week, or hours are not above 0.
        """
        if hours is not None and not hours > 0:
            raise InputError(f"Found {hours:g} hours to hold a promise for; expected more than 0.")
        with self._locked(now):
            promise = ask(self.active(now))
            if promise.week is None or promise.day is None or promise.cost is None:
                raise InputError(f"'{promise.product}' has no week to reserve: {promise.binds} Ask for fewer units.")
            expires = None if hours is None else now + timedelta(hours=hours)
            row = (
                promise.product, json.dumps(dict(promise.options), ensure_ascii=False), promise.region, promise.units,
                promise.week.isoformat(), promise.day.isoformat(), promise.cost, now.isoformat(),
                None if expires is None else expires.isoformat(), HELD,
            )  # fmt: skip
            found = self._base.execute(_INSERT, row)
            number = int(found.lastrowid or 0)
        return self.get(number)

    def confirm(self, number: int, *, now: datetime, order: str | None = None) -> Reservation:
        """Return a reservation that no longer expires.

        Parameters
        ----------
        number
            Of the reservation.
        now
            The time.
        order
            Number of the order it became: once the table ``orders`` has it, the order counts and not the reservation.

        Raises
        ------
        InputError
            There is no such reservation, or it is no longer held.
        """
        return self._move(number, CONFIRMED, now, order)

    def release(self, number: int, *, now: datetime) -> Reservation:
        """Return a reservation that is let go.

        Raises
        ------
        InputError
            There is no such reservation, or it is not in force.
        """
        return self._move(number, RELEASED, now, None)

    def get(self, number: int) -> Reservation:
        """Return a reservation by its number.

        Raises
        ------
        InputError
            There is none; the message says which there are.
        """
        found = self._rows("where number = ?", number)
        if not found:
            known = [row.number for row in self._rows("order by number desc limit 5")]
            there = f"the latest are {', '.join(map(str, sorted(known)))}" if known else "nothing has been reserved yet"
            raise InputError(f"Found no reservation {number}; {there}. List them with: lotwise reservations")
        return found[0]

    def every(self) -> list[Reservation]:
        """Return every reservation there ever was, by number."""
        return self._rows("order by number")

    def active(self, now: datetime) -> list[Reservation]:
        """Return the reservations in force at a time, oldest first."""
        return [row for row in self.every() if row.is_active and not _is_over(row, now)]

    def expire(self, now: datetime) -> int:
        """Return how many reservations are let go because their time is over."""
        with self._locked(now) as gone:
            return gone

    def table(self, now: datetime) -> pa.Table:
        """Return the table ``reservations`` as it stands at a time."""
        rows = [
            {
                "reservation": str(row.number),
                "product": row.product,
                "options": "; ".join(f"{option}={value}" for option, value in row.options.items()),
                "region": row.region,
                "units": row.units,
                "week": row.week,
                "day": row.day,
                "cost": round(row.cost, 6),
                "made": row.made,
                "expires": row.expires,
                "status": EXPIRED if _is_over(row, now) else row.status,
                "order": row.order,
            }
            for row in self.every()
        ]
        return pa.Table.from_pylist(rows, schema=RESERVATIONS.schema)

    def _move(self, number: int, status: str, now: datetime, order: str | None) -> Reservation:
        with self._locked(now):
            found = self.get(number)
            if not found.is_active:
                raise InputError(f"Reservation {number} is {found.status} and takes up nothing; ask for a new promise.")
            self._base.execute(
                "update reservations set status = ?, expires = case when ? = 'confirmed' then null else expires end, "
                "order_number = coalesce(?, order_number) where number = ?",
                (status, status, order, number),
            )
        return self.get(number)

    @contextmanager
    def _locked(self, now: datetime) -> Iterator[int]:
        """Hold the file for one change, what is over by then let go; everything or nothing of it is written."""
        try:
            self._base.execute("begin immediate")
        except sqlite3.DatabaseError as error:
            raise _explained(self.file, error) from error
        try:
            over = [(EXPIRED, row.number) for row in self.every() if _is_over(row, now)]
            self._base.executemany("update reservations set status = ? where number = ?", over)
            yield len(over)
            self._base.execute("commit")
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("rollback")
            raise

    def _rows(self, where: str, *values: object) -> list[Reservation]:
        try:
            rows = self._base.execute(f"select {_COLUMNS} from reservations {where}", values).fetchall()  # noqa: S608  fixed text
        except sqlite3.DatabaseError as error:
            raise _explained(self.file, error) from error
        return [_read(row) for row in rows]


def _read(row: tuple[object, ...]) -> Reservation:
    number, product, options, region, units, week, day, cost, made, expires, status, order = row
    return Reservation(
        int(str(number)), str(product), json.loads(str(options)), str(region), float(str(units)),
        date.fromisoformat(str(week)), date.fromisoformat(str(day)), float(str(cost)), datetime.fromisoformat(str(made)),
        None if expires is None else datetime.fromisoformat(str(expires)), str(status), None if order is None else str(order),
    )  # fmt: skip


def _is_over(row: Reservation, now: datetime) -> bool:
    return row.status == HELD and row.expires is not None and row.expires <= now


def _explained(file: Path, error: sqlite3.DatabaseError) -> StoreError:
    """Return what went wrong with the file, in our words."""
    if isinstance(error, sqlite3.OperationalError):
        return StoreError(f"{file} cannot be used: {error}. Another process may hold it, or the disk is full; try again.")
    return DamagedError(f"{file} is damaged: {error}. Put it aside, or restore it from a copy; reservations are in it.")
