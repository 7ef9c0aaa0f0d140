"""Plans week after week as demand comes: what a planner really earns, not what its plans promise.

In every week: what is due comes in; the planner sees the ``State`` and decides; the floor does the first week of its
decision (``execute``), which takes materials and hours now and gives goods when their lead time is over; demand
comes. Stocks, what is owed and what is on its way carry over. Products are settled by the one rule of ``plan.settle``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.rolling.environment import State, mondays, window
from lotwise.plan.rolling.execute import execute
from lotwise.plan.settle import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lotwise.plan.rolling.environment import Decision, Environment
    from lotwise.plan.rolling.execute import Done
    from lotwise.plan.settle import Outcome

    Planner = Callable[[State], Decision]


@dataclass(frozen=True, slots=True)
class Rolled:
    """What came of a planner. W weeks.

    Parameters
    ----------
    outcome
        Sold, lost, left, revenue and cost of products, settled; ``(n_products, W)`` each. What is owed after the last
        week is lost, what is left brings salvage.
    made
        Units of each product that came in for sale; ``(n_products, W)``.
    on_hand, owed
        Units at the start of each week, as the planner saw them; ``(n_products, W)``.
    level, times, overtime
        Of activities, switches and machines; ``(n_activities, W)``, ``(n_switches, W)``, ``(n_machines, W)``.
    stock
        Units of each item kept at the end of each week; ``(n_items, W)``.
    due
        Units on their way after the last week; ``(n_items,)``. They have not cost anything yet.
    charges
        Money above standard by cause, as in ``Flow.charges``; ``(W,)`` each.
    plans
        Levels decided in each week for it and those after it; ``(n_activities, up to horizon)`` each.
    """

    outcome: Outcome
    made: NDArray[np.float64]
    on_hand: NDArray[np.float64]
    owed: NDArray[np.float64]
    level: NDArray[np.float64]
    times: NDArray[np.float64]
    overtime: NDArray[np.float64]
    stock: NDArray[np.float64]
    due: NDArray[np.float64]
    charges: dict[str, NDArray[np.float64]]
    plans: tuple[NDArray[np.float64], ...]

    @property
    def profit(self) -> float:
        """Money earned: revenue less cost of products, less all charges."""
        return float(self.outcome.profit.sum() - sum(money.sum() for money in self.charges.values()))


def simulate(environment: Environment, planner: Planner, *, weeks: int, rng: np.random.Generator) -> Rolled:
    """Return what the planner earns over so many weeks.

    Parameters
    ----------
    environment
        The factory and the demand that comes.
    planner
        Any function of a ``State`` that returns a ``Decision``.
    weeks
        Weeks to simulate, at most as many as the environment has. With more there, planners look beyond the last one.
    rng
        Draws the scenarios: with the same seed every planner sees the same ones wherever it has got to.

    Raises
    ------
    InputError
        More weeks than there are, or a decision that breaks a limit (named, with its week).
    """
    if not 1 <= weeks <= environment.network.weeks:
        raise InputError(f"weeks: found {weeks}; expected 1 to {environment.network.weeks}, the weeks of the environment.")
    streams = rng.spawn(weeks)
    book = _Book(environment, weeks)
    for week, stream in enumerate(streams):
        state = book.open(week, stream)
        decision = planner(state)
        try:
            done = execute(state.network, decision)
        except InputError as error:
            raise InputError(f"Week {week} ({state.mondays[0]}): {error}") from error
        book.enter(week, done, np.asarray(decision.level, dtype=np.float64))
    return book.close()


class _Book:
    """Stocks, what is on its way and what was done, week by week."""

    def __init__(self, environment: Environment, weeks: int) -> None:
        self._of, self._weeks = environment, weeks
        network = environment.network
        products, items = len(environment.products), len(network.items.names)
        longest = int(network.activities.lead.max(initial=0))
        self._due = np.concatenate([network.items.arriving, np.zeros((items, longest))], axis=1)
        self._sold_from = np.flatnonzero(network.items.product >= 0)
        self._made, self._on_hand, self._owed = (np.zeros((products, weeks)) for _ in range(3))
        self._stock = np.zeros((items, weeks))
        self._done: list[Done] = []
        self._plans: list[NDArray[np.float64]] = []

    def open(self, week: int, stream: np.random.Generator) -> State:
        """Return what the planner sees in a week."""
        environment, network = self._of, self._of.network
        came = self._due[:, week]
        self._made[:, week] = self._for_sale(came)
        carried, owed = self._carried(week)
        self._on_hand[:, week], self._owed[:, week] = carried + self._made[:, week], owed
        before = self._stock[:, week - 1] if week else np.zeros(len(came))
        self._stock[:, week] = np.where(network.items.keeps, before + came, 0.0)
        ahead = min(environment.horizon, network.weeks - week)
        past = np.concatenate([environment.past, environment.demand[:, :week]], axis=1)
        return State(
            week=week,
            products=environment.products,
            mondays=mondays(environment, week, ahead),
            terms=environment.terms,
            past=past,
            scenarios=environment.forecast(past, ahead, stream),
            on_hand=self._on_hand[:, week].copy(),
            owed=owed,
            network=window(
                network,
                week,
                ahead,
                due=self._due,
                stock=self._stock[:, week],
                before=self._plans[-1][:, 1:] if self._plans else np.zeros((len(network.activities.names), 0)),
            ),
        )

    def enter(self, week: int, done: Done, planned: NDArray[np.float64]) -> None:
        """Book what was done in a week."""
        network = self._of.network
        for lead in np.unique(network.activities.lead[done.level > 0]):
            if lead > 0:
                started = np.where(network.activities.lead == lead, done.level, 0.0)
                self._due[:, week + lead] += network.activities.gives @ started
        kept = np.maximum(self._stock[:, week] + done.given - done.taken, 0.0)  # rounding of a solver may miss 0
        self._stock[:, week] = np.where(network.items.keeps, kept, 0.0)
        self._made[:, week] += self._for_sale(done.given)
        self._done.append(done)
        self._plans.append(planned)

    def close(self) -> Rolled:
        """Return what came of it all."""
        environment, weeks, items = self._of, self._weeks, self._of.network.items
        charges = {cause: np.array([done.charges[cause] for done in self._done]) for cause in self._done[0].charges}
        carried = self._stock[:, :-1]
        charges["holding"] = np.append(items.holding @ carried, 0.0)
        charges["safety"] = items.safety_cost @ np.maximum(items.safety[:, None] - self._stock, 0.0)
        charges["left"] = np.append(np.zeros(weeks - 1), items.left @ self._stock[:, -1])
        return Rolled(
            outcome=settle(self._made, environment.demand[:, :weeks], environment.terms, opening=environment.opening),
            made=self._made,
            on_hand=self._on_hand,
            owed=self._owed,
            level=np.stack([done.level for done in self._done], axis=1),
            times=np.stack([done.times for done in self._done], axis=1),
            overtime=np.stack([done.overtime for done in self._done], axis=1),
            stock=self._stock,
            due=self._due[:, weeks:].sum(axis=1),
            charges=charges,
            plans=tuple(self._plans),
        )

    def _for_sale(self, units: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the units of items as units of the products that are sold from them."""
        found = np.zeros(len(self._of.products))
        found[self._of.network.items.product[self._sold_from]] = units[self._sold_from]
        return found

    def _carried(self, week: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return units of products left from the week before, and units owed: a week in which nothing came or was asked."""
        made, asked = self._made[:, : week + 1].copy(), self._of.demand[:, : week + 1].copy()
        made[:, week] = asked[:, week] = 0.0
        found = settle(made, asked, self._of.terms, opening=self._of.opening)
        return found.left[:, week], found.lost[:, week]
