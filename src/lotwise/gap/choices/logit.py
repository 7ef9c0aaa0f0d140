"""The conditional logit: how much each attribute weighs in what people choose, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from lotwise.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]

BLOCK_ROWS = 1 << 16
"""Rows worked on at a time, so that memory stays small however many occasions there are."""

MOST_STEPS = 60
CREDIBLE = 2.576
"""Standard errors by which the part-worth of the price must lie below 0: its 99 % interval, for money is divided by it."""

_SAME = 1e-9
"""Share of a column's variance, beside the columns before it, under which it says nothing of its own."""

_FLAT = 1e-10
"""Curvature left of that at part-worths of 0 under which the likelihood is flat: it rises for ever."""


@dataclass(frozen=True)
class Occasions:
    """Choice occasions, one row an alternative, those of one occasion together.

    Parameters
    ----------
    names
        Attributes, the columns.
    attributes
        What each alternative offers, ``(n_rows, n_attributes)``; a constant of the occasion says nothing and is refused.
    start
        First row of each occasion, ascending, the first being 0, ``(n_occasions,)``. Sets may differ in size.
    chosen
        Row of the alternative that was chosen, ``(n_occasions,)``.
    weight
        Times each occasion counts, ``(n_occasions,)``; absent: once.
    """

    names: tuple[str, ...]
    attributes: Reals
    start: Whole
    chosen: Whole
    weight: Reals | None = None

    @property
    def weights(self) -> Reals:
        """Times each occasion counts."""
        return np.ones(len(self.start)) if self.weight is None else self.weight

    @cached_property
    def sizes(self) -> Whole:
        """Alternatives of each occasion."""
        return np.diff(self.start, append=len(self.attributes))

    @cached_property
    def occasion(self) -> Whole:
        """Occasion of each row, from 0."""
        return np.repeat(np.arange(len(self.start)), self.sizes)

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Yield the occasions and the rows of one block after the other; no occasion is cut."""
        first, ends = 0, self.start + self.sizes
        while first < len(self.start):
            last = max(int(np.searchsorted(ends, self.start[first] + BLOCK_ROWS, side="right")), first + 1)
            yield slice(first, last), slice(int(self.start[first]), int(ends[last - 1]))
            first = last

    def differences(self, occasions: slice, rows: slice) -> Reals:
        """Return the block's attributes less those of what was chosen: all that choices depend on."""
        apart: Reals = self.attributes[rows] - np.repeat(self.attributes[self.chosen[occasions]], self.sizes[occasions], axis=0)
        return apart


@dataclass(frozen=True)
class Logit:
    """A fitted conditional logit: utility = attributes x part-worths + Gumbel noise.

    Parameters
    ----------
    names
        Attributes.
    part_worths
        Utility of one unit of each attribute, ``(n_attributes,)``.
    covariance
        Of the part-worths: the inverse of the negative Hessian, ``(n_attributes, n_attributes)``.
    log_likelihood, null_log_likelihood
        Of the choices, and had each alternative been as likely as any other.
    occasions
        Choices it was fitted to.
    steps
        Newton steps taken.
    """

    names: tuple[str, ...]
    part_worths: Reals
    covariance: Reals
    log_likelihood: float
    null_log_likelihood: float
    occasions: float
    steps: int

    @property
    def errors(self) -> Reals:
        """Standard errors of the part-worths, ``(n_attributes,)``."""
        found: Reals = np.sqrt(np.diag(self.covariance))
        return found

    def utility(self, attributes: Reals) -> Reals:
        """Return the systematic utility of each row."""
        found: Reals = attributes @ self.part_worths
        return found

    def willingness_to_pay(self, price: str = "price") -> tuple[Reals, Reals]:
        """Return the money one unit of each attribute is worth, and its standard error by the delta method.

        Parameters
        ----------
        price
            The attribute that is money to pay.

        Raises
        ------
        InputError
            The part-worth of the price is not below 0 with its 99 % interval: then utility has no unit of money.
        """
        place = self.names.index(price)
        paid = self.part_worths[place]
        if paid + CREDIBLE * self.errors[place] >= 0:
            raise InputError(
                f"The part-worth of '{price}' is {paid:.4g} with standard error {self.errors[place]:.2g}; expected its 99 % "
                "interval below 0. Utility has no unit of money here; add occasions whose prices differ."
            )
        worth = -self.part_worths / paid
        slope = -np.eye(len(worth)) / paid
        slope[:, place] += self.part_worths / paid**2
        variance = np.einsum("ij,jk,ik->i", slope, self.covariance, slope)
        return worth, np.sqrt(np.maximum(variance, 0.0))


