"""A fitted model of one choice: probabilities, and what it foresees of customers it knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.choice.fitted import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.mine.choice.fitted import Fitted, Group
    from lotwise.mine.preferences.sets import Sets

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """A model of one choice.

    Parameters
    ----------
    name
        As in the table ``choice_models``.
    names
        Attributes it reads, by their keys in the sets.
    groups
        Part-worths: of all, or of each class.
    persons, posterior
        Customers it was estimated from, ascending, and the chance that each is of each group, ``(n_persons, n_groups)``.
    log_likelihood, null_log_likelihood, choices, free
        Fit where it was estimated.
    fitted
        What ``mine.choice`` fitted, for the nested logit, whose probabilities do not follow from the part-worths alone.
    note
        What could not be told.
    tastes
        Draws of customers' part-worths, ``(n_draws, n_attributes)``, of a mixed logit; they then stand for the groups in
        ``posterior`` and in probabilities.
    """

    name: str
    names: tuple[str, ...]
    groups: tuple[Group, ...]
    persons: Whole
    posterior: Reals
    log_likelihood: float
    null_log_likelihood: float
    choices: float
    free: int
    fitted: Fitted | None = None
    note: str = ""
    tastes: Reals | None = None

    @property
    def bic(self) -> float:
        """Bayesian information criterion; lower is better."""
        return float(self.free * np.log(max(self.choices, 1.0)) - 2 * self.log_likelihood)

    @property
    def worths(self) -> Reals:
        """Part-worths of each group, or of each draw of a mixed logit, ``(n_groups, n_attributes)``."""
        return np.array([group.part_worths for group in self.groups]) if self.tastes is None else self.tastes

    @property
    def shares(self) -> Reals:
        """Share of customers in each group."""
        if self.tastes is not None:
            return np.full(len(self.tastes), 1 / len(self.tastes))
        return np.array([group.share for group in self.groups])

    def by_group(self, sets: Sets) -> Reals:
        """Return the probability of each alternative of each set in each group, ``(n_groups, n_sets, n_alternatives)``."""
        sets = sets.keep(self.names)
        told = sets.available.any(axis=1)
        found = np.zeros((len(self.shares), *sets.available.shape))
        if self.fitted is not None:
            found[0, told] = self.fitted.probabilities(sets.offered[told], sets.available[told])
            return found
        for place, worth in enumerate(self.worths):
            found[place, told] = softmax(sets.offered[told] @ worth, sets.available[told])
        return found

    def probabilities(self, sets: Sets) -> Reals:
        """Return the probability of each alternative of each set for a customer not known, ``(n_sets, n_alternatives)``."""
        found: Reals = np.tensordot(self.shares, self.by_group(sets), axes=1)
        return found

    def foreseen(self, sets: Sets) -> Reals:
        """Return the log-probability of each choice, given which group its customer seems to be of, ``(n_choices,)``."""
        chance = self.by_group(sets)[:, sets.set, sets.chosen]
        spot = np.minimum(np.searchsorted(self.persons, sets.person), max(len(self.persons) - 1, 0))
        known = self.persons[spot] == sets.person if len(self.persons) else np.zeros(len(sets), dtype=bool)
        weight = np.where(known[:, None], self.posterior[spot], self.shares) if len(self.persons) else self.shares
        found: Reals = np.log(np.maximum((weight * chance.T).sum(axis=1), 1e-300))
        return found
