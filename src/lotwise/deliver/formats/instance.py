"""A problem read from a file, as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.errors import InputError, breaches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

SPEED = 60.0
"""Kilometers an hour: a unit of distance is a kilometer and a minute."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A public instance: ``deliver(i.stops, i.vehicles, i.depots, distances=i.distances)`` solves it.

    Parameters
    ----------
    name
        As in the file.
    stops, vehicles, depots
        As ``deliver`` takes them; a unit of distance is one kilometer, one minute and one of money.
    distances
        Where they are not those of the plane, else None.
    """

    name: str
    stops: pa.Table
    vehicles: pa.Table
    depots: pa.Table
    distances: pa.Table | None = None


def lines(path: Path) -> list[str]:
    """Return the lines of a text file.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def refuse(path: Path, expected: str, found: Sequence[str]) -> None:
    """Raise the faults of a file, all of them, where there are any.

    Raises
    ------
    InputError
        There are faults.
    """
    if found:
        raise InputError(breaches(f"{path} is not {expected}", found))
