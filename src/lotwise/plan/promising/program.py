"""The plan's linear program with an order in it: whether a week can be kept, and what the order really costs.

Set-ups stay as the plan has them, and those a promise opens are added; hours, lots and purchases move freely, and so do units
that nobody has ordered. Smallest orders and shipments may be in part: more than is needed can always be bought. An order counts
as firm demand beside the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from lotwise.plan.network.fix import Search, relaxed_bounds
from lotwise.plan.network.follow import follow, worth
from lotwise.plan.network.made import Options, make
from lotwise.plan.network.reading import build, opening
from lotwise.plan.network.sale import View
from lotwise.plan.windows import NOW, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.config import Settings
    from lotwise.plan.network.fix import Solved
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

    Numbers = NDArray[np.float64]

HARD = 100.0
"""Money for one firm unit a week late, in the dearest price: in this program nothing is worth being late for."""
EDGE = 1e-4
"""Units that a firm order may miss its week by: those of the solver, and of a plan published to six digits."""


@dataclass(frozen=True, slots=True)
class Exact:
    """What the linear program says of one order.

    Parameters
    ----------
    earliest, earliest_cost
        Number of the first week it can be there in with nothing firm later than before, whatever forecast demand gives way; -1
        for none. What it costs then.
    cost
        For the week asked about: what the plan earns less by it, its revenue left out, so both what it costs to make and what
        it takes from others; not a number where that week cannot be kept.
    """

    earliest: int
    earliest_cost: float
    cost: float


class Program:
    """The linear program of one plan, solved with and without an order.

    Parameters
    ----------
    problem, network
        What was planned; its firm demand is all that was firm then.
    times
        How often each switch is on in the plan; ``(n_switches, n_weeks)``.
    supply
        What the plan makes ready for sale; ``(n_products, n_weeks)``.
    breakpoints
        Pieces of each curve.
    """

    def __init__(self, problem: Problem, network: Network, times: Numbers, supply: Numbers, *, breakpoints: int = 12) -> None:
        self.problem = problem
        self.network = network
        self._times = np.rint(times)
        self._supply = supply
        self._breakpoints = breakpoints
        self._near: Solved | None = None
        self._firm = np.zeros(problem.shape) if problem.firm is None else problem.firm
        self._number = {name: place for place, name in enumerate(problem.products)}

    def exact(self, product: str, units: float, week: int, *, opened: Iterable[tuple[str, int]] = ()) -> Exact:
        """Return what the linear program says of an order.

        Parameters
        ----------
        product, units
            What is ordered; its options count as on average.
        week
            Number of the week asked about, as it was promised; -1 for none.
        opened
            Items and numbers of weeks for which a promise pays a set-up that the plan has not.
        """
        place, weeks = self._number[product], self.problem.shape[1]
        times = self._opened(opened)
        before = self._late(self._firm, times)

        def keeps(number: int) -> bool:
            return bool((self._late(self._with(self._firm, place, number, units), times) <= before + EDGE).all())

        low, high = 0, weeks
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if keeps(middle) else (middle + 1, high)
        costs = [self._cost(place, units, number, times) if low <= number < weeks else np.nan for number in (low, week)]
        return Exact(low if low < weeks else -1, *costs)

    def _cost(self, place: int, units: float, week: int, times: Numbers) -> float:
        price = float(self.problem.terms.price[place])
        gained = self._worth(self._with(self._firm, place, week, units), times) - self._worth(self._firm, self._times)
        return units * price - gained

    def late(self, firm: Numbers, *, opened: Iterable[tuple[str, int]] = ()) -> Numbers:
        """Return the units late of each product at the end of each week, where as few as can be are; ``(n_products, n_weeks)``.

        Parameters
        ----------
        firm
            All that is firm, orders and promises; ``(n_products, n_weeks)``.
        opened
            As in ``exact``.
        """
        return self._late(firm, self._opened(opened))

    def _late(self, firm: Numbers, times: Numbers) -> Numbers:
        _, solved = self._solve(firm, times)
        owed = np.maximum(np.cumsum(firm, axis=1) - self.problem.opening[:, None], 0.0)
        found = np.zeros(self.problem.shape)
        found[owed[:, -1] > 0] = solved.solution.values["missing"]
        return found

    def _solve(self, firm: Numbers, times: Numbers, around: Numbers | None = None) -> tuple[Search, Solved]:
        more = firm - self._firm
        problem = replace(self.problem, firm=firm, demand=self.problem.demand + more)
        bounds = relaxed_bounds(problem, self.network)
        hard = np.full(problem.shape[0], HARD * max(float(problem.terms.price.max()), 1.0))
        buys = np.array([kind == "order" for kind in self.network.switches.kinds], dtype=bool).reshape(-1, 1)
        off, on = np.where(buys, bounds.off, times), np.where(buys, bounds.on, times)
        bounds = replace(bounds, off=off, on=on, crowds=False, late=hard)
        search = Search(problem, self.network, self._breakpoints, View(around=around))
        found = search.solve(bounds, near=self._near)
        if not found.solution.feasible and around is None:
            message = "The linear program of the plan found no point, which a plan published from it cannot have"
            raise RuntimeError(message)
        self._near = found if found.solution.feasible else self._near
        return search, found

    def _worth(self, firm: Numbers, times: Numbers) -> float:
        """Return what the plan earns with so much firm, settled: near the plan as it is, or anew where that is too far."""
        search, found = self._solve(firm, times, self._supply + firm - self._firm)
        if found.solution.feasible:
            return worth(search, found)
        search, found = self._solve(firm, times)
        return worth(search, follow(search, found))

    def _opened(self, opened: Iterable[tuple[str, int]]) -> Numbers:
        """Return how often switches are on with the set-ups of more items in more weeks."""
        times, network = self._times.copy(), self.network
        gives, weight = network.activities.gives.tocsr(), network.switches.weight.tocsc()
        for item, week in opened:
            for place in [place for place, name in enumerate(network.items.names) if name == item]:
                for activity in gives.indices[gives.indptr[place] : gives.indptr[place + 1]]:
                    mine = weight.indices[weight.indptr[activity] : weight.indptr[activity + 1]]
                    several = np.isfinite(network.switches.largest[mine]) & (network.switches.most[mine] > 1)
                    on = np.where(several, np.minimum(times[mine, week] + 1, network.switches.most[mine]), 1.0)
                    times[mine, week] = np.maximum(times[mine, week], on) * network.switches.open[mine, week]
        return times

    @staticmethod
    def _with(firm: Numbers, place: int, week: int, units: float) -> Numbers:
        found = firm.copy()
        found[place, week] += units
        return found


def program(tables: Mapping[str, pa.Table], settings: Settings, *, before: Mapping[str, pa.Table] | None = None) -> Program:
    """Return the linear program of a project's current plan, made again from its tables.

    Parameters
    ----------
    tables
        Clean tables, forecasts and ``economics``, as the stage ``plan`` takes them.
    settings
        Of the project.
    before
        ``lots``, ``purchases`` and ``shipments`` published before the plan, where weeks are frozen or changes cost.
    """
    draws = tables["draws"]
    last: date = pc.max(draws["cutoff"]).as_py()
    mine = draws.filter(pc.and_(pc.equal(draws["cutoff"], last), pc.equal(draws["information"], NOW)))
    window = list(windows({**tables, "draws": mine}, settings))[-1]
    problem = window.states[NOW]
    problem = replace(problem, opening=opening(problem, tables, settings), lead=0, on_order=None)
    network, _ = build(problem, tables, settings, before=before)
    options = Options(breakpoints=settings.plan.breakpoints, gap=settings.plan.gap, prices=False)
    plan, flow = make(problem, network, options)
    return Program(problem, network, flow.times, plan.supply, breakpoints=settings.plan.breakpoints)
