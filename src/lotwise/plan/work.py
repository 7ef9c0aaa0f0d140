"""The floor's records of its lots as arrays, and what is doubtful in them.

Records without a number of units, with numbers that are negative or not finite, and lots that stand there twice do not come
here: the pool rejects the rows with a reason, and the contract of ``work`` refuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem
    from lotwise.plan.windows import Window

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

DAYS = 7
SHOWN = 3
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Lots:
    """The lots of one window; arrays of shape ``(n_lots,)``, in units unless said otherwise.

    Parameters
    ----------
    row, week, ready
        Place of its product, of its week and of the week it was finished in: ``n_weeks`` for after the last.
    proposed, planned, made, scrapped
        As in ``work``; a lot nobody changed was proposed as planned.
    stopped
        Units not made because the machine stood still.
    """

    row: Places
    week: Places
    ready: Places
    proposed: Numbers
    planned: Numbers
    made: Numbers
    scrapped: Numbers
    stopped: Numbers

    def causes(self) -> Iterator[tuple[str, Numbers, Places, Numbers]]:
        """Yield each cause in the order of ``CAUSES``, with good units, their week and scrapped units when it is put on."""
        none, running = np.zeros_like(self.made), self.planned - self.stopped
        yield "overridden", self.planned, self.week, none
        yield "down", running, self.week, none
        yield "late", running, self.ready, none
        yield "scrapped", np.maximum(running - self.scrapped, 0.0), self.ready, self.scrapped
        yield "short", self.made, self.ready, self.scrapped


def lots_of(problem: Problem, work: pa.Table) -> Lots:
    """Return the lots of a problem's products and weeks.

    Scrapped units and hours that nobody noted are 0. A lot is in time that was finished before its week, or of which
    nobody noted the day, or of which nothing was made.

    Parameters
    ----------
    problem
        What was planned.
    work
        The table of this name; lots of other items and weeks are passed over.
    """
    product = pc.index_in(work["item"], value_set=pa.array(problem.products, pa.string()))
    monday = pc.index_in(work["week"], value_set=pa.array(problem.weeks, pa.date32()))
    row, week = (pc.fill_null(column, -1).to_numpy().astype(np.int64) for column in (product, monday))
    inside = (row >= 0) & (week >= 0)
    work, row, week = work.filter(pa.array(inside)), row[inside], week[inside]
    planned, made, scrapped, hours = (_numbers(work, name) for name in ("planned", "made", "scrapped", "down_hours"))
    missing = np.maximum(planned - made - scrapped, 0.0)
    after = np.where(made > 0, np.maximum(_weeks_after(work), 0), 0)
    return Lots(
        row=row,
        week=week,
        ready=np.minimum(week + after, len(problem.weeks)),
        proposed=_proposed(work),
        planned=planned,
        made=made,
        scrapped=scrapped,
        stopped=np.where(
            hours > 0, np.minimum(_cost_of_hours(problem, work["machine"], row, week, hours, planned), missing), 0.0
        ),
    )


def remarks(work: pa.Table, every: Sequence[Window]) -> Iterator[str]:
    """Yield what is doubtful in the records of the settled weeks: how many lots, which, and what is done with them.

    Lots of components are passed over without a word: components are made as their products are.

    Parameters
    ----------
    work
        The table of this name.
    every
        The windows that are planned.
    """
    past = [window for window in every if window.is_past]
    weeks, products = ({one for window in past for one in getattr(window, name)} for name in ("weeks", "products"))
    parts = products | {part for window in past for part in window.contents[0]}
    work = work.filter(pc.is_in(work["week"], value_set=pa.array(sorted(weeks), pa.date32())))
    ours, known = (
        pc.is_in(work["item"], value_set=pa.array(sorted(items), pa.string())).to_numpy() for items in (products, parts)
    )
    planned, made, scrapped = (_numbers(work, name) for name in ("planned", "made", "scrapped"))
    beyond = made + scrapped > planned * (1 + ROUNDING) + ROUNDING
    unasked = (_proposed(work) == 0) & (planned + made > 0)
    doubts = (
        (~known, "are of items that are not planned", "they carry out no plan; compare 'item' with the table products"),
        (ours & beyond, "made and scrapped more than was planned", "what is over counts as made beyond the plan"),
        (ours & unasked, "were not proposed", "their units count as made beside the plan; fill 'proposed'"),
        (ours & (_weeks_after(work) < 0), "were finished before their week", "they are in time; check 'week' and 'finished'"),
    )
    for where, what, done in doubts:
        if where.any():
            some = ", ".join(work["lot"].filter(pa.array(where))[:SHOWN].to_pylist())
            yield f"work: {int(where.sum())} lots of settled weeks {what}, such as {some}: {done}"


def _cost_of_hours(
    problem: Problem, machine: pa.ChunkedArray, row: Places, week: Places, hours: Numbers, planned: Numbers
) -> Numbers:
    """Return the units each lot could have made in the hours its machine stood still.

    Hours lost over hours a unit (components included); where these are unknown, the units planned times the share of the
    machine's week; infinite where that is unknown too. A lot that names no machine ran on the one its product needs longest.
    """
    resources = problem.resources
    names = [name for name, is_machine in zip(resources.names, resources.is_machine, strict=True) if is_machine]
    if not names or not len(row):
        return np.full(len(row), np.inf)
    taken = resources.uses[: len(names)].toarray()
    longest = np.where(taken.any(axis=0), taken.argmax(axis=0), -1)[row]
    named = pc.fill_null(pc.index_in(machine, value_set=pa.array(names, pa.string())), -1).to_numpy()
    number = np.where(pc.is_null(machine).to_numpy(), longest, named)
    per_unit = np.where(number >= 0, taken[number, row], 0.0)
    regular = np.where(number >= 0, resources.capacity[number, week], 0.0)
    share = np.divide(hours, regular, out=np.full(len(row), np.inf), where=regular > 0)
    guess = np.where(regular > 0, planned * np.minimum(share, 1.0), np.inf)
    return np.divide(hours, per_unit, out=guess, where=per_unit > 0)


def _proposed(work: pa.Table) -> Numbers:
    """Return the units proposed of each lot: as planned where nobody changed them."""
    return np.asarray(pc.coalesce(work["proposed"], work["planned"]).to_numpy(), dtype=float)


def _numbers(work: pa.Table, name: str) -> Numbers:
    """Return a column of numbers, 0 where one is absent."""
    return np.asarray(pc.fill_null(work[name], 0.0).to_numpy(), dtype=float)


def _weeks_after(work: pa.Table) -> Places:
    """Return how many weeks after its own week each lot was finished; 0 where nobody noted the day."""
    week, finished = (work[name].cast(pa.int32()) for name in ("week", "finished"))
    return np.asarray(pc.fill_null(pc.subtract(finished, week), 0).to_numpy() // DAYS, dtype=np.int64)
