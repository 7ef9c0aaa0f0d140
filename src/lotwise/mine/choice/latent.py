"""The latent class logit: people are of a few kinds, each with part-worths of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

from lotwise.errors import InputError
from lotwise.mine.choice.fitted import Fitted, Group, softmax
from lotwise.mine.choice.identify import spread_within
from lotwise.mine.choice.logit import bend, inverse, log_sums, logit, sandwich, solve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from lotwise.mine.choice.choices import Choices, Flags, Reals, Whole

LOOSE = 0.01
"""Precision of the normal prior with mean 0 on every coefficient, in units of the attribute's spread: a standard deviation of
10 logits, which says next to nothing but keeps a class finite whose choices are separated perfectly."""

SHORT, LONG, MOST_POLISHES = 20, 40, 60
"""Rounds of EM from each start, of the best of them, and Newton steps after them."""
SAMPLE = 3000
"""Choices that starts are tried on."""
_SMALL = 0.02
"""Share of persons under which a class is said to be small."""
_ALIKE, _CERTAIN = 0.05, 8.0
"""Part-worths of one spread of an attribute: classes that differ by less are alike; beyond, one of 3,000 chooses otherwise."""


@dataclass(frozen=True)
class Classes:
    """Each person is of one of some kinds; utility is attributes x the part-worths of the kind.

    Parameters
    ----------
    classes
        How many.
    membership
        What tells the kind of a person, a column of ones first, ``(n_persons, 1 + n_covariates)``.
    """

    classes: int
    membership: Reals

    def probabilities(self, coefficients: Reals, attributes: Reals, available: Flags, alternative: Whole) -> Reals:  # noqa: ARG002
        """Return the probability of each place, averaged over the persons of the estimate."""
        worths, odds = self.split(coefficients)
        shares = self.shares(odds).mean(axis=0)
        found = np.zeros(available.shape)
        for share, worth in zip(shares, worths, strict=True):
            found += share * softmax(attributes @ worth, available)
        return found

    def split(self, coefficients: Reals) -> tuple[Reals, Reals]:
        """Return part-worths ``(n_classes, n_attributes)`` and log-odds ``(n_classes, 1 + n_covariates)``, 0 in the first."""
        told = self.membership.shape[1]
        width = (len(coefficients) - (self.classes - 1) * told) // self.classes
        cut = self.classes * width
        odds = np.concatenate([np.zeros((1, told)), coefficients[cut:].reshape(-1, told)])
        return coefficients[:cut].reshape(self.classes, width), odds

    def shares(self, odds: Reals) -> Reals:
        """Return the chance of each class for each person before their choices are known."""
        utility = self.membership @ odds.T
        found: Reals = np.exp(utility - logsumexp(utility, axis=1, keepdims=True))
        return found


@dataclass(frozen=True)
class _Point:
    """Parameters in units of the attributes' spreads, and what follows from them."""

    worths: Reals
    odds: Reals
    posterior: Reals
    chances: tuple[Reals, ...]
    value: float
    goal: float


def latent(
    choices: Choices,
    classes: int,
    *,
    rng: np.random.Generator,
    starts: int = 8,
    membership: Mapping[str, ArrayLike] | None = None,
) -> Fitted:
    """Return the logit of some latent classes of persons: part-worths of each, shares, and whose tastes each person has.

    EM from several random starts, the best carried on and finished by Newton's method with the exact Hessian. Class 1 is the
    largest. Coefficients have a loose normal prior (``LOOSE``); the log-likelihood told is without it.

    Parameters
    ----------
    choices
        What was chosen; persons with several choices tell classes apart.
    classes
        How many; 1 is the logit.
    rng
        Source of the starts.
    starts
        Random starts.
    membership
        Covariates of the persons, each ``(n_persons,)`` in the order of ``choices.persons``; they shift the log-odds of
        classes 2 and up against class 1.

    Raises
    ------
    InputError
        As for ``logit``; or there are more classes than persons, or covariates are absent or constant.

    References
    ----------
    Train (2008), EM algorithms for nonparametric estimation of mixing distributions, Journal of Choice Modelling 1;
    Louis (1982), Finding the observed information matrix when using the EM algorithm, JRSS B 44, for the Hessian.
    """
    _countable(choices, classes, starts)
    told, labels = _membership(choices, membership)
    plain = logit(choices)
    if classes == 1:
        return plain
    form, scale = Classes(classes, told), spread_within(choices)
    work = _Work(choices, choices.differences() / scale, form)
    best = work.em(_begin(work, plain.coefficients * scale, rng, starts), LONG)
    order = np.argsort(-form.shares(best.odds).mean(axis=0), kind="stable")
    best = work.point(best.worths[order], best.odds[order] - best.odds[order[0]])
    final, covariance, scores, steps, converged = work.polish(best)
    return _fitted(choices, plain, (final, covariance, scores, steps, converged), form, (scale, labels))


