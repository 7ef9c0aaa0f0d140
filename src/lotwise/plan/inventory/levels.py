"""The least levels of many items for a target of service, whatever the policy: exact where it can be, else by simulation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.inventory import min_max, search, service
from lotwise.plan.inventory.bounds import above, at_least, between, one_of, whole
from lotwise.plan.inventory.ddmrp import Buffer, zones
from lotwise.plan.inventory.min_max import MinMax
from lotwise.plan.inventory.simulate import UNMET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lotwise.plan.inventory.law import Law

POLICIES = ("newsvendor", "base_stock", "min_max", "ddmrp")
"""Policies by name."""
PATHS, PERIODS, WARMUP = 120, 600, 100
"""Drawn paths of demand on which levels are searched."""
TOGETHER = 20
"""Items searched at once: bounds the memory."""
ROUNDING = 1e-6
"""Share of a step by which a level may exceed a whole one and still be it."""
MOST_STEPS = 400
"""Steps of demand on which S - s is chosen; it need not be finer."""
NO_DEMAND = "no demand: nothing is held"
WIDE = "a step of demand is wide: one step less serves {below:.1%}"
POINT = 0.01
"""Overshoot of a target that is said."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is asked of an item, and what it costs.

    Parameters
    ----------
    target
        Share of ``measure``, between 0 and 1.
    measure
        ``cycle`` or ``fill``.
    leads
        Lead times that occur, equally likely, whole periods from 0.
    review
        Periods from one look to the next, from 1.
    holding, penalty, order_cost
        Money a period by unit on hand, by unit owed or lost, and by order.
    unmet
        ``backorder`` or ``lost``.

    Raises
    ------
    InputError
        A value is out of range.
    """

    target: float = 0.95
    measure: str = "fill"
    leads: tuple[int, ...] = (1,)
    review: int = 1
    holding: float = 1.0
    penalty: float | None = None
    order_cost: float = 0.0
    unmet: str = "backorder"

    def __post_init__(self) -> None:
        between("target", self.target)
        one_of("measure", self.measure, ("cycle", "fill"))
        one_of("unmet", self.unmet, UNMET)
        leads = whole("lead", self.leads)
        whole("review", self.review, 1)
        above("holding", self.holding)
        at_least("order_cost", self.order_cost)
        if self.penalty is not None:
            at_least("penalty", self.penalty)
        object.__setattr__(self, "leads", tuple(leads.tolist()))

    def rule(self, policy: str) -> tuple[int, str, tuple[int, ...]]:
        """Return review, fate of what is unmet and lead times under a policy: a newsvendor has one period and no lead time."""
        return (1, "lost", (0,)) if policy == "newsvendor" else (self.review, self.unmet, self.leads)

    def asking(self, odds: float) -> Item:
        """Return the item with the odds of its target multiplied."""
        scaled = odds * self.target / (1.0 - self.target)
        return replace(self, target=scaled / (1.0 + scaled))


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of many items, units; each ``(n_items,)``, zones at 0 but for ddmrp."""

    level: NDArray[np.float64]
    reorder: NDArray[np.float64]
    red: NDArray[np.float64]
    yellow: NDArray[np.float64]
    green: NDArray[np.float64]
    notes: list[str] = field(default_factory=list)

    def policy(self, some: NDArray[np.int64]) -> MinMax:
        """Return the policy of some items, one row each, for paths along the second axis."""
        return MinMax(self.reorder[some][:, None], self.level[some][:, None])


