"""Stand-ins for single tools that are out: operations without work that hold a tool while others of its kind are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lotwise.schedule.shop import NEVER, RUNS_ON, Before

if TYPE_CHECKING:
    from lotwise.schedule.reading.tools import Out
    from lotwise.schedule.shop import Shop

AWAY = "out: "
"""How the names of stand-ins begin; no machine of theirs belongs to a group."""


def stand_ins(shop: Shop, outs: dict[int, Out]) -> Shop:
    """Return a shop in which a fixed operation, on a machine of its own, holds one tool for each stretch that one is out.

    They come last, in orders without due time and weight. A makespan counts them: it is at least when the last tool is back.
    """
    told = [(tool, int(start), int(end)) for tool, out in outs.items() for start, end in out.single]
    if not told:
        return shop
    count = len(told)
    tool, start, end = (np.array(part, np.int64) for part in zip(*told, strict=True))
    names = tuple(f"{AWAY}{shop.tools.name[one]} {place}" for place, one in enumerate(tool, start=1))
    none, zero, ones = np.full(count, -1), np.zeros(count, np.int64), np.ones(count, np.int64)
    machines = len(shop.machines.name) + np.arange(count)
    endless = _endless(shop)
    o, k, m, f = shop.operations, shop.machines, shop.modes, _before(shop)
    return replace(
        endless,
        orders=replace(
            shop.orders,
            name=shop.orders.name + names,
            release=np.append(shop.orders.release, zero),
            due=np.append(shop.orders.due, np.full(count, NEVER)),
            weight=np.append(shop.orders.weight, np.zeros(count)),
        ),
        operations=replace(
            o,
            name=o.name + names,
            order=np.append(o.order, len(shop.orders.name) + np.arange(count)),
            release=np.append(o.release, zero),
            state=np.append(o.state, none),
            family=np.append(o.family, none),
            size=np.append(o.size, zero),
            crossing=np.append(o.crossing, np.full(count, RUNS_ON)),
            before_offsets=np.append(o.before_offsets, np.full(count, len(o.before))),
            tool_offsets=np.append(o.tool_offsets, len(o.tool) + 1 + np.arange(count)),
            tool=np.append(o.tool, tool),
            tool_count=np.append(o.tool_count, ones),
        ),
        modes=replace(
            m,
            offsets=np.append(m.offsets, m.offsets[-1] + 1 + np.arange(count)),
            machine=np.append(m.machine, machines),
            minutes=np.append(m.minutes, end - start),
            added=np.append(m.added, zero),
            cost=np.append(m.cost, np.zeros(count)),
            calendar=np.append(m.calendar, np.full(count, len(shop.calendars.offsets) - 1)),
        ),
        machines=replace(
            k,
            name=k.name + names,
            group=k.group + ("",) * count,
            calendar=np.append(k.calendar, np.full(count, len(shop.calendars.offsets) - 1)),
            setups=np.append(k.setups, none),
            state=np.append(k.state, none),
            room=np.append(k.room, zero),
            free=np.append(k.free, zero),
            minute_cost=np.append(k.minute_cost, np.zeros(count)),
        ),
        before=Before(
            machine=np.append(f.machine, machines),
            behind=np.append(f.behind, none),
            fixed=np.append(f.fixed, np.ones(count, bool)),
            start=np.append(f.start, start),
            end=np.append(f.end, end),
        ),
    )


def is_stand_in(shop: Shop) -> np.ndarray:
    """Return whether each operation is one, ``(n,)``: tables for people leave them out."""
    if "" not in shop.machines.group:
        return np.zeros(shop.size, bool)
    alone = np.array([not group for group in shop.machines.group], bool)[shop.modes.machine[shop.modes.offsets[:-1]]]
    named = np.array([name.startswith(AWAY) for name in shop.operations.name], bool)
    found: np.ndarray = alone & named
    return found


def _endless(shop: Shop) -> Shop:
    """Return a shop with one more calendar, which is always open."""
    calendars = replace(shop.calendars, offsets=np.append(shop.calendars.offsets, shop.calendars.offsets[-1]))
    return replace(shop, calendars=calendars)


def _before(shop: Shop) -> Before:
    if shop.before is not None:
        return shop.before
    none = np.full(shop.size, -1, np.int64)
    return Before(none, np.full(shop.size, -2, np.int64), np.zeros(shop.size, bool), none, none)
