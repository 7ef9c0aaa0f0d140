"""What each late order waited for: a walk back from its last operation along what made each one start when it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.shop import INSIDE, PAUSES
from lotwise.schedule.why.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lotwise.schedule.jobs import Schedule
    from lotwise.schedule.shop import Shop

KINDS = ("machine", "order", "release", "material", "setup", "closed", "tool", "batch", "lag", "idle", "fixed")
"""What an order can wait for; ``idle``: its machine stood still for another reason; ``fixed``: a fact, and the walk ends."""


@dataclass(frozen=True)
class Step:
    """One stretch of waiting.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    operation
        The operation that waits.
    start, end
        Minutes.
    waited
        Minutes of waiting between; closed hours and set-ups can be less than all.
    on
        Machine or tool, by number; -1: none.
    others
        Operations that were in the way, or that it waits for.
    """

    kind: str
    operation: int
    start: int
    end: int
    waited: int
    on: int = -1
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why one order is late.

    Parameters
    ----------
    order
        Its number.
    waited_for
        Kind of what it waited for longest, and the machine, tool or order by number; none where it only took its time.
    waited
        Minutes it waited for that.
    chain
        All its waiting, in time.
    working
        Minutes from where the walk ends to the order's end in which it did not wait.
    """

    order: int
    waited_for: tuple[str, int] | None
    waited: int
    chain: tuple[Step, ...]
    working: int


def reasons(shop: Shop, schedule: Schedule) -> list[Reason]:
    """Return why each late order is late, the one that costs most first.

    Parameters
    ----------
    shop
        What was scheduled.
    schedule
        A schedule that keeps the rules.
    """
    view = View(shop, schedule)
    return [reason(view, order) for order in late_orders(view)]


def late_orders(view: View) -> list[int]:
    """Return the late orders, the one that costs most first, then by number."""
    late = np.maximum(view.order_end - view.shop.orders.due, 0)
    found: list[int] = np.flatnonzero(late > 0).tolist()
    return sorted(found, key=lambda order: (-float(late[order] * view.shop.orders.weight[order]), order))


def reason(view: View, order: int) -> Reason:
    """Return why one order ends when it does."""
    path = _path(view, order)
    chain = tuple(step for place, o in enumerate(path) for step in _steps(view, order, path, place, o))
    waited: dict[tuple[str, int], int] = {}
    for step in chain:
        subject = view.order[step.others[0]] if step.kind in ("order", "batch") else step.on
        if step.waited > 0:
            waited[step.kind, subject] = waited.get((step.kind, subject), 0) + step.waited
    longest = max(waited, key=lambda key: waited[key], default=None)
    begins = min([step.start for step in chain] + [view.start[o] for o in path[:1]], default=int(view.order_end[order]))
    working = int(view.order_end[order]) - begins - sum(waited.values())
    return Reason(order, longest, waited[longest] if longest else 0, chain, working)


def _path(view: View, order: int) -> list[int]:
    """Return the operations that made an order's end what it is, in time: each was the last its follower waited for.

    Operations of other orders are among them where parts of those go into it.
    """
    path = []
    o = max(view.operations_of(order), key=lambda one: (view.end[one], one), default=-1)
    while o >= 0:
        path.append(o)
        last, arrives = _last_before(view, o)
        waits = arrives > view.released(o) and arrives >= int(view.shop.operations.release[o])
        o = last if waits and not view.fixed[o] else -1
    return path[::-1]


def _steps(view: View, order: int, path: list[int], place: int, o: int) -> Iterator[Step]:
    """Yield what one operation of a path waited for; the work on another order's is waiting too."""
    yield from _waits(view, o, first=place == 0)
    if view.order[o] != order:
        paused = 0 if view.fixed[o] else sum(step.waited for step in _paused(view, o))
        works = view.end[o] - view.start[o] - paused
        yield Step("order", path[place + 1], view.start[o], view.end[o], works, others=(o,))


