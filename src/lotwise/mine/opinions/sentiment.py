"""Sentiment of a project's texts: by a reader learned from its own rated texts, by the word lists, or by the stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.opinions import scores
from lotwise.mine.opinions.polarity import chance, signed
from lotwise.mine.opinions.reader import fit, platt
from lotwise.mine.opinions.statements import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.opinions.reader import Reader
    from lotwise.mine.opinions.reading import Texts

FOR, AGAINST = 4.0, 2.0
"""Stars from which a text is for, and up to which it is against; those between teach nothing."""

ENOUGH = 50
"""Texts of each side, in one language, from which a reader is learned."""

MOST = 20_000
"""Most texts a reader is learned from: the latest."""

MODEL, WORDS = "character sequences and our words, linear", "word lists"
STARS, LABELS = "stars", "labels given by you"


@dataclass(frozen=True)
class Score:
    """How a reader did on texts it had not seen."""

    task: str
    language: str
    model: str
    texts: int
    accuracy: float
    macro_f1: float
    calibration_error: float | None
    basis: str


def judge(
    texts: Texts, labels: Sequence[tuple[str, str, bool]] = ()
) -> tuple[NDArray[np.float64], tuple[str, ...], list[Score]]:
    """Return the chance that each text is for something, what it rests on, and how the readers did.

    In each language with at least ``ENOUGH`` rated texts of both sides a reader is learned, of the texts and of what the word
    lists make of them, and used where it reads held-out texts at least as well as the word lists do; the word lists are
    calibrated on the stars else. Rated texts are read by readers that have not seen them.

    Parameters
    ----------
    texts
        What is to be read.
    labels
        (text, language, whether it is for) of the user's own, clean; learned from beside the stars.
    """
    chances = np.array([chance(one) for one in texts.said])
    basis = ["words"] * len(texts)
    found: list[Score] = []
    rated = (texts.stars >= FOR) | (texts.stars <= AGAINST)
    worded = np.array([bool(text) for text in texts.plain], dtype=bool)
    for language in ("en", "zh"):
        here = worded & (texts.spoken == language)
        rows = np.flatnonzero(here & rated)[-MOST:]
        own = [(text, is_for) for text, spoken, is_for in labels if spoken == language]
        found += _learn(texts, chances, basis, language, (here, rows, own))
    mute = np.array([not text or not (one.opinions or basis[row] == "model") for row, (text, one) in
                     enumerate(zip(texts.plain, texts.said, strict=True))], dtype=bool)  # fmt: skip
    for row in np.flatnonzero(mute & ~np.isnan(texts.stars)):
        chances[row], basis[row] = (texts.stars[row] - 1) / 4, "stars"
    return chances, tuple(basis), found


def _learn(
    texts: Texts,
    chances: NDArray[np.float64],
    basis: list[str],
    language: str,
    given: tuple[NDArray[np.bool_], NDArray[np.int64], list[tuple[str, bool]]],
) -> list[Score]:
    """Put the chances of one language's texts in place where they can be learned, and return the scores."""
    here, rows, own = given
    truth = np.concatenate([texts.stars[rows] >= FOR, [is_for for _, is_for in own]]).astype(np.int64)
    if not len(rows):
        return []
    by_words, right = chances[rows], truth[: len(rows)]
    listed = _score(language, WORDS, right, by_words)
    if min((truth == 1).sum(), (truth == 0).sum()) < ENOUGH:
        return [listed] if len(set(right.tolist())) > 1 else []
    known = [*(signed(texts.plain[row], texts.said[row]) for row in rows), *(signed(text, said(text)) for text, _ in own)]
    learned = fit(known, [str(one) for one in truth])
    held_out = learned.held_out[: len(rows), 1]
    model = _score(language, MODEL, right, held_out)
    if model.accuracy >= listed.accuracy:
        _put(texts, chances, basis, learned.reader, here)
        chances[rows] = held_out
        return [model, listed]
    odds = np.log(chances / (1 - chances))
    slope, offset = platt(odds[rows], right)
    chances[here] = 1 / (1 + np.exp(-(slope * odds[here] + offset)))
    return [model, _score(language, WORDS, right, chances[rows])]


def _put(texts: Texts, chances: NDArray[np.float64], basis: list[str], reader: Reader, here: NDArray[np.bool_]) -> None:
    rows = np.flatnonzero(here)
    chances[rows] = reader.chances([signed(texts.plain[row], texts.said[row]) for row in rows])[:, 1]
    for row in rows:
        basis[row] = "model"


def _score(language: str, model: str, truth: NDArray[np.int64], chances: NDArray[np.float64]) -> Score:
    found = (chances >= 0.5).astype(np.int64)  # noqa: PLR2004  the likelier side
    error = scores.calibration_error(found == truth, np.maximum(chances, 1 - chances))
    return Score(
        "sentiment", language, model, len(truth), scores.accuracy(truth, found), scores.macro_f1(truth, found), error, STARS
    )