def fit(occasions: Occasions, *, ridge: float = 0.0) -> Logit:
    """Return the conditional logit of the highest likelihood, by Newton's method with the exact Hessian.

    The log-likelihood is concave, so there is one maximum, found in a handful of steps, each a pass over the rows.

    Parameters
    ----------
    occasions
        Choices; an occasion with one alternative says nothing and does no harm.
    ridge
        Penalty: half of this x the sum of squared part-worths of attributes scaled to a standard deviation of 1 within
        occasions. The covariance is then that of the penalized likelihood.

    Raises
    ------
    InputError
        An attribute does not differ within any occasion, follows from others, or separates the choices perfectly.

    References
    ----------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior, in Zarembka (ed.), Frontiers in Econometrics.
    """
    scale = _scale(occasions, ridge)
    penalty = ridge * scale**2
    beta = np.zeros(len(scale))
    value, gradient, hessian = derivatives(occasions, beta)
    null, start = value, hessian + np.diag(penalty)
    for step in range(1, MOST_STEPS + 1):
        steep = gradient - penalty * beta
        curve = hessian + np.diag(penalty)
        move = _solve(curve, steep, scale)
        gain = float(steep @ move) / 2
        beta, value, gradient, hessian = _uphill(occasions, beta, move, penalty, value)
        if gain <= 1e-13 * max(1.0, abs(value)):
            if _least(hessian + np.diag(penalty), scale) < _FLAT * _least(start, scale):
                break
            inverse = _solve(hessian + np.diag(penalty), np.eye(len(beta)), scale)
            count = float(occasions.weights.sum())
            return Logit(occasions.names, beta, (inverse + inverse.T) / 2, value, null, count, step)
    raise InputError(_SEPARATED)


def derivatives(occasions: Occasions, part_worths: Reals) -> tuple[float, Reals, Reals]:
    """Return the log-likelihood, its gradient and the negative of its Hessian at some part-worths.

    With z = attributes less those chosen and p the choice probabilities, they are the sums over occasions of
    -log sum exp(z b), of -sum p z, and of sum p z z' - (sum p z)(sum p z)'.
    """
    count = len(part_worths)
    value, gradient, hessian = 0.0, np.zeros(count), np.zeros((count, count))
    for some, rows in occasions.blocks():
        apart = occasions.differences(some, rows)
        start = occasions.start[some] - rows.start
        weight = occasions.weights[some]
        sums, chance = log_sums(apart @ part_worths, start)
        mean = np.add.reduceat(apart * chance[:, None], start, axis=0)
        value -= float(weight @ sums)
        gradient -= weight @ mean
        spread = chance * np.repeat(weight, occasions.sizes[some])
        hessian += (apart * spread[:, None]).T @ apart - (mean * weight[:, None]).T @ mean
    return value, gradient, hessian


def scores(occasions: Occasions, part_worths: Reals) -> Reals:
    """Return each occasion's gradient of the log-likelihood, its weight included, ``(n_occasions, n_attributes)``."""
    found = np.empty((len(occasions.start), len(part_worths)))
    for some, rows in occasions.blocks():
        apart = occasions.differences(some, rows)
        start = occasions.start[some] - rows.start
        _, chance = log_sums(apart @ part_worths, start)
        found[some] = -np.add.reduceat(apart * chance[:, None], start, axis=0)
    return found * occasions.weights[:, None]