def _last_before(view: View, o: int) -> tuple[int, int]:
    """Return the operation whose end, with its lag, an operation waits for longest, and the minute; -1 and 0 if none."""
    last, lag = max(view.before(o), key=lambda pair: (view.end[pair[0]] + pair[1], pair), default=(-1, 0))
    return (last, view.end[last] + lag) if last >= 0 else (-1, 0)


def _waits(view: View, o: int, *, first: bool) -> Iterator[Step]:
    """Yield what an operation waited for, in time: what came to it, its machine, and closed hours it pauses in."""
    if view.fixed[o]:
        yield Step("fixed", o, view.start[o], view.start[o], 0, view.machine[o])
        return
    last, arrives = _last_before(view, o)
    if first:
        yield from _begun(view, o, arrives)
    elif arrives > view.end[last]:
        yield Step("lag", o, view.end[last], arrives, arrives - view.end[last], others=(last,))
    yield from reversed(list(_machine(view, o)))
    yield from _paused(view, o)


def _begun(view: View, o: int, arrives: int) -> Iterator[Step]:
    """Yield what the first operation of a path came from: its material or its order's release."""
    released, material = view.released(o), int(view.shop.operations.release[o])
    if material > max(arrives, released):
        begins = max(arrives, released)
        yield Step("material", o, begins, material, material - begins)
    elif released > 0:
        yield Step("release", o, 0, released, released)


def _paused(view: View, o: int) -> Iterator[Step]:
    """Yield the closed hours an operation pauses in."""
    if view.shop.operations.crossing[o] == PAUSES and view.end[o] > view.start[o]:
        closed = view.closed(o, view.start[o], view.end[o])
        if closed > 0:
            yield Step("closed", o, view.start[o], view.end[o], closed, view.machine[o])


def _machine(view: View, o: int) -> Iterator[Step]:
    """Yield what kept an operation from starting when it was ready: its set-up, a gap, and what was on its machine."""
    ready, start, k = view.ready(o), view.start[o], view.machine[o]
    if start <= ready:
        return
    begins = max(view.setup_start[o], ready)
    if begins < start:
        closed = view.closed(o, begins, start)
        yield from _closed(o, k, begins, start, closed)
        yield Step("setup", o, begins, start, start - begins - closed, k)
    before = view.behind[o]
    free = max(view.end[before] if before >= 0 else 0, int(view.shop.machines.free[k]), ready)
    if free < begins:
        yield from _gap(view, o, free, begins)
    since, others = free, []
    while before >= 0 and view.end[before] > ready:
        others.append(before)
        since = max(min(view.setup_start[before], view.start[before]), ready)
        before = view.behind[before]
    if free > ready:
        yield Step("machine", o, min(since, ready), free, free - ready, k, tuple(reversed(others)))


def _closed(o: int, k: int, start: int, end: int, closed: int) -> Iterator[Step]:
    if closed > 0:
        yield Step("closed", o, start, end, closed, k)


def _gap(view: View, o: int, start: int, end: int) -> Iterator[Step]:
    """Yield why an operation's free machine stood still before it."""
    k, closed = view.machine[o], view.closed(o, start, end)
    rest = end - start - closed
    yield from _closed(o, k, start, end, closed)
    if rest == 0:
        return
    mates = [m for m in view.together(o) if view.ready(m) > start and view.order[m] != view.order[o]]
    if mates:
        yield Step("batch", o, start, end, rest, k, (max(mates, key=view.ready),))
        return
    for t in view.tools(o):
        held = [h for h in view.holders[t] if start < view.end[h] <= end and h not in view.together(o)]
        if held:
            yield Step("tool", o, start, end, rest, t, (max(held, key=lambda h: view.end[h]),))
            return
    kind = "closed" if view.shop.operations.crossing[o] == INSIDE and closed > 0 else "idle"
    yield Step(kind, o, start, end, rest, k)
