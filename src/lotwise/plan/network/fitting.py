"""Makes fixed lots and orders fit: fewer of them where machines and items do not suffice for all.

Blocks are decided apart, so that what they turn on together may not fit. Purchases stay as they are. Of the lots and shipments
those that the program cannot fill to their smallest size are dropped, the emptiest first; whole multiples are then
rounded, purchases up, all else down, until everything is whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.rows import penalty_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.fix import Search, Solved
    from lotwise.plan.network.network import Network
    from lotwise.plan.network.rows import Bounds

EMPTY = 1 / 3
"""Share of its smallest size below which a lot is dropped at once; the emptiest in any case."""
ROUNDS = 30
HAIR = 1e-6


def made_to_fit(search: Search, free: Bounds, bounds: Bounds, near: Solved) -> Solved:
    """Return the optimum within bounds, with fewer lots where all of them do not fit the machines and items there are.

    Parameters
    ----------
    search
        What is planned.
    free, bounds
        Bounds of the linear program, and those in which all that comes whole is fixed.
    near
        A solution to start from.
    """
    found = search.solve(bounds, near=near)
    if found.solution.feasible:
        return found
    fewer = _dropped(search, free, bounds, near)
    fitted = None if fewer is None else _rounded(search, free, fewer, near)
    if fitted is not None:
        return fitted
    step, lots = (search.network.activities.multiple > 0)[:, None], _lots(search.network)[:, None]
    high = np.where(step, free.low, free.high)
    nothing = replace(free, high=high, off=np.where(lots, free.off, bounds.off), on=np.where(lots, free.off, bounds.on))
    found = search.solve(nothing, near=near)
    return found if found.solution.feasible else search.solve(replace(nothing, penalty=penalty_of(search.problem)))


def _lots(network: Network) -> NDArray[np.bool_]:
    return np.array([kind in {"lot", "order"} for kind in network.switches.kinds], dtype=bool)


def _buys(network: Network) -> NDArray[np.bool_]:
    return np.array([kind == "buy" for kind in network.activities.kinds], dtype=bool)


def _dropped(search: Search, free: Bounds, bounds: Bounds, near: Solved) -> Bounds | None:
    """Return bounds in which every lot that is on is at least of its smallest size; none where nothing fits."""
    network = search.network
    weight = network.switches.weight
    only_bought = weight @ (~_buys(network)).astype(float) == 0
    may = (_lots(network) & ~only_bought)[:, None]
    step = (network.activities.multiple > 0)[:, None]
    loose = replace(
        bounds,
        low=np.where(step, free.low, bounds.low),
        high=np.where(step, free.high, bounds.high),
        off=np.where(may, free.off, bounds.off),
    )
    for _ in range(ROUNDS):
        found = search.solve(loose, near=near)
        if not found.solution.feasible:
            return None
        carried = weight @ found.solution.values["level"]
        filled = carried / np.maximum(network.switches.least[:, None] * loose.on, HAIR)
        short = may & (loose.on > free.off) & (filled < 1 - HAIR)
        if not short.any():
            return replace(loose, off=np.where(may, loose.on, loose.off))
        drop = short & (filled <= max(EMPTY, float(filled[short].min())))
        loose, near = replace(loose, on=np.where(drop, free.off, loose.on)), found
    return None


def _rounded(search: Search, free: Bounds, bounds: Bounds, near: Solved) -> Solved | None:
    """Return the optimum with whole multiples: purchases rounded up, all else down until nothing is in part."""
    activities = search.network.activities
    step = activities.multiple > 0
    size, bought = activities.multiple[step, None], _buys(search.network)[step]
    decided = free.low[step] >= free.high[step]
    for number in range(ROUNDS):
        found = search.solve(bounds, near=near)
        if not found.solution.feasible:
            return None
        near, level = found, found.solution.values["level"][step]
        down = np.floor(level / size + 10 * HAIR) * size
        part = (level - down > 1e-4 * size) & ~decided
        low, high = bounds.low.copy(), bounds.high.copy()
        if number and not part[~bought].any():
            low[step] = high[step] = np.where(decided, free.low[step], np.maximum(np.rint(level / size) * size, free.low[step]))
            whole = search.solve(replace(bounds, low=low, high=high), near=near)
            return whole if whole.solution.feasible else None
        up = np.minimum(np.ceil(level / size - 10 * HAIR) * size, free.high[step])
        new_low, new_high = low[step], high[step]
        first = bought[:, None] & ~decided if number == 0 else np.zeros(level.shape, dtype=bool)
        new_low, new_high = np.where(first, up, new_low), np.where(first, up, new_high)
        new_high = np.where(part & ~bought[:, None], np.maximum(down, free.low[step]), new_high)
        low[step], high[step] = new_low, new_high
        bounds = replace(bounds, low=low, high=high)
    return None
