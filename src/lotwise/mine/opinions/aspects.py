"""Which aspects each text is for and against, by our own words and, where they prove right, by the project's own."""

from __future__ import annotations

import itertools
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.opinions import scores
from lotwise.mine.opinions.lexicon import Kind, lexicon
from lotwise.mine.opinions.marks import parse
from lotwise.mine.opinions.sentiment import Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from lotwise.mine.opinions.reading import Texts

UNSURE = 0.1
"""How far the chance of a text must be from 0.5 to say how it means an aspect that it only names."""

SEEN, PURE = 8, 0.85
"""Clauses of one half that hold a word, and the share of them about one aspect, for the word to be tried on the other half."""

HELD, RIGHT = 5, 0.8
"""Clauses of the other half that hold it, and the share of them it must be right in, to be used."""

MANY = 200
"""Clauses about one aspect from which words are learned."""

MOST_TEXTS = 20_000
SHORTEST = 4
"""Letters of the shortest English word that is tried."""

LEARNED = "words of your own texts"


@dataclass(frozen=True)
class Words:
    """Words of the project's own texts that point to an aspect, and how they did on clauses they were not chosen in."""

    aspects: dict[str, str]
    scores: tuple[Score, ...]


def judge(texts: Texts, chances: NDArray[np.float64], words: Words) -> tuple[dict[str, bool], ...]:
    """Return aspect -> whether the text is for it, of each text.

    A clause says it by its own opinions; where it only names an aspect, the text as a whole does, if it is sure enough.
    """
    found = []
    cache: dict[str, dict[str, float | None]] = {}
    for row, said in enumerate(texts.said):
        named = dict(said.aspects)
        if words.aspects and not named:
            plain = texts.plain[row]
            if plain not in cache:
                cache[plain] = _by_words(plain, words.aspects)
            named = cache[plain]
        lean = float(chances[row]) - 0.5
        told = {}
        for aspect, weight in named.items():
            if weight:
                told[aspect] = weight > 0
            elif abs(lean) > UNSURE:
                told[aspect] = lean > 0
        found.append(told)
    return tuple(found)


def learn(texts: Texts) -> Words:
    """Return words that go with one aspect in half of the clauses, and still do in the other half.

    Clauses that name exactly one aspect by our own words say what is right; halves are dealt by a checksum of the clause.
    """
    aspects: dict[str, str] = {}
    told: list[Score] = []
    for language in ("en", "zh"):
        plain = {texts.plain[row] for row in np.flatnonzero(texts.spoken == language)}
        clauses = _clauses(sorted(plain)[:MOST_TEXTS])
        if len(clauses) < MANY:
            continue
        halves = [[pair for pair in clauses if zlib.crc32("".join(sorted(pair[0])).encode()) % 2 == half] for half in (0, 1)]
        tried = _pure(halves[0])
        truth, found = [], []
        for word, aspect in tried.items():
            held = [about for terms, about in halves[1] if word in terms]
            right = sum(about == aspect for about in held)
            if len(held) >= HELD and right >= RIGHT * len(held):
                aspects[word] = aspect
                truth += held
                found += [aspect] * len(held)
        if truth:
            told.append(_score(language, truth, found))
    return Words(aspects, tuple(told))


def _score(language: str, truth: list[str], found: list[str]) -> Score:
    _, places = np.unique(np.array(truth + found), return_inverse=True)
    right, read = places[: len(truth)].astype(np.int64), places[len(truth) :].astype(np.int64)
    basis = "our own examples"
    return Score(
        "aspect", language, LEARNED, len(truth), scores.accuracy(right, read), scores.macro_f1(right, read), None, basis
    )


def _clauses(plain: Sequence[str]) -> list[tuple[frozenset[str], str]]:
    """Return (candidate words, aspect) of the different clauses that name one aspect."""
    found: dict[frozenset[str], str] = {}
    for text in plain:
        for clause in parse(text):
            named = {mark.value for mark in clause.of(Kind.ASPECT)}
            if len(named) == 1:
                found.setdefault(_terms(clause.units), named.pop())
    return list(found.items())


def _pure(clauses: Sequence[tuple[frozenset[str], str]]) -> dict[str, str]:
    """Return the words that go with one aspect nearly always, and our own words do not hold."""
    count, by_aspect = Counter[str](), Counter[tuple[str, str]]()
    for terms, aspect in clauses:
        count.update(terms)
        by_aspect.update((term, aspect) for term in terms)
    known = lexicon().terms
    found = {}
    for (term, aspect), together in sorted(by_aspect.items()):
        if count[term] >= SEEN and together >= PURE * count[term] and term not in known:
            found[term] = aspect
    return found


def _terms(units: Iterable[str]) -> frozenset[str]:
    """Return English words of some length and pairs of Chinese characters."""
    row = list(units)
    latin = {unit for unit in row if unit.startswith(" ") and len(unit) > SHORTEST and unit[1:].isalpha()}
    pairs = {a + b for a, b in itertools.pairwise(row) if a >= "\u4e00" and b >= "\u4e00" and (a + b).isalpha()}
    return frozenset(latin | pairs)


def _by_words(plain: str, aspects: dict[str, str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for clause in parse(plain):
        for term in sorted(_terms(clause.units)):
            if term in aspects:
                found.setdefault(aspects[term], None)
    return found
