"""Where to hold safety stock along a chain of stages: the guaranteed-service model on trees.

Every stage quotes its customers a service time S it always keeps, waits SI for its slowest supplier, and takes T periods
itself. It must cover demand over its net replenishment time ``SI + T - S``, and holds what demand over that time can be
beyond its mean, as far as is agreed to be served from stock: ``k sigma sqrt(SI + T - S)``, or any other bound. What exceeds
the bound is met by other means (overtime, expediting), which the model leaves out.

Find service times that cost least:

``minimize sum of h_j excess_j(SI_j + T_j - S_j)``, ``0 <= S_j <= SI_j + T_j``, ``SI_j >= S_i`` for every supplier i of j,
``S_j`` of an end stage at most what customers accept.

The graph without its directions is a tree. From the leaves to a root, f(S) is the least cost of a branch whose stage quotes
S and g(SI) that of a branch whose stage waits SI; the work is ``n_stages x M^2``, with M the longest replenishment time.

References
----------
Graves and Willems (2000), Optimizing strategic safety stock placement in supply chains, Manufacturing & Service Operations
Management 2(1): its spanning-tree algorithm. Simpson (1958), In-process inventories, Operations Research 6(6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError, breaches
from lotwise.plan.inventory.bounds import at_least, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

MOST = 5_000
"""Longest replenishment time in periods; beyond it, count in days or weeks instead of hours."""


@dataclass(frozen=True, slots=True)
class Network:
    """Stages 0, 1, 2, ... that supply one another; without the directions, one tree.

    Parameters
    ----------
    time
        Periods each stage takes, whole, from 0; ``(n_stages,)``.
    holding
        Money a period by unit of safety stock, at least 0; ``(n_stages,)``.
    links
        Pairs (supplier, customer) of stage numbers; ``n_stages - 1`` of them.
    promise
        Longest service time an end stage may quote, whole, from 0; ``(n_stages,)``. Stages that supply another one may
        quote any. Default: 0.
    inbound
        Service time of outside suppliers, whole, from 0; ``(n_stages,)``. Default: 0.

    Raises
    ------
    InputError
        A value is out of range, a link names no stage, or the links make no tree; every breach is listed.
    """

    time: NDArray[np.int64]
    holding: NDArray[np.float64]
    links: Sequence[tuple[int, int]]
    promise: NDArray[np.int64] | None = None
    inbound: NDArray[np.int64] | None = None
    _before: list[list[int]] = field(init=False, repr=False, compare=False)
    _after: list[list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        time = np.atleast_1d(whole("time", self.time))
        zero = np.zeros(time.shape, dtype=np.int64)
        given = {
            "time": time,
            "holding": np.atleast_1d(at_least("holding", self.holding)),
            "promise": zero if self.promise is None else np.atleast_1d(whole("promise", self.promise)),
            "inbound": zero if self.inbound is None else np.atleast_1d(whole("inbound", self.inbound)),
        }
        links = tuple((int(supplier), int(customer)) for supplier, customer in self.links)
        found = [
            f"{name} has shape {array.shape}; expected {time.shape}"
            for name, array in given.items()
            if array.shape != time.shape
        ]
        found += _not_a_tree(links, len(time))
        if found:
            raise InputError(breaches("The network of stages breaks its contract", found))
        for name, array in given.items():
            object.__setattr__(self, name, array)
        object.__setattr__(self, "links", links)
        before: list[list[int]] = [[] for _ in time]
        after: list[list[int]] = [[] for _ in time]
        for supplier, customer in links:
            before[customer].append(supplier)
            after[supplier].append(customer)
        object.__setattr__(self, "_before", before)
        object.__setattr__(self, "_after", after)

    def suppliers(self, stage: int) -> list[int]:
        """Return the stages that supply one."""
        return self._before[stage]

    def customers(self, stage: int) -> list[int]:
        """Return the stages that one supplies."""
        return self._after[stage]

    def downstream(self) -> list[int]:
        """Return all stages, each after its suppliers."""
        order: list[int] = []
        waiting = {stage: len(self.suppliers(stage)) for stage in range(len(self.time))}
        ready = [stage for stage, count in waiting.items() if not count]
        while ready:
            stage = ready.pop(0)
            order.append(stage)
            for customer in self.customers(stage):
                waiting[customer] -= 1
                if not waiting[customer]:
                    ready.append(customer)
        return order

    def longest(self) -> NDArray[np.int64]:
        """Return each stage's longest replenishment time M: its own after its slowest chain of suppliers; ``(n_stages,)``."""
        found = np.zeros(len(self.time), dtype=np.int64)
        for stage in self.downstream():
            waits = [int(found[supplier]) for supplier in self.suppliers(stage)]
            found[stage] = self.time[stage] + max([*waits, int(self.inbound_of(stage))])
        return found

    def inbound_of(self, stage: int) -> int:
        """Return the service time of a stage's outside suppliers."""
        return 0 if self.inbound is None else int(self.inbound[stage])

    def promise_of(self, stage: int) -> int | None:
        """Return the longest time a stage may quote; none where it only supplies other stages."""
        if self.customers(stage):
            return None
        return 0 if self.promise is None else int(self.promise[stage])


