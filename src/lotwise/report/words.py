"""Every word of the page, from one TOML catalog a language.

Stages write English into their tables. Their fixed vocabulary stands in the catalogs under ``phrases``: a text that matches
an English phrase is shown as the phrase of the page's language, and any other text stays as it is, marked as English.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from datetime import date, datetime

PHRASES = "phrases."
CUTS = ((re.compile(r"(?<=\.)\s+"), ""), (re.compile(r";\s+"), "；"))
"""Where a text of several sentences, then of several clauses, is cut, and what joins the parts in Chinese."""

LISTED = ", "
"""What parts the words of a list, such as the name of a segment; a list is told where each of its words is known."""

PLACE = re.compile(r"\{(\w+)\}")
ANY, ONE_WORD = ".", r"\S"
"""What a place holds: any letter; or none that is blank."""
SAID, COUNT = "said", "count"
"""How a place begins that holds words of a stage, told in the page's language where they are known; and one of a number."""


@cache
def catalog(language: str) -> dict[str, str]:
    """Return the words of a language by dotted key, such as ``"ledger.title"``."""
    text = (files("lotwise.report") / "words" / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(content: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in content.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return pairs


@cache
def _plain() -> dict[str, str]:
    """Return the key of every English phrase without places."""
    phrases = [(text, key) for key, text in catalog("en").items() if key.startswith(PHRASES)]
    return {text: key for text, key in reversed(phrases) if not PLACE.search(text)}


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return a pattern for every English phrase with places, those that fix the most letters first."""
    phrases = [(key, text) for key, text in catalog("en").items() if key.startswith(PHRASES) and PLACE.search(text)]
    phrases.sort(key=lambda pair: -len(PLACE.sub("", pair[1])))
    return [(key, re.compile(_as_pattern(text), re.DOTALL)) for key, text in phrases]


def _as_pattern(text: str) -> str:
    pieces = PLACE.split(text)
    held = [rf"(?P<{piece}>{ONE_WORD if piece == COUNT else ANY}+?)" for piece in pieces[1::2]]
    fixed = [re.escape(piece) for piece in pieces[::2]]
    return "".join(part for pair in zip_longest(fixed, held, fillvalue="") for part in pair)


class Words:
    """The words of one language.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = catalog(language)
        self._told: dict[str, Markup | None] = {}

    def __call__(self, key: str, **values: object) -> Markup:
        """Return the words under a key, with values in their places; values that are not markup are escaped."""
        return Markup(self._words[key]).format(**values) if values else Markup(self._words[key])  # noqa: S704  our own catalog

    def text(self, key: str, **values: object) -> str:
        """Return the words under a key as plain text, for attributes and charts."""
        return self._words[key].format(**values)

    def text_of(self, key: str) -> str:
        """Return the words under a key with their places unfilled."""
        return self._words[key]

    def has(self, key: str) -> bool:
        """Whether the catalog holds a key."""
        return key in self._words

    def phrase(self, said: str | None) -> Markup:
        """Return what a stage said in the page's language where it is fixed vocabulary, else marked as English."""
        if not said:
            return Markup("")
        if self.language == "en":
            return escape(said)
        found = self._find(said, CUTS)
        return _english(said) if found is None else found

    def _find(self, said: str, cuts: tuple[tuple[re.Pattern[str], str], ...]) -> Markup | None:
        """Return what was said, cut into sentences and clauses if each is known, else whole, else what is known of it.

        Cut first, for the place at the end of a phrase would hold all sentences that follow it.
        """
        if not cuts:
            return self._match(said)
        (cut, join), *finer = cuts
        parts = cut.split(said)
        shown = [self._find(part, tuple(finer)) for part in parts]
        if not all(shown):
            whole = self._match(said)
            if whole is not None or not any(shown):
                return whole
        return Markup(join).join(_english(part) if there is None else there for part, there in zip(parts, shown, strict=True))  # noqa: S704  our own separators

    def plain(self, said: str) -> str:
        """Return ``phrase`` without markup, for charts."""
        return said if self.language == "en" else str((self._match(said) or Markup("{}").format(said)).striptags())

    def _match(self, said: str) -> Markup | None:
        """Return what was said as one phrase or as a list of phrases; each text is looked for once."""
        if said not in self._told:
            self._told[said] = self._sought(said)
        return self._told[said]

    def _sought(self, said: str) -> Markup | None:
        """Return the phrase that fits; before one that holds a list in a place comes a list of phrases."""
        if said in _plain():
            return self(_plain()[said])
        fits = [(key, match.groupdict()) for key, pattern in _patterns() if (match := pattern.fullmatch(said))]
        single = next(((key, held) for key, held in fits if not any(LISTED in part for part in held.values())), None)
        return (single and self._filled(*single)) or self._list(said) or (self._filled(*fits[0]) if fits else None)

    def _filled(self, key: str, held: dict[str, str]) -> Markup:
        return self(key, **{name: self._kept(name, part) for name, part in held.items()})

    def _list(self, said: str) -> Markup | None:
        """Return a list of phrases; nothing where one of them is none."""
        parts = said.split(LISTED)
        told = [self._match(part) for part in parts] if len(parts) > 1 else []
        known = [part for part in told if part is not None]
        return self("headline.comma").join(known) if known and len(known) == len(parts) else None

    def _kept(self, name: str, part: str) -> Markup:
        """Return what a phrase carries over: as it is, save units of measure that are ours and words of a stage."""
        if name.startswith(SAID):
            return self.terms(part)
        return self.unit(part) if name == "unit" else _untranslated(part)

    def terms(self, said: str) -> Markup:
        """Return a list of words, those a stage says in the page's language, and the user's own as they are."""
        parts = [said] if self._match(said) is not None else said.split(LISTED)
        return self("headline.comma").join(self.term(part) for part in parts)

    def term(self, said: str) -> Markup:
        """Return a word in the page's language where a stage says it, else as it is: a name of the user's."""
        told = self._match(said)
        return _untranslated(said) if told is None else told

    def unit(self, unit: str) -> Markup:
        """Return what something is counted in: hours, units and room in the page's language, any other unit as it is."""
        return self(f"units.{unit}") if self.has(f"units.{unit}") else _untranslated(unit)

    def day(self, day: date) -> str:
        """Return a day in full."""
        return self.text("dates.long", month=self.text(f"months.m{day.month}"), **_parts(day))

    def brief(self, day: date) -> str:
        """Return a day without its year."""
        return self.text("dates.short", month=self.text(f"months.m{day.month}"), **_parts(day))

    def minute(self, when: datetime) -> str:
        """Return a time without its year and seconds."""
        return self.text("dates.minute", day=self.brief(when), clock=f"{when:%H:%M}")


def _untranslated(said: str) -> Markup:
    return Markup('<span translate="no">{}</span>').format(said)


def _english(said: str) -> Markup:
    return Markup('<span lang="en">{}</span>').format(said)


def _parts(day: date) -> dict[str, int]:
    return {"year": day.year, "day": day.day, "number": day.month}
