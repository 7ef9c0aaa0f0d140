"""The mixed logit: part-worths differ over persons by a distribution; simulated maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, breaches, did_you_mean
from lotwise.mine.choice.ascend import ascend
from lotwise.mine.choice.draws import KINDS, MOST, Taste, halton
from lotwise.mine.choice.fitted import Fitted, Group, softmax
from lotwise.mine.choice.identify import spread_within
from lotwise.mine.choice.logit import logit, sandwich

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lotwise.mine.choice.ascend import Summit
    from lotwise.mine.choice.choices import Choices, Flags, Reals, Whole
    from lotwise.mine.choice.draws import Kind

_BLOCK = 1 << 16
"""Numbers of one array at a time: what the processor's cache holds."""
_OUT = -1e6
"""Utility of what is not available."""
_FEW = 10
"""Draws that a typical person's likelihood should rest on; with fewer it is told too low, and spreads are not to be trusted."""
_LONG, _WIDE = 15.0, 3.0
"""Bounds of a lognormal's m, in units of the attribute's spread, and of its s, beyond which its mean is the tail's alone."""
FORETOLD = 500
"""Draws that probabilities are averaged over."""


@dataclass(frozen=True)
class Mixture:
    """Utility is attributes x part-worths, some of which are drawn for each person.

    Coefficients are the part-worths, or m where they are drawn, in the order of the attributes; then s of those drawn.

    Parameters
    ----------
    places
        Attributes whose part-worths are drawn, ``(n_drawn,)``.
    tastes
        Their distributions.
    uniform
        Points of the unit cube that probabilities are averaged over, ``(n_points, n_drawn)``.
    """

    places: Whole
    tastes: tuple[Taste, ...]
    uniform: Reals

    def probabilities(self, coefficients: Reals, attributes: Reals, available: Flags, alternative: Whole) -> Reals:  # noqa: ARG002
        """Return the probability of each place, averaged over draws."""
        found = np.zeros(available.shape)
        for worth in self.worths(coefficients, attributes.shape[2]):
            found += softmax(attributes @ worth, available)
        return found / len(self.uniform)

    def worths(self, coefficients: Reals, width: int) -> Reals:
        """Return draws of persons' part-worths, ``(n_points, n_attributes)``."""
        found = np.tile(coefficients[:width], (len(self.uniform), 1))
        for number, (place, taste) in enumerate(zip(self.places, self.tastes, strict=True)):
            standard = taste.standard(self.uniform[:, number])
            found[:, place] = taste.worths(coefficients[place], coefficients[width + number], standard)
        return found


def mixed(choices: Choices, random: Mapping[str, Kind], *, draws: int = 200, rng: np.random.Generator) -> Fitted:
    """Return the mixed logit of the highest simulated likelihood, with mean and spread of each part-worth that differs.

    All choices of a person share one draw of tastes. Draws are Halton's, each person having a stretch of the sequence of
    its own; the same draws serve every step, so that the likelihood is smooth and its gradient exact.

    Parameters
    ----------
    choices
        What was chosen; persons with several choices tell spreads from noise.
    random
        Attributes whose part-worths differ over persons, and how: ``normal``, ``triangular`` or ``lognormal`` (of one sign for
        everybody: that of the logit's part-worth).
    draws
        Draws a person.
    rng
        Source of the draws' shift.

    Raises
    ------
    InputError
        As for ``logit``; or there is one person only, no attribute or no distribution of a name in ``random``, or no draw.

    References
    ----------
    Train (2009), Discrete Choice Methods with Simulation, 2nd ed., chapters 6, 9 and 10; Revelt and Train (1998), Mixed logit
    with repeated choices, Review of Economics and Statistics 80.
    """
    _drawable(choices, random, draws)
    plain = logit(choices)
    scale = spread_within(choices)
    places = np.array([place for place, name in enumerate(choices.names) if name in random])
    signs = np.where(plain.coefficients < 0, -1.0, 1.0)
    tastes = tuple(Taste(random[choices.names[place]], float(signs[place])) for place in places)
    form = Mixture(places, tastes, halton(FORETOLD, len(places), rng))
    work = simulated(choices, form, halton(len(choices.persons) * draws, len(places), rng))
    start = np.concatenate([plain.coefficients * scale, np.full(len(places), 0.5)])
    for place, taste in zip(places, tastes, strict=True):
        if taste.kind == "lognormal":
            start[place] = np.log(max(abs(start[place]), 0.05))
    low, high = np.full(len(start), -np.inf), np.full(len(start), np.inf)
    low[len(scale) :] = 0.0
    for number, (place, taste) in enumerate(zip(places, tastes, strict=True)):
        if taste.kind == "lognormal":
            low[place], high[place], high[len(scale) + number] = -_LONG, _LONG, _WIDE
    summit = ascend(work.scored, start, low, high)
    rests, said = float(np.median(work.effective(summit.at))), ""
    if rests < min(_FEW, draws / 2):
        said = f"a typical person's likelihood rests on {rests:.0f} of {draws} draws: ask for more draws"
    return _fitted(choices, plain, summit, form, (scale, said))