@dataclass(frozen=True, slots=True)
class Placement:
    """Service times and safety stock of every stage; each ``(n_stages,)``, and what the stock costs a period."""

    quoted: NDArray[np.int64]
    waited: NDArray[np.int64]
    net: NDArray[np.int64]
    safety_stock: NDArray[np.float64]
    cost: float


def pooled(network: Network, sd: ArrayLike, *, pooling: float = 2.0) -> NDArray[np.float64]:
    """Return the standard deviation of demand at every stage, from that at the end stages; ``(n_stages,)``.

    ``sigma_i = (sum of sigma_j^p over the customers j)^(1/p)``: p = 2 for independent customers, p = 1 for those that rise
    and fall together. One unit of a supplier goes into one unit of a customer; scale ``sd`` where it does not.

    Parameters
    ----------
    network
        The stages.
    sd
        Units a period, at least 0; ``(n_stages,)``. What stands at stages that supply others is not read.
    pooling
        p, from 1 to 2.

    Raises
    ------
    InputError
        A value is out of range.

    References
    ----------
    Graves and Willems (2000), on how demand bounds of several customers combine.
    """
    found = _sized(network, at_least("sd", sd)).copy()
    if not 1.0 <= pooling <= 2.0:  # noqa: PLR2004 - the two ends the paper gives
        raise InputError(f"pooling: found {pooling:g}; expected 1 (no pooling) up to 2 (independent customers).")
    for stage in reversed(network.downstream()):
        customers = network.customers(stage)
        if customers:
            found[stage] = (found[customers] ** pooling).sum() ** (1.0 / pooling)
    return found


def square_root(network: Network, sd: ArrayLike, factor: float) -> NDArray[np.float64]:
    """Return the bound ``factor sd sqrt(n)`` on demand over n periods less its mean; ``(n_stages, max M + 1)``.

    Parameters
    ----------
    network
        The stages.
    sd
        Units a period at every stage, at least 0, as ``pooled`` gives it; ``(n_stages,)``.
    factor
        Safety factor k, at least 0; 1.645 covers 95 % of normal demand over the net replenishment time.

    Raises
    ------
    InputError
        A value is out of range.
    """
    sd, factor = _sized(network, at_least("sd", sd)), float(at_least("factor", factor))
    found: NDArray[np.float64] = factor * sd[:, None] * np.sqrt(np.arange(_reach(network) + 1))
    return found


def place(network: Network, excess: ArrayLike) -> Placement:
    """Return the service times that cost least, and the safety stock they ask for.

    Parameters
    ----------
    network
        The stages.
    excess
        Units by which demand over n periods may exceed its mean and still be served from stock, at least 0, for n = 0, 1, ...;
        ``(n_stages, max M + 1)``, from ``square_root`` or from samples. It may not fall as n grows.

    Raises
    ------
    InputError
        A value is out of range, or there are fewer periods than the longest replenishment time.
    """
    reach = _reach(network)
    excess = at_least("excess", excess)
    if excess.ndim != 2 or len(excess) != len(network.time) or excess.shape[1] <= reach:  # noqa: PLR2004 - stages and periods
        raise InputError(
            f"excess: found shape {excess.shape}; expected {(len(network.time), reach + 1)}: stages and periods 0 to {reach}."
        )
    if (np.diff(excess, axis=1) < 0).any():
        raise InputError(
            "excess: found a stage where it falls as periods are added; expected a bound that does not. Correct the bound."
        )

    parents, longest = _parents(network), network.longest()
    tables: dict[int, NDArray[np.float64]] = {}
    for stage in parents:
        tables[stage] = _own(network, stage, int(longest[stage]), excess)
        tables[stage] += _branches(network, stage, parents, tables)
    quoted = np.zeros(len(parents), dtype=np.int64)
    waited = quoted.copy()
    for stage in reversed(parents):
        quoted[stage], waited[stage] = _chosen(network, stage, parents[stage], tables[stage], (quoted, waited))

    # of times that cost the same, each stage waits no longer than it must
    for stage in parents:
        slowest = max([*(int(quoted[supplier]) for supplier in network.suppliers(stage)), network.inbound_of(stage)])
        waited[stage] = max(slowest, quoted[stage] - network.time[stage])
    net = waited + network.time - quoted
    stock = excess[np.arange(len(net)), net]
    return Placement(quoted, waited, net, stock, float(network.holding @ stock))


