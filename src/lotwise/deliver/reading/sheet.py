"""One frame, read column by column; what is wrong is gathered, not raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.deliver.problem import LATEST, TICKS
from lotwise.errors import ContractError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lotwise.deliver.problem import Flags, Reals, Whole

SHOWN = 20
"""Rows named in one fault; the others are counted."""
HOURS, MINUTES = 24, 60


class Sheet:
    """One frame of the user's.

    Parameters
    ----------
    frame
        Pandas, Polars, Arrow or the like.
    what
        What its rows are: ``"stops"``.
    found
        Where faults are added.
    """

    def __init__(self, frame: Any, what: str, found: list[str]) -> None:  # noqa: ANN401  any frame there is
        if not hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, (pa.Table, pa.RecordBatch, dict)):
            kind = type(frame).__name__
            raise ContractError(f"The {what}: found a {kind}; expected pandas, Polars, Arrow or another frame of columns.")
        self.table, self.what, self.found = pa.table(frame), what, found
        self.names: list[str] = [str(row + 1) for row in range(self.table.num_rows)]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def has(self, name: str) -> bool:
        """Whether it has the column."""
        return name in self.table.column_names

    def known(self, columns: Sequence[str]) -> None:
        """Note the columns that are not read: they may be misspelled."""
        for name in self.table.column_names:
            if name not in columns:
                self.found.append(
                    f"{self.what}: column '{name}' is unknown{did_you_mean(name, columns)}; known are {', '.join(columns)}"
                )

    def fault(self, bad: Flags, said: str) -> None:
        """Note what is wrong with some rows."""
        if bad.any():
            self.found.append(f"{self.what}: {said}: {listed(self.names, bad)}")

    def texts(self, name: str) -> list[str]:
        """Return a column of names; an empty one is noted."""
        values = self.table[name].to_pylist()
        self.fault(np.array([value is None or str(value).strip() == "" for value in values], bool), f"{name} is empty")
        return ["" if value is None else str(value) for value in values]

    def unique(self, names: Sequence[str], column: str) -> None:
        """Name the rows by a column, and note what stands twice."""
        counts: dict[str, int] = {}
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        self.names = [f"{name} (row {row + 1})" for row, name in enumerate(names)]
        self.fault(np.array([counts[name] > 1 for name in names], bool), f"{column} stands more than once")

    def numbers(self, name: str, default: float, *, low: float = 0.0) -> Reals:
        """Return a column of numbers, absent ones as the default; others than finite ones of at least ``low`` are noted."""
        if not self.has(name):
            return np.full(len(self), default)
        column = self.table[name]
        try:
            values = np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            self.found.append(f"{self.what}: column '{name}' is {column.type}; expected numbers")
            return np.full(len(self), default)
        missing = np.isnan(values)
        self.fault(~missing & ~(np.isfinite(values) & (values >= low)), f"{name} is not a finite number of at least {low:g}")
        found: Reals = np.where(missing | ~np.isfinite(values), default, values)
        return found

    def times(self, name: str, default: int) -> Whole:
        """Return a column of times of day, ``08:30`` or minutes after midnight, in ticks; absent ones as the default."""
        if not self.has(name):
            return np.full(len(self), default, np.int64)
        values = self.table[name].to_pylist()
        ticks = [default if value is None or value != value else _ticks(value) for value in values]  # noqa: PLR0124  not a number
        bad = np.array([tick is None for tick in ticks], bool)
        self.fault(bad, f"{name} is no time of day such as 08:30, or minutes after midnight")
        return np.array([default if tick is None else tick for tick in ticks], np.int64)


def _ticks(value: Any) -> int | None:  # noqa: ANN401  a cell of any type
    """Return a time of day in ticks, None where it is none."""
    if isinstance(value, (int, float)):
        return round(value * TICKS) if 0 <= value <= LATEST / TICKS else None
    parts = str(value).strip().split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdigit() for part in parts):  # noqa: PLR2004  08:30 or 08:30:00
        return None
    hour, minute, second = (*map(int, parts), 0)[:3]
    if minute >= MINUTES or second >= MINUTES or hour * MINUTES + minute + second / MINUTES > HOURS * MINUTES:
        return None
    return round((hour * MINUTES + minute + second / MINUTES) * TICKS)


def listed(names: Sequence[str], bad: Flags) -> str:
    """Return the names of some rows, the first twenty of them."""
    rows = np.flatnonzero(bad)
    said = ", ".join(names[row] for row in rows[:SHOWN])
    return f"{said} and {len(rows) - SHOWN} more" if len(rows) > SHOWN else said


def refuse(title: str, found: Iterable[str]) -> None:
    """Raise what was found, all of it, where anything was.

    Raises
    ------
    ContractError
        Something is wrong.
    """
    faults = list(found)
    if faults:
        raise ContractError(breaches(title, faults))