def simulated(choices: Choices, form: Mixture, uniform: Reals) -> Simulated:
    """Return the simulated likelihood of choices at given points of the unit cube.

    Parameters
    ----------
    choices
        What was chosen.
    form
        Which part-worths are drawn, and how.
    uniform
        Points, those of one person after the other, as many for each, ``(n_persons * n_draws, n_drawn)``.
    """
    shape = (len(choices.persons), -1)
    standard = [taste.standard(uniform[:, number]).reshape(shape) for number, taste in enumerate(form.tastes)]
    return Simulated(choices, spread_within(choices), form, np.stack(standard))


@dataclass(frozen=True)
class Simulated:
    """A simulated likelihood: choices laid out person after person, attributes less those chosen, in units of their spread.

    Parameters
    ----------
    choices
        What was chosen.
    scale
        Spread of each attribute within choices; parameters of ``scored`` are in these units.
    form
        Which part-worths are drawn, and how.
    standard
        Standard draws of each taste, ``(n_drawn, n_persons, n_draws)``.
    """

    choices: Choices
    scale: Reals
    form: Mixture
    standard: Reals

    @cached_property
    def order(self) -> Whole:
        """Choices, person after person."""
        return np.argsort(self.choices.who, kind="stable")

    @cached_property
    def first(self) -> Whole:
        """First choice of each person in that order, and the number of choices, ``(n_persons + 1,)``."""
        size = np.bincount(self.choices.who)
        return np.concatenate([[0], np.cumsum(size)])

    @cached_property
    def others(self) -> tuple[Reals, Flags]:
        """Attributes of what was not chosen less those of what was, and whether it was there."""
        apart, there = self.choices.differences() / self.scale, self.choices.available.copy()
        row = np.arange(len(apart))
        there[row, self.choices.chosen] = False
        apart[row, self.choices.chosen], there[row, self.choices.chosen] = apart[:, 0], there[:, 0]
        return apart[self.order, 1:], there[self.order, 1:]

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Yield the persons and the choices of one block after the other."""
        others, _ = self.others
        most = max(_BLOCK // max(others.shape[1] * self.standard.shape[2], 1), 1)
        start = 0
        while start < len(self.first) - 1:
            last = max(int(np.searchsorted(self.first, self.first[start] + most, side="right")) - 1, start + 1)
            yield slice(start, last), slice(int(self.first[start]), int(self.first[last]))
            start = last

    def scored(self, theta: Reals) -> tuple[float, Reals]:
        """Return the simulated log-likelihood and its gradient person by person."""
        value, scores = 0.0, np.empty((len(self.choices.persons), len(theta)))
        for persons, rows in self.blocks():
            part, scores[persons], _ = self._block(theta, persons, rows)
            value += part
        return value, scores

    def effective(self, theta: Reals) -> Reals:
        """Return the draws that each person's likelihood rests on, ``(n_persons,)``: 1 / sum of squared shares in it.

        References
        ----------
        Kong, Liu and Wong (1994), Sequential imputations and Bayesian missing data problems, JASA 89: effective sample size.
        """
        return np.concatenate([self._block(theta, persons, rows)[2] for persons, rows in self.blocks()])

    def _block(self, theta: Reals, persons: slice, rows: slice) -> tuple[float, Reals, Reals]:
        """Return log-likelihood, gradients and effective draws of some persons.

        With P the product of a person's choice probabilities at one draw, the gradient is the mean over draws, weighted by P,
        of the gradient of log P (Train 2009, equation 6.7 and section 10.5).
        """
        others, there = self.others[0][rows], self.others[1][rows]
        weight = self.choices.weights[self.order][rows]
        width, places = others.shape[2], self.form.places
        size = np.diff(self.first[persons.start : persons.stop + 1])
        start, who = np.cumsum(size) - size, np.repeat(np.arange(len(size)), size)
        fixed = np.ones(width, np.bool_)
        fixed[places] = False
        base = np.where(there, others[:, :, fixed] @ theta[:width][fixed], _OUT)
        utility = np.repeat(base[:, :, None], self.standard.shape[2], axis=2)
        drawn = []
        for number, (place, taste) in enumerate(zip(places, self.form.tastes, strict=True)):
            drawn.append(taste.worths(theta[place], theta[width + number], self.standard[number, persons]))
            utility += others[:, :, place, None] * drawn[number][who][:, None, :]
        chance = np.exp(np.minimum(utility, 600.0, out=utility), out=utility)
        total = 1.0 + chance.sum(axis=1)
        told = np.add.reduceat(-weight[:, None] * np.log(total), start, axis=0)
        chance *= (-weight[:, None] / total)[:, None, :]
        top = told.max(axis=1)
        held = np.exp(told - top[:, None])
        mean = held.mean(axis=1)
        held /= held.sum(axis=1, keepdims=True)
        effort = (held**2).sum(axis=1)
        scores = np.empty((len(size), len(theta)))
        pull = np.matmul(chance, held[who][:, :, None])[:, :, 0]
        scores[:, :width] = np.add.reduceat(np.matmul(pull[:, None, :], others)[:, 0, :], start, axis=0)
        for number, (place, taste) in enumerate(zip(places, self.form.tastes, strict=True)):
            along = np.add.reduceat(np.matmul(others[:, None, :, place], chance)[:, 0, :], start, axis=0) * held
            if taste.kind == "lognormal":
                along *= drawn[number]
            scores[:, place] = along.sum(axis=1)
            scores[:, width + number] = (along * self.standard[number, persons]).sum(axis=1)
        return float((top + np.log(mean)).sum()), scores, 1 / effort


def _fitted(choices: Choices, plain: Fitted, summit: Summit, form: Mixture, told: tuple[Reals, str]) -> Fitted:
    """Return the model in the attributes' own units: m of a lognormal moves by the log of the spread, others are divided."""
    scale, few = told
    width = len(scale)
    logs = np.array([taste.kind == "lognormal" for taste in form.tastes])
    unit = np.concatenate([scale, np.where(logs, 1.0, scale[form.places])])
    unit[form.places[logs]] = 1.0
    coefficients = summit.at / unit
    coefficients[form.places[logs]] -= np.log(scale[form.places[logs]])
    covariance = summit.covariance / np.outer(unit, unit)
    filled, robust = np.where(np.isnan(covariance), 0.0, covariance), np.full_like(covariance, np.nan)
    some = np.ix_(summit.free, summit.free)
    robust[some] = sandwich(filled, summit.scores * unit, choices)[some]
    names = list(choices.names) + [""] * len(form.tastes)
    for number, (place, taste) in enumerate(zip(form.places, form.tastes, strict=True)):
        names[place], names[width + number] = taste.labels(choices.names[place])
    return Fitted(
        model="mixed logit",
        attributes=choices.names,
        names=tuple(names),
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
        note="; ".join(note for note in (_note(choices, plain, summit, form), few) if note),
        groups=(_group(coefficients, filled, form, width),),
        posterior=plain.posterior,
        form=form,
    )


