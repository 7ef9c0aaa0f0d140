"""Rounds a plan to whole lots, by expected profit and within what limits it.

From lots that keep every limit, the moves of one product (a lot more or less, a lot that covers later weeks too,
two lots merged, one multiple made in another week) are settled in all scenarios. First those are made that earn
more than the hours and materials they take are worth at their prices, the dearest to leave out first; then any
that raises profit, alone or with another product giving way. It ends where no move raises profit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.limits import promised
from lotwise.plan.rules import most_in_lots
from lotwise.plan.settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lotwise.plan.problem import LotRules, Problem

SWEEPS = 60
"""Most times all products are looked at."""
COVER = 3
"""Most later weeks one lot is tried for."""
SWAPS = 20
"""Most products that another is asked to give way for, in one sweep."""
EDGE = 1e-6


def round_lots(
    problem: Problem,
    near: NDArray[np.float64],
    start: NDArray[np.float64],
    *,
    price: NDArray[np.float64],
    owed: NDArray[np.float64],
    held: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Return lots that keep every limit and earn no less than the start.

    Parameters
    ----------
    problem
        What is to be planned; products without rules stay as they are.
    near
        The plan without rules; ``(n_products, n_weeks)``.
    start
        Supply that keeps rules, limits and promises.
    price
        What one more hour or unit of each resource would earn; ``(n_resources, n_weeks)``.
    owed
        Units of each promise (``limits.promised``).
    held
        Where the start must stay as it is; ``(n_products, n_weeks)``, nowhere by default.
    """
    search = _Search(problem, near, start, price, owed)
    if held is not None:
        search.held |= held
    for priced in (True, False):
        for _ in range(SWEEPS):
            search.look()
            if not (search.move(priced=priced) or (not priced and search.swap())):
                break
    return np.round(search.supply, 6) + 0.0