def _begin(work: _Work, worths: Reals, rng: np.random.Generator, starts: int) -> _Point:
    """Return the best of some random starts after a few rounds of EM, on a sample of persons where there are many choices."""
    choices, told = work.choices, work.form.membership
    some, small = np.ones(len(choices), np.bool_), work
    if len(choices) > SAMPLE:
        count = np.bincount(choices.who)
        drawn = rng.permutation(len(count))
        inside = np.zeros(len(count), np.bool_)
        inside[drawn[: max(int((np.cumsum(count[drawn]) <= SAMPLE).sum()), work.form.classes)]] = True
        some = inside[choices.who]
        small = _Work(choices.select(some), work.apart[some], Classes(work.form.classes, told[inside]))
    begun = []
    for _ in range(starts):
        near = worths + rng.normal(size=(work.form.classes, len(worths)))
        begun.append(small.em(small.point(near, np.zeros((work.form.classes, told.shape[1]))), SHORT))
    best = max(begun, key=lambda point: point.goal)
    return work.point(best.worths, best.odds)


@dataclass(frozen=True)
class _Work:
    """Choices laid out for one estimate; attributes less those chosen, in units of their spread."""

    choices: Choices
    apart: Reals
    form: Classes

    def point(self, worths: Reals, odds: Reals) -> _Point:
        """Return what follows from parameters: the log-likelihood, with and without the prior, and posterior classes."""
        count = len(self.choices.persons)
        told, chances = np.empty((count, len(worths))), []
        for place, worth in enumerate(worths):
            sums, chance = log_sums(self.apart @ worth, self.choices.available)
            told[:, place] = np.bincount(self.choices.who, -self.choices.weights * sums, minlength=count)
            chances.append(chance)
        joint = told + np.log(np.maximum(self.form.shares(odds), 1e-300))
        person = logsumexp(joint, axis=1)
        value = float(person.sum())
        prior = LOOSE / 2 * float((worths**2).sum() + (odds**2).sum())
        return _Point(worths, odds, np.exp(joint - person[:, None]), tuple(chances), value, value - prior)

    def em(self, point: _Point, rounds: int) -> _Point:
        """Return the point that some rounds of EM lead to, each with one Newton step a class; no round lowers the goal."""
        for _ in range(rounds):
            moves = np.stack([self._move(point, place) for place in range(self.form.classes)])
            odds = self._odds(point)
            there = self.point(point.worths + moves, odds)
            for halving in range(1, 20):
                if there.goal >= point.goal:
                    break
                there = self.point(point.worths + moves / 2**halving, odds)
            gain, point = there.goal - point.goal, there if there.goal >= point.goal else point
            if gain < 1e-2:  # noqa: PLR2004  the Newton steps do the rest
                break
        return point

    def _move(self, point: _Point, place: int) -> Reals:
        """Return the Newton step of one class's part-worths, persons weighing as they are of the class."""
        weight = self.choices.weights * point.posterior[self.choices.who, place]
        mean, curve = bend(self.apart, point.chances[place], weight)
        ones = np.ones(len(curve))
        step = solve(curve + LOOSE * np.eye(len(curve)), -weight @ mean - LOOSE * point.worths[place], ones)
        return np.clip(step, -2.0, 2.0)

    def _odds(self, point: _Point) -> Reals:
        """Return log-odds one Newton step nearer to the posterior classes."""
        told = self.form.membership
        if told.shape[1] == 1:
            share = np.maximum(point.posterior.mean(axis=0), 1e-6)
            levels: Reals = np.log(share / share[0])[:, None]
            return levels
        shares = self.form.shares(point.odds)
        slope = (point.posterior - shares)[:, 1:].T @ told - LOOSE * point.odds[1:]
        curve = _odds_curve(shares, told) + LOOSE * np.eye(slope.size)
        move = solve(curve, slope.ravel(), np.ones(slope.size)).reshape(slope.shape)
        moved: Reals = point.odds + np.concatenate([np.zeros((1, told.shape[1])), np.clip(move, -1, 1)])
        return moved

    def polish(self, point: _Point) -> tuple[_Point, Reals, Reals, int, bool]:
        """Return the maximum, covariance there, gradients of persons, steps, and whether it was reached, by Newton steps."""
        ones = np.ones(point.worths.size + point.odds[1:].size)
        steps, converged = 0, False
        curve, scores = self.curvature(point)
        for steps in range(1, MOST_POLISHES + 1):  # noqa: B007  it is told below
            theta = np.concatenate([point.worths.ravel(), point.odds[1:].ravel()])
            slope = scores.sum(axis=0) - LOOSE * theta
            falls = np.linalg.eigvalsh(curve)[0] > 0
            move = solve(curve if falls else scores.T @ scores + LOOSE * np.diag(ones), slope, ones)
            if falls and float(slope @ move) < 1e-9:  # noqa: PLR2004  far below what is ever shown
                converged = True
                break
            there = self._uphill(point, theta, move)
            if there.goal <= point.goal:
                converged = bool(falls) and float(slope @ move) < 1e-6  # noqa: PLR2004  rounding
                break
            point = there
            curve, scores = self.curvature(point)
        return point, inverse(curve, ones), scores, steps, converged

    def _uphill(self, point: _Point, theta: Reals, move: Reals) -> _Point:
        cut = point.worths.size
        for halving in range(30):
            moved = theta + move / 2**halving
            odds = np.concatenate([point.odds[:1], moved[cut:].reshape(-1, point.odds.shape[1])])
            there = self.point(moved[:cut].reshape(point.worths.shape), odds)
            if there.goal > point.goal:
                break
        return there

    def curvature(self, point: _Point) -> tuple[Reals, Reals]:
        """Return the negative Hessian of the likelihood with its prior, and the gradient person by person.

        With h the posterior classes and g the gradient of a person's log joint likelihood in a class, the Hessian is the sum of
        h (Hessian in the class + g g') less (sum h g)(sum h g)'.
        """
        told, classes = self.form.membership, self.form.classes
        width, wide = point.worths.shape[1], told.shape[1]
        cut, count = classes * width, len(told)
        shares = self.form.shares(point.odds)
        curve = np.zeros((cut + (classes - 1) * wide,) * 2)
        mean = np.zeros((count, len(curve)))
        for place in range(classes):
            held = point.posterior[:, place]
            own = slice(place * width, (place + 1) * width)
            each, bent = bend(self.apart, point.chances[place], self.choices.weights * held[self.choices.who])
            curve[own, own] += bent
            gradient = np.zeros((count, len(curve)))
            np.add.at(gradient[:, own], self.choices.who, -each * self.choices.weights[:, None])
            lead = (np.arange(1, classes) == place) - shares[:, 1:]
            gradient[:, cut:] = (lead[:, :, None] * told[:, None, :]).reshape(count, -1)
            curve -= (gradient * held[:, None]).T @ gradient
            mean += gradient * held[:, None]
        curve[cut:, cut:] += _odds_curve(shares, told)
        return curve + mean.T @ mean + LOOSE * np.eye(len(curve)), mean


