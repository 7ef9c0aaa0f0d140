"""What only passes through: moves within one site and replacements, taken out of what serves what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.orders.fifo import fifo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.orders.sides import Sorted


def through(
    supplies: Sorted, demands: Sorted, served: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
) -> list[tuple[int, int, float]]:
    """Return demand, supply and units of each pair, what only passes through left out.

    What passes is served by what it takes, first in, first out again; units are those of the supply.
    """
    source, sink, units = (part.tolist() for part in served)
    passing = {n for n, name in enumerate(supplies.name) if not name}
    if not passing:
        return list(zip(sink, source, units, strict=True))
    into: dict[int, list[int]] = {}
    out: dict[int, list[int]] = {}
    for pair, (of, to) in enumerate(zip(source, sink, strict=True)):
        if of in passing:
            out.setdefault(int(supplies.start[of]), []).append(pair)
        if not demands.name[to]:
            into.setdefault(int(demands.start[to]), []).append(pair)
    shares: dict[int, list[tuple[int, float]]] = {}

    def behind(pair: int, seen: frozenset[int]) -> list[tuple[int, float]]:
        """Return the named supplies behind a pair, and units of each."""
        if source[pair] not in passing:
            return [(source[pair], units[pair])]
        start = int(supplies.start[source[pair]])
        if pair not in shares:
            fed = [] if start in seen else [part for each in into.get(start, ()) for part in behind(each, seen | {start})]
            shares.update(_divided(fed, [(each, units[each]) for each in out[start]]))
        return shares[pair]

    found = []
    for pair, to in enumerate(sink):
        if demands.name[to]:
            found += [(to, of, amount) for of, amount in behind(pair, frozenset())]
    return found


def _divided(fed: list[tuple[int, float]], out: list[tuple[int, float]]) -> dict[int, list[tuple[int, float]]]:
    """Return which of what is fed goes into each way out, first in, first out, in units of what is fed."""
    total, all_out = sum(amount for _, amount in fed), sum(amount for _, amount in out)
    ratio = all_out / total if total > 0 else 0.0
    if len(fed) == 1:
        return {pair: [(fed[0][0], amount / ratio)] for pair, amount in out}
    pool = np.zeros(len(fed), np.int64), np.zeros(len(out), np.int64)
    there = np.array([amount * ratio for _, amount in fed])
    want = np.array([amount for _, amount in out])
    found: dict[int, list[tuple[int, float]]] = {pair: [] for pair, _ in out}
    for first, second, amount in zip(*fifo((pool[0], there), (pool[1], want)), strict=True):
        found[out[second][0]].append((fed[first][0], float(amount) / ratio))
    return found
