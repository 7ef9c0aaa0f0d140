"""A classical shop in arrays: orders are chains of operations, machines are always open, only the makespan counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.shop import NEVER

if TYPE_CHECKING:
    from lotwise.schedule.shop import Shop


class Chains(NamedTuple):
    """A classical shop of n operations. Operation n stands for none: it takes no time and is nobody's neighbor.

    Parameters
    ----------
    before, after
        ``(n + 1,)`` the operation before and after it in its chain.
    lag
        ``(n + 1,)`` minutes between the end of the one before and its start.
    release
        ``(n + 1,)`` minute before which it cannot start.
    offsets
        ``(n + 1,)`` choices of operation o are ``offsets[o]`` to ``offsets[o + 1]``, one a machine.
    machine, minutes, mode
        ``(n_choices,)`` machine, minutes, and the mode in the shop it stands for.
    machines
        ``(1,)`` how many machines there are.
    """

    before: np.ndarray
    after: np.ndarray
    lag: np.ndarray
    release: np.ndarray
    offsets: np.ndarray
    machine: np.ndarray
    minutes: np.ndarray
    mode: np.ndarray
    machines: np.ndarray


def fits(shop: Shop) -> bool:
    """Return whether a shop is classical: the makespan of chains of operations on machines that are always open.

    There may be alternative machines, releases and lags; no calendars, set-ups, batches, tools, fixed operations,
    machines busy at the beginning, costs of modes or of changes, and no goal but the makespan.
    """
    return shop.size > 0 and _only_makespan(shop) and _always_open(shop) and _are_chains(shop)


def _only_makespan(shop: Shop) -> bool:
    goal, before = shop.goal, shop.before
    late = goal.tardiness > 0 and bool(((shop.orders.due < NEVER) & (shop.orders.weight > 0)).any())
    changes = before is not None and (bool(before.fixed.any()) or goal.machine_change > 0 or goal.sequence_change > 0)
    return goal.makespan > 0 and goal.flow == 0 and not late and not changes and not shop.modes.cost.any()


def _always_open(shop: Shop) -> bool:
    operations, machines, calendars = shop.operations, shop.machines, shop.calendars
    opened = np.diff(calendars.offsets) > 0
    closes = bool(opened[shop.modes.calendar].any()) if len(opened) else False
    setups = bool((operations.state >= 0).any() and (machines.setups >= 0).any())
    batches = bool((operations.family >= 0).any() and (machines.room > 0).any())
    return not (closes or setups or batches or len(operations.tool) or machines.free.any() or shop.same_sequence)


def _are_chains(shop: Shop) -> bool:
    operations = shop.operations
    owner = np.repeat(np.arange(shop.size), np.diff(operations.before_offsets))
    fathers, sons = np.bincount(owner, minlength=shop.size), np.bincount(operations.before, minlength=shop.size)
    within = operations.order[owner] == operations.order[operations.before]
    return bool((fathers <= 1).all() and (sons <= 1).all() and within.all() and (operations.lag >= 0).all())


def chains(shop: Shop) -> Chains:
    """Return a shop that ``fits`` in arrays; of two modes on one machine the quicker is kept."""
    n, operations, modes = shop.size, shop.operations, shop.modes
    before, after, lag = (np.full(n + 1, fill, dtype=np.int64) for fill in (n, n, 0))
    owner = np.repeat(np.arange(n), np.diff(operations.before_offsets))
    before[owner], after[operations.before], lag[owner] = operations.before, owner, operations.lag
    release = np.append(np.maximum(operations.release, shop.orders.release[operations.order]), 0)
    minutes, of = modes.minutes + modes.added, np.repeat(np.arange(n), np.diff(modes.offsets))
    rising = np.lexsort((np.arange(len(of)), minutes, modes.machine, of))
    first = np.ones(len(of), dtype=bool)
    first[1:] = (np.diff(of[rising]) != 0) | (np.diff(modes.machine[rising]) != 0)
    kept = rising[first]
    offsets = np.append(0, np.cumsum(np.bincount(of[kept], minlength=n)))
    machine, minutes, mode = (column.astype(np.int64) for column in (modes.machine[kept], minutes[kept], kept))
    machines = np.array([len(shop.machines.name)])
    return Chains(before, after, lag, release.astype(np.int64), offsets.astype(np.int64), machine, minutes, mode, machines)