def _odds_curve(shares: Reals, told: Reals) -> Reals:
    """Return the negative Hessian of the multinomial logit of classes on membership, classes 2 and up."""
    free = shares[:, 1:]
    spread = np.einsum("ic,cd->icd", free, np.eye(free.shape[1])) - free[:, :, None] * free[:, None, :]
    size = free.shape[1] * told.shape[1]
    found: Reals = np.einsum("icd,ia,ib->cadb", spread, told, told, optimize=True).reshape(size, size)
    return found


def _fitted(
    choices: Choices,
    plain: Fitted,
    reached: tuple[_Point, Reals, Reals, int, bool],
    form: Classes,
    units: tuple[Reals, tuple[str, ...]],
) -> Fitted:
    point, covariance, scores, steps, converged = reached
    scale, labels = units
    unit = np.concatenate([np.tile(scale, form.classes), np.ones(point.odds[1:].size)])
    covariance = covariance / np.outer(unit, unit)
    width = len(scale)
    shares = form.shares(point.odds).mean(axis=0)
    groups = tuple(
        Group(
            f"class {place + 1}",
            float(shares[place]),
            point.worths[place] / scale,
            covariance[place * width : (place + 1) * width, place * width : (place + 1) * width],
            np.zeros(width),
        )
        for place in range(form.classes)
    )
    names = [f"class {place + 1}: {name}" for place in range(form.classes) for name in choices.names]
    names += [f"class {place + 1}: membership {label}" for place in range(1, form.classes) for label in labels]
    return Fitted(
        model="latent classes",
        attributes=choices.names,
        names=tuple(names),
        coefficients=np.concatenate([point.worths.ravel(), point.odds[1:].ravel()]) / unit,
        covariance=covariance,
        robust=sandwich(covariance, scores * unit, choices),
        log_likelihood=point.value,
        null_log_likelihood=plain.null_log_likelihood,
        choices=plain.choices,
        persons=plain.persons,
        alternatives=plain.alternatives,
        free=len(unit),
        converged=converged,
        steps=steps,
        note=_note(choices, plain, point, groups, converged=converged),
        groups=groups,
        posterior=point.posterior,
        form=form,
    )


