"""A fitted model of choice: part-worths with their errors, how well it fits, and probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from lotwise.mine.choice.choices import Flags, Reals, Whole

NORMAL_95 = 1.959963984540054
"""Standard errors on either side of an estimate that make its 95 % interval."""


class Form(Protocol):
    """How a model turns its coefficients into probabilities."""

    def probabilities(self, coefficients: Reals, attributes: Reals, available: Flags, alternative: Whole) -> Reals:
        """Return the probability of each place of each choice, ``(n_choices, n_places)``."""


@dataclass(frozen=True)
class Group:
    """Tastes of one group of people: everybody, or a class the model found.

    Parameters
    ----------
    name
        ``all``, or ``class 1`` (the largest) and so on.
    share
        Share of persons in it.
    part_worths
        Utility of one unit of each attribute; of a mixed logit its mean over persons; ``(n_attributes,)``.
    covariance
        Of the part-worths, ``(n_attributes, n_attributes)``.
    spread
        Standard deviation of each part-worth over the persons of the group; 0 where all are alike; ``(n_attributes,)``.
    """

    name: str
    share: float
    part_worths: Reals
    covariance: Reals
    spread: Reals

    @property
    def errors(self) -> Reals:
        """Standard errors of the part-worths."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True)
class Fitted:
    """A fitted model of choice.

    Parameters
    ----------
    model
        ``logit``, ``nested logit``, ``latent classes`` or ``mixed logit``.
    attributes
        Names of the attributes.
    names
        Names of the parameters.
    coefficients
        Estimates, ``(n_parameters,)``.
    covariance
        Inverse of the negative Hessian; absent (NaN) for a parameter at its bound; ``(n_parameters, n_parameters)``.
    robust
        The same by the sandwich over persons: holds where the model is wrong or a person's choices hang together.
    log_likelihood, null_log_likelihood
        Of the choices; and with every available alternative alike.
    choices
        Choices, weighted.
    persons
        Everybody who chose, ascending, ``(n_persons,)``.
    alternatives
        Alternatives there are.
    free
        Parameters estimated: those not at a bound.
    converged
        Whether the gradient vanished at a maximum.
    steps
        Steps taken.
    note
        What could not be told, in words; empty: nothing.
    groups
        Tastes: one group, or one a class.
    posterior
        Share of each person's tastes that is each class's, given their choices, ``(n_persons, n_groups)``.
    form
        How probabilities follow.
    """

    model: str
    attributes: tuple[str, ...]
    names: tuple[str, ...]
    coefficients: Reals
    covariance: Reals
    robust: Reals
    log_likelihood: float
    null_log_likelihood: float
    choices: float
    persons: Whole
    alternatives: int
    free: int
    converged: bool
    steps: int
    note: str
    groups: tuple[Group, ...]
    posterior: Reals
    form: Form

    @property
    def errors(self) -> Reals:
        """Standard errors of the coefficients, from the inverse Hessian."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def robust_errors(self) -> Reals:
        """Standard errors of the coefficients, from the sandwich over persons."""
        return np.sqrt(np.diag(self.robust))

    @property
    def bic(self) -> float:
        """Bayesian information criterion, choices being the sample's size; lower is better."""
        return float(self.free * np.log(self.choices) - 2 * self.log_likelihood)

    def __getitem__(self, name: str) -> float:
        """Return the coefficient of that name."""
        return float(self.coefficients[self.names.index(name)])

    def probabilities(self, attributes: Reals, available: Flags | None = None, alternative: Whole | None = None) -> Reals:
        """Return the probability that somebody of whom nothing else is known takes each place.

        Parameters
        ----------
        attributes
            ``(n_choices, n_places, n_attributes)``, as the model was fitted to.
        available
            ``(n_choices, n_places)``; absent: all are.
        alternative
            Which alternative stands in each place, ``(n_choices, n_places)``, as ``Choices`` has it; absent: alternative j in
            place j. Only nests ask for it.

        Returns
        -------
        Reals
            ``(n_choices, n_places)``; 0 for what is not available; rows sum to 1.
        """
        offered = np.asarray(attributes, dtype=np.float64)
        there = np.ones(offered.shape[:2], np.bool_) if available is None else np.asarray(available, dtype=np.bool_)
        clean = np.where(there[:, :, None], offered, 0.0)
        standing = np.broadcast_to(np.arange(offered.shape[1]), offered.shape[:2]) if alternative is None else alternative
        return self.form.probabilities(self.coefficients, clean, there, standing)


def p_values(estimates: Reals, errors: Reals) -> Reals:
    """Return the chance of estimates as far from 0 were they nothing, two-sided, by the normal distribution."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Reals = 2 * ndtr(-np.abs(estimates / errors))
    return found


def softmax(utility: Reals, available: Flags) -> Reals:
    """Return choice probabilities along the last axis, 0 where not available."""
    top = np.max(utility, axis=-1, keepdims=True, where=available, initial=-np.inf)
    raised = np.exp(np.where(available, utility - top, -np.inf))
    found: Reals = raised / np.maximum(raised.sum(axis=-1, keepdims=True), np.finfo(float).tiny)
    return found
