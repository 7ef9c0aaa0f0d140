"""A user's tables as a shop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lotwise.schedule.reading.build import build
from lotwise.schedule.reading.draft import draft
from lotwise.schedule.reading.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, timedelta

    from lotwise.schedule.reading.clock import Moment
    from lotwise.schedule.shop import Goal, Shop

log = logging.getLogger("lotwise.schedule")


def read(
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
) -> Shop:
    """Return what is to be scheduled, from frames of pandas, Polars, Arrow or the like, or dicts of columns.

    Times are timestamps, days, ISO texts, or numbers of minutes after ``start``; one kind in all tables. What is taken as it
    stands although it looks wrong is logged.

    Parameters
    ----------
    orders
        ``order``. Optional: ``release``; ``due`` (a day: its end; none: never late); ``weight``, money for each hour it is
        late (1).
    operations
        ``order``, ``operation`` (a step number, or a name: names are in the sequence of their rows), ``machine`` (one, or a
        group), ``minutes``. Rows of the same order and operation are alternatives. Optional: ``added_minutes``, which a batch
        sums up over its members (0); ``cost``, money for doing it there (0); ``state`` it needs the machine in; ``family`` that
        can share a batch; ``size``, room it takes in one (1); ``closed``, over closed time: ``inside`` fits between opening and
        closing, ``pauses`` (default), ``runs on`` unattended; ``release``; ``after``, what it comes after, as ``A/1; B/2``, or
        ``none`` (default: the operation of the order with the next lower step); ``wait_minutes`` after it before the next one
        (0). A part of a minute counts as one; zero minutes are allowed.
    machines
        ``machine``. Optional: ``group`` (its name); ``count``, more than one are named ``NAME 1`` and so on (1); ``calendar``,
        a name in the shifts; ``state`` it is in; ``room`` of one batch (none: it does not batch); ``free``, when it becomes
        free; ``overtime_cost``, money an hour (0); ``setups``, a name in the set-ups. Default: those the operations name.
    shifts
        ``machine`` (a machine, group, calendar, tool, or ``all``), ``weekday`` 1 to 7, ``starts``, ``ends``: times of day.
        Optional: ``overtime``. The most specific name counts; a machine without any is always open, and so is every machine
        after the last week that is needed. Clock changes are not taken into account: a day has 24 hours.
    holidays
        Days on which no shift begins.
    downtime
        ``machine`` (a machine, a group: all of it, a tool: one of it), ``starts``, ``ends``. Optional: ``kind``, ``reason``.
        Where all of a tool are out the hours of its operations are cut; where some are left, a stand-in holds one (see
        ``outages``).
    setups
        ``machine`` (machine, group, a name in the machines' ``setups``, or ``all``), ``from_state``, ``to_state``, ``minutes``
        or ``hours``. Optional: ``cost``. ``all`` stands for every state without a row of its own, ``new`` for a state not
        known.
    tools
        ``tool``, ``count``.
    tool_needs
        ``operation``, ``tool``. Optional: ``order`` (none: in every order), ``count`` (1).
    previous
        The schedule before: ``order``, ``operation``, ``machine``, ``starts``, ``ends``. Optional: ``batch``.
    start
        What minute 0 of numbers is, and from which weekday shifts are counted; without it 0 is a Monday 00:00.
    now
        When the schedule begins; default: ``start``. What has begun before stays.
    frozen_until
        Operations of ``previous`` that start before it stay as they are where they can; a timedelta counts from ``now``.
    goal
        What is added up: a ``Goal``, or ``tardiness``, ``makespan`` or ``flow``. Default: lateness, and where there is a
        ``previous`` eight hours of a usual order for each operation on another machine and one hour for each behind another
        one; where nothing is due, the makespan.

    Raises
    ------
    ContractError
        The tables break their contracts: every breach is listed, with rows.
    """
    faults = Faults()
    frames = {
        "orders": orders, "operations": operations, "machines": machines, "shifts": shifts, "holidays": holidays,
        "downtime": downtime, "setups": setups, "tools": tools, "tool_needs": tool_needs, "previous": previous,
    }  # fmt: skip
    read_as = draft(frames, faults, start=start, now=now, frozen_until=frozen_until, goal=goal)
    shop = build(read_as, faults)
    for remark in faults.remarks:
        log.warning("%s", remark)
    return shop
