"""The multinomial logit: part-worths of the highest likelihood, by Newton's method with the exact Hessian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from lotwise.errors import InputError, breaches
from lotwise.mine.choice.fitted import Fitted, Group, softmax
from lotwise.mine.choice.identify import separating, spread_within

if TYPE_CHECKING:
    from lotwise.mine.choice.choices import Choices, Flags, Reals, Whole

MOST_STEPS = 60
_FLAT = 1e-10
"""Curvature left of that at part-worths of 0 under which the likelihood is flat: it rises for ever."""
_CACHED = 1 << 15
"""Numbers of one array at a time: what the processor's cache holds."""


@dataclass(frozen=True)
class Plain:
    """Utility is attributes x part-worths, alike for everybody."""

    def probabilities(self, coefficients: Reals, attributes: Reals, available: Flags, alternative: Whole) -> Reals:  # noqa: ARG002
        """Return the probability of each place."""
        return softmax(attributes @ coefficients, available)


def logit(choices: Choices, *, ridge: float = 0.0) -> Fitted:
    """Return the multinomial logit of the highest likelihood, with standard errors.

    The log-likelihood is concave, so there is one maximum, found in a handful of steps.

    Parameters
    ----------
    choices
        What was chosen.
    ridge
        Penalty: half of this x the sum of squared part-worths in units of their attribute's spread within choices; keeps
        part-worths finite where choices are separated perfectly. Errors are then those of the penalized likelihood.

    Raises
    ------
    InputError
        Choices break their contract, or attributes cannot be estimated: all faults are listed, attributes by name.

    References
    ----------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior, in Zarembka (ed.), Frontiers in Econometrics.
    """
    require(choices, ridge=ridge)
    scale = spread_within(choices)
    beta, hessian, value, steps, converged = climb(choices, np.zeros(len(scale)), ridge * scale**2, scale)
    if not ridge and _least(hessian, scale) < _FLAT * _least(derivatives(choices, np.zeros(len(beta)))[2], scale):
        raise InputError(_separated(choices))
    penalized = hessian + np.diag(ridge * scale**2)
    covariance = inverse(penalized, scale)
    group = Group("all", 1.0, beta, covariance, np.zeros(len(beta)))
    return Fitted(
        model="logit",
        attributes=choices.names,
        names=choices.names,
        coefficients=beta,
        covariance=covariance,
        robust=sandwich(covariance, _scores(choices, beta), choices),
        log_likelihood=value,
        null_log_likelihood=choices.null_log_likelihood,
        choices=float(choices.weights.sum()),
        persons=choices.persons,
        alternatives=len(np.unique(choices.alternative[choices.available])),
        free=len(beta),
        converged=converged,
        steps=steps,
        note="; ".join(choices.remarks()),
        groups=(group,),
        posterior=np.ones((len(choices.persons), 1)),
        form=Plain(),
    )


def require(choices: Choices, *, ridge: float = 0.0) -> None:
    """Refuse choices that no model can be estimated from; with a ridge, perfect separation is let pass."""
    found = choices.check()
    if ridge:
        found = [fault for fault in found if "separates the choices" not in fault]
    if found:
        advice = "Leave these attributes or choices out (lotwise.mine.choice.identify.usable does), or put them right."
        raise InputError(breaches("Choices cannot be estimated", [*found, advice]))


def derivatives(choices: Choices, part_worths: Reals) -> tuple[float, Reals, Reals]:
    """Return the log-likelihood, its gradient and the negative of its Hessian.

    With z = attributes less those chosen and p the choice probabilities, they are the weighted sums over choices of
    -log sum exp(z b), of -sum p z, and of sum p z z' - (sum p z)(sum p z)'.
    """
    width = len(part_worths)
    value, gradient, hessian = 0.0, np.zeros(width), np.zeros((width, width))
    for some, apart in choices.blocks():
        weight = choices.weights[some]
        sums, chance = log_sums(apart @ part_worths, choices.available[some])
        value -= float(weight @ sums)
        mean, bent = bend(apart, chance, weight)
        gradient -= weight @ mean
        hessian += bent
    return value, gradient, hessian


