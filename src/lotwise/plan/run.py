"""The stage: every plan of every state of information and cutoff, what limits it, and what past plans brought."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import SettingsError
from lotwise.plan.current import BEFORE, CurrentPlan, plan_current
from lotwise.plan.limit_values import limit_rows
from lotwise.plan.lots import Plan, make
from lotwise.plan.promises import unplanned
from lotwise.plan.publish import FENCED, executed_rows, money_rows, plan_rows, price_rows, solve_row, use_rows
from lotwise.plan.windows import NOW, PERFECT, Window, windows
from lotwise.plan.work import remarks
from lotwise.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from lotwise.plan.problem import Problem
    from lotwise.stage import Inputs, Relation

OPTIONAL = (
    "products", "items", "bom", "coproducts", "routing", "families", "machines", "machine_weeks", "calendar", "sites",
    "lanes", "materials", "suppliers", "receipts", "stock", "work", "orders", "order_options", "options", "reservations",
)  # fmt: skip
GIVES = (
    "plans", "solves", "conflicts", "lots", "purchases", "shipments", "loads", "projection", "deliveries", "pegging",
    "exceptions", "prices", "charges", "uses", "cuts", "money", "limit_values",
)  # fmt: skip
Found = dict[tuple[str, str, "date | None"], tuple["Problem", Plan]]


def run(inputs: Inputs) -> dict[str, Relation]:
    """Return the tables of the stage, named in ``GIVES``.

    Raises
    ------
    SettingsError
        ``plan.weeks`` is more than ``forecast.horizon``.
    ContractError
        Bills, routings, machines and materials do not fit together, or draws differ in number.
    """
    settings = inputs.settings
    if settings.plan.weeks > settings.forecast.horizon:
        seen = f"plan.weeks = {settings.plan.weeks} is more than forecast.horizon = {settings.forecast.horizon}"
        message = f"{seen}, expected at most that many. Lower the one or raise the other in lotwise.toml"
        raise SettingsError(message)
    given = {name: inputs.table(name) for name in ("draws", "economics", "demand")}
    given |= {name: table for name in OPTIONAL if inputs.has(name) and (table := inputs.table(name)).num_rows}
    _say_what_is_missing(inputs, given)
    every = list(windows(given, settings))
    for said in remarks(given["work"], every) if "work" in given else ():
        inputs.progress(said, None)
    for window in every:
        for said in () if window.is_past else unplanned(given, window.products, window.weeks):
            inputs.progress(said, None)
    current = _current(inputs, every, given)
    problems = [problem for window in every for problem in _problems(window)]
    plans = _make_all(inputs, problems)
    plans |= _fenced(inputs, every, plans)
    found = _publish(every, plans, given.get("work"), current)
    if current is None:
        return {**found}
    wanted = plans[NOW, "none", current.problem.cutoff][1]
    return {**found, **_beside(found, current.tables(given, wanted))}


def _current(inputs: Inputs, every: Sequence[Window], given: Mapping[str, pa.Table]) -> CurrentPlan | None:
    """Return the plan of the window that is not over, made over the whole network; none where every window is."""
    open_ones = [window for window in every if not window.is_past and NOW in window.states]
    if not open_ones:
        return None
    before = {name: inputs.table(name) for name in BEFORE if inputs.has(name)}
    inputs.progress("planning the current weeks over the whole network", None)

    def say(note: str) -> None:
        inputs.progress(note, None)

    made = plan_current(open_ones[-1], given, inputs.settings, before=before or None, say=say)
    left = made.plan.bound - made.plan.objective
    inputs.progress(f"current plan: {made.plan.objective:,.0f} expected, at most {left:,.0f} below the best there is", None)
    return made


def _beside(found: Mapping[str, pa.Table], own: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables of the current plan, with the rows other plans have in them."""
    return {
        name: pa.concat_tables([found[name], table]).sort_by([(column, "ascending") for column in contract(name).key])
        for name, table in own.items()
    }


def _problems(window: Window) -> Iterator[Problem]:
    """Yield the plans to make: each state within real limits; to compare with, one without limits and one without lot rules.

    The current plan for what is known now is made over the network instead.
    """
    for information, problem in window.states.items():
        if window.is_past or information != NOW:
            yield problem
        if information == (PERFECT if window.is_past else NOW):
            yield problem.without_limits()
        if information == PERFECT and window.is_past and problem.rules is not None:
            yield problem.without_lots()


def _make_all(inputs: Inputs, problems: Sequence[Problem]) -> Found:
    """Return the plans, made in as many threads as there are cores: the solver lets go of Python's lock."""
    breakpoints = inputs.settings.plan.breakpoints

    def plan(problem: Problem) -> Plan:
        return make(problem, breakpoints=breakpoints, prove=problem.information == NOW)

    found: Found = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (problem, made) in enumerate(zip(problems, pool.map(plan, problems), strict=True), start=1):
            found[problem.information, problem.limits, problem.cutoff] = (problem, made)
            inputs.progress(f"planned {number} of {len(problems)}", number / len(problems))
    return found


