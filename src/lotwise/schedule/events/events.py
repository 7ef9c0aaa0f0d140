"""A file of events."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lotwise import config
from lotwise.errors import InputError, breaches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = ("down", "rush", "late", "scrap", "floor")


class Down(Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """``[[down]]``: a machine, a whole group, a tool or one of the people with a skill stops working.

    Parameters
    ----------
    machine
        One machine (``sewing 3``), a group, a tool or a skill.
    since, until
        From when until when; ``from`` in the file.
    reason
        In words.
    """

    machine: str
    since: datetime
    until: datetime
    reason: str = ""


class Rush(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[rush]]``: an order that is due earlier or matters more, or units that nobody planned.

    Parameters
    ----------
    order
        A customer's order, or a lot, that is there already ...
    item, units
        ... or what is to be made in addition, and how much of it.
    due
        When it is due; for an order that is there: as before where nothing is said.
    weight
        Times the usual cost of a delay.
    """

    order: str = ""
    item: str = ""
    units: Annotated[float, Meta(gt=0)] | None = None
    due: datetime | None = None
    weight: Annotated[float, Meta(ge=0)] = 10.0


class Late(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[late]]``: a lot that cannot start, or a material that comes later than expected.

    Parameters
    ----------
    lot, material
        One of the two.
    until
        A lot starts then at the earliest. A material is there on that day, on the next one where a time of day is given.
    """

    until: datetime
    lot: str = ""
    material: str = ""


class Scrap(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[scrap]]``: units that are lost and made again, from the first step.

    Parameters
    ----------
    lot, part
        Which part of which lot.
    units
        How many; all of them where nothing is said.
    step
        The step they are lost at; the last one begun where nothing is said.
    """

    lot: str
    part: int = 1
    units: Annotated[float, Meta(gt=0)] | None = None
    step: int | None = None


class Floor(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[floor]]``: what really happened with one job.

    Parameters
    ----------
    lot, part, step
        Which job.
    machine
        Where; as scheduled where nothing is said.
    started
        When it began; as scheduled where nothing is said.
    finished, expected
        When it ended, or when it should.
    """

    lot: str
    step: int
    part: int = 1
    machine: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    expected: datetime | None = None


class Events(Struct, frozen=True, forbid_unknown_fields=True):
    """What happened, and when it is known.

    Parameters
    ----------
    now
        The minute the new schedule starts from; the earliest time an event names where nothing is said.
    down, rush, late, scrap, floor
        The events.
    """

    now: datetime | None = None
    down: list[Down] = []
    rush: list[Rush] = []
    late: list[Late] = []
    scrap: list[Scrap] = []
    floor: list[Floor] = []

    @property
    def earliest(self) -> datetime | None:
        """The earliest time that an event names as past or present; none where none does."""
        named = [one.since for one in self.down]
        named += [when for one in self.floor for when in (one.started, one.finished) if when is not None]
        return min(named, default=None)


def read(file: Path) -> Events:
    """Return the events of a TOML file.

    Raises
    ------
    InputError
        The file is missing or no TOML, it holds no event, or unknown keys and wrong values: every breach is listed.
    """
    try:
        content = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}. It should hold events: docs/how-to/schedule-the-floor.md"
        raise InputError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file} is not a TOML file: {error}"
        raise InputError(message) from error
    found = list(_faults(content))
    if found:
        raise InputError(breaches(f"{file} holds no events that can be understood", found))
    return msgspec.convert(content, Events)


def _faults(content: dict[str, Any]) -> Iterator[str]:
    wrong = config.faults(content, Events)
    yield from wrong
    if not any(content.get(kind) for kind in KINDS):
        yield f"it holds no event; expected one of {', '.join(f'[[{kind}]]' for kind in KINDS)}"
    for path, when in _moments(content, ""):
        if when.tzinfo is not None:
            yield f"'{path}' has a time zone; give times without one, as the project's clocks show them"


def _moments(content: Any, path: str) -> Iterator[tuple[str, datetime]]:  # noqa: ANN401  TOML holds anything
    """Yield every moment in a mapping with its path."""
    if isinstance(content, datetime):
        yield path, content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from _moments(value, f"{path}.{key}".lstrip("."))
    elif isinstance(content, list):
        for number, value in enumerate(content, start=1):
            yield from _moments(value, f"{path}[{number}]")
