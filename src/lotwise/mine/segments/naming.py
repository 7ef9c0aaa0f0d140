"""Names of segments in words, from what sets each apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.mine.segments.features import Behavior

WORTH_SAYING = 0.25
"""Standard deviations from the mean of all customers, from which a difference is told."""

THIRD = 0.5
"""The same for a third word."""

MOST_WORDS = 3
ALL, AVERAGE = "all customers", "like the average"


def means(behavior: Behavior, labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return the mean of each feature in each segment, ``(n_segments, n_features)``."""
    sizes = np.bincount(labels, minlength=count)
    sums = [np.bincount(labels, weights=column, minlength=count) for column in behavior.values.T]
    return np.column_stack(sums) / np.maximum(sizes, 1)[:, None]


def differences(behavior: Behavior, labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return how many standard deviations each segment's mean is off that of all, ``(n_segments, n_features)``."""
    spread = behavior.values.std(axis=0)
    off = means(behavior, labels, count) - behavior.values.mean(axis=0)
    flat = 1e-9 * np.abs(behavior.values).max(axis=0, initial=1.0)
    found: NDArray[np.float64] = np.divide(off, spread, out=np.zeros_like(off), where=spread > flat)
    return found


def words(behavior: Behavior, off: NDArray[np.float64]) -> list[str]:
    """Return what is true of one segment, the most telling first, one word of a theme.

    Parameters
    ----------
    behavior
        The features and their words.
    off
        Differences of the segment, ``(n_features,)``.
    """
    told: dict[str, str] = {}
    for place in _strongest(off):
        feature = behavior.features[place]
        if abs(off[place]) >= WORTH_SAYING and behavior.own[:, place].any():
            told.setdefault(feature.theme, feature.more if off[place] > 0 else feature.less)
    return list(told.values())


def name(behavior: Behavior, labels: NDArray[np.int64], count: int, kept: Sequence[str | None] = ()) -> list[str]:
    """Return a name for each segment, no two alike.

    A name is the two words that tell most, and a third where that difference is at least half a standard deviation. Where
    two segments would bear one name, the words that follow are added; where these run out, a number.

    Parameters
    ----------
    behavior
        The features and their words.
    labels
        Segment of each customer, numbered from 0.
    count
        Segments.
    kept
        Name each segment had before, which stays while each of its words is true.
    """
    if count == 1:
        return [ALL]
    off = differences(behavior, labels, count)
    said = [words(behavior, row) for row in off]
    names: list[str] = [AVERAGE] * count
    open_still = []
    for segment, before in enumerate([*kept, *[None] * (count - len(kept))]):
        if before and all(word in _all_words(behavior, off[segment]) for word in before.split(", ")):
            names[segment] = before
        else:
            open_still.append(segment)
    taken = {names[segment] for segment in range(count) if segment not in open_still}
    lengths = {segment: _length(behavior, off[segment]) for segment in open_still}
    while True:
        drawn = {segment: ", ".join(said[segment][: lengths[segment]]) or AVERAGE for segment in open_still}
        counted = [*drawn.values(), *taken]
        alike = [segment for segment in open_still if counted.count(drawn[segment]) > 1]
        longer = [segment for segment in alike if lengths[segment] < len(said[segment])]
        if not longer:
            break
        for segment in longer:
            lengths[segment] += 1
    for segment in open_still:
        number, plain = 2, drawn[segment]
        while drawn[segment] in taken:
            drawn[segment] = f"{plain} ({number})"
            number += 1
        names[segment] = drawn[segment]
        taken.add(drawn[segment])
    return names


def _strongest(off: NDArray[np.float64]) -> list[int]:
    """Return the places of the features, the largest difference first; what differs in the last digits is as large."""
    order: list[int] = np.argsort(-np.round(np.abs(off), 9), kind="stable").tolist()
    return order


def _length(behavior: Behavior, off: NDArray[np.float64]) -> int:
    """Return how many words a name begins with."""
    strengths: dict[str, float] = {}
    for place in _strongest(off):
        if behavior.own[:, place].any():
            strengths.setdefault(behavior.features[place].theme, abs(float(off[place])))
    ranked = sorted(strengths.values(), reverse=True)
    return MOST_WORDS if len(ranked) >= MOST_WORDS and ranked[MOST_WORDS - 1] >= THIRD else MOST_WORDS - 1


def _all_words(behavior: Behavior, off: NDArray[np.float64]) -> set[str]:
    """Return every word that is true of a segment."""
    return {
        feature.more if difference > 0 else feature.less
        for feature, difference in zip(behavior.features, off.tolist(), strict=True)
        if abs(difference) >= WORTH_SAYING
    }
