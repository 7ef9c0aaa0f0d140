"""The tables of a user as typed columns, before names are matched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.errors import SettingsError, did_you_mean
from lotwise.schedule.reading import forms
from lotwise.schedule.reading.clock import EARLY_ENOUGH, Clock, at, set_clock
from lotwise.schedule.reading.columns import MINUTE_DAY, Rows, taken
from lotwise.schedule.reading.faults import Faults, rows
from lotwise.schedule.shop import Goal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from lotwise.schedule.reading.clock import Moment
    from lotwise.schedule.reading.forms import Form


def _nothing(form: Form) -> Rows:
    return taken(None, form, Faults())


@dataclass(frozen=True)
class Draft:
    """What is to be scheduled: the columns of each form, times as whole minutes of the shop with NaN for absent ones.

    ``build`` makes a shop of it. An absent table has no rows; without ``machines``, the operations name them.

    Parameters
    ----------
    clock
        What minute 0 is.
    frozen
        Operations of the previous schedule that start before this minute stay as they are.
    goal
        What is added up; none: lateness, or the makespan where nothing is due.
    """

    orders: Rows
    operations: Rows
    machines: Rows = field(default_factory=lambda: _nothing(forms.MACHINES))
    shifts: Rows = field(default_factory=lambda: _nothing(forms.SHIFTS))
    holidays: Rows = field(default_factory=lambda: _nothing(forms.HOLIDAYS))
    downtime: Rows = field(default_factory=lambda: _nothing(forms.DOWNTIME))
    setups: Rows = field(default_factory=lambda: _nothing(forms.SETUPS))
    tools: Rows = field(default_factory=lambda: _nothing(forms.TOOLS))
    tool_needs: Rows = field(default_factory=lambda: _nothing(forms.TOOL_NEEDS))
    previous: Rows = field(default_factory=lambda: _nothing(forms.PREVIOUS))
    clock: Clock = field(default_factory=Clock)
    frozen: int = 0
    goal: Goal | None = None


_FORMS: dict[str, Form] = {
    "orders": forms.ORDERS,
    "operations": forms.OPERATIONS,
    "machines": forms.MACHINES,
    "shifts": forms.SHIFTS,
    "holidays": forms.HOLIDAYS,
    "downtime": forms.DOWNTIME,
    "setups": forms.SETUPS,
    "tools": forms.TOOLS,
    "tool_needs": forms.TOOL_NEEDS,
    "previous": forms.PREVIOUS,
}
_GOALS = {"tardiness": Goal(), "makespan": Goal(makespan=1.0, tardiness=0.0), "flow": Goal(flow=1.0, tardiness=0.0)}
_EARLIER = {"due", "starts"}
"""Columns whose part of a minute is cut off; of others a part of a minute counts as one."""


def draft(
    frames: Mapping[str, Any],
    faults: Faults,
    *,
    start: Moment | None = None,
    now: Moment | None = None,
    frozen_until: Moment | timedelta | None = None,
    goal: Goal | str | None = None,
) -> Draft:
    """Return frames as typed columns.

    Parameters
    ----------
    frames
        By the names of ``Draft``'s tables; ``holidays`` may be a sequence of days.
    faults
        Where breaches and remarks go.
    start, now, frozen_until
        See ``read``.
    goal
        As in ``Draft``.
    """
    given = dict(frames)
    days = given.get("holidays")
    if days is not None and not hasattr(days, "__arrow_c_stream__") and not isinstance(days, dict):
        given["holidays"] = {"day": list(days)} if len(days) else None
    tables = {name: taken(given.get(name), form, faults) for name, form in _FORMS.items()}
    for name in ("orders", "operations"):
        if given.get(name) is None:
            faults.add(f"{_FORMS[name].what} are missing; give a frame")
    named = {form.what: tuple(one.name for one in form.fields if one.kind == forms.TIME) for form in _FORMS.values()}
    moments = {"start": start, "now": now}
    clock = set_clock({_FORMS[name].what: table for name, table in tables.items()}, moments, named, faults)
    faults.refuse()
    timed = {name: _timed(table, _FORMS[name], clock) for name, table in tables.items()}
    for name, table in timed.items():
        _near(table, _FORMS[name], faults)
    frozen = at(frozen_until, clock, faults) or 0
    _spans(timed["downtime"], forms.DOWNTIME, faults)
    _spans(timed["previous"], forms.PREVIOUS, faults)
    return Draft(**timed, clock=clock, frozen=frozen, goal=named_goal(goal))


def named_goal(goal: Goal | str | None) -> Goal | None:
    """Return a goal given by its name.

    Raises
    ------
    SettingsError
        There is no such goal.
    """
    if goal is None or isinstance(goal, Goal):
        return goal
    if goal not in _GOALS:
        known = ", ".join(_GOALS)
        raise SettingsError(f"goal = {goal!r}{did_you_mean(str(goal), _GOALS)}; expected one of {known}, or a Goal.")
    return _GOALS[goal]


def _timed(table: Rows, form: Form, clock: Clock) -> Rows:
    """Return a table whose times are whole minutes; an order due on a day is due when the day ends."""
    values = dict(table.values)
    for one in form.fields:
        if one.kind != forms.TIME:
            continue
        if form is forms.HOLIDAYS and clock.start is None and not _is_number(values[one.name]):
            continue
        minutes = clock.minutes(values[one.name])
        if one.name in _EARLIER:
            late_day = MINUTE_DAY if one.name == "due" and one.name in table.dated else 0
            values[one.name] = np.floor(minutes + EARLY_ENOUGH) + late_day
        else:
            values[one.name] = np.ceil(minutes - EARLY_ENOUGH)
    return replace(table, values=values)


def _near(table: Rows, form: Form, faults: Faults) -> None:
    """Refuse times more than a hundred years away; an order due then is never late."""
    for one in form.fields:
        if one.kind != forms.TIME or not isinstance(table[one.name], np.ndarray):
            continue
        far = np.abs(table[one.name]) > forms.CENTURY
        if one.name == "due":
            table.values["due"] = np.where(table["due"] > forms.CENTURY, np.nan, table["due"])
        elif far.any():
            faults.add(f"{form.what}: '{one.name}' is more than a hundred years away in {rows(far)}; numbers are minutes")


def _is_number(column: pa.Array) -> bool:
    return bool(pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_null(column.type))


def _spans(table: Rows, form: Form, faults: Faults) -> None:
    wrong = table["ends"] < table["starts"]
    if wrong.any():
        faults.add(f"{form.what}: it ends before it starts in {rows(wrong)}; expected an end after the start")