def levels(policy: str, laws: Sequence[Law], items: Sequence[Item], rng: np.random.Generator) -> Levels:
    """Return the least levels that reach each item's target.

    S - s is one step for newsvendor and base stock, that of the cheapest (s, S) at the penalty that
    asks for the target (holding x target / (1 - target)) for ``min_max``, and the green zone for ``ddmrp``, whose red zone is
    then what the target needs.

    Parameters
    ----------
    policy
        One of ``POLICIES``.
    laws, items
        Demand of a period and what is asked, one each.
    rng
        Draws the paths on which levels are searched where lead times vary, or sales are lost after a lead time.

    Raises
    ------
    InputError
        The policy is not known, or an S - s is too wide.

    References
    ----------
    Zheng and Federgruen (1991), Operations Research 39(4). Ptak and Smith (2016), Demand Driven Material Requirements
    Planning. Bijvank and Vis (2011), European Journal of Operational Research 215(1), for lost sales.
    """
    one_of("policy", policy, POLICIES)
    count = len(items)
    level, gap, below = (np.zeros(count) for _ in range(3))
    notes = [NO_DEMAND if len(law.chances) < 2 else "" for law in laws]  # noqa: PLR2004 - the chance of no demand alone
    gaps = {"min_max": _gap, "ddmrp": _green}.get(policy, _step)
    searched: dict[tuple[int, str, int, str], list[int]] = {}
    for place, (law, item) in enumerate(zip(laws, items, strict=True)):
        review, unmet, leads = item.rule(policy)
        gap[place] = law.step if notes[place] else gaps(law, item)
        if notes[place]:
            continue
        if len(set(leads)) > 1 or (unmet == "lost" and leads[0] > 0):
            searched.setdefault((review, unmet, min(leads), item.measure), []).append(place)
            continue
        found = service.least(law, item.target, gap=gap[place], lead=leads[0], review=review, measure=item.measure)
        level[place], below[place] = found.up_to, found.below
        if item.target - found.below > POINT:
            notes[place] = WIDE.format(below=found.below)
    for places in searched.values():
        for start in range(0, len(places), TOGETHER):
            some = places[start : start + TOGETHER]
            level[some] = _searched(policy, [laws[place] for place in some], [items[place] for place in some], gap[some], rng)
    return _zoned(policy, level, gap, laws, items, notes)


def _searched(
    policy: str, laws: Sequence[Law], items: Sequence[Item], gap: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the levels of items of one review, fate of what is unmet and measure, by simulation, in whole steps."""
    rules = [item.rule(policy) for item in items]
    paths = np.concatenate([law.draw((1, PATHS, PERIODS), rng) for law in laws])
    leads = np.stack([rng.choice(rule[2], paths.shape[1:]) for rule in rules])
    target = np.array([item.target for item in items])
    review, unmet, _ = rules[0]
    found = search.min_max(paths, gap, target, lead=leads, review=review, measure=items[0].measure, unmet=unmet, warmup=WARMUP)
    steps = np.array([law.step for law in laws])
    return np.asarray(np.ceil(found.up_to / steps - ROUNDING) * steps)


def _zoned(
    policy: str,
    level: NDArray[np.float64],
    gap: NDArray[np.float64],
    laws: Sequence[Law],
    items: Sequence[Item],
    notes: list[str],
) -> Levels:
    """Return levels with their zones, where the policy has any: green is S - s, red what the target needs beside yellow."""
    reorder, none = level - gap, np.zeros(len(level))
    if policy != "ddmrp":
        return Levels(level, reorder, none, none, none, notes)
    practice = np.array([float(_zones(law, item).yellow) for law, item in zip(laws, items, strict=True)])
    yellow = np.clip(practice, 0.0, np.maximum(reorder, 0.0))
    return Levels(level, reorder, np.maximum(reorder - yellow, 0.0), yellow, gap, notes)


def _step(law: Law, item: Item) -> float:  # noqa: ARG001 - one signature for all
    return law.step


def _gap(law: Law, item: Item) -> float:
    """Return S - s of the cheapest (s, S), units: of demand between two reviews, in wider steps where there are many."""
    if not item.order_cost:
        return law.step
    penalty = item.holding * item.target / (1.0 - item.target)
    wide = max(int(np.ceil(len(law.chances) / MOST_STEPS)), 1)
    chances = np.asarray(np.bincount(np.arange(len(law.chances)) // wide, weights=law.chances), np.float64)
    one = type(law)(law.name, chances, law.step * wide)
    between_reviews = one.over(item.review)
    lead = round(float(np.mean(item.leads)) / item.review)
    scale = item.review * one.step
    best, _ = min_max.best(min_max.Item(between_reviews, item.order_cost, item.holding * scale, penalty * scale, lead=lead))
    return float(best.up_to - best.reorder) * one.step


def _zones(law: Law, item: Item) -> Buffer:
    """Return the zones of practice: decoupled lead time with the wait for a review, default factors."""
    return zones(max(law.mean, 0.0), max(float(np.mean(item.leads)) + item.review - 1, 1.0))


def _green(law: Law, item: Item) -> float:
    return max(round(float(_zones(law, item).green) / law.step), 1) * law.step
