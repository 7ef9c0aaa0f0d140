"""Expected-cost curves: what supply earns on average, as concave piecewise-linear functions.

Where a product perishes within its week, its earnings in a week depend on the supply of that week only
(the newsvendor). Where demand waits and goods keep, they depend on the cumulative supply only. In both
cases the expectation over all scenarios is one curve

    f(z) = constant + up E[min(z, D)] + down (z - E[min(z, D)]),    up >= down,

so the linear program does not grow with the number of scenarios. D is the demand of the week, or the
cumulative demand. The program uses the curve's chords between quantiles of D, which lie below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem, Terms
    from lotwise.plan.solver import Model, Solution


NEAR = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
"""Where breakpoints are added around a supply, in shares of the scenarios one piece spans."""


@dataclass(frozen=True, slots=True)
class Curves:
    """One curve for each cell; cells have any shape, shown as ``(...)``.

    Parameters
    ----------
    sorted
        Scenarios of D in ascending order; ``(n_scenarios, ...)``.
    below
        ``E[min(z, D)]`` at each of them; ``(n_scenarios, ...)``.
    up, down, constant
        The curve's coefficients; ``(...)``.
    """

    sorted: NDArray[np.float64]
    below: NDArray[np.float64]
    up: NDArray[np.float64]
    down: NDArray[np.float64]
    constant: NDArray[np.float64]

    def at_scenarios(self) -> NDArray[np.float64]:
        """Return the curve at each sorted scenario, its constant left out; ``(n_scenarios, ...)``."""
        return self.up * self.below + self.down * (self.sorted - self.below)

    def chords(
        self, breakpoints: int, around: NDArray[np.float64] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return widths and slopes of the chords between quantiles; ``(breakpoints + 1, ...)`` each, more with ``around``.

        Breakpoints are sorted scenarios at the levels 0, equally spaced ones in [.05, .95], and 1, and some of those
        nearest to ``around``, ``(...)``. The first piece runs from 0 to the first breakpoint with slope ``up``, the last
        is infinite with slope ``down``.
        """
        scenarios = len(self.sorted)
        if breakpoints >= scenarios:
            levels, around = np.arange(scenarios), None
        else:
            shares = np.concatenate([[0.0], np.linspace(0.05, 0.95, breakpoints - 2), [1.0]])
            levels = np.rint(shares * (scenarios - 1)).astype(int)
        places = np.broadcast_to(levels.reshape(-1, *([1] * self.up.ndim)), (len(levels), *self.up.shape))
        if around is not None:
            rank = (self.sorted < around).sum(axis=0)
            offsets = np.rint(np.array(NEAR) * scenarios / breakpoints).astype(int).reshape(-1, *([1] * self.up.ndim))
            places = np.sort(np.concatenate([places, np.clip(rank + offsets, 0, scenarios - 1)]), axis=0)
        points, values = (np.take_along_axis(array, places, axis=0) for array in (self.sorted, self.at_scenarios()))
        inner = np.diff(points, axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            slopes = np.where(inner > 0, np.diff(values, axis=0) / inner, self.up)
        widths = np.concatenate([points[:1], inner, np.full((1, *self.up.shape), np.inf)])
        slopes = np.concatenate([self.up[None], slopes, self.down[None]])
        # An empty piece may have any slope; the smallest so far keeps the slopes falling, as concavity asks.
        return widths, np.minimum.accumulate(np.clip(slopes, self.down, self.up), axis=0)

    def slack(self, prices: NDArray[np.float64], chords: tuple[NDArray[np.float64], NDArray[np.float64]]) -> float:
        """Return how much more the true curves can earn than their chords when supply has these prices.

        Summed over cells: max over z of (curve - price z) less max over z of (chords - price z). Added to
        the program's objective it is a bound that no plan exceeds in these scenarios (Lagrangian duality).
        """
        widths, slopes = chords
        prices = np.clip(prices, self.down, self.up)
        true = (self.at_scenarios() - prices * self.sorted).max(axis=0)
        gains = np.where(np.isinf(widths), 0.0, widths) * np.maximum(slopes - prices, 0.0)
        return float(np.maximum(np.maximum(true, 0.0) - gains.sum(axis=0), 0.0).sum())


def newsvendor(demand: NDArray[np.float64], terms: Terms, *, carried: bool = False) -> Curves:
    """Return the curves of the supply of each week, for products that perish within it.

    Notes
    -----
    With underage cost ``price - cost`` and overage cost ``cost - salvage`` the best supply is the demand's
    quantile at ``underage / (underage + overage)`` (Arrow, Harris and Marschak, 1951).

    Parameters
    ----------
    demand
        ``(n_scenarios, n_products, n_weeks)``.
    terms
        What a unit earns and costs.
    carried
        Whether a unit left over saves making one in the next week, as for goods that keep: a good first
        guess where weeks hang together, and no more than that.
    """
    shape = demand.shape[1:]
    up, down = (np.broadcast_to(money[:, None], shape) for money in (terms.price, terms.salvage))
    if carried:
        down = down.copy()
        down[:, :-1] = np.clip(terms.cost - terms.holding, terms.salvage, terms.price)[:, None]
    return _curves(demand, up, down, np.zeros(shape))


def cumulative(demand: NDArray[np.float64], terms: Terms) -> Curves:
    """Return the curves of the supply up to each week, for goods that keep and demand that waits.

    Before the last week a surplus costs ``holding`` and a shortage ``delay``; after it a surplus brings
    ``salvage`` and only what could be delivered brings ``price``.

    Parameters
    ----------
    demand
        ``(n_scenarios, n_products, n_weeks)``, not yet cumulated.
    terms
        What a unit earns and costs.
    """
    total = np.cumsum(demand, axis=2)
    shape = total.shape[1:]
    up, down = np.empty(shape), np.empty(shape)
    up[:], down[:] = terms.delay[:, None], -terms.holding[:, None]
    constant = -up * total.mean(axis=0)
    up[:, -1], down[:, -1], constant[:, -1] = terms.price, terms.salvage, 0.0
    return _curves(total, up, down, constant)


def curves_of(demand: NDArray[np.float64], terms: Terms, *, carried: bool = False) -> Curves:
    """Return the curves of each product: of cumulative supply where its demand waits, else of the supply of each week.

    Parameters
    ----------
    demand
        ``(n_scenarios, n_products, n_weeks)``.
    terms
        What a unit earns and costs.
    carried
        As for ``newsvendor``.
    """
    lost, waits = kinds = np.flatnonzero(~terms.backorder), np.flatnonzero(terms.backorder)
    parts = newsvendor(demand[:, lost], terms.part(lost), carried=carried), cumulative(demand[:, waits], terms.part(waits))
    back = np.argsort(np.concatenate(kinds))
    joined = (np.concatenate([getattr(part, name) for part in parts], axis=-2) for name in Curves.__slots__)
    return Curves(*(np.take(array, back, axis=-2) for array in joined))


def has_curve(problem: Problem) -> NDArray[np.bool_]:
    """Return whether each product's earnings are exactly curves of one number a week; ``(n_products,)``."""
    terms = problem.terms
    return np.where(terms.backorder, terms.shelf >= problem.shape[1], terms.shelf == 1)


@dataclass(frozen=True, slots=True)
class CurveBlock:
    """The curves of some products in a program.

    Parameters
    ----------
    name
        Of the row block that fills the pieces from the supply.
    curves, chords
        What was put in.
    is_cumulative
        Whether each product's curves are of cumulative supply; ``(n_products,)``.
    """

    name: str
    curves: Curves
    chords: tuple[NDArray[np.float64], NDArray[np.float64]]
    is_cumulative: NDArray[np.bool_]

    def slack(self, solution: Solution) -> float:
        """Return how much the chords may have taken from the program's bound."""
        price = solution.duals[self.name]
        next_price = np.concatenate([price[:, 1:], np.zeros((len(price), 1))], axis=1)
        price = np.where(self.is_cumulative[:, None], price - next_price, price)
        return self.curves.slack(price, self.chords)

    def slack_by_piece(self, solution: Solution) -> float:
        """Return the same where other rows than those that fill the pieces speak of them: each piece has its own price."""
        widths, slopes = self.chords
        prices = slopes - solution.reduced[f"pieces, {self.name}"]
        gains = np.where(np.isinf(widths), 0.0, widths) * np.maximum(slopes - prices, 0.0)
        spent, start = np.zeros(self.curves.sorted.shape), np.zeros(widths.shape[1:])
        for width, price in zip(widths, prices, strict=True):
            spent += price * np.clip(self.curves.sorted - start, 0.0, width)
            start = start + width
        true = np.maximum((self.curves.at_scenarios() - spent).max(axis=0), 0.0)
        return float(np.maximum(true - gains.sum(axis=0), 0.0).sum())


def add_curves(
    model: Model,
    supply: NDArray[np.int64],
    problem: Problem,
    chosen: NDArray[np.int64],
    *,
    breakpoints: int,
    around: NDArray[np.float64] | None = None,
    guess: bool = False,
) -> CurveBlock:
    """Add the curves of some products: a variable for each piece and week, a row that fills them from the supply.

    Parameters
    ----------
    model, supply
        The program and its columns of supply, ``(n_products, n_weeks)``.
    problem, chosen
        What is to be planned, and which products.
    breakpoints
        Pieces of each curve.
    around
        A supply near which the pieces are made finer, ``(n_products, n_weeks)``; none by default.
    guess
        Whether the curves are only a first guess for products without exact ones.
    """
    terms, demand = problem.terms.part(chosen), problem.demand[:, chosen]
    curves, waits = curves_of(demand, terms, carried=guess), terms.backorder
    name = "guessed" if guess else "filled"
    opening = np.zeros(demand.shape[1:])
    opening[:, 0] = problem.opening[chosen]
    if around is not None:
        around = around[chosen] + opening
        around = np.where(waits[:, None], np.cumsum(around, axis=1), around)
    widths, slopes = chords = curves.chords(breakpoints, around)
    model.var(f"constant, {name}", (1,), 1.0, 1.0, float(curves.constant.sum()))
    pieces = model.var(f"pieces, {name}", widths.shape, high=widths, gain=slopes)
    rows = model.row(name, opening.shape, opening, opening)
    model.add(rows, pieces, 1.0)
    model.add(rows, supply[chosen], -1.0)
    model.add(rows[waits, 1:], pieces[:, waits, :-1], -1.0)
    return CurveBlock(name, curves, chords, waits)


def _curves(
    demand: NDArray[np.float64], up: NDArray[np.float64], down: NDArray[np.float64], constant: NDArray[np.float64]
) -> Curves:
    scenarios = len(demand)
    ordered = np.sort(demand, axis=0)
    above = np.arange(scenarios - 1, -1, -1).reshape(-1, *([1] * (demand.ndim - 1)))
    below = (np.cumsum(ordered, axis=0) + above * ordered) / scenarios
    return Curves(ordered, below, up, down, constant)
