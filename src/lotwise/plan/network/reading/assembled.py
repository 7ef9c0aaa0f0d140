"""Puts the network of a problem together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError, breaches
from lotwise.plan.network.network import Network
from lotwise.plan.network.reading.arrays import activities, items, labels, savings
from lotwise.plan.network.reading.bills import lines, needs, standard_costs
from lotwise.plan.network.reading.buying import add_purchases
from lotwise.plan.network.reading.calendar import machines
from lotwise.plan.network.reading.decided import approvals, decide, earlier, frozen
from lotwise.plan.network.reading.draft import Book, add_items
from lotwise.plan.network.reading.faults import MOST_SHOWN, faults
from lotwise.plan.network.reading.fitting import possible
from lotwise.plan.network.reading.given import given
from lotwise.plan.network.reading.making import add_making
from lotwise.plan.network.reading.moving import add_moves
from lotwise.plan.network.reading.oddities import oddities
from lotwise.plan.network.reading.places import places
from lotwise.plan.network.reading.receipts import arriving
from lotwise.plan.network.reading.switches import members, switches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from lotwise.config import Settings
    from lotwise.plan.network.labels import Labels
    from lotwise.plan.network.network import Machines
    from lotwise.plan.network.reading.decided import Levels
    from lotwise.plan.network.reading.receipts import Arriving
    from lotwise.plan.problem import Problem

MOST_SAID = 5
"""Notes of one kind that are said one by one."""


def build(
    problem: Problem,
    tables: Mapping[str, pa.Table],
    settings: Settings,
    *,
    before: Mapping[str, pa.Table] | None = None,
    say: Callable[[str], None] | None = None,
) -> tuple[Network, Labels]:
    """Return the supply side of a problem, and the names beside it.

    Parameters
    ----------
    problem
        The demand side of the current window. Its ``opening`` must be that of ``opening(problem, tables, settings)``: the
        stock of a product that is kept at several sites, moved to customers or put into something else is in the network.
    tables
        Those of ``products, items, bom, coproducts, routing, families, machines, machine_weeks, calendar, sites, lanes,
        materials, suppliers, receipts, stock, orders, order_options, options`` that exist, and ``economics``. What a
        missing table would limit is not limited.
    settings
        All settings; ``plan`` and ``economics`` are read.
    before
        The last published ``lots``, ``purchases`` and ``shipments``: what changes against them costs ``plan.change_share``,
        and the first ``plan.frozen_weeks`` keep them as far as that is possible.
    say
        Called with each note about what is odd in the tables, and what was done about it.

    Raises
    ------
    ContractError
        The tables do not fit together; every breach is listed with its row and a next step.
    """
    found = given(problem, tables, settings, say or (lambda _: None))
    wrong = faults(found, tables.get("bom"))
    if wrong:
        more = [f"and {len(wrong) - MOST_SHOWN} more"] if len(wrong) > MOST_SHOWN else []
        raise ContractError(breaches("The tables of the plan do not fit together", [*wrong[:MOST_SHOWN], *more]))

    bill = lines(found)
    where = places(found, bill)
    book = Book(found, where, bill, standard_costs(found, bill, where.order))
    groups = machines(found)
    number = {name: place for place, name in enumerate(groups.names)}
    add_items(book)
    add_purchases(book)
    add_making(book, number, needs(found, bill, where.order))
    add_moves(book)

    coming = arriving(book)
    levels = _decided(book, groups, number, coming, before)
    _tell(found.say, coming.notes)
    _tell(found.say, oddities(book, groups, levels.high))
    rooms = sorted((row["site"], row["room"]) for row in found.rows["sites"] if row.get("room") is not None)
    network = Network(
        items(book, coming.units, savings(book)),
        activities(book, levels, len(number)),
        groups,
        switches(members(found, book.drafts, number), levels.high, len(number)),
        tuple(site for site, _ in rooms),
        tuple(room for _, room in rooms),
    )
    return network, labels(book, levels, coming)


def _decided(
    book: Book, groups: Machines, number: Mapping[str, int], coming: Arriving, before: Mapping[str, pa.Table] | None
) -> Levels:
    """Return every level's bounds: approved lots, and the frozen weeks of the plan before, as far as they are possible."""
    wishes = approvals(book, coming)
    known = np.full((len(book.drafts), book.given.weeks), np.nan)
    if before is not None:
        had, known, notes = earlier(book, before)
        coming.notes += notes
        wishes += frozen(book, had, wishes)
    if wishes:
        wishes, notes = possible(book, wishes, groups, members(book.given, book.drafts, number), coming)
        coming.notes += notes
    return decide(book, wishes, known)


def _tell(say: Callable[[str], None], notes: Sequence[str]) -> None:
    """Say notes, the first ones in full."""
    for note in notes[:MOST_SAID]:
        say(note)
    if len(notes) > MOST_SAID:
        say(f"and {len(notes) - MOST_SAID} more notes like these")
