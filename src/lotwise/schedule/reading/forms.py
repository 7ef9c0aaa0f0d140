"""The columns of the tables that are read: their kinds, and what an absent one counts as."""

from __future__ import annotations

from typing import NamedTuple

TEXT, NUMBER, WHOLE, TIME, CLOCK, FLAG = "text", "number", "whole", "time", "clock", "flag"


CENTURY = 52_596_000.0
"""Minutes of a hundred years: a longer time is a mistake, mostly one of units."""


class Field(NamedTuple):
    """One column. ``default`` stands in for an absent value; none: it stays absent."""

    name: str
    kind: str = TEXT
    needed: bool = False
    low: float = 0.0
    high: float = float("inf")
    default: float | None = None
    choices: tuple[str, ...] = ()


class Form(NamedTuple):
    """One table, as named in messages."""

    what: str
    fields: tuple[Field, ...]


def _key(name: str) -> Field:
    return Field(name, needed=True)


CLOSED = ("inside", "pauses", "runs on")
"""How an operation takes closed time, in the order of ``INSIDE``, ``PAUSES`` and ``RUNS_ON``."""

ORDERS = Form(
    "The orders",
    (_key("order"), Field("release", TIME), Field("due", TIME), Field("weight", NUMBER, default=1.0)),
)
OPERATIONS = Form(
    "The operations",
    (
        _key("order"),
        _key("operation"),
        _key("machine"),
        Field("minutes", NUMBER, needed=True, high=CENTURY),
        Field("added_minutes", NUMBER, high=CENTURY, default=0.0),
        Field("cost", NUMBER, default=0.0),
        Field("state"),
        Field("family"),
        Field("size", NUMBER),
        Field("closed", choices=CLOSED),
        Field("release", TIME),
        Field("after"),
        Field("wait_minutes", NUMBER, high=CENTURY),
    ),
)
MACHINES = Form(
    "The machines",
    (
        _key("machine"),
        Field("group"),
        Field("count", WHOLE, low=1, default=1),
        Field("calendar"),
        Field("state"),
        Field("room", NUMBER, default=0.0),
        Field("free", TIME),
        Field("overtime_cost", NUMBER, default=0.0),
        Field("setups"),
    ),
)
SHIFTS = Form(
    "The shifts",
    (
        _key("machine"),
        Field("weekday", WHOLE, needed=True, low=1, high=7),
        Field("starts", CLOCK, needed=True),
        Field("ends", CLOCK, needed=True),
        Field("overtime", FLAG),
    ),
)
HOLIDAYS = Form("The holidays", (Field("day", TIME, needed=True),))
DOWNTIME = Form(
    "The downtime",
    (_key("machine"), Field("starts", TIME, needed=True), Field("ends", TIME, needed=True), Field("kind"), Field("reason")),
)
SETUPS = Form(
    "The set-ups",
    (
        _key("machine"),
        _key("from_state"),
        _key("to_state"),
        Field("minutes", NUMBER, high=CENTURY),
        Field("hours", NUMBER, high=CENTURY / 60),
        Field("cost", NUMBER, default=0.0),
    ),
)
TOOLS = Form("The tools", (_key("tool"), Field("count", WHOLE, needed=True), Field("kind", choices=("tool", "skill"))))
TOOL_NEEDS = Form("The tool needs", (Field("order"), _key("operation"), _key("tool"), Field("count", WHOLE, low=1, default=1)))
PREVIOUS = Form(
    "The previous schedule",
    (
        _key("order"),
        _key("operation"),
        _key("machine"),
        Field("starts", TIME, needed=True),
        Field("ends", TIME, needed=True),
        Field("batch"),
    ),
)