def log_sums(utility: Reals, start: Whole) -> tuple[Reals, Reals]:
    """Return log sum exp(utility) of each occasion, and the choice probability of each row.

    Rows of utility minus infinity are not there: their probability is 0. Over the marginal utility of money, a
    difference of log-sums is the expected consumer surplus between two sets of alternatives.

    References
    ----------
    Small and Rosen (1981), Applied welfare economics with discrete choice models, Econometrica 49(1), equation 5.5.
    """
    sizes = np.diff(start, append=len(utility))
    top = np.maximum.reduceat(utility, start)
    raised = np.exp(utility - np.repeat(top, sizes))
    total = np.add.reduceat(raised, start)
    return top + np.log(total), raised / np.repeat(total, sizes)


def followers(occasions: Occasions) -> list[int]:
    """Return the places of attributes that are constant within occasions, or follow from attributes before them."""
    gram = np.zeros((len(occasions.names),) * 2)
    for some, rows in occasions.blocks():
        apart = occasions.differences(some, rows)
        gram += apart.T @ apart
    own = np.diag(gram).copy()
    found: list[int] = []
    kept: list[int] = []
    for place in range(len(own)):
        left = own[place]
        if left > 0 and kept:
            cross = gram[np.ix_(kept, [place])] / np.sqrt(own[kept])[:, None]
            inner = gram[np.ix_(kept, kept)] / np.sqrt(np.outer(own[kept], own[kept]))
            left -= float((cross.T @ np.linalg.solve(inner, cross)).item())
        (kept if own[place] > 0 and left > _SAME * own[place] else found).append(place)
    return found


def separators(occasions: Occasions) -> list[int]:
    """Return the places of attributes of which what was chosen always had the most, or always the least."""
    least, most = np.zeros(len(occasions.names)), np.zeros(len(occasions.names))
    for some, rows in occasions.blocks():
        apart = occasions.differences(some, rows)
        least, most = np.minimum(least, apart.min(axis=0)), np.maximum(most, apart.max(axis=0))
    return [int(place) for place in np.flatnonzero((least == 0) != (most == 0))]


def _scale(occasions: Occasions, ridge: float) -> Reals:
    """Return the standard deviation of each attribute within occasions, once all can be told apart."""
    follow = followers(occasions)
    if follow:
        named = ", ".join(f"'{occasions.names[place]}'" for place in follow)
        raise InputError(
            f"Attributes that do not differ within any occasion, or follow from the attributes before them: {named}; expected "
            "attributes that can be told apart. Leave them out, or one value of each text attribute as the base."
        )
    apart = [] if ridge else separators(occasions)
    if apart:
        named = ", ".join(f"'{occasions.names[place]}'" for place in apart)
        raise InputError(
            f"Attributes that separate the choices perfectly: {named}; what was chosen always had the most, or always the "
            "least, of it, so no finite part-worth is best. Leave them out, join rare values, or give a ridge."
        )
    _, _, hessian = derivatives(occasions, np.zeros(len(occasions.names)))
    found: Reals = np.sqrt(np.diag(hessian) / occasions.weights.sum())
    return found


def _least(curve: Reals, scale: Reals) -> float:
    return float(np.linalg.eigvalsh(curve / np.outer(scale, scale))[0])


def _solve(curve: Reals, right: Reals, scale: Reals) -> Reals:
    """Return the solution of curve x = right, solved in units of one standard deviation."""
    shape = scale if right.ndim == 1 else scale[:, None]
    try:
        factor = cho_factor(curve / np.outer(scale, scale))
    except LinAlgError as error:
        raise InputError(_SEPARATED) from error
    found: Reals = cho_solve(factor, right / shape) / shape
    return found


def _uphill(occasions: Occasions, beta: Reals, move: Reals, penalty: Reals, value: float) -> tuple[Reals, float, Reals, Reals]:
    """Return the point reached by the step, halved until the penalized likelihood does not fall, and what it is there."""
    here = value - float(penalty @ beta**2) / 2
    slack = 1e-10 * max(1.0, abs(here))
    for halving in range(40):
        there = beta + move / 2**halving
        found = derivatives(occasions, there)
        if found[0] - float(penalty @ there**2) / 2 >= here - slack:
            break
    return there, *found


_SEPARATED = (
    "Attributes taken together separate the choices perfectly, so no finite part-worths are best; "
    "leave some out, join rare values, or give a ridge."
)
