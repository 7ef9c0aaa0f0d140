"""A shop as arrays of records, which compiled code takes: what is given and what a decoder notes down, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lotwise.schedule.shop import NEVER, Before

if TYPE_CHECKING:
    from lotwise.schedule.shop import Calendars, Operations, Shop

FAR = NEVER << 4
"""Where the last opening of a calendar ends: a machine is always open after its calendar."""
UNKNOWN = -2
"""``Before.behind`` where it is not known."""
WHOLE, REAL, FLAG = np.int64, np.float64, np.bool_

OPERATION = np.dtype(
    [
        *((name, WHOLE) for name in ("order", "release", "state", "family", "size", "crossing", "predecessors")),
        *((f"{name}_{end}", WHOLE) for name in ("before", "after", "need", "mode") for end in ("from", "to")),
        ("before_machine", WHOLE), ("before_behind", WHOLE), ("fixed", FLAG),
        # noted down by the decoder
        ("placed", FLAG), ("waiting", FLAG),
        *((name, WHOLE) for name in ("ready", "missing", "mode", "start", "end", "setup", "behind", "batch")),
    ],
    align=True,
)  # fmt: skip
MODE = np.dtype([*((name, WHOLE) for name in ("machine", "minutes", "added", "open_from", "open_to")), ("cost", REAL)])
MACHINE = np.dtype(
    [
        *((name, WHOLE) for name in ("open_from", "open_to", "setups", "first_state", "room", "free")), ("minute_cost", REAL),
        # noted down by the decoder
        *((name, WHOLE) for name in ("end", "state", "last", "cursor")),
    ]
)  # fmt: skip
ORDER = np.dtype(
    [
        *((name, WHOLE) for name in ("due", "release", "size", "own_from", "own_to")), ("weight", REAL), ("minute", REAL),
        # noted down by the decoder
        ("left", WHOLE), ("end", WHOLE),
    ]
)  # fmt: skip
OPENING = np.dtype([("opens", WHOLE), ("closes", WHOLE), ("overtime", WHOLE)])
LINK = np.dtype([("operation", WHOLE), ("lag", WHOLE)])
NEED = np.dtype([("unit_from", WHOLE), ("unit_to", WHOLE), ("count", WHOLE)])
SETUP = np.dtype([("minutes", WHOLE), ("cost", REAL)])
GOALS = ("makespan", "tardiness", "flow", "setup_minute", "machine_change", "sequence_change")
GOAL = np.dtype([(name, REAL) for name in GOALS])


class Packed(NamedTuple):
    """The arrays of a shop as the decoder wants them.

    ``links`` are the operations after each operation, ``links_before`` those before it; ``openings`` hold one more for each
    calendar, which never closes; the ``minute`` of an order is what a minute of its time is taken to be worth; ``units`` are
    the ends of the single tools; ``members`` are the operations placed last, ``stack`` those to be placed next. ``trail`` are
    all in the order they were placed, so many of them before each turn as ``placed_at`` says, at a cost of ``spent_at``.
    """

    operations: np.ndarray
    modes: np.ndarray
    machines: np.ndarray
    orders: np.ndarray
    openings: np.ndarray
    links: np.ndarray
    links_before: np.ndarray
    needs: np.ndarray
    setups: np.ndarray
    goal: np.ndarray
    units: np.ndarray
    fixed: np.ndarray
    members: np.ndarray
    stack: np.ndarray
    trail: np.ndarray
    placed_at: np.ndarray
    spent_at: np.ndarray

    def copy(self) -> Packed:
        """Return arrays of their own for another decoder."""
        return Packed(*(array.copy() for array in self))


def pack(shop: Shop) -> Packed:
    """Return the arrays of a shop."""
    before = shop.before if shop.before is not None else nothing_before(shop.size)
    openings, opening_offsets = _openings(shop.calendars)
    operations, links = _operations(shop, before)
    goal = np.array([tuple(getattr(shop.goal, name) for name in GOALS)], dtype=GOAL)
    setups = np.zeros(shop.setups.minutes.shape, dtype=SETUP)
    setups["minutes"], setups["cost"] = shop.setups.minutes, shop.setups.cost
    units = np.concatenate([[0], np.cumsum(shop.tools.count)]).astype(WHOLE)
    needs = np.zeros(len(shop.operations.tool), dtype=NEED)
    needs["unit_from"], needs["unit_to"] = units[shop.operations.tool], units[np.asarray(shop.operations.tool) + 1]
    needs["count"] = shop.operations.tool_count
    fixed = np.flatnonzero(before.fixed)
    return Packed(
        operations,
        _modes(shop, opening_offsets),
        _machines(shop, opening_offsets),
        _orders(shop, before),
        openings,
        links,
        _links_before(shop.operations),
        needs,
        setups,
        goal,
        np.zeros(units[-1], dtype=WHOLE),
        fixed[np.lexsort((fixed, before.end[fixed], before.start[fixed]))].astype(WHOLE),
        np.zeros(shop.size, dtype=WHOLE),
        np.zeros(shop.size, dtype=WHOLE),
        np.zeros(shop.size, dtype=WHOLE),
        np.zeros(shop.size + 1, dtype=WHOLE),
        np.zeros(shop.size + 1, dtype=REAL),
    )


def nothing_before(size: int) -> Before:
    """Return the schedule before of a shop that had none."""
    none = np.full(size, -1, dtype=WHOLE)
    return Before(none, np.full(size, UNKNOWN, dtype=WHOLE), np.zeros(size, dtype=FLAG), none, none)


def _operations(shop: Shop, before: Before) -> tuple[np.ndarray, np.ndarray]:
    given, size = shop.operations, shop.size
    found = np.zeros(size, dtype=OPERATION)
    for name in ("order", "state", "family", "size", "crossing"):
        found[name] = getattr(given, name)
    found["release"] = np.maximum(given.release, shop.orders.release[given.order])
    found["predecessors"] = np.diff(given.before_offsets)
    links, offsets = _links(given, size)
    found["before_from"], found["before_to"] = given.before_offsets[:-1], given.before_offsets[1:]
    found["after_from"], found["after_to"] = offsets[:-1], offsets[1:]
    found["need_from"], found["need_to"] = given.tool_offsets[:-1], given.tool_offsets[1:]
    found["mode_from"], found["mode_to"] = shop.modes.offsets[:-1], shop.modes.offsets[1:]
    found["before_machine"], found["before_behind"], found["fixed"] = before.machine, before.behind, before.fixed
    for place in np.flatnonzero(before.fixed):
        own = np.arange(shop.modes.offsets[place], shop.modes.offsets[place + 1])
        same = own[shop.modes.machine[own] == before.machine[place]]
        found["mode"][place] = same[0] if len(same) else own[0]
        found["start"][place], found["end"][place] = before.start[place], before.end[place]
    return found, links


def _links(given: Operations, size: int) -> tuple[np.ndarray, np.ndarray]:
    later = np.repeat(np.arange(size), np.diff(given.before_offsets))
    sequence = np.argsort(given.before, kind="stable")
    links = np.zeros(len(sequence), dtype=LINK)
    links["operation"], links["lag"] = later[sequence], given.lag[sequence]
    return links, np.concatenate([[0], np.cumsum(np.bincount(given.before, minlength=size))])


def _links_before(given: Operations) -> np.ndarray:
    links = np.zeros(len(given.before), dtype=LINK)
    links["operation"], links["lag"] = given.before, given.lag
    return links


def _openings(calendars: Calendars) -> tuple[np.ndarray, np.ndarray]:
    """Return the openings with one more at the end of each calendar, from its last closing on, and their offsets."""
    sizes = np.diff(calendars.offsets)
    found = np.zeros(int(sizes.sum()) + len(sizes), dtype=OPENING)
    offsets = np.concatenate([[0], np.cumsum(sizes + 1)]).astype(WHOLE)
    for number, size in enumerate(sizes):
        own = slice(calendars.offsets[number], calendars.offsets[number] + size)
        part = found[offsets[number] : offsets[number + 1]]
        part["opens"][:-1], part["closes"][:-1] = calendars.opens[own], calendars.closes[own]
        part["overtime"][:-1] = calendars.overtime[own]
        part[-1] = (calendars.closes[own][-1] if size else -FAR, FAR, -1)
    return found, offsets


def _modes(shop: Shop, offsets: np.ndarray) -> np.ndarray:
    found = np.zeros(len(shop.modes.machine), dtype=MODE)
    for name in ("machine", "minutes", "added", "cost"):
        found[name] = getattr(shop.modes, name)
    found["open_from"], found["open_to"] = _span(shop.modes.calendar, offsets)
    return found


def _machines(shop: Shop, offsets: np.ndarray) -> np.ndarray:
    given = shop.machines
    found = np.zeros(len(given.name), dtype=MACHINE)
    for name in ("setups", "room", "free", "minute_cost"):
        found[name] = getattr(given, name)
    found["first_state"] = given.state
    found["open_from"], found["open_to"] = _span(given.calendar, offsets)
    return found


def _span(calendar: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the openings of calendars begin and end."""
    return offsets[np.asarray(calendar)], offsets[np.asarray(calendar) + 1]


def _orders(shop: Shop, before: Before) -> np.ndarray:
    given, goal = shop.orders, shop.goal
    found = np.zeros(len(given.name), dtype=ORDER)
    for name in ("due", "release", "weight"):
        found[name] = getattr(given, name)
    found["size"] = np.bincount(shop.operations.order, minlength=len(given.name))
    own = np.bincount(shop.operations.order[~before.fixed], minlength=len(given.name))
    found["own_to"] = np.cumsum(own)
    found["own_from"] = found["own_to"] - own
    priced = given.weight[given.weight > 0]
    usual = float(priced.mean()) if len(priced) else 1.0
    found["minute"] = np.where(given.weight > 0, given.weight, usual) * max(goal.tardiness, goal.flow, goal.makespan)
    return found
