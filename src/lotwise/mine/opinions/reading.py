"""Texts and what was read of each: what the parts of this folder hand one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.opinions.statements import said
from lotwise.mine.opinions.text import clean, language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.opinions.statements import Said

BEST = 5.0
"""Most stars. Values up to 10 are halved, values up to 100 divided by 20; others are no stars."""

NOBODY = ""


@dataclass(frozen=True)
class Texts:
    """Texts as they came, oldest first; arrays have one element a text.

    Parameters
    ----------
    event, kind
        Number and kind of the event that holds it.
    product, customer
        Product it was about and who wrote it; empty where that is not known.
    day
        Day it was written, counted from 1970-01-01.
    stars
        1 to 5, NaN where none were given.
    raw, plain
        The text as it stands, and clean.
    language
        ``en``, ``zh``, ``mixed`` or ``other``.
    spoken
        Language whose readers read it: ``en`` or ``zh`` (the larger of two), empty for others.
    said
        What the word lists make of it.
    """

    event: tuple[str, ...]
    kind: tuple[str, ...]
    product: tuple[str, ...]
    customer: tuple[str, ...]
    day: NDArray[np.int64]
    stars: NDArray[np.float64]
    raw: tuple[str, ...]
    plain: tuple[str, ...]
    language: tuple[str, ...]
    spoken: NDArray[np.str_]
    said: tuple[Said, ...]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.event)


@dataclass(frozen=True)
class Judged:
    """What the readers made of the texts; arrays have one element a text.

    Parameters
    ----------
    chance
        Chance that the text is for something rather than against it.
    basis
        ``model``, ``words`` or ``stars``.
    aspects
        Aspect -> whether the text is for it.
    changes
        What is asked for.
    intent, intent_certainty
        What the writer of a service message wants; None for other texts.
    """

    chance: NDArray[np.float64]
    basis: tuple[str, ...]
    aspects: tuple[dict[str, bool], ...]
    changes: tuple[tuple[str, ...], ...]
    intent: tuple[str | None, ...]
    intent_certainty: tuple[float | None, ...]


def gather(  # noqa: PLR0913  one column each
    *,
    event: Sequence[str],
    kind: Sequence[str],
    product: Sequence[str | None],
    customer: Sequence[str | None],
    day: NDArray[np.int64],
    stars: NDArray[np.float64],
    text: Sequence[str | None],
    most: int,
) -> Texts:
    """Return the latest texts, at most so many, in order of day and event; rows without words and stars are left out."""
    scaled = rescaled(stars)
    plain_of: dict[str, str] = {}
    for one in text:
        if one and one not in plain_of:
            plain_of[one] = clean(one)
    plain = [plain_of[one] if one else "" for one in text]
    kept = [row for row in range(len(event)) if plain[row] or not np.isnan(scaled[row])]
    kept = sorted(kept, key=lambda row: (day[row], event[row]))[-most:]
    told = {one: (language(one), said(one)) for one in {plain[row] for row in kept}}
    languages = tuple(told[plain[row]][0] for row in kept)
    spoken = {one: spoken_in(one, told[one][0]) for one in told}
    rows = np.array(kept, dtype=np.int64)
    return Texts(
        event=tuple(event[row] for row in kept),
        kind=tuple(kind[row] for row in kept),
        product=tuple(product[row] or NOBODY for row in kept),
        customer=tuple(customer[row] or NOBODY for row in kept),
        day=np.asarray(day, dtype=np.int64)[rows],
        stars=scaled[rows],
        raw=tuple(text[row] or "" for row in kept),
        plain=tuple(plain[row] for row in kept),
        language=languages,
        spoken=np.array([spoken[plain[row]] for row in kept], dtype=np.str_),
        said=tuple(told[plain[row]][1] for row in kept),
    )


def spoken_in(text: str, told: str) -> str:
    """Return the language whose readers read a clean text: for a mixed one that of most of it."""
    if told != "mixed":
        return told if told in {"en", "zh"} else ""
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
    return "zh" if 2 * han >= han + len([word for word in text.split() if word.isascii()]) else "en"


def rescaled(stars: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ratings on a scale of 1 to 5, NaN for those that are none."""
    found = np.where(np.isfinite(stars) & (stars > 0), stars, np.nan)
    highest = np.nanmax(found) if np.isfinite(found).any() else 0.0
    if highest > 20 * BEST:
        return np.full(len(found), np.nan)
    divisor = 1 if highest <= BEST else 2 if highest <= 2 * BEST else 20
    return np.clip(found / divisor, 1.0, BEST)
