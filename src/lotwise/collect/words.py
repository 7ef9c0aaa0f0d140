"""How much a name is one of the names others use."""

from __future__ import annotations

import re
import unicodedata

from lotwise.collect.vocabulary import COLUMNS

SAME = {"item": "product"}
"""Columns of ours whose names elsewhere are those of another."""
HOMES = ("orders", "routing", "materials", "items")
"""Tables whose words for a column count wherever a table has none of its own, in this order."""
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NUMBER = re.compile(r"nr$")
"""German for number, cut short."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
EXACT, LEAST = 1.0, 0.5


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name: camel case and signs parted, accents and case gone, "nr" spelled out."""
    spelled = CAMEL.sub(" ", name)
    for letter, plain in (
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("Ä", "Ae"),
        ("Ö", "Oe"),
        ("Ü", "Ue"),
        ("ß", "ss"),
        ("№", "no"),
        ("n°", "no"),
        ("N°", "no"),
    ):
        spelled = spelled.replace(letter, plain)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(sign))
    return tuple(NUMBER.sub("nummer", word) for word in re.findall(r"[0-9a-z]+|[\u4e00-\u9fff]+[a-z]*", bare.lower()))


def synonyms(table: str, column: str) -> list[str]:
    """Return what others call a column of ours, its own name first."""
    words = COLUMNS[table].get(column, "")
    for home in HOMES:
        words = words or COLUMNS[home].get(SAME.get(column, column) if home == "orders" else column, "")
    return [column.replace("_", " "), *words.split("|")] if words else [column.replace("_", " ")]


def likeness(name: str, known: list[str]) -> float:
    """Return how much a name is one of the known ones: 1 the same, at least 0.5 where words are shared, else 0."""
    theirs = tokens(name)
    best = 0.0
    for place, word in enumerate(known):
        ours = tokens(word)
        best = max(best, _alike(theirs, ours) - min(place, 40) * 0.002)
    return best if best >= LEAST - 0.1 else 0.0


def _alike(theirs: tuple[str, ...], ours: tuple[str, ...]) -> float:
    left, right = "".join(theirs), "".join(ours)
    if not left or not right:
        return 0.0
    if set(theirs) == set(ours) or left == right:
        return EXACT if left == right else 0.95
    if CHINESE.search(right) and right in left:
        return 0.6 + 0.3 * len(right) / len(left)
    if set(ours) <= set(theirs):
        return 0.55 + 0.35 * len(right) / len(left)
    if set(theirs) <= set(ours):
        return 0.5 + 0.35 * len(left) / len(right)
    return 0.0
