"""Which products to offer when customers who miss one take another, and every product costs its complexity.

A *range* is the set of products offered. What is sold of it is either said by a substitution matrix,

``sold_j = d_j + sum of d_i share_ij over the products i not offered`` (one try, then the customer is gone),

or by a multinomial logit (MNL) in each segment g, ``sold_j = market_g v_gj / (v_g0 + sum of v_gi over the range)``. The
profit is ``sum of margin_j sold_j - complexity_j`` over the range. Up to ``FEW`` products that may be in or out, every range
is looked at; beyond, a greedy search with exchanges starts a mixed-integer program whose bound says how far it is from the
best:

- substitution: ``w_ij <= x_j``, ``w_ij <= 1 - x_i`` stand for i's customers who take j;
- MNL: the sales-based program of Gallego, Ratliff and Shebalov with x_j for what is offered, ``y_gj / v_gj <= y_g0 / v_g0``
  with equality where j is offered.

References
----------
Gallego, Ratliff and Shebalov (2015), A general attraction model and sales-based linear program for network revenue management
under customer choice, Operations Research 63(1). Kök, Fisher and Vaidyanathan (2015), Assortment planning: review of
literature and industry practice, in Retail Supply Chain Management. Talluri and van Ryzin (2004), Revenue management under a
general discrete choice model of consumer behavior, Management Science 50(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, breaches
from lotwise.plan.inventory.bounds import above, at_least
from lotwise.plan.solver import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 15
"""Products in or out up to which every range is looked at."""
GAP = 1e-4
"""Share by which the program's range may fall short of its bound."""
PASSES = 50
"""Most rounds of exchanges."""
SAME = 1e-9
"""Money below which two ranges are equally good."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """Customers of a product that is not offered take another one by a matrix, or nothing.

    Parameters
    ----------
    demand
        Units a period asked for first, at least 0; ``(n_products,)``.
    share
        ``[i, j]``: share of i's customers who take j where i is not offered; rows sum to 1 at most. ``(n_products,
        n_products)``.

    Raises
    ------
    InputError
        A value is out of range or a row sums to more than 1.
    """

    demand: NDArray[np.float64]
    share: NDArray[np.float64]

    def __post_init__(self) -> None:
        demand, share = at_least("demand", self.demand), at_least("share", self.share).copy()
        if share.shape != (len(demand), len(demand)):
            raise InputError(f"share: found shape {share.shape}; expected ({len(demand)}, {len(demand)}), one row a product.")
        np.fill_diagonal(share, 0.0)
        wrong = np.flatnonzero(share.sum(axis=1) > 1.0 + SAME)
        if len(wrong):
            raise InputError(
                f"share: found row {wrong[0]} with a sum of {share[wrong[0]].sum():g}; expected at most 1. Correct the shares."
            )
        object.__setattr__(self, "demand", demand)
        object.__setattr__(self, "share", share)

    def sold(self, ranges: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return units sold of each product; ``(..., n_products)``, 0 where it is not offered."""
        offered = ranges.astype(float)
        return np.asarray(offered * (self.demand + ((1.0 - offered) * self.demand) @ self.share))


