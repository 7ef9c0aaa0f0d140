"""The workshop by the hour: shifts, maintenance, set-ups between fabrics, who can sew what, places and vehicles.

Nothing here is random: it only says within which hours the weekly hours of ``catalog.MACHINES`` lie.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pyarrow as pa

from lotwise.demo.atelier.catalog import FABRIC_PRICE, MACHINES
from lotwise.demo.atelier.law import START

WORKDAYS = range(1, 6)
SATURDAY = 6
TWO_SHIFTS = (("06:00", "14:00"), ("14:00", "22:00"))
LAST = {"cutting": ("cutting 3", "06:00", "12:00"), "sewing": ("sewing 12", "06:00", "14:00"),
        "finishing": ("finishing 4", "06:00", "12:00")}  # fmt: skip
"""Group -> its last machine, which works part of the early shift: 80 hours for each other one, and these, are its week."""

SATURDAYS = {"cutting": "12:40", "sewing": "13:30", "finishing": "12:15"}
"""Group -> end of overtime on a Saturday that begins at six: all its machines together work its overtime hours."""

CLASSES = {"melton": "heavy", "gabardine": "heavy", "velvet": "heavy", "silk": "fine", "cashmere": "fine"}
"""Fabric -> how it is cut and sewn; the others are plain."""

CHANGE = {"cutting": (0.1, 0.2, 0.4), "sewing": (0.25, 0.5, 0.75)}
"""Group -> hours to change to another fabric of the same class, of another one, and to or from a fine one."""

FINE = "fine hands"
FINE_COUNT = 5
FINE_STYLES = ("BLOUSE", "DRESS-EVENING")
"""Styles that only some of the people at the sewing machines sew."""
SEWING_STEP = 2

PLACES = {
    "workshop": (31.2304, 121.4737, "06:00", "22:00", None), "N1": (31.3745, 121.4902, "09:00", "12:00", 15.0),
    "N2": (31.2989, 121.5152, "10:00", "13:00", 10.0), "S1": (31.0322, 121.2277, "09:00", "11:30", 15.0),
    "S2": (31.1130, 121.3818, "10:00", "14:00", 10.0), "WEB": (31.1443, 121.8083, "08:00", "20:00", 30.0),
}  # fmt: skip
"""Place -> latitude, longitude, hours in which it takes goods, minutes of a stop; web orders go through a parcel hub."""

VEHICLES = (
    ("van", "workshop", 1, 150.0, "07:00", "15:00", 120.0, 1.6, 45.0, 45.0),
    ("truck", "workshop", 1, 600.0, "06:30", "16:00", 260.0, 2.4, 55.0, 40.0),
)
"""Vehicle, depot, count, capacity, hours, cost of a tour, of a kilometer and of an hour, kilometers an hour."""


def shopfloor(weeks: int) -> dict[str, pa.Table]:
    """Return shifts, downtime, set-ups, tools and what needs them, places and vehicles."""
    names = ("shifts", "downtime", "setups", "tools", "tool_needs", "places", "vehicles")
    tools = [{"tool": FINE, "kind": "skill", "count": FINE_COUNT}]
    needs = [{"style": style, "step": SEWING_STEP, "tool": FINE, "count": 1} for style in FINE_STYLES]
    rows = (list(_shifts()), _downtime(START + timedelta(weeks=weeks)), list(_setups()), tools, needs, _places(), _vehicles())
    return {name: pa.Table.from_pylist(some) for name, some in zip(names, rows, strict=True)}


def _shifts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for group in MACHINES:
        last, start, end = LAST[group]
        hours = [(group, pair) for pair in TWO_SHIFTS] + [(last, (start, end))]
        found += [
            {"machine": name, "weekday": day, "from": opens, "to": closes, "overtime": "no"}
            for name, (opens, closes) in hours
            for day in WORKDAYS
        ]
        found += [
            {"machine": name, "weekday": SATURDAY, "from": "06:00", "to": SATURDAYS[group], "overtime": "yes"}
            for name in (group, last)
        ]
    return found


def _downtime(end: date) -> list[dict[str, object]]:
    """Return the maintenance of the week after the last one simulated."""
    wednesday = datetime.combine(end + timedelta(days=2), time(14))
    return [
        {"machine": "cutting 2", "from": wednesday, "to": wednesday + timedelta(hours=4), "kind": "maintenance",
         "reason": "blades are ground"},
    ]  # fmt: skip


def _setups() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for group, (same, other, fine) in CHANGE.items():
        for come in FABRIC_PRICE:
            for go in FABRIC_PRICE:
                classes = {CLASSES.get(come, "plain"), CLASSES.get(go, "plain")}
                hours = 0.0 if come == go else same if len(classes) == 1 else fine if "fine" in classes else other
                found.append({"machine": group, "before": come, "after": go, "hours": hours})
        found.append({"machine": group, "before": "new", "after": "all", "hours": other})
    return found


def _places() -> list[dict[str, object]]:
    return [
        {"place": place, "latitude": north, "longitude": east, "opens": opens, "closes": closes, "minutes": minutes}
        for place, (north, east, opens, closes, minutes) in PLACES.items()
    ]


def _vehicles() -> list[dict[str, object]]:
    names = ("vehicle", "depot", "count", "units", "from", "to", "tour_cost", "km_cost", "hour_cost", "kmh")
    return [dict(zip(names, row, strict=True)) for row in VEHICLES]
