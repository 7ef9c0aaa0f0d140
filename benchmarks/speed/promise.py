"""How fast promises are given, and whether the plan keeps them: never earlier than the linear program solved again allows.

Run: ``python -m benchmarks.speed.promise [--quick]``. Factories are generated (``benchmarks.quality._plan_cases``), seed
20261121. Each question asks for 1 to 40 % of a week's mean demand, or 1 to 4 weeks' of it, of a product drawn by demand. Half
of those promised are reserved, and take what they take from all later ones. Then the linear program is solved again with
promises as firm demand, where nothing is worth being late for, at the set-ups of the plan and those the promises paid for:

- every reserved promise, together with all reserved before it (in batches: what is feasible together is feasible for
  every part of it);
- promises that were not reserved, each on top of all reserved before it (all of them, or one in 20 with ``--quick``).

A promise is too early where anything firm is late. The other side is shown too: for one in ten of the single ones, whether a
week earlier would have been possible, because the program moves forecast demand out of the way and the book does not. Questions
are timed one by one, after one for each product, in CPU seconds of this process; by the clock, which counts what else the
machine does, the same figures stand beside. The larger case is only timed, on a plan that is drawn and not made.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.machine import last_line
from benchmarks.quality._plan_cases import SEED, case
from benchmarks.quality._promise_facts import facts_of
from lotwise.plan.network.made import Options, make
from lotwise.plan.promising import Book, Promise
from lotwise.plan.promising.program import EDGE, Program

if TYPE_CHECKING:
    from lotwise.plan.lots import Plan
    from lotwise.plan.network.flow import Flow
    from lotwise.plan.network.network import Network
    from lotwise.plan.problem import Problem

QUESTIONS, BATCH, LATER = 2_000, 100, 10
"""Questions asked; reserved promises checked at a time; one in so many singles is tried a week earlier too."""
SIZES, PLANNED = ((100, 8), (1_000, 26)), 100
"""Products and weeks; above so many products questions are only timed, on a plan that is drawn."""
MEDIAN_MS, SLOW_MS = 0.05, 1.0
"""Bars of the issue: the median, and the slowest in a hundred."""


@dataclass(frozen=True)
class Asked:
    """One promise, whether it was reserved, and the set-ups it opened."""

    promise: Promise
    reserved: bool
    opened: tuple[tuple[str, int], ...]


def loose(problem: Problem, network: Network) -> tuple[Plan, Flow]:
    """Return a plan that only looks like one: a tenth of mean demand is not ordered, at most nine tenths of hours are used."""
    rng, activities = np.random.default_rng(SEED), network.activities
    supply = problem.demand.mean(axis=0) * rng.uniform(0.9, 1.1, problem.shape)
    makes = np.array([kind == "make" for kind in activities.kinds])
    level = np.where(makes[:, None], rng.uniform(0.5, 1.5, activities.high.shape), 0.0)
    share = (activities.uses @ level).max(axis=1) / (0.9 * network.machines.hours.min(axis=1))
    flow = SimpleNamespace(
        stock=np.full(network.items.arriving.shape, 5.0),
        level=level / max(float(share.max()), 1e-9),
        times=np.ones((len(network.switches.names), network.weeks)),
        overtime=np.zeros_like(network.machines.hours),
        machine_price=np.zeros_like(network.machines.hours),
        item_price=np.zeros(network.items.arriving.shape),
        demand_price=None,
    )
    return SimpleNamespace(supply=0.1 * supply), flow  # type: ignore[return-value]


def ask(book: Book, mean: np.ndarray, count: int, rng: np.random.Generator) -> tuple[list[Asked], np.ndarray, np.ndarray]:
    """Return what was promised, and the milliseconds each question took: of the processor, and by the clock."""
    names = list(book.facts.products)
    found, took, waited = [], np.zeros(count), np.zeros(count)
    for name in names:
        book.promise(name, 1.0)
    for number in range(count):
        product = int(rng.choice(len(names), p=mean / mean.sum()))
        share = rng.uniform(0.01, 0.4) if rng.random() < 0.8 else rng.uniform(1.0, 4.0)
        units = max(round(share * mean[product]), 1)
        clock, start = time.perf_counter_ns(), time.process_time_ns()
        promise = book.promise(names[product], units)
        took[number] = 1e-6 * (time.process_time_ns() - start)
        waited[number] = 1e-6 * (time.perf_counter_ns() - clock)
        reserved = promise.week is not None and rng.random() < 0.5
        opened = tuple(book.opened(promise)) if promise.week is not None else ()
        if reserved:
            book.reserve(promise)
        found.append(Asked(promise, reserved, opened))
    return found, took, waited


def kept(asked: list[Asked], program: Program, weeks: tuple, *, every: int) -> dict[str, int]:
    """Return how many promises were checked, and how many the program could not keep, or could have kept a week earlier."""
    number = {name: place for place, name in enumerate(program.problem.products)}
    firm = np.zeros(program.problem.shape)
    opened: list[tuple[str, int]] = []
    found = {"reserved_checked": 0, "single_checked": 0, "too_early": 0, "week_earlier_possible": 0, "later_asked": 0}
    waiting, singles = 0, 0
    for place, one in enumerate(asked):
        if one.promise.week is None:
            continue
        row, week = number[one.promise.product], weeks.index(one.promise.week)
        if one.reserved:
            firm[row, week] += one.promise.units
            opened += one.opened
            waiting += 1
            if waiting == BATCH or place == len(asked) - 1:
                found["reserved_checked"] += waiting
                found["too_early"] += _late(program, firm, opened)
                waiting = 0
            continue
        singles += 1
        if singles % every:
            continue
        more = firm.copy()
        more[row, week] += one.promise.units
        found["single_checked"] += 1
        found["too_early"] += _late(program, more, [*opened, *one.opened])
        if week > 0 and singles % LATER == 0:
            more[row, week] -= one.promise.units
            more[row, week - 1] += one.promise.units
            found["later_asked"] += 1
            found["week_earlier_possible"] += 1 - min(_late(program, more, opened), 1)
    if waiting:
        found["reserved_checked"] += waiting
        found["too_early"] += _late(program, firm, opened)
    return found


def _late(program: Program, firm: np.ndarray, opened: list[tuple[str, int]]) -> int:
    """Return how many products and weeks are late."""
    return int((program.late(firm, opened=opened) > EDGE).sum())


def main() -> None:
    """Print the table, and the figures as JSON in the last line."""
    quick = "--quick" in sys.argv
    figures: dict[str, object] = {}
    for products, weeks in SIZES:
        problem, network = case(products, weeks, 20)
        plan, flow = make(problem, network, Options(breakpoints=8)) if products <= PLANNED else loose(problem, network)
        mean = problem.demand.mean(axis=(0, 2))
        asked, took, waited = ask(Book(facts_of(problem, network, plan, flow)), mean, QUESTIONS, np.random.default_rng(SEED))
        median, slow = np.quantile(took, [0.5, 0.99])
        there = sum(one.promise.week is not None for one in asked)
        reserved = sum(one.reserved for one in asked)
        print(
            f"{products:5d} products x {weeks:2d} weeks: p50 {median:.4f} ms, p99 {slow:.4f} ms CPU "
            f"({np.median(waited):.4f} and {np.quantile(waited, 0.99):.4f} by the clock); "
            f"{there} of {QUESTIONS} promised within the weeks, {reserved} reserved"
        )
        row: dict[str, object] = {"p50_ms": round(float(median), 4), "p99_ms": round(float(slow), 4), "promised": there}
        row |= {"p50_clock_ms": round(float(np.median(waited)), 4), "p99_clock_ms": round(float(np.quantile(waited, 0.99)), 4)}
        if products <= PLANNED:
            program = Program(problem, network, flow.times, plan.supply, breakpoints=8)
            row |= kept(asked, program, problem.weeks, every=20 if quick else 1)
            print(
                f"      solved again: {row['reserved_checked']} reserved and {row['single_checked']} single promises checked, "
                f"{row['too_early']} too early; {row['week_earlier_possible']} of {row['later_asked']} could be a week earlier"
            )
        figures[f"{products}x{weeks}"] = row
    first = figures["100x8"]
    assert isinstance(first, dict)
    fast, true = first["p50_ms"] <= MEDIAN_MS and first["p99_ms"] <= SLOW_MS, first["too_early"] == 0
    print(f"bar: promise p50 <= {MEDIAN_MS} ms, p99 <= {SLOW_MS:g} ms: {'met' if fast else 'missed'}")
    print(f"bar: {QUESTIONS} promises against the plan solved again, 0 too early: {'met' if true else 'missed'}")
    print(last_line("promise", figures, seed=SEED))


if __name__ == "__main__":
    main()