def _group(coefficients: Reals, covariance: Reals, form: Mixture, width: int) -> Group:
    """Return means and spreads over persons, with the means' covariance by the delta method."""
    means, spread = coefficients[:width].copy(), np.zeros(width)
    slope = np.eye(width, len(coefficients))
    for number, (place, taste) in enumerate(zip(form.places, form.tastes, strict=True)):
        means[place], spread[place], slopes = taste.moments(coefficients[place], coefficients[width + number])
        slope[place, [place, width + number]] = slopes
    return Group("all", 1.0, means, slope @ covariance @ slope.T, spread)


def _note(choices: Choices, plain: Fitted, summit: Summit, form: Mixture) -> str:
    notes = [plain.note] if plain.note else []
    if not summit.converged:
        notes.append("the maximum was not reached")
    if len(choices.persons) == len(choices):
        notes.append("one choice a person: spreads rest on the form of the logit alone")
    for number, (place, taste) in enumerate(zip(form.places, form.tastes, strict=True)):
        if summit.at[len(choices.names) + number] <= 0:
            notes.append(f"no spread of '{choices.names[place]}' over persons was found")
        elif not summit.free[[place, len(choices.names) + number]].all():
            notes.append(f"'{choices.names[place]}' is at a bound of its distribution: its mean and spread cannot be told")
        if taste.kind == "lognormal":
            notes.append(f"'{choices.names[place]}' is taken as {'below' if taste.sign < 0 else 'above'} 0 for everybody")
    return "; ".join(notes)


def _drawable(choices: Choices, random: Mapping[str, Kind], draws: int) -> None:
    found = [
        f"there is no attribute '{name}'{did_you_mean(name, choices.names)}" for name in random if name not in choices.names
    ]
    found += [
        f"the distribution of '{name}' is {kind!r}, expected one of {', '.join(KINDS)}"
        for name, kind in random.items()
        if kind not in KINDS
    ]
    if not 0 < len(random) <= MOST:
        found.append(f"{len(random)} attributes are said to differ over persons, expected 1 to {MOST}")
    if draws < 1:
        found.append(f"{draws} draws a person, expected at least 1")
    if len(choices.persons) == 1:
        found.append("all choices are one person's, expected several persons: a spread over persons cannot be told from one")
    if found:
        raise InputError(breaches("A mixed logit cannot be estimated", found))
