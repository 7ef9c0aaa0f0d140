"""Calibration: chances that come true as often as they say, learned from weeks after those a classifier learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import expit

from lotwise.mine.propensity import logistic
from lotwise.mine.propensity.scores import log_loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Curve = Callable[[Floats], Floats]

Kind = Literal["none", "temperature", "Platt", "beta", "isotonic"]
KINDS: tuple[Kind, ...] = ("none", "temperature", "Platt", "beta", "isotonic")
HELD = 1e-4
"""Least distance of a calibrated chance from 0 and 1."""
FEWEST = 20
"""Fewest customers who did, and who did not, from which a curve is learned."""


def calibrator(kind: Kind, chance: Floats, happened: Floats) -> Curve:
    """Return the curve that turns a classifier's chance into a calibrated one.

    Parameters
    ----------
    kind
        none: as it is; temperature: log odds times one number; Platt: a line in the log odds; beta: a line in ``log p``
        and ``-log(1 - p)``; isotonic: the rising steps that fit best.
    chance, happened
        What was said and what came, ``(n_rows,)``, in weeks that the classifier had not seen.

    References
    ----------
    Platt (1999), "Probabilistic outputs for support vector machines"; Zadrozny and Elkan (2002), "Transforming
    classifier scores into accurate multiclass probability estimates"; Kull, Silva Filho and Flach (2017), "Beta
    calibration"; Guo et al. (2017), "On calibration of modern neural networks".
    """
    if kind == "none" or min(happened.sum(), (1 - happened).sum()) < FEWEST:
        return _held
    if kind == "isotonic":
        return _isotonic(chance, happened)
    return _linear(kind, chance, happened)


def choose(before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> Kind:
    """Return the kind that, learned in earlier weeks, has the least log loss in later ones; the simpler where equal.

    Parameters
    ----------
    before, after
        Chances and what came, in the earlier and the later weeks.
    """
    losses = {kind: log_loss(after[1], calibrator(kind, *before)(after[0])) for kind in KINDS}
    return min(KINDS, key=lambda kind: losses[kind])


def _held(chance: Floats) -> Floats:
    return np.clip(chance, HELD, 1 - HELD)


def _linear(kind: Kind, chance: Floats, happened: Floats) -> Curve:
    def rows(values: Floats) -> Floats:
        held = _held(values)
        rising, falling = np.log(held), -np.log1p(-held)
        return np.column_stack([rising, falling] if kind == "beta" else [rising + falling])

    towards = np.r_[np.ones(2 if kind == "beta" else 1), 0.0]
    ridge = np.r_[np.ones(len(towards) - 1), 1e12 if kind == "temperature" else 1e-6]
    line = logistic.fit(rows(chance), happened, ridge=ridge, towards=towards)
    if (line.weights[:-1] < 0).any():  # a falling curve would turn the ranking round: only the level is learned then
        level = logistic.fit(rows(chance), happened, ridge=np.r_[np.full(len(towards) - 1, 1e12), 1e-6], towards=towards)
        return lambda values: _held(expit(level.odds(rows(values))))
    return lambda values: _held(expit(line.odds(rows(values))))


def _isotonic(chance: Floats, happened: Floats) -> Curve:
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415  the light calibrations need no scikit-learn

    steps = IsotonicRegression(out_of_bounds="clip").fit(chance, happened)
    least = 0.5 / len(happened)
    return lambda values: np.clip(steps.predict(values), max(least, HELD), 1 - max(least, HELD))
