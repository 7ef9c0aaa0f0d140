"""What texts are about, in topics that the texts themselves give, and how much of each there is from week to week."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sklearn.feature_extraction.text import TfidfVectorizer

FEW = 60
"""Texts from which topics are looked for."""

A_TOPIC = 30
"""Texts for each topic: fewer topics where texts are few."""

WORDS = 6
"""Words a topic is told by."""

LEAST, MOST = 5, 3000
"""Texts that a word must be in, and most words."""

COMMON = 0.5
"""Share of texts above which a word tells nothing."""

WHOLE = 0.8
"""A string that stands inside a longer one in this share of its texts is not a word of its own."""

LONGEST = 6
FAINT = 0.1
"""Share of the weight of a topic's first word below which a word is not told."""
_WORD = r"(?u)\b[a-z][a-z']+[a-z]\b"
_RUN = re.compile("[\u4e00-\u9fff]+")
_DULL = frozenset("的了是我在有和就不人都一上也很到说要去你会着没看好自己这那吗呢吧啊呀哦嗯个们把被给让还又再但而且与及或等")
_MASK = re.compile(r"\[[a-z_ ]{3,20}\]")


@dataclass(frozen=True)
class Topics:
    """Topics of one language: the words of each, and the topic of each text (-1: none)."""

    words: tuple[str, ...]
    of: NDArray[np.int64]


def find(texts: Sequence[str], language: str, count: int) -> Topics:
    """Return the topics of clean texts of one language: non-negative factors of their TF-IDF weights, largest first.

    Parameters
    ----------
    texts
        Clean texts.
    language
        ``en``: words; ``zh``: the longest frequent strings of 2 to 6 characters.
    count
        Most topics; there are fewer where texts are few.

    References
    ----------
    Lee, Seung (1999), Learning the parts of objects by non-negative matrix factorization; begun from the singular vectors
    (Boutsidis, Gallopoulos, 2008), so nothing is drawn at random but the sketch they are found by, from a fixed seed.
    """
    none = Topics((), np.full(len(texts), -1))
    if len(texts) < FEW or count < 1:
        return none
    bare = [_MASK.sub(" ", text) for text in texts]
    weights, names = _english(bare) if language == "en" else _chinese(bare)
    count = min(count, len(texts) // A_TOPIC, len(names))
    if count < 1:
        return none
    from sklearn.decomposition import NMF  # noqa: PLC0415  slow to import

    factors = NMF(count, init="nndsvda", random_state=0, max_iter=200, tol=1e-3, solver="cd")
    with (
        threadpool_limits(limits=1),
        np.errstate(invalid="ignore"),
    ):  # where the factors are exact, rounding leaves an error below 0, of which it takes the root
        shares = factors.fit_transform(weights)
    best = np.where(shares.max(axis=1) > 0, shares.argmax(axis=1), -1)
    size = np.bincount(best[best >= 0], minlength=count)
    order = sorted(range(count), key=lambda topic: (-size[topic], topic))
    order = [topic for topic in order if size[topic]]
    place = np.full(count + 1, -1)
    place[order] = np.arange(len(order))
    return Topics(tuple(_told(factors.components_[topic], names) for topic in order), place[best])


def _told(weights: NDArray[np.float64], names: NDArray[np.str_]) -> str:
    """Return the words that weigh most, without those inside another."""
    found: list[str] = []
    for place in np.argsort(-weights, kind="stable"):
        name = str(names[place])
        if weights[place] > FAINT * weights.max() and not any(name in other or other in name for other in found):
            found.append(name)
        if len(found) == WORDS:
            break
    return ", ".join(found)


def _english(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer  # noqa: PLC0415  slow to import

    return _weighed(texts, TfidfVectorizer(
        token_pattern=_WORD, stop_words=sorted(ENGLISH_STOP_WORDS), sublinear_tf=True,
        min_df=min(LEAST, len(texts)), max_df=max(COMMON, LEAST / len(texts)), max_features=MOST,
    ))  # fmt: skip


def _chinese(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  slow to import

    words = _strings(texts)
    if not words:
        return np.empty((len(texts), 0)), np.empty(0, dtype=np.str_)
    known = frozenset(words)

    def cut(text: str) -> list[str]:
        return [word for word in _pieces(text) if word in known]

    return _weighed(texts, TfidfVectorizer(analyzer=cut, sublinear_tf=True, max_features=MOST))


def _weighed(texts: Sequence[str], vectorizer: TfidfVectorizer) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    try:
        weights = vectorizer.fit_transform(texts)
    except ValueError:  # no word is left: scikit-learn has no error of its own for it
        return np.empty((len(texts), 0)), np.empty(0, dtype=np.str_)
    return weights, vectorizer.get_feature_names_out()


def _pieces(text: str) -> list[str]:
    return [
        run[a:b] for run in _RUN.findall(text) for a in range(len(run)) for b in range(a + 2, min(a + LONGEST, len(run)) + 1)
    ]


def _strings(texts: Sequence[str]) -> list[str]:
    """Return strings in enough texts that are not nearly always part of a longer one, and do not begin or end dull."""
    count = Counter(piece for text in texts for piece in set(_pieces(text)))
    often = {piece: n for piece, n in count.items() if LEAST <= n <= max(COMMON * len(texts), LEAST)}
    inside: dict[str, int] = {}
    telling = {piece: n for piece, n in often.items() if piece[0] not in _DULL and piece[-1] not in _DULL}
    for piece, n in telling.items():
        for part in (piece[1:], piece[:-1]):
            inside[part] = max(inside.get(part, 0), n)
    kept = [piece for piece, n in telling.items() if inside.get(piece, 0) < WHOLE * n]
    return sorted(sorted(kept), key=lambda piece: -often[piece])[:MOST]
