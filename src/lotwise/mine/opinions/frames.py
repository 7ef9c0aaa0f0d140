"""Opinions in a frame of your own, and a reader of labels of your own, without a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import ContractError, LotwiseError, breaches
from lotwise.mine.intake import Frame
from lotwise.mine.opinions import labels as labeled
from lotwise.mine.opinions import reader, scores, telling
from lotwise.mine.opinions.read import read
from lotwise.mine.opinions.reading import gather
from lotwise.mine.opinions.stake import Stake
from lotwise.mine.opinions.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MOST = 200_000
MONDAY = 4
"""Day from 1970-01-01 that texts without a time count for, a Monday."""

KINDS = ("review", "survey", "chat", "rating")
NO_ORDERS = Stake(None, None, None, "not reckoned: it takes the orders of a project")


@dataclass(frozen=True)
class Opinions:
    """What the texts of a frame say, in tables with the columns of a project's.

    Parameters
    ----------
    readings
        A row a text that could be read: language, sentiment, certainty, aspects, intent.
    opinions
        What is said of each aspect of each product.
    requests
        Changes that are asked for, without money.
    topics
        Topics from week to week.
    scores
        How well the readers did on texts they had not seen.
    """

    readings: pa.Table
    opinions: pa.Table
    requests: pa.Table
    topics: pa.Table
    scores: pa.Table


def read_texts(  # noqa: PLR0913  each is a column of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    text: str = "text",
    stars: str | None = None,
    product: str | None = None,
    time: str | None = None,
    kind: str | None = None,
    labels: Any = None,  # noqa: ANN401  the same
    topics: int = 8,
    certainty: float = 0.5,
    most: int = MOST,
) -> Opinions:
    """Return what customers say in a frame of texts in English and Chinese: sentiment, aspects, requests, topics, intents.

    Parameters
    ----------
    frame
        A row a text: pandas, Polars, Arrow or a dict of columns.
    text
        Column of the texts; empty ones, binary data and rows without words and stars are left out, of long ones the first
        20,000 characters are read.
    stars
        Column of ratings, 1 to 5 (up to 10 or 100 are brought to 5); 4 and more teach what praise is, 2 and fewer blame.
    product, time
        Columns of what each text is about and when it was written; without a time all count for one week.
    kind
        Column of kinds: ``chat`` for messages to the service, whose intents are told; by default all are reviews.
    labels
        Frame of texts labeled by you: ``text, intent`` and, where you like, ``sentiment`` (for, against).
    topics
        Most topics of each language.
    certainty
        Certainty from which an intent is told; ``other`` below.
    most
        Most texts read; the latest come first.

    Raises
    ------
    ContractError
        Columns are missing or not of their kind, or options out of range; every fault is listed.

    Examples
    --------
    >>> told = read_texts({"text": ["The sleeves are too short.", "袖子太短"]})
    >>> told.requests.column("change").to_pylist(), told.requests.column("texts").to_pylist()
    (['sleeves: longer'], [2])
    """
    taken = Frame.of(frame, "The texts")
    texts = taken.texts(text, empty=True).to_pylist()
    count = len(taken)
    ratings = np.full(count, np.nan) if stars is None else taken.numbers(stars, empty=True)
    products = [None] * count if product is None else taken.texts(product, empty=True).to_pylist()
    day = np.full(count, MONDAY) if time is None else taken.days(time)
    kinds = ["review"] * count if kind is None else taken.texts(kind).to_pylist()
    taken.faults += _faults(kinds, topics, certainty, most)
    taken.done()
    known = None if labels is None else labeled.check(Frame.of(labels, "The labels").table, "The labels")
    gathered = gather(
        event=[f"{row:09d}" for row in range(count)], kind=kinds, product=products, customer=[None] * count, day=day,
        stars=ratings, text=texts, most=most,
    )  # fmt: skip
    told = read(gathered, labels=known, certainty=certainty)
    return Opinions(
        telling.readings(told),
        telling.opinions(told),
        telling.requests(told, lambda *_: NO_ORDERS),
        telling.topic_weeks(told, topics),
        telling.text_scores(told.scores),
    )


def _faults(kinds: Sequence[str], topics: int, certainty: float, most: int) -> list[str]:
    wrong = sorted({kind for kind in kinds if kind and kind not in KINDS})
    found = [f"kind: found {', '.join(map(repr, wrong[:3]))}; expected one of {', '.join(KINDS)}"] if wrong else []
    if topics < 0:
        found.append(f"topics = {topics}; expected 0 or more")
    if not 0 <= certainty <= 1:
        found.append(f"certainty = {certainty}; expected a share from 0 to 1")
    if most < 1:
        found.append(f"most = {most}; expected 1 or more")
    return found


class TextModel:
    """A reader of labels of your own: what a text is about, whether it is for something, what it wants.

    TF-IDF of character sequences and words, a linear support vector machine, and chances calibrated on parts held out (Platt's
    method; one slope for more than two classes). The same texts give the same model everywhere.

    Parameters
    ----------
    folds
        Parts that are held out in turn.
    penalty
        Inverse strength of the penalty on the weights.

    Attributes
    ----------
    accuracy, macro_f1, calibration_error
        On the texts of ``fit`` when they were held out; equal texts are held out together.
    """

    def __init__(self, *, folds: int = reader.FOLDS, penalty: float = reader.PENALTY) -> None:
        found = []
        if folds < 2:  # noqa: PLR2004  one part would leave nothing to learn from
            found.append(f"folds = {folds}; expected at least 2")
        if not penalty > 0:
            found.append(f"penalty = {penalty}; expected above 0")
        if found:
            raise ContractError(breaches("A text model cannot be made", found))
        self.folds, self.penalty = folds, penalty
        self.accuracy = self.macro_f1 = self.calibration_error = float("nan")
        self._reader: reader.Reader | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """What it tells apart, in alphabetical order."""
        return self._fitted().classes

    def fit(self, texts: Sequence[str | None], labels: Sequence[str]) -> TextModel:
        """Return the model, learned from texts and the class of each.

        Raises
        ------
        ContractError
            There are fewer than two classes, labels are missing, or no text holds a letter.
        """
        learned = reader.fit([clean(text) for text in texts], list(labels), folds=self.folds, penalty=self.penalty)
        found = learned.held_out.argmax(axis=1)
        self._reader = learned.reader
        self.accuracy = scores.accuracy(learned.truth, found)
        self.macro_f1 = scores.macro_f1(learned.truth, found)
        self.calibration_error = scores.calibration_error(learned.truth == found, learned.held_out.max(axis=1))
        return self

    def predict(self, texts: Sequence[str | None]) -> pa.Table:
        """Return ``label`` and ``certainty``, the calibrated chance that it is right, of each text."""
        classes, certain = self._fitted().predict([clean(text) for text in texts])
        return pa.table({"label": pa.array(classes, pa.string()), "certainty": pa.array(certain, pa.float64())})

    def chances(self, texts: Sequence[str | None]) -> NDArray[np.float64]:
        """Return ``(n_texts, n_classes)`` calibrated chances, in the order of ``classes``."""
        return self._fitted().chances([clean(text) for text in texts])

    def save(self, file: str | Path) -> None:
        """Return with the model in a NumPy file (``.npz``): arrays only, no pickle."""
        self._fitted().save(file)

    @classmethod
    def load(cls, file: str | Path) -> TextModel:
        """Return a model that was saved; its scores are not kept.

        Raises
        ------
        InputError
            The file is not there or holds something else.
        """
        model = cls()
        model._reader = reader.load(file)
        return model

    def _fitted(self) -> reader.Reader:
        if self._reader is None:
            message = "This text model has learned nothing yet. Call fit(texts, labels) first."
            raise LotwiseError(message)
        return self._reader
