"""Reasons in words: what binds, when, and what one more of it would earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lotwise.plan.orders.binding import Binding
    from lotwise.plan.orders.current import Current

STARTED = {"buy": "ordered", "make": "started", "move": "sent", "replace": "used"}
"""What is done to an item when an activity starts."""
NOTHING = (
    "Nothing binds in this week: what is limited in other weeks, or comes in whole lots only, leaves less use for it here."
)

STARTED = {"buy": "ordered", "make": "started", "move": "sent", "replace": "used"}
"""What is done to an item when an activity starts."""


def said(current: Current, binding: Binding) -> str:
    """Return what binds, in a sentence or two with its price."""
    network, day = current.network, current.day(binding.week)
    if binding.kind == "none":
        return NOTHING
    if binding.kind == "machine":
        hours, extra = network.machines.hours[binding.number, binding.week], current.flow.overtime[binding.number, binding.week]
        worth = f"One more of its hours would earn {binding.price:,.2f}."
        if hours == 0:
            return f"{binding.name} has no hours in the week of {day}. {worth}"
        more = f" and {extra:,.4g} of overtime" if extra > 0 else ""
        return f"{binding.name} is full in the week of {day} ({hours:,.4g} hours{more}). {worth}"
    if binding.kind == "storage":
        room = network.room[binding.number]
        worth = f"One more of it would earn {binding.price:,.2f}."
        return f"The store is full in the week of {day}: {binding.name} is {room:,.6g}. {worth}"
    if binding.kind == "limit":
        return _limit(current, binding)
    return _lead(current, binding)


def item_of(current: Current, binding: Binding) -> int:
    """Return the number of the item that a limit or a lead time is about, -1 for other rows."""
    if binding.kind not in ("limit", "lead"):
        return -1
    return int(current.shown[current.labels.item[binding.number] if binding.kind == "limit" else binding.number])


def called(current: Current, binding: Binding) -> str:
    """Return what the binding row is called in sentences: an item at one of several sites with its site."""
    item, items = item_of(current, binding), current.network.items
    if item < 0 or current.resource[item] == items.names[item]:
        return binding.name
    return f"{items.names[item]} at {items.sites[item]}"


def unit_of(current: Current, binding: Binding) -> str:
    """Return what the binding row is counted in."""
    item = item_of(current, binding)
    if item >= 0:
        return current.network.items.units[item]
    return {"machine": "hours", "storage": "room"}.get(binding.kind, "")


def _limit(current: Current, binding: Binding) -> str:
    activities, labels = current.network.activities, current.labels
    activity, week, name = binding.number, binding.week, called(current, binding)
    most, unit = f"{current.flow.level[activity, week]:,.6g}", unit_of(current, binding)
    when, worth = f"in the week of {current.day(week)}", f"One more of it would earn {binding.price:,.2f}."
    if activities.low[activity, week] == activities.high[activity, week]:
        return f"What is started of {name} {when} is decided: {most} {unit}. {worth}"
    who = f" from {labels.supplier[activity]}" if labels.supplier[activity] else ""
    return f"No more than {most} {unit} of {name} can be {STARTED[activities.kinds[activity]]}{who} {when}. {worth}"


def _lead(current: Current, binding: Binding) -> str:
    activities, labels = current.network.activities, current.labels
    mine = np.flatnonzero((labels.item == binding.number) & (activities.high > 0).any(axis=1))
    name, worth = called(current, binding), f"One more of it then would earn {binding.price:,.2f}."
    if not len(mine):
        return f"There is no more {name}: nothing in the tables makes or brings it. {worth}"
    first = min(int(np.flatnonzero(activities.high[a] > 0)[0]) + int(activities.lead[a]) for a in mine)
    wait = min(int(activities.lead[a]) for a in mine)
    if first <= binding.week:
        return f"No {name} can come in the week of {current.day(binding.week)}. {worth}"
    begun = "making it takes" if activities.kinds[mine[0]] == "make" else "it takes"
    return (
        f"No {name} can be there in the week of {current.day(binding.week)}: {begun} {_weeks(wait)}, so the first comes "
        f"in the week of {current.day(first)}. {worth}"
    )


def _weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weeks"
