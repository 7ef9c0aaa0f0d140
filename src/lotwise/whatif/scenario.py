"""A file of scenarios: what is changed in tables, demand and settings, under a name."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from lotwise import config
from lotwise.errors import InputError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BASE = "base"
"""Name of the plan that nothing is changed for."""
LONGEST = 60
"""Letters of a name that tell scenarios apart."""
CHANGES = {
    "change": "a [[change]]",
    "add": "[[add]]",
    "drop": "[[drop]]",
    "demand": "[[demand]]",
    "plan": "[plan]",
    "economics": "[economics]",
}
"""What a scenario can hold, and how it is written."""


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[change]]``: other values in some rows of one table.

    Parameters
    ----------
    table
        A table that the stage ``plan`` takes.
    where
        Column -> the value a row must have, or a list of values; every row where nothing is said.
    set, add, times
        Column -> the new value, what is added to the value, what it is multiplied by.
    """

    table: str
    where: dict[str, Any] = {}
    set: dict[str, Any] = {}
    add: dict[str, float] = {}
    times: dict[str, float] = {}


class Addition(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[add]]``: one more row of one table, or several.

    Parameters
    ----------
    table
        A table that the stage ``plan`` takes; it need not exist yet.
    values
        Column -> value, or a list of such rows.
    """

    table: str
    values: dict[str, Any] | list[dict[str, Any]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows to add."""
        return self.values if isinstance(self.values, list) else [self.values]


class Removal(Struct, frozen=True, forbid_unknown_fields=True):
    """``[[drop]]``: rows of one table that are left out.

    Parameters
    ----------
    table
        A table that the stage ``plan`` takes.
    where
        Column -> the value a row must have, or a list of values.
    """

    table: str
    where: dict[str, Any]


class DemandChange(Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """``[[demand]]``: more or less demand than forecast; what is not named is any.

    Parameters
    ----------
    times
        Every draw of the forecast is multiplied by it.
    product, category, region
        Whose demand: one, or a list.
    since, until
        First and last day; ``from`` and ``until`` in the file.
    """

    times: float
    product: str | list[str] = []
    category: str | list[str] = []
    region: str | list[str] = []
    since: date | None = None
    until: date | None = None


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """``[scenario]``: changes under a name.

    Parameters
    ----------
    name
        Name shown, and by which it is found again.
    plan, economics
        Settings of these sections in place of the project's.
    change, add, drop, demand
        Changes of tables, made in this order, then of demand.
    """

    name: str
    plan: dict[str, Any] = {}
    economics: dict[str, Any] = {}
    change: list[Change] = []
    add: list[Addition] = []
    drop: list[Removal] = []
    demand: list[DemandChange] = []

    @property
    def study(self) -> str:
        """The name of its study: the letters and digits of its name."""
        return study_name(self.name)


def study_name(name: str) -> str:
    """Return the name of the study that a scenario is planned in."""
    return "what-if-" + _letters(name)


def read(file: Path) -> list[Scenario]:
    """Return the scenarios of a TOML file: one under ``[scenario]``, or several under ``[[scenario]]``.

    Raises
    ------
    InputError
        The file is missing or no TOML, or it holds unknown keys, wrong values or a name twice; every breach is listed.
    """
    try:
        content = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}. It should hold scenarios; docs/how-to/what-if.md shows one"
        raise InputError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not a TOML file: {error}") from error
    found = list(_faults(content))
    if found:
        raise InputError(breaches(f"{file} holds no scenarios that can be planned", found))
    return [msgspec.convert(one, Scenario) for _, one in _each(content)]


def _each(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each scenario as one mapping, with its path."""
    head = content.get("scenario")
    if isinstance(head, list):
        yield from ((f"scenario[{number}]", one) for number, one in enumerate(head, start=1))
        return
    rest = {key: value for key, value in content.items() if key != "scenario"}
    yield "", {**rest, **head} if isinstance(head, dict) else rest


def _faults(content: dict[str, Any]) -> Iterator[str]:
    """Yield everything that is wrong with a file."""
    if isinstance(content.get("scenario"), list):
        yield from _beside([key for key in content if key != "scenario"])
    seen: dict[str, str] = {BASE: BASE}
    for path, one in _each(content):
        yield from config.faults(one, Scenario, path=path)
        if not isinstance(one, dict):
            continue
        for section in ("plan", "economics"):
            yield from config.faults({section: one.get(section, {})}, config.Settings, path=path)
        where = path or "scenario"
        if not {*one} & set(CHANGES):
            yield f"'{where}' changes nothing; give it {', '.join(CHANGES.values())}"
        if isinstance(one.get("name"), str):
            yield from _misnamed(one["name"], where, seen)


def _beside(keys: Sequence[str]) -> Iterator[str]:
    """Yield what stands beside several scenarios, and belongs to one of them."""
    for key in keys:
        if key in CHANGES:
            yield f"'{key}' stands beside [[scenario]]; put it into one of them as scenario.{key}"
        else:
            yield f"'{key}' is unknown{did_you_mean(key, Scenario.__struct_fields__)}"


def _misnamed(name: str, where: str, seen: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with a name; those before it stand in ``seen``, and it is put there."""
    letters = _letters(name)
    if not letters:
        yield f"'{where}' is named '{name}', expected a name with letters or digits"
    elif letters in seen:
        yield f"'{where}' is named '{name}' like '{seen[letters]}', expected a name of its own"
    seen.setdefault(letters, name)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")[:LONGEST]
