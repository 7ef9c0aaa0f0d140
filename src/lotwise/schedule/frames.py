"""Orders on machines, to the minute, from frames and without a project."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lotwise.errors import SettingsError, did_you_mean
from lotwise.schedule.check import check
from lotwise.schedule.jobs import Budget, usual_moves
from lotwise.schedule.reading import Faults, answer, build, draft
from lotwise.schedule.solve import METHODS, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, timedelta

    import pyarrow as pa

    from lotwise.schedule.jobs import Found
    from lotwise.schedule.reading.clock import Moment
    from lotwise.schedule.shop import Goal, Shop

log = logging.getLogger("lotwise.schedule")


@dataclass(frozen=True)
class Result:
    """A schedule in tables.

    Parameters
    ----------
    jobs
        A row an operation: ``order, operation, machine, starts, ends, setup_starts`` (absent: no set-up), ``from_state,
        to_state, minutes, setup_minutes, overtime_minutes, batch`` (one number shares a batch; absent: alone), ``place`` on its
        machine, ``status`` (planned, frozen, running, done), ``before`` (machine in the previous schedule), ``changed``. It can
        be given as ``previous`` to the next call.
    lateness
        A row an order: ``order, due, ends, late_hours, money``.
    summary
        One row: ``method, why, orders, operations, moves, total, tardiness, setup, overtime, change, modes, bound, late,
        changed, ends``.
    remarks
        What was taken as it stands although it looks wrong.
    shop, found
        What was scheduled, and the schedule, as arrays.
    """

    jobs: pa.Table
    lateness: pa.Table
    summary: pa.Table
    remarks: tuple[str, ...]
    shop: Shop
    found: Found


def schedule(
    orders: Any,  # noqa: ANN401  any frame there is
    operations: Any,  # noqa: ANN401  the same
    machines: Any = None,  # noqa: ANN401  the same
    *,
    shifts: Any = None,  # noqa: ANN401  the same
    holidays: Sequence[date] | Any = None,  # noqa: ANN401  the same
    downtime: Any = None,  # noqa: ANN401  the same
    setups: Any = None,  # noqa: ANN401  the same
    tools: Any = None,  # noqa: ANN401  the same
    tool_needs: Any = None,  # noqa: ANN401  the same
    previous: Any = None,  # noqa: ANN401  the same
    start: Moment | None = None,
    now: Moment | None = None,
    frozen_until: Moment | timedelta | None = None,
    goal: Goal | str | None = None,
    method: str = "auto",
    moves: int | None = None,
    seconds: float | None = None,
    starts: int | None = None,
    seed: int = 1,
    say: Callable[[str, float], None] | None = None,
) -> Result:
    """Return when each order is made, on which machine and after what, at least cost of lateness, set-ups and overtime.

    Every schedule is checked, independently of how it was found, before it is returned. Times come back as they were given:
    numbers for numbers, timestamps for timestamps.

    Parameters
    ----------
    orders, operations, machines, shifts, holidays, downtime, setups, tools, tool_needs, previous
        The tables, see ``lotwise.schedule.reading.read``.
    start, now, frozen_until, goal
        What minute 0 is, when the schedule begins, what stays, and what is added up: the same.
    method
        ``"auto"`` picks by the shape of the problem and says which in ``summary``; or ``"dispatch"``, ``"list"``,
        ``"tabu"``, ``"flow"``, ``"exact"``.
    moves
        Neighbors tried: the same moves and seed give the same schedule everywhere. Default: by the size of the shop,
        see ``usual_moves``. 0: the dispatch rule's schedule.
    seconds
        Seconds of the clock instead. 0: the dispatch rule's schedule.
    starts
        Independent searches, of which the best is kept. Default: as ``Budget`` has it.
    seed
        Seed of the random numbers.
    say
        Hears (message, best total so far).

    Raises
    ------
    ContractError
        The tables break their contracts: every breach is listed, with rows.
    SettingsError
        There is no such method, or a budget is negative.
    """
    budget = _budget(method, moves, seconds, starts, seed)
    faults = Faults()
    frames = {
        "orders": orders, "operations": operations, "machines": machines, "shifts": shifts, "holidays": holidays,
        "downtime": downtime, "setups": setups, "tools": tools, "tool_needs": tool_needs, "previous": previous,
    }  # fmt: skip
    told = draft(frames, faults, start=start, now=now, frozen_until=frozen_until, goal=goal)
    shop = build(told, faults)
    for remark in faults.remarks:
        log.warning("%s", remark)
    if moves is None:
        budget = replace(budget, moves=usual_moves(shop.size))
    found = _find(shop, budget, method, say)
    return Result(
        jobs=answer.jobs(shop, found.schedule, told),
        lateness=answer.lateness(shop, found.schedule, told),
        summary=answer.summary(shop, found, told),
        remarks=tuple(faults.remarks),
        shop=shop,
        found=found,
    )


def _budget(method: str, moves: int | None, seconds: float | None, starts: int | None, seed: int) -> Budget:
    if method not in METHODS:
        raise SettingsError(f"method = {method!r}{did_you_mean(str(method), METHODS)}; expected one of {', '.join(METHODS)}.")
    usual = Budget()
    for name, given, least in (("moves", moves, 0), ("seconds", seconds, 0), ("starts", starts, 1)):
        if given is not None and not given >= least:
            raise SettingsError(f"{name} = {given!r}; expected at least {least}, or nothing for the usual.")
    return Budget(
        moves=usual.moves if moves is None else int(moves),
        seconds=seconds,
        starts=usual.starts if starts is None else int(starts),
        seed=seed,
    )


def _find(shop: Shop, budget: Budget, method: str, say: Callable[[str, float], None] | None) -> Found:
    """Return a schedule that has passed the checker."""
    no_time = budget.seconds == 0 or (budget.seconds is None and budget.moves == 0)
    found = solve(shop, budget, method="auto" if no_time else method, say=say)
    check(shop, found.schedule)
    return found