class _Search:
    """The lots so far, the moves from them, and what each move would earn."""

    def __init__(
        self,
        problem: Problem,
        near: NDArray[np.float64],
        start: NDArray[np.float64],
        price: NDArray[np.float64],
        owed: NDArray[np.float64],
    ) -> None:
        resources, weeks = problem.resources, problem.shape[1]
        self.problem, self.near, self.supply = problem, near, start.copy()
        self.who = np.flatnonzero(problem.rules.bind) if problem.rules is not None else np.zeros(0, np.int64)
        self.high = np.maximum(most_in_lots(problem), start) * (1 + 1e-9)
        self.owed = np.full(problem.shape, -np.inf)
        products, due, _ = promised(problem)
        self.owed[products, due] = owed * (1 - 1e-9) - EDGE
        machine = resources.is_machine[:, None]
        self.machine, self.uses = resources.is_machine, resources.uses.tocsc()
        self.used = resources.used(start, problem.lead)
        self.used[~self.machine] = np.cumsum(self.used[~self.machine], axis=1)
        most = np.where(machine, resources.capacity + resources.overtime[:, None], np.cumsum(resources.capacity, axis=1))
        self.most = most * (1 + 1e-9) + EDGE
        self.worth = np.zeros(problem.shape)
        self.worth[:, problem.lead :] = (resources.uses.T @ price)[:, : weeks - problem.lead]
        self.held = np.zeros(problem.shape, dtype=bool)
        self.stale = np.ones(len(problem.products), dtype=bool)
        self.moves = np.zeros((0, *problem.shape))
        self.gains = np.zeros((0, len(problem.products)))

    def look(self) -> None:
        """Settle the moves of the products that changed."""
        chosen = self.who[self.stale[self.who]]
        self.stale[:] = False
        if not len(chosen) or self.problem.rules is None:
            return
        here, near = self.supply[chosen], self.near[chosen]
        moves = np.stack(list(_moves(here, near, self.problem.rules.part(chosen))))
        ready = np.zeros(here.shape)
        ready[:, 0] = self.problem.opening[chosen]
        demand, terms = self.problem.demand[:, chosen], self.problem.terms.part(chosen)
        now = settle(here + ready, demand, terms).profit.sum(axis=-1).mean(axis=0)
        gains = np.stack([settle(move + ready, demand, terms).profit.sum(axis=-1).mean(axis=0) - now for move in moves])
        barred = (moves > self.high[chosen]).any(axis=-1)
        barred |= ((moves != here) & self.held[chosen]).any(axis=-1)
        barred |= (np.cumsum(moves, axis=-1) < self.owed[chosen]).any(axis=-1)
        if not len(self.moves):
            self.moves, self.gains = (np.zeros((len(moves), *rest)) for rest in (self.supply.shape, (len(self.supply),)))
        self.moves[:, chosen], self.gains[:, chosen] = moves, np.where(barred, -np.inf, gains)

    def move(self, *, priced: bool) -> bool:
        """Make the moves that earn more, the best of each product first; return whether there was any."""
        score = self.gains[:, self.who]
        if priced:
            score = score - ((self.moves - self.supply)[:, self.who] * self.worth[self.who]).sum(axis=-1)
        moved = False
        for product, number in _best_first(score, self.who):
            if self.stale[product]:
                continue
            resources, change = self._change(product, self.moves[number, product])
            if self._fits(resources, change) and self.gains[number, product] > self._overtime(resources, change) + EDGE:
                self._make(product, self.moves[number, product])
                moved = True
        return moved

    def swap(self) -> bool:
        """Make the moves that fit when another product gives way; return whether there was any."""
        best = np.maximum.reduce(self.gains[:, self.who], axis=0, initial=-np.inf)
        moved = False
        for product in self.who[np.argsort(-best, kind="stable")][:SWAPS]:
            for number in np.argsort(-self.gains[:, product], kind="stable")[:COVER]:
                if self.gains[number, product] <= EDGE or self.stale[product]:
                    break
                moved |= self._give_way(int(product), int(number))
        return moved

    def _give_way(self, product: int, number: int) -> bool:
        resources, change = self._change(product, self.moves[number, product])
        over = np.argwhere(self.used[resources] + change > self.most[resources])
        relief = np.ones(self.gains.shape, dtype=bool)
        for row, week in over:
            resource = resources[row]
            first = 0 if not self.machine[resource] else week
            lead = self.problem.lead
            less = (self.supply - self.moves)[:, :, first + lead : week + lead + 1].sum(axis=-1)
            quantity = self.problem.resources.uses[[resource]].toarray()[0]
            relief &= less * quantity >= self.used[resource, week] + change[row, week] - self.most[resource, week]
        relief[:, self.stale] = False
        relief[:, product] = False
        score = np.where(relief, self.gains + self.gains[number, product], -np.inf)
        for other, second in _best_first(score[:, self.who], self.who, most=SWAPS):
            both = np.union1d(resources, self._change(other, self.moves[second, other])[0])
            together = np.zeros((len(both), change.shape[1]))
            for who, which in ((product, number), (other, second)):
                mine, amount = self._change(who, self.moves[which, who])
                together[np.searchsorted(both, mine)] += amount
            if self._fits(both, together) and score[second, other] > self._overtime(both, together) + EDGE:
                self._make(product, self.moves[number, product])
                self._make(other, self.moves[second, other])
                return True
        return False

    def _change(self, product: int, move: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the resources a product takes, and the change in their use (materials: up to each week)."""
        span = slice(self.uses.indptr[product], self.uses.indptr[product + 1])
        resources = self.uses.indices[span].astype(np.int64)
        change = np.zeros((len(resources), self.supply.shape[1]))
        lead = self.problem.lead
        change[:, : change.shape[1] - lead] = np.multiply.outer(self.uses.data[span], (move - self.supply[product])[lead:])
        kept = ~self.machine[resources]
        change[kept] = np.cumsum(change[kept], axis=1)
        return resources, change

    def _fits(self, resources: NDArray[np.int64], change: NDArray[np.float64]) -> bool:
        return bool(((self.used[resources] + change <= self.most[resources]) | (change <= 0)).all())

    def _overtime(self, resources: NDArray[np.int64], change: NDArray[np.float64]) -> float:
        """Return the money for overtime a change adds."""
        chosen = self.machine[resources]
        mine, used = resources[chosen], self.used[resources[chosen]]
        there = self.problem.resources.capacity[mine]
        extra = np.maximum(used + change[chosen] - there, 0.0) - np.maximum(used - there, 0.0)
        return float((extra.sum(axis=1) * self.problem.resources.overtime_cost[mine]).sum())

    def _make(self, product: int, move: NDArray[np.float64]) -> None:
        resources, change = self._change(product, move)
        self.used[resources] += change
        self.supply[product] = move
        self.stale[product] = True


def _best_first(score: NDArray[np.float64], who: NDArray[np.int64], most: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield product and number of each move that earns something, the best first."""
    numbers, places = np.nonzero(score > EDGE)
    order = np.argsort(-score[numbers, places], kind="stable")[:most]
    for number, place in zip(numbers[order], places[order], strict=True):
        yield int(who[place]), int(number)


def _moves(here: NDArray[np.float64], near: NDArray[np.float64], rules: LotRules) -> Iterator[NDArray[np.float64]]:
    """Yield supplies one move away; ``(n_products, n_weeks)`` each."""
    weeks = here.shape[1]
    step = rules.multiple[:, None]
    more = rules.up(np.maximum(here + step, 2 * EDGE))
    less = rules.down(np.maximum(here - step, 0.0))
    for week in range(weeks):
        yield _with(here, week, np.zeros(len(here)))
        yield _with(here, week, more[:, week])
        yield _with(here, week, less[:, week])
        for later in range(min(COVER + 1, weeks - week)):
            total = near[:, week : week + later + 1].sum(axis=1, keepdims=True)
            covered = here.copy()
            covered[:, week + 1 : week + later + 1] = 0.0
            for lot in (rules.down(total), rules.up(total)):
                yield _with(covered, week, lot[:, 0])
    for week in range(weeks):
        for other in (week - 1, week + 1):
            if not 0 <= other < weeks:
                continue
            merged = _with(here, other, here[:, week] + here[:, other])
            yield _with(merged, week, np.zeros(len(here)))
            shifted = _with(here, other, more[:, other])
            yield _with(shifted, week, less[:, week])


def _with(supply: NDArray[np.float64], week: int, units: NDArray[np.float64]) -> NDArray[np.float64]:
    changed = supply.copy()
    changed[:, week] = units
    return changed
