"""Our own words of opinion in both languages, read from ``words/`` into one dictionary."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

WEIGHTS = {"delighted": 2.0, "pleased": 1.0, "neutral": 0.0, "displeased": -1.0, "furious": -2.0}
"""Group of words -> what one of them adds to the sentiment of a clause."""

MORE, LESS = 1.5, 0.6
"""What an intensifier and its opposite multiply the word after them by."""

_UNIT = re.compile(r"[a-z\u00c0-\u024f]+(?:'[a-z]+)?|\d+(?:[./]\d+)*|[^\s\w]|[^\W\da-z_]", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[a-zA-Z])-(?=[a-zA-Z])")


class Kind(Enum):
    """What a word does in a clause."""

    OPINION = "opinion"
    NEGATOR = "negator"
    BLOCKER = "blocker"
    DEGREE = "degree"
    TOO = "too"
    CONTRAST = "contrast"
    ASPECT = "aspect"
    THING = "thing"
    FAULT = "fault"
    GRAVE = "grave"
    WISHED = "wished"
    OUTRIGHT = "outright"
    COMPARISON = "comparison"
    WISH = "wish"
    ENOUGH = "enough"
    ENOUGH_OF = "enough of"
    ADD = "add"


@dataclass(frozen=True)
class Lexicon:
    """Words and phrases and what they do.

    Parameters
    ----------
    terms
        Phrase, its units joined -> kinds and values.
    longest
        Most units of a phrase.
    signs
        Emoticon -> emoji it is read as.
    aspects
        Thing -> the aspect it belongs to.
    applies
        Thing where none is named -> things that may stand in its place.
    instead
        Change as it is put together -> change as it is written; empty: no change.
    only
        (word, thing): a fault of that thing only.
    """

    terms: dict[str, tuple[tuple[Kind, Any], ...]]
    longest: int
    signs: dict[str, str]
    aspects: dict[str, str]
    applies: dict[str, frozenset[str]]
    instead: dict[str, str]
    only: dict[str, str]


def units(text: str) -> list[str]:
    """Return the units of a text: a word of Latin letters with a space before it, a Chinese character or a mark alone."""
    found = _UNIT.findall(_HYPHEN.sub(" ", text).lower())
    return [f" {unit}" if unit[0].isascii() and unit[0].isalnum() else unit for unit in found]


@cache
def lexicon() -> Lexicon:
    """Return the words of both languages."""
    shared, *spoken = (_read(name) for name in ("shared", "en", "zh"))
    terms: dict[str, dict[Kind, Any]] = {}
    longest = 1
    only: dict[str, str] = {}
    for words in spoken:
        for phrase, kind, value in _entries(words):
            parts = units(phrase)
            longest = max(longest, len(parts))
            terms.setdefault("".join(parts), {}).setdefault(kind, value)
        only |= {"".join(units(word)): thing for thing, several in words["changes"]["only_of"].items() for word in several}
    emoji = shared["emoji"]
    for sign, weight in (("for", 1.5), ("against", -1.5)):
        for one in emoji[sign]:
            terms[one] = {Kind.OPINION: weight}
    signs = dict.fromkeys(emoji["signs_for"], "🙂") | dict.fromkeys(emoji["signs_against"], "🙁")
    return Lexicon(
        terms={phrase: tuple(kinds.items()) for phrase, kinds in terms.items()},
        longest=longest,
        signs=dict(sorted(signs.items(), key=lambda pair: -len(pair[0]))),
        aspects=shared["things"],
        applies={thing: frozenset(others) for thing, others in shared["applies"].items()},
        instead=shared["instead"],
        only=only,
    )


@cache
def negator_scope() -> dict[str, int]:
    """Return language -> units between a negator and a word it turns round."""
    return {name: int(_read(name)["modifiers"]["scope"]) for name in ("en", "zh")}


def aspect_names() -> tuple[str, ...]:
    """Return the aspects, in the order of the word lists."""
    return tuple(_read("en")["aspects"])


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words", f"{name}.toml").read_text(encoding="utf-8"))


def _entries(words: dict[str, Any]) -> list[tuple[str, Kind, Any]]:
    """Return (phrase, kind, value) of one language; where one phrase has a kind twice the first stands."""
    modifiers, changes = words["modifiers"], words["changes"]
    plain = {
        Kind.NEGATOR: modifiers["negators"], Kind.BLOCKER: modifiers["not_negating"], Kind.TOO: modifiers["too"],
        Kind.CONTRAST: modifiers["contrast"], Kind.GRAVE: changes["grave"], Kind.COMPARISON: changes["comparison"],
        Kind.WISH: changes["wish"], Kind.ENOUGH: changes["enough"], Kind.ADD: changes["add"],
    }  # fmt: skip
    valued = {
        Kind.ASPECT: words["aspects"], Kind.THING: words["things"], Kind.FAULT: words["faults"],
        Kind.WISHED: words["wishes"], Kind.OUTRIGHT: words["outright"], Kind.ENOUGH_OF: changes["enough_of"],
    }  # fmt: skip
    found = [(phrase, Kind.OPINION, weight) for group, weight in WEIGHTS.items() for phrase in words["polarity"].get(group, ())]
    found += [(phrase, Kind.DEGREE, value) for key, value in (("more", MORE), ("less", LESS)) for phrase in modifiers[key]]
    found += [(phrase, kind, True) for kind, phrases in plain.items() for phrase in phrases]
    found += [(phrase, kind, value) for kind, lists in valued.items() for value, phrases in lists.items() for phrase in phrases]
    return found
