"""Every word of the page, from one TOML catalog a language.

Stages write English into their tables. Their fixed vocabulary stands in the catalogs under ``phrases``: a text that matches
an English phrase is shown as the phrase of the page's language, and any other text stays as it is, marked as English.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from datetime import date, datetime

PHRASES = "phrases."
CUTS = ((re.compile(r"(?<=\.)\s+"), ""), (re.compile(r";\s+"), "；"))
"""Where a text of several sentences, then of several clauses, is cut, and what joins the parts in Chinese."""

PLACE = re.compile(r"\{(\w+)\}")


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
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return a pattern for every English phrase, those without places first, then those that fix the most letters."""
    phrases = [(key, text) for key, text in catalog("en").items() if key.startswith(PHRASES)]
    phrases.sort(key=lambda pair: (PLACE.search(pair[1]) is not None, -len(PLACE.sub("", pair[1]))))
    return [(key, re.compile(_as_pattern(text), re.DOTALL)) for key, text in phrases]


def _as_pattern(text: str) -> str:
    pieces = PLACE.split(text)
    return "".join(f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))


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
        for key, pattern in _patterns():
            match = pattern.fullmatch(said)
            if match:
                return self(key, **{name: self._kept(name, part) for name, part in match.groupdict().items()})
        return None

    def _kept(self, name: str, part: str) -> Markup:
        """Return what a phrase carries over: as it is, save units of measure that are ours."""
        return self.unit(part) if name == "unit" else _untranslated(part)

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