def _note(choices: Choices, plain: Fitted, point: _Point, groups: tuple[Group, ...], *, converged: bool) -> str:
    notes = [plain.note] if plain.note else []
    if not converged:
        notes.append("the maximum was not reached")
    if len(choices.persons) == len(choices):
        notes.append("one choice a person: classes rest on the form of the logit alone")
    few = max(_SMALL * len(choices.persons), point.worths.shape[1])
    small = [group.name for group in groups if group.share * len(choices.persons) < few]
    if small:
        notes.append(f"too few persons to tell what they like: {', '.join(small)}")
    pairs = np.abs(point.worths[:, None] - point.worths).max(axis=2)[np.triu_indices(len(groups), 1)]
    if pairs.min() < _ALIKE:
        notes.append("some classes are alike: fewer classes say as much")
    for group, worths in zip(groups, point.worths, strict=True):
        unbound = [name for name, worth in zip(choices.names, worths, strict=True) if abs(worth) > _CERTAIN]
        if unbound:
            notes.append(f"{group.name} is certain of {', '.join(unbound)}: no finite part-worth is best")
    return "; ".join(notes)


def _countable(choices: Choices, classes: int, starts: int) -> None:
    if classes < 1 or starts < 1:
        raise InputError(f"Found {classes} classes and {starts} starts; expected at least 1 of each.")
    if classes > len(choices.persons):
        raise InputError(
            f"Found {classes} classes for {len(choices.persons)} persons; expected fewer classes than persons. "
            "Ask for fewer classes, or tell who chose."
        )


def _membership(choices: Choices, membership: Mapping[str, ArrayLike] | None) -> tuple[Reals, tuple[str, ...]]:
    count = len(choices.persons)
    columns = [np.ones(count)]
    for name, values in (membership or {}).items():
        column = np.asarray(values, dtype=np.float64)
        if column.shape != (count,) or not np.isfinite(column).all() or np.ptp(column) == 0:
            raise InputError(
                f"Membership '{name}' has shape {column.shape}, or absent, infinite or constant values; expected numbers that "
                f"differ, one for each of {count} persons."
            )
        columns.append(column)
    return np.column_stack(columns), ("constant", *(membership or {}))
