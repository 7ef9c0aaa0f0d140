"""Which table of ours a file is, and which of its columns is which of ours: from names, then from values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lotwise.collect.mapping import DERIVED, OURS
from lotwise.collect.vocabulary import COLUMNS, FILES
from lotwise.collect.words import likeness, synonyms, tokens
from lotwise.tables.columns import COUNT, DAY, FLAG, REAL, TEXT, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lotwise.collect.glance import Glance, Look
    from lotwise.tables import Column

NUMBERS = ("integer", "number")
KINDS = {
    TIME: {"date": 1.0},
    DAY: {"date": 1.0},
    REAL: {"integer": 1.0, "number": 1.0},
    COUNT: {"integer": 1.0},
    FLAG: {"flag": 1.0, "integer": 0.6, "text": 0.3},
    TEXT: {"text": 1.0, "integer": 1.0, "email": 0.8, "flag": 0.9, "number": 0.3},
}
"""How well the look of values suits a type of ours; 0 where it does not stand here."""
LINE = frozenset({"lineitem", "item", "line"})
FALLBACK = 0.42
NEEDED = 0.05
"""Start of a required column of ours over one that may be absent."""
SURE = 0.7
SPARE = {"products": ("category",), "receipts": ("kind",), "overrides": ("kind", "made")}
"""Required columns that a proposal fills with a constant, to be decided by the user."""
TELLING = {"items": "unit", "families": "setup_hours", "sites": "name"}
"""Tables whose key alone says nothing, and the column that is then said to be missing."""


@dataclass(frozen=True)
class Guess:
    """One file as one table of ours.

    Parameters
    ----------
    table
        The table.
    columns
        Our column -> theirs.
    sure
        Our column -> how sure, from 0 to 1.
    missing
        Required columns of ours that nothing gives.
    score
        How well it fits, to be compared between tables of one file.
    """

    table: str
    columns: dict[str, str]
    sure: dict[str, float]
    missing: tuple[str, ...]
    score: float


def guess(seen: Glance) -> list[Guess]:
    """Return the tables a file may be, the likeliest first; those that miss a required column come last."""
    guesses = [guess_table(seen, name) for name in COLUMNS]
    return sorted(guesses, key=lambda g: (len(g.missing) > 0, -g.score, g.table != "orders"))


def match(columns: Iterable[Look], table: str) -> dict[str, tuple[Look, float]]:
    """Return our column -> their column and how sure, each of theirs used once."""
    theirs = [look for look in columns if look.kind != "empty"]
    lines = any("lineitem" in tokens(look.name) for look in theirs)
    pairs = []
    for column in OURS[table].columns:
        known = synonyms(table, column.name)
        for place, look in enumerate(theirs):
            order_level = lines and column.name in {"revenue", "discount"} and not LINE & set(tokens(look.name))
            score = 0.0 if order_level else likeness(look.name, known) * _suits(column, look)
            if score:
                pairs.append((-score - (0 if column.nullable else NEEDED), place, column.name, look))
    pairs.sort(key=lambda pair: pair[:3])
    found: dict[str, tuple[Look, float]] = {}
    for score, _, name, look in pairs:
        if name not in found and all(look is not taken for taken, _ in found.values()):
            found[name] = (look, min(-score, 1.0))
    return found


def _suits(column: Column, look: Look) -> float:
    suit = KINDS[column.type].get(look.kind, 0.0)
    return suit * 0.9 if column.name == "customer" and look.kind == "text" and look.distinct == 1 else suit


def guess_table(seen: Glance, table: str) -> Guess:
    """Return one file as one table of ours, whatever it lacks."""
    found = match(seen.columns, table)
    if table == "orders":
        _fall_back(found, seen)
    required = [c.name for c in OURS[table].columns if not c.nullable and c.name not in DERIVED.get(table, ())]
    missing = tuple(name for name in required if name not in found and name not in SPARE.get(table, ()))
    if table in TELLING and not set(found) - set(OURS[table].key):
        missing = (*missing, TELLING[table])
    weights = {name: 2.0 if name in required else 1.0 for name in found}
    got = sum(weights[name] * sure for name, (_, sure) in found.items())
    named = likeness(seen.file.path.stem, FILES[table].split("|"))
    sure = {name: score for name, (_, score) in found.items()}
    columns = {c.name: found[c.name][0].name for c in OURS[table].columns if c.name in found}
    return Guess(table, columns, sure, missing, got / (1.0 + 0.1 * len(missing)) + 2.5 * named - 1.5 * len(missing))


def _fall_back(found: dict[str, tuple[Look, float]], seen: Glance) -> None:
    """Fill what names did not tell from values: the only date, small whole numbers, e-mails, money."""
    free = [look for look in seen.columns if all(look is not taken for taken, _ in found.values())]
    wanted = (
        ("time", [look for look in free if look.kind == "date"]),
        ("customer", [look for look in free if look.kind == "email"]),
        ("units", [look for look in free if look.kind == "integer" and look.distinct < 0.2 and len(look.example) < 4]),  # noqa: PLR2004
        ("unit_price", [look for look in free if look.kind == "number"]),
    )
    for name, looks in wanted:
        if name not in found and looks and not (name == "unit_price" and "revenue" in found):
            found[name] = (looks[0], FALLBACK)
