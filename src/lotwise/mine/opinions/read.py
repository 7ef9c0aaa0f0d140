"""Every text read: sentiment, aspects, requests and intents, by readers learned from these texts and from ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from lotwise.mine.opinions import aspects, intents, scores, sentiment
from lotwise.mine.opinions.labels import Labels
from lotwise.mine.opinions.reading import Judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.opinions.reader import Learned
    from lotwise.mine.opinions.reading import Texts
    from lotwise.mine.opinions.sentiment import Score

SERVICE = frozenset({"chat"})
"""Kinds of events that are messages to the service."""

GRIEVANCE = "complaint"
"""Intent whose messages are opinions; other messages ask, and a question is no request for a change."""

ROUND = 6


@dataclass(frozen=True)
class Read:
    """The texts, what the readers made of them, and how the readers did."""

    texts: Texts
    judged: Judged
    scores: tuple[Score, ...]


def read(texts: Texts, *, labels: Labels | None = None, certainty: float = 0.5) -> Read:
    """Return what the texts say.

    Parameters
    ----------
    texts
        As gathered.
    labels
        Texts labeled by the user.
    certainty
        From which an intent is told; below it is ``other``.
    """
    labels = labels or Labels()
    with threadpool_limits(limits=1):
        chances, basis, found = sentiment.judge(texts, labels.sentiments)
        chances = np.round(chances, ROUND)
        words = aspects.learn(texts)
        told = aspects.judge(texts, chances, words)
        wanted, sure, learned = _intents(texts, labels, certainty)
    asks = [intent not in {None, GRIEVANCE} for intent in wanted]
    judged = Judged(
        chance=chances,
        basis=basis,
        aspects=tuple({} if asking else one for one, asking in zip(told, asks, strict=True)),
        changes=tuple(() if asking else said.changes for said, asking in zip(texts.said, asks, strict=True)),
        intent=wanted,
        intent_certainty=sure,
    )
    return Read(texts, judged, (*found, *words.scores, *learned))


def _intents(
    texts: Texts, labels: Labels, certainty: float
) -> tuple[tuple[str | None, ...], tuple[float | None, ...], list[Score]]:
    """Return intent and certainty of each service message, and how the readers did on messages held out."""
    wanted: list[str | None] = [None] * len(texts)
    sure: list[float | None] = [None] * len(texts)
    found = []
    is_message = np.array([kind in SERVICE for kind in texts.kind], dtype=bool)
    for row in np.flatnonzero(is_message):
        wanted[row], sure[row] = "other", 0.0
    for language in intents.LANGUAGES:
        rows = np.flatnonzero(is_message & (texts.spoken == language))
        if not len(rows):
            continue
        own = [(text, intent) for text, spoken, intent in labels.intents if spoken == language]
        learned = intents.train(language, own)
        different = sorted({texts.plain[row] for row in rows})
        classes, certain = learned.reader.predict([intents.cued(text) for text in different])
        told = dict(zip(different, zip(classes, np.round(certain, ROUND).tolist(), strict=True), strict=True))
        for row in rows:
            intent, chance = told[texts.plain[row]]
            wanted[row], sure[row] = intent if chance >= certainty else "other", chance
        found += _scores(learned, language, len(own))
    return tuple(wanted), tuple(sure), found


def _scores(learned: Learned, language: str, own: int) -> list[Score]:
    """Return how messages held out were read: the user's where there are enough of them, and ours."""
    best, certain = learned.held_out.argmax(axis=1), learned.held_out.max(axis=1)
    ours = len(best) - own * intents.REPEATS
    model = sentiment.MODEL
    parts: Sequence[tuple[str, NDArray[np.int64], str]] = (
        (model, np.arange(ours), "our own examples"),
        (f"{model}, on your labels", np.arange(ours, len(best), intents.REPEATS), sentiment.LABELS),
    )
    return [
        sentiment.Score(
            "intent", language, name, len(rows), scores.accuracy(learned.truth[rows], best[rows]),
            scores.macro_f1(learned.truth[rows], best[rows]),
            scores.calibration_error(learned.truth[rows] == best[rows], certain[rows]), basis,
        )
        for name, rows, basis in parts
        if len(rows)
    ]  # fmt: skip