def _own(network: Network, stage: int, longest: int, excess: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a stage's stock costs by (S, SI), infinite where it may not be; ``(M + 1, M - T + 1)``."""
    time = int(network.time[stage])
    quoted, waited = np.arange(longest + 1)[:, None], np.arange(longest - time + 1)[None, :]
    net = waited + time - quoted
    promise = network.promise_of(stage)
    may_be = (net >= 0) & (waited >= network.inbound_of(stage)) & (quoted <= (longest if promise is None else promise))
    found: NDArray[np.float64] = np.where(may_be, network.holding[stage] * excess[stage, np.maximum(net, 0)], np.inf)
    return found


def _branches(
    network: Network, stage: int, parents: dict[int, int | None], tables: dict[int, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return what the branches below a stage cost at least, by its (S, SI): suppliers by SI, customers by S."""
    shape = tables[stage].shape
    found = np.zeros(shape)
    for supplier in network.suppliers(stage):
        if parents[supplier] == stage:
            least = np.minimum.accumulate(tables[supplier].min(axis=1))  # any S up to SI
            found += least[np.minimum(np.arange(shape[1]), len(least) - 1)][None, :]
    for customer in network.customers(stage):
        if parents[customer] == stage:
            least = np.minimum.accumulate(tables[customer].min(axis=0)[::-1])[::-1]  # any SI from S up
            found += least[: shape[0], None]
    return found


def _chosen(
    network: Network,
    stage: int,
    parent: int | None,
    table: NDArray[np.float64],
    times: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[int, int]:
    """Return the best (S, SI) of a stage, given what its parent in the tree quotes and waits."""
    quoted, waited = times
    if parent is not None and parent in network.customers(stage):
        table = table[: waited[parent] + 1]
    first = int(quoted[parent]) if parent is not None and parent in network.suppliers(stage) else 0
    best_quoted, best_waited = np.unravel_index(int(np.argmin(table[:, first:])), table[:, first:].shape)
    return int(best_quoted), first + int(best_waited)


def _parents(network: Network) -> dict[int, int | None]:
    """Return each stage's parent in the tree, leaves before their parents and the root, stage 0, last."""
    beside: dict[int, list[int]] = {stage: [] for stage in range(len(network.time))}
    for supplier, customer in network.links:
        beside[supplier].append(customer)
        beside[customer].append(supplier)
    found: dict[int, int | None] = {0: None}
    queue = [0]
    for stage in queue:
        fresh = [other for other in beside[stage] if other not in found]
        found.update(dict.fromkeys(fresh, stage))
        queue += fresh
    return dict(reversed(found.items()))


def _not_a_tree(links: tuple[tuple[int, int], ...], stages: int) -> list[str]:
    """Return what is wrong with the links."""
    wrong = [
        f"link {link} names a stage that is not there; expected 0 to {stages - 1}" for link in links if not _named(link, stages)
    ]
    if wrong:
        return wrong
    group = list(range(stages))
    for link in links:
        one, other = (group[stage] for stage in link)
        if one == other:
            return [f"link {link} closes a ring; expected a tree: merge stages, or leave a link out"]
        group = [one if name == other else name for name in group]
    if len(set(group)) > 1:
        apart = [stage for stage in range(stages) if group[stage] != group[0]]
        return [f"stages {apart} are not linked to stage 0; expected one tree: place each part by itself"]
    return []


def _named(link: tuple[int, int], stages: int) -> bool:
    return all(0 <= stage < stages for stage in link)


def _sized(network: Network, values: NDArray[np.float64]) -> NDArray[np.float64]:
    if values.shape != network.time.shape:
        raise InputError(f"sd: found shape {values.shape}; expected {network.time.shape}, one for each stage.")
    return values


def _reach(network: Network) -> int:
    """Return the longest replenishment time of all."""
    reach = int(network.longest().max())
    if reach > MOST:
        raise InputError(
            f"time: found a replenishment time of {reach:,} periods; expected at most {MOST:,}. Count in longer periods."
        )
    return reach
