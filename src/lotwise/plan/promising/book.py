"""The book of what can be promised: answers from what is free, and takes away what is reserved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, did_you_mean
from lotwise.plan.promising import configuration
from lotwise.plan.promising.facts import ANYWHERE
from lotwise.plan.promising.kernel import State, place, search, settle_all, unit_prices
from lotwise.plan.promising.promised import LAST_DAY, Promise, binds, last_day
from lotwise.plan.promising.recipe import recipe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.plan.promising.delays import Delays
    from lotwise.plan.promising.facts import Facts
    from lotwise.plan.promising.kernel import Recipe, Work

    Numbers = NDArray[np.float64]

EDGE = 1e-6
"""Share by which units may miss a multiple, and hours by which tables are rounded."""
DAYS = 7


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one reservation took: changes of the state, by item and machine of its recipe."""

    recipe: Recipe
    free: Numbers
    planned: Numbers
    regular: Numbers
    extra: Numbers


class Book:
    """What is free, with everything that was reserved taken away.

    A promise is backed by units, hours and purchases of definite weeks, so the plan stays possible with it: what was promised
    before is never touched, and what is reserved is not free for the next one. It may be later than a plan made again
    would allow: one way of making each item is tried, and nothing that is planned for others moves.

    Parameters
    ----------
    facts
        What is free and how things are made: ``lotwise.plan.promising.read`` takes it from a project.
    delays
        How late promises were kept in the past; without it there are no ``p50`` and ``p90``.
    """

    def __init__(self, facts: Facts, *, delays: Delays | None = None) -> None:
        self.facts = facts
        self.delays = delays
        self._place = {name: number for number, name in enumerate(facts.items)}
        self._recipes: dict[object, Recipe] = {}
        self._costs: dict[object, tuple[float, tuple[float, ...]]] = {}
        self._taken: dict[int, _Taken] = {}
        self._last = 0
        self._farthest = max(facts.transit.values(), default=0)
        free = facts.free.copy()
        self._state = State(
            free, np.empty_like(free), facts.planned.copy(), np.maximum(facts.regular, 0.0), np.maximum(facts.extra, 0.0),
            facts.up.copy(), facts.shared.copy(), facts.machine_price, facts.item_price, facts.overtime_cost,
        )  # fmt: skip
        settle_all(self._state.least, free)

    def promise(
        self,
        product: str,
        units: float = 1.0,
        *,
        options: Mapping[str, str] | None = None,
        region: str = ANYWHERE,
        by: date | None = None,
    ) -> Promise:
        """Return the earliest week so many units can be promised for.

        Parameters
        ----------
        product, options
            What: a product, and values of its options. Options left open count as they are chosen on average.
        units
            How many.
        region
            Where to.
        by
            Day it is wanted; nothing is promised for an earlier week, so that capacity before stays free.

        Raises
        ------
        InputError
            The product, an option, a value or the region is not known, values do not go together, or units cannot be
            delivered like that.
        """
        mine = self._recipe(product, options)
        days = self.days(region)
        self._check_units(product, units)
        facts = self.facts
        wanted = -1 if by is None else self._week_of(by, days)
        found, overtime, blame, reached = search(mine, self._state, float(units), facts.first, max(wanted, facts.now))
        price, costs = self._money(product, options)
        week = facts.weeks[found] if found >= 0 else None
        day = None if week is None else last_day(week, days)
        late = self.delays.after(found - facts.now) if self.delays is not None and day is not None else None
        return Promise(
            product,
            tuple(sorted(options.items())) if options else (),
            float(units),
            region,
            week,
            day,
            None if late is None or day is None else day + timedelta(days=late[0]),
            None if late is None or day is None else day + timedelta(days=late[1]),
            None if found < 0 else units * costs[found] + overtime,
            units * price,
            binds(facts, int(blame[0]), self._named(mine, blame), int(blame[2])),
            tuple(reached.tolist()) if found < 0 else (*reached[:found].tolist(), float(units)),
            None if found >= 0 else self._estimate(product, mine, units - float(reached[-1]), days),
        )

    def reserve(self, promise: Promise) -> int:
        """Return the number under which what a promise takes is set aside.

        Raises
        ------
        InputError
            It has no week, or what it rests on was taken meanwhile: ask again.
        """
        if promise.week is None:
            raise InputError(f"'{promise.product}' has no week to reserve: {promise.binds} Ask for fewer units.")
        week = self.facts.weeks.index(promise.week)
        number, found = self.set_aside(promise.product, promise.units, week, options=dict(promise.options))
        if found != week or number is None:
            if number is not None:
                self.release(number)
            raise InputError(
                f"{promise.units:g} of '{promise.product}' cannot be there in the week of {promise.week} any more: "
                "what it rests on was taken meanwhile. Ask again."
            )
        return number

    def set_aside(
        self, product: str, units: float, week: int, *, options: Mapping[str, str] | None = None
    ) -> tuple[int | None, int | None]:
        """Return the number under which units are set aside, and the number of their week: later where they must be.

        Parameters
        ----------
        product, units, options
            As in ``promise``.
        week
            Number of the week they are promised for.

        Returns
        -------
        number, week
            None twice where there is no room for them within the weeks planned.

        Raises
        ------
        InputError
            The product, an option or a value is not known.
        """
        mine = self._recipe(product, options)
        found = search(mine, self._state, float(units), self.facts.first, week)[0]
        if found < 0:
            return None, None
        work = place(mine, self._state, float(units), found, self.facts.first)
        self._last += 1
        self._taken[self._last] = self._take(mine, work)
        return self._last, int(found)

    def opened(self, promise: Promise) -> list[tuple[str, int]]:
        """Return the items, with the numbers of weeks, for which a promise pays a set-up that the plan has not."""
        if promise.week is None:
            return []
        mine = self._recipe(promise.product, dict(promise.options))
        week = self.facts.weeks.index(promise.week)
        work = place(mine, self._state, promise.units, week, self.facts.first)
        new = work.up & ~self._state.up[mine.items]
        return [(self.facts.items[mine.items[slot]], int(start)) for slot, start in np.argwhere(new)]

    def release(self, number: int) -> None:
        """Give back what was set aside under a number; others lose nothing, for each reservation pays its own set-ups.

        Raises
        ------
        InputError
            Nothing is set aside under it.
        """
        taken = self._taken.pop(number, None)
        if taken is None:
            raise InputError(f"Found no reservation {number}; expected one of {sorted(self._taken) or 'none'}.")
        items, machines = taken.recipe.items, taken.recipe.machines
        self._state.free[items] += taken.free
        self._state.planned[items[0]] += taken.planned
        self._state.regular[machines] += taken.regular
        self._state.extra[machines] += taken.extra
        self._settle(items)

    def _take(self, mine: Recipe, work: Work) -> _Taken:
        state, items, machines = self._state, mine.items, mine.machines
        regular, extra = state.regular[machines], state.extra[machines]
        hours = np.maximum(regular + extra - work.hours, 0.0)
        plain = np.minimum(hours, regular)
        used = np.maximum(state.free[items] - work.free, 0.0)  # what a lot gives beyond the order stays with it
        taken = _Taken(mine, used, state.planned[items[0]] - work.planned, plain, hours - plain)
        state.free[items] -= used
        state.planned[items[0]] = work.planned
        state.regular[machines], state.extra[machines] = regular - plain, np.maximum(extra - (hours - plain), 0.0)
        self._settle(items)
        return taken

    def _settle(self, items: NDArray[np.int64]) -> None:
        low = np.minimum.accumulate(self._state.free[items][:, ::-1], axis=1)[:, ::-1]
        self._state.least[items] = low

    def _recipe(self, product: str, options: Mapping[str, str] | None) -> Recipe:
        key: object = (product, *sorted(options.items())) if options else product
        found = self._recipes.get(key)
        if found is None:
            if product not in self.facts.products:
                known = ", ".join(list(self.facts.products)[:10])
                hint = did_you_mean(product, self.facts.products)
                raise InputError(f"Found product '{product}', which is not planned{hint}; expected one of {known} ...")
            configuration.check(self.facts, product, options or {})
            found = self._recipes[key] = recipe(self.facts, product, options or {}, self._place)
        return found

    def days(self, region: str) -> int:
        """Return the days from ready to delivered; to nowhere in particular, as many as to the region farthest away.

        Raises
        ------
        InputError
            The region is not known.
        """
        if region in self.facts.transit:
            return self.facts.transit[region]
        known = [name for name in self.facts.transit if name != ANYWHERE]
        if region != ANYWHERE:
            there = f"expected one of {', '.join(known)}" if known else "the project has no regions: leave it out"
            raise InputError(f"Found region '{region}', which is not known{did_you_mean(region, known)}; {there}.")
        return self._farthest

    def _check_units(self, product: str, units: float) -> None:
        if not units > 0 or units == np.inf:
            raise InputError(f"Found {units:g} units of '{product}'; expected more than 0.")
        step = self.facts.multiples.get(product, 0.0)
        if step > 0 and abs(units / step - round(units / step)) > EDGE:
            low = np.floor(units / step) * step
            near = f"{low:g} or {low + step:g}" if low > 0 else f"{step:g}"
            raise InputError(
                f"Found {units:g} units of '{product}', which is delivered in multiples of {step:g}; ask for {near}."
            )

    def _week_of(self, day: date, days: int) -> int:
        """Return the last week of which units are delivered by a day; the first where none is."""
        ready = (day - self.facts.weeks[0]).days - days - LAST_DAY
        return int(np.clip(ready // DAYS, 0, len(self.facts.weeks) - 1))

    def _money(self, product: str, options: Mapping[str, str] | None) -> tuple[float, tuple[float, ...]]:
        """Return the price of one unit, and what it costs by the week it is ready.

        That is the price less what the plan's duals say one more unit ordered would earn; where nobody says, the standard cost
        and what hours and materials would earn otherwise, and the greater of the two where one more would earn nothing. A
        configuration adds what its values cost, and the difference of what is in it.
        """
        key: object = (product, *sorted(options.items())) if options else product
        found = self._costs.get(key)
        if found is not None:
            return found
        price, cost = self.facts.products[product]
        plain = unit_prices(self._recipe(product, None), self._state)
        earns = self.facts.demand_price[self._place[product]]
        costs = cost + plain
        costs = np.where(earns > 0, price - earns, np.where(np.isnan(earns), costs, np.maximum(costs, price)))
        for option, value in (options or {}).items():
            more = self.facts.options.get(product, {}).get(option, {}).get(value)
            if more is not None:
                price, costs = price + more.price, costs + more.cost
        if options:
            costs = costs + unit_prices(self._recipe(product, options), self._state) - plain
        found = self._costs[key] = price, tuple(costs.tolist())
        return found

    def _named(self, mine: Recipe, blame: NDArray[np.int64]) -> int:
        """Return the number of the machine or item a search found in the way."""
        kind, number = int(blame[0]), int(blame[1])
        if number < 0:
            return -1
        return int(mine.machines[number]) if kind == 1 else int(mine.items[number])

    def _estimate(self, product: str, mine: Recipe, units: float, days: int) -> date | None:
        """Return the day by which the rest may be made after the weeks planned, each machine as open as on average."""
        hours = np.zeros(len(mine.machines))
        for node, slot in enumerate(mine.slot):
            steps = slice(mine.step_from[slot], mine.step_from[slot + 1])
            np.add.at(hours, mine.step_machine[steps], mine.total[node] / mine.good[slot] * mine.step_hours[steps])
        there = self.facts.open_hours[mine.machines]
        if product not in self.facts.ways or not (hours > 0).any() or (there[hours > 0] <= 0).any():
            return None
        weeks = int(np.ceil(units * float((hours[hours > 0] / there[hours > 0]).max())))
        wait = int(max(mine.offset + mine.lead[mine.slot]))
        return last_day(self.facts.weeks[-1] + timedelta(weeks=max(weeks, wait, 1)), days)
