"""Words of texts, English and Chinese, and in how many texts of each week they stand."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

LONGEST_TEXT = 5000
"""Characters of a text that are read."""

LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LENGTHS = (2, 3, 4)
"""Characters of a Chinese word: nothing parts words there, so that each run of so many is one, and the longest is told."""


def spoken(
    texts: Sequence[str], week: NDArray[np.int64], weeks: int, *, most: int, fewest: float
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return words, and in how many texts of each week each stands, ``(n_words, weeks)``; the most frequent first.

    A Chinese run of characters that stands in (nearly) as many texts as a longer one that holds it is left out.

    Parameters
    ----------
    texts, week
        The texts, and the place of the week of each; -1 outside.
    weeks
        Number of weeks.
    most, fewest
        Most words; texts a week, on average, below which a word is too rare.
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415  slow to import

    held = [
        set(_words(text[:LONGEST_TEXT], ENGLISH_STOP_WORDS)) if place >= 0 else set()
        for text, place in zip(texts, week, strict=True)
    ]
    frequency = Counter(word for words in held for word in words)
    often = {word for word, count in frequency.items() if count >= fewest * weeks}
    parts = {
        part
        for word in often
        if CHINESE.match(word)
        for part in _runs(word)
        if part != word and part in often and frequency[word] >= 0.9 * frequency[part]
    }
    kept = sorted(often - parts, key=lambda word: (-frequency[word], word))[:most]
    place = {word: row for row, word in enumerate(kept)}
    count = np.zeros((len(kept), weeks))
    for words, when in zip(held, week, strict=True):
        for word in words:
            if word in place:
                count[place[word], when] += 1
    return tuple(kept), count


def _words(text: str, plain: frozenset[str]) -> Iterator[str]:
    for run in CHINESE.findall(text):
        yield from _runs(run)
    for word in LETTERS.findall(CHINESE.sub(" ", text).lower()):
        if len(word) > 2 and word not in plain:  # noqa: PLR2004  shorter ones are no words of a subject
            yield word


def _runs(run: str) -> Iterator[str]:
    for length in LENGTHS:
        for start in range(len(run) - length + 1):
            yield run[start : start + length]
