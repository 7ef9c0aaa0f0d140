"""The nested logit: alternatives of one nest are closer to each other than to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, breaches
from lotwise.mine.choice.ascend import ascend
from lotwise.mine.choice.fitted import Fitted, Group
from lotwise.mine.choice.identify import spread_within
from lotwise.mine.choice.logit import logit, sandwich

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.mine.choice.ascend import Summit
    from lotwise.mine.choice.choices import Choices, Flags, Reals, Whole

LEAST = 0.05
"""Least dissimilarity tried; below, alternatives of a nest are nearly one."""


@dataclass(frozen=True)
class Nests:
    """Which nest each place stands in; utility is attributes x part-worths.

    Parameters
    ----------
    nest
        Nest of each alternative, from 0, ``(n_alternatives,)``.
    place
        Where the dissimilarity of each nest stands among the coefficients; -1: it is 1; ``(n_nests,)``.
    """

    nest: Whole
    place: Whole

    def probabilities(self, coefficients: Reals, attributes: Reals, available: Flags, alternative: Whole) -> Reals:
        """Return the probability of each place."""
        width, nest = attributes.shape[2], self.nest[alternative]
        inner, outer, _ = _levels(attributes @ coefficients[:width], available, nest, self.dissimilarity(coefficients))
        return inner * np.take_along_axis(outer, nest, axis=1)

    def dissimilarity(self, coefficients: Reals) -> Reals:
        """Return the dissimilarity of each nest: 1 is the logit, toward 0 its alternatives become one."""
        return np.where(self.place < 0, 1.0, coefficients[self.place])


def nested(choices: Choices, nests: Mapping[str, Sequence[str]]) -> Fitted:
    """Return the nested logit of the highest likelihood, with a dissimilarity in (0, 1] for each nest.

    A dissimilarity at 1 is a bound: the nest is then no nest, which the note says, and it has no standard error. Where all
    are at 1 the model is the logit.

    Parameters
    ----------
    choices
        What was chosen.
    nests
        Alternatives of each nest; an alternative in none stands alone.

    Raises
    ------
    InputError
        As for ``logit``; or a nest names an alternative twice, or one that there is not.

    References
    ----------
    McFadden (1978), Modelling the choice of residential location, in Karlqvist et al. (ed.), Spatial Interaction Theory and
    Planning Models; Train (2009), Discrete Choice Methods with Simulation, 2nd ed., equations 4.2-4.5.
    """
    nest, labels = _numbered(choices, nests)
    plain = logit(choices)
    scale = spread_within(choices)
    standing = nest[choices.alternative]
    told = [
        place for place in range(len(labels)) if ((standing == place) & choices.available).sum(axis=1).max() > 1
    ]  # a nest of which no choice offers two says nothing of its dissimilarity
    place = np.full(int(nest.max()) + 1, -1)
    place[told] = len(scale) + np.arange(len(told))
    form = Nests(nest, place)
    apart = choices.differences() / scale

    def scored(theta: Reals) -> tuple[float, Reals]:
        return _scored(choices, apart, standing, form, theta)

    width = len(scale)
    low = np.concatenate([np.full(width, -np.inf), np.full(len(told), LEAST)])
    high = np.concatenate([np.full(width, np.inf), np.ones(len(told))])
    summit = ascend(scored, np.concatenate([plain.coefficients * scale, np.full(len(told), 0.8)]), low, high, choices.weights)
    names = tuple(labels[number] for number in told)
    return _fitted(choices, plain, summit, form, (np.concatenate([scale, np.ones(len(told))]), names))


def _fitted(choices: Choices, plain: Fitted, summit: Summit, form: Nests, units: tuple[Reals, tuple[str, ...]]) -> Fitted:
    unit, labels = units
    width = len(choices.names)
    coefficients = summit.at / unit
    covariance = summit.covariance / np.outer(unit, unit)
    notes = [plain.note] if plain.note else []
    for label, value in zip(labels, coefficients[width:], strict=True):
        if value >= 1:
            notes.append(f"nest '{label}' is none: its alternatives are no closer to each other than to others")
        if value <= LEAST:
            notes.append(f"alternatives of nest '{label}' are nearly one: its dissimilarity is at its bound of {LEAST}")
    if not summit.converged:
        notes.append("the maximum was not reached")
    filled, robust = np.where(np.isnan(covariance), 0.0, covariance), np.full_like(covariance, np.nan)
    some = np.ix_(summit.free, summit.free)
    robust[some] = sandwich(filled, summit.scores * unit, choices)[some]
    group = Group("all", 1.0, coefficients[:width], covariance[:width, :width], np.zeros(width))
    return Fitted(
        model="nested logit",
        attributes=choices.names,
        names=(*choices.names, *(f"nest {label}" for label in labels)),
        coefficients=coefficients,
        covariance=covariance,
        robust=robust,
        log_likelihood=summit.value,
        null_log_likelihood=plain.null_log_likelihood,
        choices=plain.choices,
        persons=plain.persons,
        alternatives=plain.alternatives,
        free=int(summit.free.sum()),
        converged=summit.converged,
        steps=summit.steps,
        note="; ".join(notes),
        groups=(group,),
        posterior=plain.posterior,
        form=form,
    )


def _numbered(choices: Choices, nests: Mapping[str, Sequence[str]]) -> tuple[Whole, tuple[str, ...]]:
    """Return the nest of each alternative and the names of nests; alternatives in no nest come after."""
    known = {name: place for place, name in enumerate(choices.alternatives)}
    nest = np.full(len(known), -1)
    found = []
    for number, (label, members) in enumerate(nests.items()):
        for member in members:
            if member not in known:
                found.append(f"nest '{label}' has '{member}', which is no alternative")
            elif nest[known[member]] >= 0:
                found.append(f"alternative '{member}' stands in nests twice; expected in one")
            else:
                nest[known[member]] = number
    if found:
        raise InputError(breaches("Nests cannot be used", found))
    alone = nest < 0
    nest[alone] = len(nests) + np.arange(int(alone.sum()))
    return nest, tuple(nests)


def _levels(utility: Reals, available: Flags, nest: Whole, dissimilarity: Reals) -> tuple[Reals, Reals, Reals]:
    """Return the chance of each place within its nest, that of each nest, and log sum exp(utility / dissimilarity) of each."""
    count = len(utility)
    inner, sums = np.zeros_like(utility), np.full((count, len(dissimilarity)), -np.inf)
    for number, closeness in enumerate(dissimilarity):
        standing = nest == number
        columns = np.flatnonzero(standing.any(axis=0))
        inside = available[:, columns] & standing[:, columns]
        raised = np.where(inside, utility[:, columns] / closeness, -np.inf)
        top = raised.max(axis=1, keepdims=True, initial=-np.inf)
        powers = np.exp(raised - np.where(np.isfinite(top), top, 0.0))
        total = powers.sum(axis=1, keepdims=True)
        some = total[:, 0] > 0
        sums[some, number] = (top[some] + np.log(total[some]))[:, 0]
        inner[:, columns] += powers / np.where(total > 0, total, 1.0)
    worth = sums * dissimilarity
    outer = np.exp(worth - worth.max(axis=1, keepdims=True))
    return inner, outer / outer.sum(axis=1, keepdims=True), sums


def _scored(choices: Choices, apart: Reals, nest: Whole, form: Nests, theta: Reals) -> tuple[float, Reals]:
    """Return the log-likelihood and its gradient choice by choice; utilities are less those of what was chosen."""
    width = apart.shape[2]
    closeness = form.dissimilarity(theta)
    utility = apart @ theta[:width]
    inner, outer, sums = _levels(utility, choices.available, nest, closeness)
    row = np.arange(len(utility))
    own = nest[row, choices.chosen]
    value = np.log(outer[row, own]) - sums[row, own]
    mine = nest == own[:, None]
    pull = inner * np.where(mine, 1 - 1 / closeness[own][:, None], 0.0) - inner * np.take_along_axis(outer, nest, axis=1)
    scores = np.zeros((len(utility), len(theta)))
    scores[:, :width] = np.matmul(pull[:, None, :], apart)[:, 0, :]
    for number in np.flatnonzero(form.place >= 0):
        there = np.isfinite(sums[:, number])
        mean = ((nest == number) * inner * utility).sum(axis=1)
        gain = np.where(there, sums[:, number], 0.0) - mean / closeness[number]
        scores[:, form.place[number]] = (own == number) * (mean / closeness[number] ** 2 + gain) - outer[:, number] * gain
    return float(choices.weights @ value), scores * choices.weights[:, None]
