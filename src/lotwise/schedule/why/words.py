"""Reasons and remedies in sentences, each a fixed phrase with places, so that the report can say it in another language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.schedule.shop import Shop
    from lotwise.schedule.why.reasons import Reason, Step
    from lotwise.schedule.why.remedies import Remedy
    from lotwise.schedule.why.view import View

HOUR = 60
SHOWN = 2
"""Operations in the way that are named; the rest are counted."""
STEPS = 5
"""Stretches of waiting that are told, the longest ones, in time."""

WAITED = {
    "machine": "machine {name}",
    "order": "order {name}",
    "release": "its release",
    "material": "material",
    "setup": "set-up of {name}",
    "closed": "closed hours of {name}",
    "tool": "{name}",
    "batch": "the batch with order {name}",
    "lag": "drying or transport",
    "idle": "machine {name}, idle",
}
"""What an order waited for longest, in a few words."""
REASONS = {
    "machine": "{operation} waited {time} hours for machine {name}, busy with {others}.",
    "machines": "{operation} waited {time} hours for machine {name}, busy with {others} and {more} more.",
    "busy": "{operation} waited {time} hours for machine {name}, not free before {when}.",
    "order": "{operation} waited {time} hours for {others}.",
    "release": "{operation} was released at {when}, {time} hours after the schedule begins.",
    "material": "{operation} waited {time} hours for its material, there at {when}.",
    "setup": "{operation} waited {time} hours for the set-up of {name}.",
    "closed": "{operation} waited {time} hours in closed hours of {name}.",
    "tool": "{operation} waited {time} hours for {name}, held by {others}.",
    "batch": "{operation} waited {time} hours for {others}, which shares its batch.",
    "lag": "{operation} waited {time} hours for drying or transport after {others}.",
    "idle": "{operation} waited {time} hours beside machine {name}, which stood idle.",
    "fixed": "{operation} is fixed at {when}: it has begun, or starts within the frozen fence.",
    "working": "Its way through the shop takes {time} hours without any waiting.",
    "end": "It ends at {when}, {time} hours after it is due.",
}
"""One sentence for each kind of waiting, times as hours:minutes; ``busy``: by something that is not of this schedule."""
REMEDIES = {
    "overtime": "Working the overtime of {name} saves {money}.",
    "earlier": "Taking {operation} before {other} on {name} saves {money}.",
    "material": "Having the material of {operation} a day earlier saves {money}.",
    "release": "Releasing it a day earlier saves {money}.",
    "tool": "One more {name} saves {money}.",
    "machine": "Doing {operation} on {name} saves {money}.",
    "due": "A due date of {when} saves {money}.",
}
"""One sentence for each kind of remedy."""
COSTS_NOTHING = "That it is late costs nothing, and no single change saves money."
"""Instead of remedies, where there are none."""
NOT_TRIED = "What would help was not worked out: {count} other orders cost more by being late."
"""Instead of remedies, for orders beyond those they are worked out for."""


def waited_for(view: View, why: Reason) -> str | None:
    """Return what an order waited for longest, in a few words; none where it did not wait."""
    if why.waited_for is None:
        return None
    kind, number = why.waited_for
    names = view.shop.orders.name if kind in ("order", "batch") else _names(view.shop, kind)
    return WAITED[kind].format(name=names[number] if number >= 0 else "")


def told(view: View, why: Reason) -> str:
    """Return why an order is late, step by step in time: its longest waits, what it takes anyway, and when it ends."""
    waits = _joined([step for step in why.chain if step.waited > 0 or step.kind == "fixed"])
    kept = sorted(sorted(range(len(waits)), key=lambda i: (-waits[i].waited, i))[:STEPS])
    said = [_step(view, waits[i]) for i in kept]
    if why.working >= sum(step.waited for step in waits):
        said.append(REASONS["working"].format(time=lasting(why.working)))
    end = int(view.order_end[why.order])
    return " ".join([*said, REASONS["end"].format(when=moment(view.shop, end), time=lasting(view.late(why.order)))])


def _joined(chain: Sequence[Step]) -> list[Step]:
    """Return the waits with those of one operation for one thing as one."""
    found: dict[tuple[str, int, int], Step] = {}
    for step in chain:
        key = step.kind, step.operation, step.on
        known = found.get(key)
        found[key] = step if known is None else replace(known, end=step.end, waited=known.waited + step.waited)
    return list(found.values())


def helped(view: View, found: Sequence[Remedy]) -> str:
    """Return remedies in sentences."""
    return " ".join(_remedy(view.shop, remedy) for remedy in found) or COSTS_NOTHING


def lasting(minutes: int) -> str:
    """Return minutes as hours:minutes, which reads alike in every language."""
    return f"{minutes // HOUR}:{minutes % HOUR:02d}"


def moment(shop: Shop, minute: int) -> str:
    """Return a minute as day and time, or as it is where the shop has no beginning."""
    if shop.start is None:
        return f"minute {minute}"
    return (shop.start + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M")


def _names(shop: Shop, kind: str) -> tuple[str, ...]:
    return shop.tools.name if kind == "tool" else shop.machines.name


def _step(view: View, step: Step) -> str:
    names, shop = view.shop.operations.name, view.shop
    kind, shown = step.kind, [names[o] for o in step.others[-SHOWN:]]
    if kind == "machine" and len(step.others) != len(shown):
        kind = "machines"
    elif kind == "machine" and not shown:
        kind = "busy"
    return REASONS[kind].format(
        operation=names[step.operation],
        time=lasting(step.waited),
        name=_names(shop, step.kind)[step.on] if step.on >= 0 else "",
        when=moment(shop, step.end),
        others=", ".join(shown),
        more=len(step.others) - len(shown),
    )


def _remedy(shop: Shop, remedy: Remedy) -> str:
    name, when = "", ""
    if remedy.kind == "overtime":
        name = shop.calendars.periods[remedy.on]
    elif remedy.kind == "due":
        when = moment(shop, remedy.on)
    elif remedy.on >= 0:
        name = _names(shop, remedy.kind)[remedy.on]
    operation, other = (shop.operations.name[o] if o >= 0 else "" for o in (remedy.operation, remedy.other))
    money = f"{remedy.gain:,.2f}"
    return REMEDIES[remedy.kind].format(name=name, when=when, operation=operation, other=other, money=money)
