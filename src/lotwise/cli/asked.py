"""What commands about what was mined share: a project that is mined, and the names a user may call things by."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer

from lotwise.cli.app import listener, opened
from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lotwise.project import Project

Row = dict[str, Any]

LIKENESS = 0.6
"""Of a name to one that may be meant."""
LISTED = 12
"""Names listed in a message."""
CALLED_BY = ("product", "name", "type", "category")
"""Columns of ``products`` by which a user may call one."""


def mined(folder: Path, *, json: bool, again: bool = False) -> Project:
    """Return the project, mined: what is published where mining has nothing new to take, else mined now.

    Earlier stages are not run: where they are stale, a line on the error stream says so.
    """
    from lotwise.loop import Loop
    from lotwise.stages import stage_named

    here = opened(folder)
    if again or Loop(here.settings, here.folder, here.store).is_stale(stage_named("mine")):
        with listener(json=json) as told:
            here.run(only="mine", listener=told)
    earlier = [name for name in here.stale() if name in {"collect", "guard", "pool"}]
    if earlier:
        typer.echo(
            f"Stale: {', '.join(earlier)}. What was mined rests on what is published; bring it up to date with: lotwise run",
            err=True,
        )
    return here


def rows(here: Project, *names: str) -> dict[str, list[Row]]:
    """Return tables as rows, by name."""
    return {name: here.table(name).to_pylist() for name in names}


def notes(here: Project, part: str) -> list[Row]:
    """Return what a part of mining said of itself."""
    return [row for row in here.table("mining").to_pylist() if row["part"] == part]


def currency(here: Project) -> str:
    """Return the currency of all the project's money."""
    return here.settings.project.currency


def choices(table: str, column: str) -> tuple[str, ...]:
    """Return the values that a column may have."""
    from lotwise.tables import contract

    return next(one.choices for one in contract(table).columns if one.name == column)


def one_of(name: str, names: Iterable[str], what: str) -> str:
    """Return the name that is meant: itself, or in other letters; a mistake names those there are."""
    known = list(dict.fromkeys(names))
    found = [one for one in known if one == name] or [one for one in known if one.casefold() == name.casefold()]
    if found:
        return found[0]
    there = ", ".join(known[:LISTED]) + (f" and {len(known) - LISTED:,} more" if len(known) > LISTED else "")
    raise InputError(f"There is no {what} '{name}'{near(name, known)} There is: {there or 'none'}")


def near(name: str, names: Iterable[str]) -> str:
    """Return ``"; did you mean 'X'?"`` for the name most alike, whatever its letters' case, or a full stop."""
    known = {one.casefold(): one for one in names}
    close = get_close_matches(name.casefold(), list(known), n=1, cutoff=LIKENESS)
    return f"; did you mean '{known[close[0]]}'?" if close else "."


def meant(here: Project, name: str, names: Iterable[str]) -> set[str]:
    """Return which of the names are meant by one of them or by a product's code, name, type or category.

    There are none where the product is known but nothing was found of it.

    Raises
    ------
    InputError
        It is none of them.
    """
    known = set(names)
    low = name.casefold()
    found = {one for one in known if one == name} or {one for one in known if one.casefold() == low}
    if found:
        return found
    products = here.find("products")
    columns = [] if products is None else [column for column in CALLED_BY if column in products.column_names]
    called = [] if products is None else products.select(columns).to_pylist()
    mine = [row for row in called if any((row[column] or "").casefold() == low for column in columns)]
    if not mine:
        every = known | {row[column] for row in called for column in columns if row[column]}
        raise InputError(f"Nothing is known of '{name}'{near(name, sorted(every))}")
    for column in columns:
        if found := {row[column] for row in mine} & known:
            return found
    return set()


def customer(begun: str, names: Sequence[str]) -> str:
    """Return the one customer whose pseudonym begins so.

    Raises
    ------
    InputError
        None does, or several do.
    """
    if begun in names:
        return begun
    found = [name for name in names if name.startswith(begun)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{len(found):,} customers begin with '{begun}', such as {', '.join(found[:3])}; write more of it.")
    raise InputError(
        f"There is no customer '{begun}'{near(begun, names)} Customers go by their pseudonyms; see some with: lotwise profile"
    )


def lines(found: Iterable[Row]) -> None:
    """Write one JSON object a line."""
    import json as encoder

    for row in found:
        typer.echo(encoder.dumps(row, default=str, ensure_ascii=False))