def bend(apart: Reals, chance: Reals, weight: Reals) -> tuple[Reals, Reals]:
    """Return the mean of the attributes of each choice by probability, and the weighted sum of their covariances."""
    width, rows = apart.shape[2], max(_CACHED // max(apart[0].size, 1), 1)
    mean, found = np.empty((len(apart), width)), np.zeros((width, width))
    for first in range(0, len(apart), rows):
        some = slice(first, first + rows)
        mean[some] = np.matmul(chance[some, None, :], apart[some])[:, 0, :]
        flat = apart[some].reshape(-1, width)
        found += (flat * (chance[some] * weight[some, None]).reshape(-1, 1)).T @ flat
        found -= (mean[some] * weight[some, None]).T @ mean[some]
    return mean, found


def log_sums(utility: Reals, available: Flags) -> tuple[Reals, Reals]:
    """Return log sum exp(utility) over the available places of each choice, and the choice probabilities."""
    masked = np.where(available, utility, -np.inf)
    top = masked.max(axis=1)
    raised = np.exp(masked - top[:, None])
    total = raised.sum(axis=1)
    return top + np.log(total), raised / total[:, None]


def climb(choices: Choices, beta: Reals, penalty: Reals, scale: Reals) -> tuple[Reals, Reals, float, int, bool]:
    """Return part-worths, negative Hessian, log-likelihood, Newton steps taken and whether the maximum was reached."""
    value, gradient, hessian = derivatives(choices, beta)
    for step in range(1, MOST_STEPS + 1):
        steep = gradient - penalty * beta
        move = solve(hessian + np.diag(penalty), steep, scale)
        gain = float(steep @ move) / 2
        here = value - float(penalty @ beta**2) / 2
        for halving in range(40):
            there = beta + move / 2**halving
            found = derivatives(choices, there)
            if found[0] - float(penalty @ there**2) / 2 >= here - 1e-10 * max(1.0, abs(here)):
                break
        beta, (value, gradient, hessian) = there, found
        if gain <= 1e-13 * max(1.0, abs(value)):
            return beta, hessian, value, step, True
    return beta, hessian, value, MOST_STEPS, False


def solve(curve: Reals, right: Reals, scale: Reals) -> Reals:
    """Return the solution of curve x = right, solved in units of one spread of each attribute; a flat curve is propped up."""
    shape = scale if right.ndim == 1 else scale[:, None]
    scaled = curve / np.outer(scale, scale)
    top = float(np.diag(scaled).max())
    for prop in (0.0, 1e-12, 1e-9, 1e-6, 1e-3):
        try:
            factor = cho_factor(scaled + prop * max(top, 1e-9) * np.eye(len(scaled)))
        except LinAlgError:
            continue
        found: Reals = cho_solve(factor, right / shape) / shape
        return found
    return right / (shape**2 * max(top, 1e-9))


def inverse(curve: Reals, scale: Reals) -> Reals:
    """Return the symmetric inverse of a curvature."""
    found = solve(curve, np.eye(len(curve)), scale)
    return (found + found.T) / 2


def sandwich(covariance: Reals, scores: Reals, choices: Choices) -> Reals:
    """Return the covariance that holds where choices of one person hang together.

    ``covariance`` x sum over persons of score score' x ``covariance``, x persons / (persons - 1); absent (NaN) for one person.

    Parameters
    ----------
    covariance
        Inverse of the negative Hessian.
    scores
        Gradient of each choice's or each person's log-likelihood, weights included.
    """
    count = len(choices.persons)
    if count == 1:
        return np.full_like(covariance, np.nan)
    by_person = scores
    if len(scores) != count:
        by_person = np.zeros((count, scores.shape[1]))
        np.add.at(by_person, choices.who, scores)
    found: Reals = covariance @ (by_person.T @ by_person) @ covariance * (count / (count - 1))
    return found


def _scores(choices: Choices, beta: Reals) -> Reals:
    found = np.empty((len(choices), len(beta)))
    for some, apart in choices.blocks():
        _, chance = log_sums(apart @ beta, choices.available[some])
        found[some] = -np.matmul(chance[:, None, :], apart)[:, 0, :]
    return found * choices.weights[:, None]


def _least(curve: Reals, scale: Reals) -> float:
    return float(np.linalg.eigvalsh(curve / np.outer(scale, scale))[0])


def _separated(choices: Choices) -> str:
    named = ", ".join(f"'{name}'" for name in separating(choices)) or ", ".join(f"'{name}'" for name in choices.names)
    return (
        f"Attributes that together separate the choices perfectly: {named}; what was chosen always had the most of a mixture "
        "of them, so that no finite part-worths are best. Leave some out, join rare values, or give a ridge."
    )
