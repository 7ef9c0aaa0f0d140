"""Texts as weights of the character sequences and words in them (TF-IDF)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from lotwise.mine.opinions.text import language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sklearn.feature_extraction.text import TfidfVectorizer

MANY = 2000
"""Texts from which a sequence must be in two of them to count."""

MOST = 400_000
"""Most sequences of one kind; the most frequent stay."""

CHINESE = (("char", 1, 3),)
LATIN = (("char_wb", 2, 5), ("word", 1, 2))
"""Kinds of sequences with their shortest and longest: characters, characters within words, words."""

HEAD = 1000
"""Characters of a text whose sequences count; memory would be short for many long ones."""

WORD = r"(?u)\b\w+\b"
SAMPLE = 500


@dataclass(frozen=True)
class Grams:
    """The sequences known and their weights: one vectorizer for each kind."""

    kinds: tuple[tuple[str, int, int], ...]
    parts: tuple[TfidfVectorizer, ...]

    def read(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return ``(n_texts, n_sequences)`` weights; each kind's row has length 1, or 0 where nothing in it is known."""
        heads = [text[:HEAD] for text in texts]
        return sparse.csr_matrix(sparse.hstack([part.transform(heads) for part in self.parts]))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is to be kept of it, as arrays."""
        kept: dict[str, NDArray[Any]] = {"kinds": np.array([f"{kind} {low} {high}" for kind, low, high in self.kinds])}
        for number, part in enumerate(self.parts):
            kept[f"terms {number}"] = part.get_feature_names_out().astype(np.str_)
            kept[f"idf {number}"] = part.idf_
        return kept


def learn(texts: Sequence[str]) -> tuple[Grams, sparse.csr_matrix]:
    """Return the sequences of the texts and their weights; a sequence counts 1 + log of how often it comes (sublinear).

    Mostly Chinese texts are read by 1 to 3 characters, others by 2 to 5 characters within words and by one and two words.
    No text may be empty of letters altogether in all of them.
    """
    kinds = CHINESE if is_chinese(texts) else LATIN
    heads = [text[:HEAD] for text in texts]
    parts, found = [], []
    for kind, low, high in kinds:
        part = _vectorizer(kind, low, high, least=2 if len(texts) >= MANY else 1)
        found.append(part.fit_transform(heads))
        parts.append(part)
    return Grams(kinds, tuple(parts)), sparse.csr_matrix(sparse.hstack(found))


def restore(kept: dict[str, NDArray[Any]]) -> Grams:
    """Return the sequences that ``arrays`` gave."""
    kinds = tuple((kind, int(low), int(high)) for kind, low, high in (str(row).split() for row in kept["kinds"]))
    parts = []
    for number, (kind, low, high) in enumerate(kinds):
        terms = {str(term): place for place, term in enumerate(kept[f"terms {number}"])}
        part = _vectorizer(kind, low, high, vocabulary=terms)
        part.idf_ = kept[f"idf {number}"]
        parts.append(part)
    return Grams(kinds, tuple(parts))


def is_chinese(texts: Sequence[str]) -> bool:
    """Return whether most of the texts are Chinese, by a sample of them."""
    step = max(1, len(texts) // SAMPLE)
    told = [language(text) for text in texts[::step]]
    return 2 * sum(one in {"zh", "mixed"} for one in told) > len(told)


def _vectorizer(kind: str, low: int, high: int, *, least: int = 1, vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  slow to import

    return TfidfVectorizer(
        analyzer=kind, ngram_range=(low, high), sublinear_tf=True, min_df=least, max_features=MOST,
        token_pattern=WORD if kind == "word" else None,
        vocabulary=vocabulary, lowercase=True, dtype=np.float64,
    )  # fmt: skip
