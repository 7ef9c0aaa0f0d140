"""What several classifiers said, calibrated, weighed and blended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.propensity.calibrate import calibrator, choose
from lotwise.mine.propensity.scores import losses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.mine.propensity.calibrate import Curve, Floats, Kind

BASE = "base rate"
BLEND = "blend"
ROUNDS = 200
SLIGHT = 0.01
"""Weight below which a classifier takes no part in a blend."""

Said = dict[str, "Floats"]
"""What each classifier said of the same customers, by name."""


@dataclass(frozen=True)
class Voice:
    """One way to tell a chance: a classifier, a blend of several, or the base rate.

    Parameters
    ----------
    name
        Classifier, ``"blend"`` or ``"base rate"``.
    curves, weights
        Calibration and weight of each classifier that takes part, by name; none for the base rate.
    share
        The base rate.
    """

    name: str
    curves: Mapping[str, Curve]
    weights: Mapping[str, float]
    share: float

    def chance(self, said: Said, count: int) -> Floats:
        """Return the calibrated chance of each of ``count`` customers."""
        if not self.weights:
            return np.full(count, self.share)
        parts = [weight * self.curves[name](said[name]) for name, weight in self.weights.items()]
        return np.asarray(np.sum(parts, axis=0))


def voice(name: str, said: Said, happened: Floats, kinds: Mapping[str, Kind], share: float) -> Voice:
    """Return one way to tell a chance, learned from what was said of weeks that the classifiers had not seen.

    Parameters
    ----------
    name
        Classifier, ``"blend"`` or ``"base rate"``.
    said, happened
        What the classifiers said, and what came.
    kinds
        Kind of calibration of each classifier.
    share
        The base rate.
    """
    if name == BASE:
        return Voice(name, {}, {}, share)
    parts = list(kinds) if name == BLEND else [name]
    curves = {part: calibrator(kinds[part], said[part], happened) for part in parts}
    weights = dict(zip(parts, mixture(np.array([curves[part](said[part]) for part in parts]), happened), strict=True))
    return Voice(name, curves, {part: weight for part, weight in weights.items() if weight > 0}, share)


def mixture(chances: Floats, happened: Floats) -> Floats:
    """Return the weights, at least 0 and 1 in all, whose mean of the chances has the least log loss.

    The log loss of a mixture is convex in its weights; expectation maximization goes down to its bottom from equal weights.
    Weights below 0.01 become 0.

    Parameters
    ----------
    chances
        ``(n_classifiers, n_rows)``.
    happened
        0 or 1, ``(n_rows,)``.
    """
    likely = np.where(happened > 0, chances, 1 - chances)
    weights = np.full(len(chances), 1 / len(chances))
    for _ in range(ROUNDS):
        weights = weights * (likely / (weights @ likely)).mean(axis=1)
    weights = np.where(weights < SLIGHT, 0.0, weights)
    return np.asarray(weights / weights.sum())


def kinds_of(earlier: tuple[Said, Floats], later: tuple[Said, Floats]) -> dict[str, Kind]:
    """Return the kind of calibration of each classifier: the one that, learned earlier, did best later."""
    return {name: choose((earlier[0][name], earlier[1]), (later[0][name], later[1])) for name in earlier[0]}


def best(
    names: Sequence[str], earlier: tuple[Said, Floats], later: tuple[Said, Floats], kinds: Mapping[str, Kind], share: float
) -> str:
    """Return the way to tell a chance that, learned from earlier weeks, has the least log loss in later ones.

    The blend is taken where it is within one standard error of the best: what is so close may be ahead by chance, and a
    blend is the safer of the two.
    """
    said, happened = later
    lost = {name: losses(happened, voice(name, *earlier, kinds, share).chance(said, len(happened))) for name in names}
    first = min(names, key=lambda name: lost[name].mean())
    if BLEND in lost and first != BASE:
        behind = lost[BLEND] - lost[first]
        if behind.mean() <= behind.std() / np.sqrt(len(behind)):
            return BLEND
    return first


def joined(parts: Sequence[tuple[Said, Floats]]) -> tuple[Said, Floats]:
    """Return what was said in several windows as if in one."""
    said = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    return said, np.concatenate([part[1] for part in parts])
