"""Classical shops for tests, an independent look at their schedules, and their optimum by trying everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from lotwise.schedule.formats.instance import shop as classical


def random_shop(seed, *, jobs=3, steps=2, machines=2, choices=2, minutes=(0, 9), spread=0):
    """Return a shop whose jobs have up to ``steps`` operations with up to ``choices`` machines each; machines may come again.

    With ``spread`` there are releases and lags of up to so many minutes.
    """
    rng = np.random.default_rng(seed)
    of_job = []
    for _ in range(jobs):
        job = []
        for _ in range(rng.integers(1, steps + 1)):
            on = rng.choice(machines, size=rng.integers(1, min(choices, machines) + 1), replace=False)
            job.append([(int(k), int(rng.integers(minutes[0], minutes[1] + 1))) for k in on])
        of_job.append(job)
    shop = classical(of_job, machines)
    if not spread:
        return shop
    release = rng.integers(0, spread + 1, shop.size)
    lag = rng.integers(0, spread + 1, len(shop.operations.lag))
    return replace(shop, operations=replace(shop.operations, release=release, lag=lag))


def wrong(shop, schedule):
    """Return what a schedule does wrong: a mode of another operation, minutes, precedence, release, overlap."""
    found, machine = [], shop.modes.machine[schedule.mode]
    for o in range(shop.size):
        mine = range(shop.modes.offsets[o], shop.modes.offsets[o + 1])
        if schedule.mode[o] not in mine or schedule.end[o] - schedule.start[o] != shop.modes.minutes[schedule.mode[o]]:
            found.append(f"mode or minutes of {o}")
        arcs = slice(shop.operations.before_offsets[o], shop.operations.before_offsets[o + 1])
        ends = [schedule.end[b] + lag for b, lag in zip(shop.operations.before[arcs], shop.operations.lag[arcs], strict=True)]
        if schedule.start[o] < max([shop.operations.release[o], *ends]):
            found.append(f"{o} too early")
        at_once = (machine == machine[o]) & (schedule.start < schedule.end[o]) & (schedule.end > schedule.start[o])
        at_once[o] = False
        if at_once.any():
            found.append(f"{o} together with {np.flatnonzero(at_once)}")
    return found


def optimum(shop):
    """Return the smallest makespan, by every choice of modes and every order of operations that keeps to the chains."""
    sizes, before = np.diff(shop.modes.offsets), np.full(shop.size, -1)
    lag = np.zeros(shop.size, dtype=np.int64)
    owner = np.repeat(np.arange(shop.size), np.diff(shop.operations.before_offsets))
    before[owner], lag[owner] = shop.operations.before, shop.operations.lag
    best = 1 << 40
    for pick in product(*(range(size) for size in sizes)):
        mode = shop.modes.offsets[:-1] + np.array(pick)
        best = min(best, _orders(shop, before, lag, mode, {}, {}, best))
    return best


def _orders(shop, before, lag, mode, ends, free, best):
    if max(ends.values(), default=0) >= best:
        return best
    if len(ends) == shop.size:
        return max(ends.values())
    for o in range(shop.size):
        if o in ends or (before[o] >= 0 and before[o] not in ends):
            continue
        k = int(shop.modes.machine[mode[o]])
        ready = ends[before[o]] + int(lag[o]) if before[o] >= 0 else 0
        end = max(ready, free.get(k, 0), int(shop.operations.release[o])) + int(shop.modes.minutes[mode[o]])
        best = _orders(shop, before, lag, mode, {**ends, o: end}, {**free, k: end}, best)
    return best