@dataclass(frozen=True, slots=True)
class Logit:
    """Customers choose by a multinomial logit, one for each segment.

    Parameters
    ----------
    market
        Customers a period, at least 0; ``(n_segments,)``.
    weight
        Attraction v of each product, at least 0; ``(n_segments, n_products)``.
    outside
        Attraction of buying nothing, above 0; ``(n_segments,)``.

    Raises
    ------
    InputError
        A value is out of range or shapes do not fit.
    """

    market: NDArray[np.float64]
    weight: NDArray[np.float64]
    outside: NDArray[np.float64]

    def __post_init__(self) -> None:
        market, weight = np.atleast_1d(at_least("market", self.market)), np.atleast_2d(at_least("weight", self.weight))
        outside = np.atleast_1d(above("outside", self.outside))
        if not len(market) == len(weight) == len(outside):
            raise InputError(
                f"weight: found {len(weight)} segments, {len(market)} markets, {len(outside)} outside; expected as many."
            )
        for name, array in (("market", market), ("weight", weight), ("outside", outside)):
            object.__setattr__(self, name, array)

    def sold(self, ranges: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return units sold of each product; ``(..., n_products)``, 0 where it is not offered."""
        attracted = ranges[..., None, :] * self.weight
        return np.asarray((self.market[:, None] * attracted / (attracted.sum(axis=-1) + self.outside)[..., None]).sum(axis=-2))


Demand = Substitution | Logit


@dataclass(frozen=True, slots=True)
class Range:
    """Which products to offer.

    Attributes
    ----------
    offered
        ``(n_products,)``.
    profit
        Margin of what is sold less complexity; money a period.
    bound
        No range earns more.
    """

    offered: NDArray[np.bool_]
    profit: float
    bound: float


def profit(
    demand: Demand, ranges: NDArray[np.bool_], margin: NDArray[np.float64], complexity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what each range earns a period; ``(...)`` of ``ranges`` ``(..., n_products)``."""
    return np.asarray(demand.sold(ranges) @ margin - ranges @ complexity)


def best(
    demand: Demand,
    margin: NDArray[np.float64],
    complexity: NDArray[np.float64],
    *,
    keep: NDArray[np.bool_] | None = None,
) -> Range:
    """Return the range that earns most, with a bound on what any could.

    Parameters
    ----------
    demand
        How customers choose.
    margin
        Money by unit sold; may be negative. ``(n_products,)``.
    complexity
        Money a period for having the product at all (set-ups, stock, listing), at least 0; ``(n_products,)``.
    keep
        Products that stay whatever they earn. Default: none.

    Raises
    ------
    InputError
        A value is out of range or shapes do not fit.
    """
    count = demand.share.shape[0] if isinstance(demand, Substitution) else demand.weight.shape[1]
    margin, complexity = at_least("margin", margin, -np.inf), at_least("complexity", complexity)
    keep = np.zeros(count, bool) if keep is None else np.asarray(keep, bool)
    found = [
        f"{name} has shape {array.shape}; expected ({count},)"
        for name, array in (("margin", margin), ("complexity", complexity), ("keep", keep))
        if array.shape != (count,)
    ]
    if found:
        raise InputError(breaches("The products break their contract", found))
    free = np.flatnonzero(~keep)
    if len(free) <= FEW:
        return _all(demand, margin, complexity, keep)
    start = exchanged(demand, margin, complexity, keep)
    return program(demand, margin, complexity, keep, start)


def _all(demand: Demand, margin: NDArray[np.float64], complexity: NDArray[np.float64], keep: NDArray[np.bool_]) -> Range:
    """Return the best of every range; of those that are equally good the one with the fewest products."""
    free = np.flatnonzero(~keep)
    ranges = np.broadcast_to(keep, (2 ** len(free), len(keep))).copy()
    ranges[:, free] = (np.arange(2 ** len(free))[:, None] >> np.arange(len(free))) & 1 == 1
    earned = np.concatenate(
        [profit(demand, part, margin, complexity) for part in np.array_split(ranges, len(ranges) // 2048 + 1)]
    )
    good = np.flatnonzero(earned >= earned.max() - SAME * (1.0 + abs(earned.max())))
    place = good[np.argmin(ranges[good].sum(axis=1))]
    return Range(ranges[place], float(earned[place]), float(earned.max()))


def exchanged(
    demand: Demand, margin: NDArray[np.float64], complexity: NDArray[np.float64], keep: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the better of two searches, from nothing and from everything: one product in, out or exchanged while it pays.

    Parameters
    ----------
    demand, margin, complexity, keep
        As ``best`` takes them.
    """
    found, most = keep, -np.inf
    free = np.flatnonzero(~keep)
    for start in (keep, np.ones(len(keep), bool)):
        now, earned = start.copy(), float(profit(demand, start, margin, complexity))
        for _ in range(PASSES * len(keep)):
            moves = np.repeat(now[None, :], len(free), axis=0)
            moves[np.arange(len(free)), free] ^= True
            outside, inside = free[~now[free]], free[now[free]]
            swaps = np.repeat(now[None, :], len(outside) * len(inside), axis=0)
            pairs = np.arange(len(swaps))
            swaps[pairs, np.repeat(outside, len(inside))] = True
            swaps[pairs, np.tile(inside, len(outside))] = False
            gains = profit(demand, moves, margin, complexity)
            near, values = moves, gains
            if gains.max() <= earned + SAME and len(swaps):
                near, values = swaps, profit(demand, swaps, margin, complexity)
            place = int(np.argmax(values))
            if values[place] <= earned + SAME:
                break
            now, earned = near[place].copy(), float(values[place])
        if earned > most:
            found, most = now, earned
    return found


def program(
    demand: Demand,
    margin: NDArray[np.float64],
    complexity: NDArray[np.float64],
    keep: NDArray[np.bool_],
    start: NDArray[np.bool_],
) -> Range:
    """Return the better of a start and of the mixed-integer program it starts, with the program's bound.

    Parameters
    ----------
    demand, margin, complexity, keep
        As ``best`` takes them.
    start
        A range; ``(n_products,)``.
    """
    model = Model()
    offered = model.var("offered", (len(keep),), keep.astype(float), 1.0, -complexity, integer=True)
    if isinstance(demand, Substitution):
        _substitution(model, offered, demand, margin)
    else:
        _logit(model, offered, demand, margin)
    solution = model.solve({"offered": start.astype(float)}, gap=GAP)
    chosen = solution.values["offered"] > 0.5  # noqa: PLR2004 - whole but for rounding
    values = profit(demand, np.stack([start, chosen]), margin, complexity)
    place = int(values[1] > values[0] + SAME)
    earned = float(values[place])
    return Range(np.stack([start, chosen])[place], earned, max(solution.bound, earned))


def _substitution(model: Model, offered: NDArray[np.int64], demand: Substitution, margin: NDArray[np.float64]) -> None:
    """Add what is sold by the matrix: own customers, and pairs of a missing product and one taken instead."""
    own = model.var("own", offered.shape, 0.0, 1.0, margin * demand.demand)
    tied = model.row("tied", offered.shape, 0.0, 0.0)
    model.add(tied, own, 1.0)
    model.add(tied, offered, -1.0)
    missing, taken = np.nonzero(demand.share * demand.demand[:, None])
    gain = margin[taken] * demand.demand[missing] * demand.share[missing, taken]
    pairs = model.var("pairs", missing.shape, 0.0, 1.0, gain)
    is_taken, is_missing = model.row("taken", missing.shape, high=0.0), model.row("missing", missing.shape, high=1.0)
    model.add(is_taken, pairs, 1.0)
    model.add(is_taken, offered[taken], -1.0)
    model.add(is_missing, pairs, 1.0)
    model.add(is_missing, offered[missing], 1.0)
    # where a margin is negative the pair may not hide: it holds wherever one is offered and the other is missing
    forced = np.flatnonzero(gain < 0)
    holds = model.row("holds", forced.shape, low=0.0)
    model.add(holds, pairs[forced], 1.0)
    model.add(holds, offered[taken[forced]], -1.0)
    model.add(holds, offered[missing[forced]], 1.0)


def _logit(model: Model, offered: NDArray[np.int64], demand: Logit, margin: NDArray[np.float64]) -> None:
    """Add what is sold by the logit: sales in the ratio of the attractions, and none of what is not offered."""
    ratio = demand.weight / demand.outside[:, None]
    shape = ratio.shape
    most = demand.market[:, None] * demand.weight / (demand.weight + demand.outside[:, None])
    sold = model.var("sold", shape, 0.0, most, margin)
    gone = model.var("gone", (shape[0],), 0.0, demand.market)
    whole = model.row("whole", (shape[0],), demand.market, demand.market)
    model.add(whole[:, None], sold, 1.0)
    model.add(whole, gone, 1.0)
    fewer, more = model.row("fewer", shape, high=0.0), model.row("more", shape, low=-ratio * demand.market[:, None])
    room = model.row("room", shape, high=0.0)
    model.add(fewer, sold, 1.0)
    model.add(fewer, gone[:, None], -ratio)
    model.add(more, sold, 1.0)
    model.add(more, gone[:, None], -ratio)
    model.add(more, offered, -ratio * demand.market[:, None])
    model.add(room, sold, 1.0)
    model.add(room, offered, -most)


def worth(
    demand: Demand, offered: NDArray[np.bool_], margin: NDArray[np.float64], complexity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what each product is worth beside the rest of a range: its profit with it less without; ``(n_products,)``."""
    count = len(offered)
    within, without = (np.repeat(offered[None, :], count, axis=0) for _ in range(2))
    within[np.arange(count), np.arange(count)] = True
    without[np.arange(count), np.arange(count)] = False
    return profit(demand, within, margin, complexity) - profit(demand, without, margin, complexity)
