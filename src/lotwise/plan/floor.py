"""What the floor made of a plan: its causes of difference put on one after another, from the records of its lots.

A past plan is made again, so the floor's own plan was another one. What its lots did counts in proportion: where ``proposed``
units of a product and week were proposed on the floor, each of them stands for ``ours / proposed`` of our plan. A unit beyond
what was proposed stands for as many, but for one at most: a small lot that was doubled does not double a large plan of ours.

=============  ========================================================================================================
overridden     somebody changed the units proposed into the units planned
down           units not made that the machine could have made in the hours it stood still; they cost nothing
late           units of lots finished after the Sunday of their week: for sale from the week they were finished in; after
               the last week of the window they bring salvage, for nothing made is lost
scrapped       units made that nobody can buy; they cost what good ones cost
short          other units not made, less those made beyond the plan; they cost nothing
=============  ========================================================================================================

Hours are taken in the week the lot was planned for, and so is overtime.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.settle import Outcome, settle
from lotwise.plan.work import lots_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem

    Numbers = NDArray[np.float64]

SAME = 1e-9
"""Units nearer than this, in proportion, are the same."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A plan with the floor's causes put on up to one of them.

    Parameters
    ----------
    cause
        The last cause put on; empty for the plan as made.
    ready
        Good units in the week they are for sale, those of after the last week in one column more;
        ``(n_products, n_weeks + 1)``.
    good
        The same units in the week they were planned for; ``(n_products, n_weeks)``.
    waste
        Scrapped units; ``(n_products, n_weeks)``.
    """

    cause: str
    ready: Numbers
    good: Numbers
    waste: Numbers

    @property
    def made(self) -> Numbers:
        """Good units by week, those ready after the last week in the last; ``(n_products, n_weeks)``."""
        made = self.ready[:, :-1].copy()
        made[:, -1] += self.ready[:, -1]
        return made

    def differs(self, other: Carried) -> bool:
        """Return whether any unit is good, ready or scrapped otherwise."""
        pairs = ((self.ready, other.ready), (self.waste, other.waste))
        return not all(np.allclose(one, two, rtol=SAME, atol=SAME) for one, two in pairs)


def carry_out(problem: Problem, supply: Numbers, work: pa.Table) -> list[Carried]:
    """Return the plan as made, and the plan with each cause that changes it put on after the ones before.

    The order is that of ``tables.planned.CAUSES``; the last is the plan as the floor carried it out. A product and week
    without a record stands as planned. Where nothing was proposed, what was made is made beside the plan, unit for unit.
    Where more was made than planned, the rest of it counts as made beyond the plan: a negative shortage.

    Parameters
    ----------
    problem
        What was planned.
    supply
        The plan; ``(n_products, n_weeks)``.
    work
        The table of this name; lots of other products and weeks are passed over.
    """
    lots, (products, weeks) = lots_of(problem, work), problem.shape
    told = _total(lots.row, lots.week, lots.proposed, (products, weeks))
    alone = np.where(told > 0, 0.0, supply)
    found = [Carried("", _with_after(supply), supply, np.zeros(problem.shape))]
    for cause, good, ready, scrapped in lots.causes():
        units = _total(lots.row, lots.week, good + scrapped, (products, weeks))
        whole, ours = (cells[lots.row, lots.week] for cells in (units, _ours(units, told, supply)))
        some = np.divide(good, whole, out=np.zeros_like(good), where=whole > 0) * ours
        waste = np.divide(scrapped, whole, out=np.zeros_like(good), where=whole > 0) * ours
        carried = Carried(
            cause,
            _with_after(alone) + _total(lots.row, ready, some, (products, weeks + 1)),
            alone + _total(lots.row, lots.week, some, (products, weeks)),
            _total(lots.row, lots.week, waste, (products, weeks)),
        )
        if carried.differs(found[-1]):
            found.append(carried)
    return found


def settle_carried(problem: Problem, carried: Carried, demand: Numbers) -> Outcome:
    """Return what a plan as carried out earns; ``demand`` is ``(n_products, n_weeks)``.

    Units ready after the last week are settled in a week in which nobody asks for them, and booked in the last.
    """
    terms = problem.terms
    charges = problem.resources.overtime_money(carried.good + carried.waste, problem.lead)
    charges += carried.waste * terms.cost[:, None]
    outcome = settle(carried.ready[:, :-1], demand, terms, opening=problem.opening, charges=charges)
    over = carried.ready[:, -1:]
    if not over.any():
        return outcome
    after = settle(over, np.zeros_like(over), terms)
    booked = {}
    for name in ("left", "expired", "revenue", "cost"):
        whole = getattr(outcome, name).copy()
        whole[:, -1] += getattr(after, name)[:, 0]
        booked[name] = whole
    return replace(outcome, **booked)


def _ours(units: Numbers, told: Numbers, supply: Numbers) -> Numbers:
    """Return what units of the floor stand for in our plan, given what was proposed there; ``(n_products, n_weeks)``."""
    some = told > 0
    within = np.divide(np.minimum(units, told), told, out=np.zeros_like(told), where=some)
    each = np.divide(np.minimum(supply, told), told, out=np.ones_like(told), where=some)
    return np.asarray(supply * within + each * np.maximum(units - told, 0.0))


def _with_after(supply: Numbers) -> Numbers:
    return np.pad(supply, ((0, 0), (0, 1)))


def _total(row: NDArray[np.int64], column: NDArray[np.int64], units: Numbers, shape: tuple[int, int]) -> Numbers:
    total = np.zeros(shape)
    np.add.at(total, (row, column), units)
    return total
