"""Which words of opinion stand where in a text, and the clauses they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from lotwise.mine.opinions.lexicon import Kind, Lexicon, lexicon, units
from lotwise.mine.opinions.text import clauses, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 120
"""Units of a clause: longer runs without a mark are cut, for each word is weighed against all others of its clause."""

Hit = tuple[int, int, tuple[tuple[Kind, Any], ...]]


@dataclass(frozen=True)
class Mark:
    """One word or phrase that does something: ``start`` to ``end`` in units of its clause."""

    kind: Kind
    value: Any
    start: int
    end: int
    phrase: str


@dataclass(frozen=True)
class Clause:
    """One clause with its marks.

    Parameters
    ----------
    units
        Its words, characters and marks.
    marks
        What was found in it, by kind.
    contrasts
        Whether it begins with a word such as 'but'.
    sentence
        Number of its sentence in the text.
    """

    units: tuple[str, ...]
    marks: dict[Kind, tuple[Mark, ...]]
    contrasts: bool
    sentence: int

    def of(self, kind: Kind) -> tuple[Mark, ...]:
        """Return the marks of one kind, in order."""
        return self.marks.get(kind, ())


def parse(text: str) -> list[Clause]:
    """Return the clauses of a clean text, with their marks; phrases of each kind are the longest there are."""
    words = lexicon()
    for sign, emoji in words.signs.items():
        if sign in text:
            text = text.replace(sign, f" {emoji} ")
    found: list[Clause] = []
    for number, sentence in enumerate(sentences(text)):
        for clause in clauses(sentence):
            whole = units(clause)
            for row in (whole[begin : begin + LONGEST] for begin in range(0, len(whole), LONGEST)):
                found += _clauses(row, words, number)
    return found


def _clauses(row: list[str], words: Lexicon, sentence: int) -> Iterator[Clause]:
    hits = _hits(row, words)
    for start, end, contrasts in _pieces(hits, len(row)):
        within = [(a - start, b - start, kinds) for a, b, kinds in hits if start <= a and b <= end]
        piece = row[start:end]
        yield Clause(tuple(piece), _marks(piece, within), contrasts, sentence)


def _pieces(hits: list[Hit], count: int) -> list[tuple[int, int, bool]]:
    """Return start and end of the parts between words of contrast, and whether such a word opens each."""
    cuts = [(start, end) for start, end, kinds in hits if any(kind is Kind.CONTRAST for kind, _ in kinds)]
    if not cuts:
        return [(0, count, False)] if count else []
    opinions = [(start, end) for start, end, kinds in hits if any(kind is Kind.OPINION for kind, _ in kinds)]
    places = sorted({a for a, b in cuts if not any(c <= a and b <= d and (a, b) != (c, d) for c, d in opinions)} | {0})
    opened = {a for a, _ in cuts}
    ends = [*places[1:], count]
    return [(start, end, start in opened) for start, end in zip(places, ends, strict=True) if end > start]


def _hits(row: list[str], words: Lexicon) -> list[Hit]:
    """Return (start, end, kinds) of every phrase found, the longest first at each place."""
    found = []
    terms, count, heads = words.terms, len(row), _heads()
    for start, unit in enumerate(row):
        for end in range(min(count, start + heads.get(unit, 0)), start, -1):
            kinds = terms.get("".join(row[start:end]))
            if kinds:
                found.append((start, end, kinds))
    return found


@cache
def _heads() -> dict[str, int]:
    """Return first unit -> most units of a phrase that begins with it."""
    heads: dict[str, int] = {}
    for phrase in lexicon().terms:
        parts = units(phrase) or [phrase]
        heads[parts[0]] = max(heads.get(parts[0], 0), len(parts))
    return heads


def _marks(row: list[str], hits: list[Hit]) -> dict[Kind, tuple[Mark, ...]]:
    free: dict[Kind, int] = {}
    found: dict[Kind, list[Mark]] = {}
    for start, end, kinds in hits:
        for kind, value in kinds:
            if free.get(kind, 0) <= start:
                free[kind] = end
                found.setdefault(kind, []).append(Mark(kind, value, start, end, "".join(row[start:end])))
    _drop_inside(found, Kind.NEGATOR, (Kind.BLOCKER, Kind.OPINION))
    _drop_inside(found, Kind.DEGREE, (Kind.OPINION,))
    _drop_inside(found, Kind.OPINION, (Kind.WISH,))
    _drop_inside(found, Kind.FAULT, (Kind.OUTRIGHT,))
    for kind in (Kind.FAULT, Kind.OUTRIGHT, Kind.ENOUGH_OF, Kind.GRAVE):
        _drop_inside(found, kind, (Kind.OPINION,), praise=True)
    return {kind: tuple(marks) for kind, marks in found.items() if marks}


def _drop_inside(found: dict[Kind, list[Mark]], kind: Kind, larger: tuple[Kind, ...], *, praise: bool = False) -> None:
    """Take out marks of one kind that are only part of a longer phrase of others: the 'not' of 'not only'.

    With ``praise`` only longer phrases of praise count, such as the Chinese for 'does not shrink'.
    """
    around = [mark for other in larger for mark in found.get(other, ()) if not praise or mark.value > 0]
    if not around or kind not in found:
        return
    found[kind] = [
        mark
        for mark in found[kind]
        if not any(
            one.start <= mark.start and mark.end <= one.end and (one.start, one.end) != (mark.start, mark.end) for one in around
        )
    ]
