"""Texts as they come: cleaned, their language told, cut into sentences and clauses."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20_000
"""Characters of a text that are read; what comes after is not."""

BINARY = 0.1
"""Share of control characters and unreadable bytes above which a text is taken for binary data and read as empty."""

MINOR = 0.2
"""Share of a text's words up to which the smaller of two languages does not make it mixed."""

_MASK = re.compile(r"\[[a-z_ ]{3,20}\]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_FORMATS = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_SPACE = re.compile(r"[^\S\n]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+(?:'[a-z]+)?")
_WORDY = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"(?<=[!?。;…\n])|(?<=\.)(?=\s|$)|(?<=[~])(?=\s)")
_CLAUSE = re.compile(r"(?<=[,、:])(?!\d)|(?<= )-+(?= )|(?=\()|(?<=\))")


def clean(text: str | None) -> str:
    """Return the text in composed form (NFKC) without control characters; empty for nothing and for binary data.

    Only the first ``LONGEST`` characters are read. Tabs and runs of spaces become one space.
    """
    if not text:
        return ""
    head = text[:LONGEST]
    if len(_UNREADABLE.findall(head)) > BINARY * len(head):
        return ""
    plain = _FORMATS.sub("", _UNREADABLE.sub(" ", head))
    composed = unicodedata.normalize("NFKC", plain)[:LONGEST].replace("\u2019", "'").replace("\u2018", "'")
    return _SPACE.sub(" ", composed).strip()


def language(text: str) -> str:
    """Return ``"en"``, ``"zh"``, ``"mixed"`` or ``"other"`` by the shares of scripts in a clean text.

    A Chinese character counts as one, a word of Latin letters too; what guard masked (``[email]``) does not count. Texts
    without a letter, and those mostly in another script, are other. Other languages in Latin letters are not told from English.
    """
    bare = _MASK.sub(" ", text)
    han, latin = len(_HAN.findall(bare)), len(_LATIN.findall(bare))
    foreign = len(_WORDY.findall(_LATIN.sub("", _HAN.sub("", bare))))
    if foreign >= han + latin:
        return "other"
    share = han / (han + latin)
    if share >= 1 - MINOR:
        return "zh"
    return "en" if share <= MINOR else "mixed"


def sentences(text: str) -> list[str]:
    """Return the sentences of a clean text, in order, with the marks that end them."""
    return [part for part in (piece.strip() for piece in _SENTENCE.split(text)) if part]


def clauses(sentence: str) -> list[str]:
    """Return the clauses of a sentence, cut at commas, colons, dashes and brackets; words such as 'but' cut later."""
    return [part for part in (piece.strip() for piece in _CLAUSE.split(sentence)) if part.strip(",、: ")]