def _fenced(inputs: Inputs, every: Sequence[Window], found: Found) -> Found:
    """Return the plan of each past window whose first weeks were fixed before, with what was known then."""
    weeks = inputs.settings.forecast.frozen_weeks
    fenced: Found = {}
    for window in every if weeks else ():
        early = found.get((f"late-{weeks}", "real", window.cutoff))
        if not window.is_past or early is None:
            continue
        supply = early[1].supply
        fixed = np.where(np.arange(supply.shape[1]) < weeks, supply, np.nan)
        problem = replace(window.states[NOW], information=FENCED)
        plan = make(problem, breakpoints=inputs.settings.plan.breakpoints, prove=False, fixed=fixed)
        fenced[FENCED, problem.limits, problem.cutoff] = (problem, plan)
    return fenced


def _say_what_is_missing(inputs: Inputs, given: Mapping[str, pa.Table]) -> None:
    """Report the products that are left out for want of economics, and those that no machine limits."""
    drawn = set(given["draws"]["product"].to_pylist())
    known = set(given["economics"]["product"].to_pylist())
    lost = sorted(drawn - known)
    if lost:
        inputs.progress(f"left out {len(lost)} products without economics, such as {', '.join(lost[:3])}", None)
    economics = given["economics"]
    most = pc.min_element_wise(economics["unit_cost"], economics["unit_price"])
    high = pc.sum(pc.greater(economics["salvage"], most)).as_py() or 0
    if high:
        inputs.progress(f"{high} products bring more left over than they cost or sell for: their salvage is cut to that", None)
    if "machines" not in given or "routing" not in given:
        inputs.progress("no machines or no routing: plans are not limited by machine hours", None)
        return
    free = sorted((drawn & known) - set(given["routing"]["item"].to_pylist()))
    if free:
        inputs.progress(
            f"{len(free)} products have no routing and are taken as made elsewhere, such as {', '.join(free[:3])}", None
        )


def _publish(every: Sequence[Window], found: Found, work: pa.Table | None, current: CurrentPlan | None) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in GIVES}
    tables: dict[str, list[pa.Table]] = {name: [] for name in ("plans", "uses", "money")}
    floor = _covers(work, every)
    for window in every:
        shown = [found[key] for state in (*window.states, FENCED) if (key := (state, "real", window.cutoff)) in found]
        if window.is_past and PERFECT in window.states:
            shown += [found[key] for limits in ("no lots", "none") if (key := (PERFECT, limits, window.cutoff)) in found]
        for problem, plan in shown:
            tables["plans"].append(plan_rows(problem, plan))
            rows["solves"].append(solve_row(problem, plan))
            rows["prices"] += price_rows(problem, plan) if problem.limits == "real" else []
            if window.is_past:
                tables["money"].append(money_rows(problem, plan, window.demand))
        if window.is_past and floor is not None and NOW in window.states:
            told = found.get((FENCED, "real", window.cutoff), found[NOW, "real", window.cutoff])
            tables["money"] += executed_rows(*told, window.demand, floor)
    rows["limit_values"] = _limit_values(every, found)
    if every:
        tables["uses"].append(use_rows(next(iter(every[-1].states.values()))))
    if current is not None:
        tables["plans"].append(plan_rows(current.problem, current.plan))
        rows["solves"].append(solve_row(current.problem, current.plan))
    return {name: _table(name, rows[name], tables.get(name, [])) for name in GIVES}


def _limit_values(every: Sequence[Window], found: Found) -> list[dict[str, object]]:
    """Return what each limit cost in each past window, in as many threads as there are cores."""
    cutoffs = [window.cutoff for window in every if window.is_past and PERFECT in window.states]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = pool.map(lambda cutoff: limit_rows(*found[PERFECT, "real", cutoff]), cutoffs)
        return [row for part in parts for row in part]


def _covers(work: pa.Table | None, every: Sequence[Window]) -> pa.Table | None:
    """Return the floor records, or nothing where none is of a settled week."""
    settled = {week for window in every if window.is_past for week in window.weeks}
    if work is None or not settled:
        return None
    of_settled = work.filter(pc.is_in(work["week"], value_set=pa.array(sorted(settled), pa.date32())))
    return of_settled if of_settled.num_rows else None


def _table(name: str, rows: list[dict[str, object]], parts: list[pa.Table]) -> pa.Table:
    """Return rows as a table that keeps its contract, in the order of its key, numbers to six digits."""
    table = contract(name)
    whole = pa.concat_tables([part.cast(table.schema) for part in parts] + [pa.Table.from_pylist(rows, schema=table.schema)])
    for place, field in enumerate(whole.schema):
        if pa.types.is_floating(field.type):
            whole = whole.set_column(place, field, pc.add(pc.round(whole[field.name], 6), 0.0))
    return whole.sort_by([(column, "ascending") for column in table.key])
