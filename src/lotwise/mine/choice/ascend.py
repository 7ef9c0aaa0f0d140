"""The maximum of a log-likelihood whose gradient is known person by person, within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.choice.logit import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from lotwise.mine.choice.choices import Flags, Reals

    Scored = Callable[[Reals], tuple[float, Reals]]
    """Log-likelihood at some parameters, and its gradient person by person or choice by choice, ``(n_rows, n_parameters)``."""

MOST_STEPS = 200
MOST_POLISHES = 8
_WIDTH = 1e-4
"""Distance on either side over which the gradient is differenced; parameters are of the order of 1."""


@dataclass(frozen=True)
class Summit:
    """Where a log-likelihood is highest.

    Parameters
    ----------
    at
        Parameters, ``(n_parameters,)``.
    value
        Log-likelihood there.
    scores
        Its gradient row by row, as the function gives it, ``(n_rows, n_parameters)``.
    free
        Parameters not held by a bound.
    covariance
        Inverse of the negative Hessian in the free parameters; NaN elsewhere.
    steps
        Steps taken.
    converged
        Whether the gradient vanished and the Hessian is that of a maximum.
    """

    at: Reals
    value: float
    scores: Reals
    free: Flags
    covariance: Reals
    steps: int
    converged: bool


def ascend(scored: Scored, start: Reals, low: Reals, high: Reals, repeats: Reals | None = None) -> Summit:
    """Return the maximum nearest a start: quasi-Newton steps, then Newton steps with the gradient differenced.

    The first curvature is the sum of outer products of the persons' gradients; steps are cut back at the bounds.

    Parameters
    ----------
    scored
        Function to be maximized.
    start
        Where to begin; parameters are of the order of 1.
    low, high
        Bounds, infinite where there are none.
    repeats
        Times each row of the gradient stands for, ``(n_rows,)``; absent: once.

    References
    ----------
    Berndt, Hall, Hall and Hausman (1974), Estimation and inference in nonlinear structural models, Annals of Economic and
    Social Measurement 3/4; Nocedal and Wright (2006), Numerical Optimization, chapters 6 and 16.
    """
    once = np.ones(1) if repeats is None else np.maximum(repeats, 1e-12)
    at = np.clip(start, low, high)
    value, scores = scored(at)
    curve = _outer(scores, once)
    for steps in range(1, MOST_STEPS + 1):  # noqa: B007  it is told below
        slope = scores.sum(axis=0)
        free = _free(at, slope, low, high)
        move = _direction(curve, slope, free)
        if float(slope @ move) < 1e-8:  # noqa: PLR2004  twice the log-likelihood still to be gained
            break
        there, found = _uphill(scored, at, move, value, (low, high))
        if found[0] <= value:
            fresh = _outer(scores, once)
            if np.array_equal(fresh, curve):
                break
            curve = fresh
            continue
        curve = _updated(curve, there - at, slope - found[1].sum(axis=0))
        at, (value, scores) = there, found
    return _polished(scored, at, (value, scores), (low, high), (once, steps))


def _polished(
    scored: Scored, at: Reals, here: tuple[float, Reals], bounds: tuple[Reals, Reals], told: tuple[Reals, int]
) -> Summit:
    value, scores = here
    once, steps = told
    converged, curve = False, _outer(scores, once)
    free = _free(at, scores.sum(axis=0), *bounds)
    for _ in range(MOST_POLISHES):
        slope = scores.sum(axis=0)
        free = _free(at, slope, *bounds)
        curve = _curvature(scored, at, free)
        if falls := not free.any() or np.linalg.eigvalsh(curve[np.ix_(free, free)])[0] > 0:
            left = float(slope @ _direction(curve, slope, free))
            converged = left < 1e-6  # noqa: PLR2004  a thousandth of a standard error: the curvature is that of the maximum
        else:
            curve = _outer(scores, once)
        there, found = _uphill(scored, at, _direction(curve, slope, free), value, bounds)
        steps += 1
        if found[0] <= value:
            break
        at, (value, scores) = there, found
        if converged and falls:
            break
    covariance = np.full((len(at), len(at)), np.nan)
    some = np.ix_(free, free)
    inverse = solve(curve[some], np.eye(int(free.sum())), np.ones(int(free.sum()))) if free.any() else curve[some]
    covariance[some] = (inverse + inverse.T) / 2
    return Summit(at, value, scores, free, covariance, steps, converged)


def _free(at: Reals, slope: Reals, low: Reals, high: Reals) -> Flags:
    found: Flags = ~(((at >= high) & (slope >= 0)) | ((at <= low) & (slope <= 0)))
    return found


def _outer(scores: Reals, repeats: Reals) -> Reals:
    found: Reals = scores.T @ (scores / repeats[:, None])
    return found


def _direction(curve: Reals, slope: Reals, free: Flags) -> Reals:
    move = np.zeros(len(slope))
    if free.any():
        move[free] = solve(curve[np.ix_(free, free)], slope[free], np.ones(int(free.sum())))
    return move


def _uphill(
    scored: Scored, at: Reals, move: Reals, value: float, bounds: tuple[Reals, Reals]
) -> tuple[Reals, tuple[float, Reals]]:
    """Return the point reached by the step, halved until the log-likelihood rises, and what it is there."""
    longest = float(np.abs(move).max())
    step = move * min(1.0, 3.0 / longest) if longest > 0 else move
    for _ in range(30):
        there = np.clip(at + step, *bounds)
        found = scored(there)
        if found[0] > value:
            break
        step = step / 2
    return there, found


def _updated(curve: Reals, moved: Reals, bent: Reals) -> Reals:
    """Return the curvature after the update of Broyden, Fletcher, Goldfarb and Shanno, where it stays positive."""
    if float(moved @ bent) <= 1e-10 * float(np.linalg.norm(moved) * np.linalg.norm(bent)):
        return curve
    along = curve @ moved
    found: Reals = curve - np.outer(along, along) / float(moved @ along) + np.outer(bent, bent) / float(moved @ bent)
    return found


def _curvature(scored: Scored, at: Reals, free: Flags) -> Reals:
    """Return the negative Hessian in the free parameters, by central differences of the gradient."""
    width = len(at)
    found = np.zeros((width, width))
    for place in np.flatnonzero(free):
        step = np.zeros(width)
        step[place] = _WIDTH * max(1.0, abs(at[place]))
        more, less = scored(at + step)[1].sum(axis=0), scored(at - step)[1].sum(axis=0)
        found[place] = (less - more) / (2 * step[place])
    return (found + found.T) / 2
