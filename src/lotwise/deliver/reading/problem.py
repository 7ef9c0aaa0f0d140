"""Stops, vehicles and depots as one problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.deliver.problem import DAY, LATEST, TICKS, Depots, Fleet, Problem, Stops
from lotwise.deliver.reading import roads
from lotwise.deliver.reading.sheet import Sheet, listed, refuse
from lotwise.errors import did_you_mean

if TYPE_CHECKING:
    from lotwise.deliver.problem import Reals

SPEED = 40.0
"""Kilometers an hour where nobody says."""
WHERE = ("latitude", "longitude", "x", "y")
STOPS = ("order", "place", *WHERE, "units", "opens", "closes", "service_minutes", "prize", "release")
DEPOTS = ("depot", "place", *WHERE, "opens", "closes", "service_minutes")
VEHICLES = (
    "vehicle", "depot", "count", "capacity", "starts", "ends", "fixed_cost", "kilometer_cost", "hour_cost", "speed", *WHERE,
)  # fmt: skip
MOST = 180.0, 90.0
"""Degrees east and north."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all vehicles and roads.

    Parameters
    ----------
    road_factor
        Kilometers by road for one as the crow flies; default: 1.3 on the earth, 1 on a plane.
    trips
        How many times a vehicle may load and leave its depot on one tour.
    """

    road_factor: float | None = None
    trips: int = 1


@dataclass(frozen=True, slots=True)
class _Points:
    """Where locations are: degrees, or kilometers of a plane; not a number where nobody says."""

    latitude: Reals
    longitude: Reals
    plane: bool | None


def read(
    stops: Any,  # noqa: ANN401  any frame there is
    vehicles: Any,  # noqa: ANN401  the same
    depots: Any = None,  # noqa: ANN401  the same
    *,
    distances: Any = None,  # noqa: ANN401  the same
    rules: Rules | None = None,
) -> Problem:
    """Return the problem of some frames; ``lotwise.deliver.deliver`` says what they hold.

    Raises
    ------
    ContractError
        Frames break their contract: every fault, with its rows.
    """
    found: list[str] = []
    rules = rules or Rules()
    if rules.trips < 1:
        found.append(f"rules: trips = {rules.trips}; expected 1 or more")
    if rules.road_factor is not None and not 0 < rules.road_factor < float("inf"):
        found.append(f"rules: road_factor = {rules.road_factor}; expected more than 0")
    sheets = [Sheet(stops, "stops", found), Sheet(vehicles, "vehicles", found)]
    asked, asked_points = _stops(sheets[0], distances is None)
    home, names, home_points = _depots(sheets[1], depots, distances is None)
    fleet, speed = _fleet(sheets[1], home.names, names, rules.trips)
    points = _together(home_points, asked_points, found)
    refuse("Tours cannot be planned", found)
    places = [*home.names, *asked.places]
    if distances is not None:
        meters, ticks, road = roads.matrix(distances, places, speed, found)
    else:
        factor = rules.road_factor or (1.0 if points.plane else roads.DETOUR)
        kilometers = factor * roads.crow(points.latitude, points.longitude, plane=bool(points.plane))
        meters, ticks, road = roads.by_speed(kilometers, speed)
    refuse("Tours cannot be planned", found)
    return Problem(
        depots=home,
        stops=asked,
        fleet=Fleet(
            names=fleet.names, depot=fleet.depot, count=fleet.count, capacity=fleet.capacity, starts=fleet.starts,
            ends=fleet.ends, fixed=fleet.fixed, kilometer_cost=fleet.kilometer_cost, hour_cost=fleet.hour_cost, road=road,
            trips=fleet.trips,
        ),
        meters=meters,
        ticks=ticks,
        latitude=points.latitude,
        longitude=points.longitude,
    )  # fmt: skip


def _stops(sheet: Sheet, needs_points: bool) -> tuple[Stops, _Points]:  # noqa: FBT001  inside one file
    sheet.known(STOPS)
    key = "order" if sheet.has("order") else "place"
    if not sheet.has(key):
        sheet.found.append("stops: column 'order' or 'place' is missing")
        names, places = list(sheet.names), list(sheet.names)
    else:
        names = sheet.texts(key)
        places = sheet.texts("place") if sheet.has("place") else names
    sheet.unique(names, key)
    points = _points(sheet, needed=needs_points)
    opens, closes = sheet.times("opens", 0), sheet.times("closes", LATEST)
    sheet.fault(closes < opens, "it closes before it opens")
    units = sheet.numbers("units", 0.0)
    found = Stops(
        loads=tuple(((name, float(amount)),) for name, amount in zip(names, units, strict=True)),
        places=tuple(places),
        units=units,
        opens=opens,
        closes=closes,
        service=np.rint(sheet.numbers("service_minutes", 0.0) * TICKS).astype(np.int64),
        release=sheet.times("release", 0),
        prize=sheet.numbers("prize", np.nan),
    )
    return found, points


def _depots(vehicles: Sheet, depots: Any, needs_points: bool) -> tuple[Depots, list[str], _Points]:  # noqa: ANN401, FBT001
    """Return the depots, the depot of each vehicle, and where they are."""
    vehicles.known(VEHICLES)
    if not len(vehicles):
        vehicles.found.append("vehicles: there is none; expected one row a kind of vehicle")
    named = vehicles.texts("depot") if vehicles.has("depot") else [""] * len(vehicles)
    if not vehicles.has("depot"):
        vehicles.found.append("vehicles: column 'depot' is missing")
    if depots is None:
        first = {name: row for row, name in reversed(list(enumerate(named)))}
        rows = pa.array([first[name] for name in dict.fromkeys(named)], pa.int64())
        own = vehicles.table.take(rows)
        own = own.select([name for name in own.column_names if name in ("depot", *WHERE)])
        sheet = Sheet(own, "vehicles", vehicles.found)
        sheet.names = list(dict.fromkeys(named))
    else:
        sheet = Sheet(depots, "depots", vehicles.found)
        sheet.known(DEPOTS)
    key = "depot" if sheet.has("depot") else "place"
    if not sheet.has(key):
        if depots is not None:
            sheet.found.append("depots: column 'depot' is missing")
        names = list(sheet.names)
    else:
        names = sheet.texts(key)
        sheet.unique(names, key)
    opens, closes = sheet.times("opens", 0), sheet.times("closes", LATEST)
    sheet.fault(closes < opens, "it closes before it opens")
    loading = np.rint(sheet.numbers("service_minutes", 0.0) * TICKS).astype(np.int64)
    return Depots(tuple(names), opens, closes, loading), named, _points(sheet, needed=needs_points)


def _fleet(sheet: Sheet, depots: tuple[str, ...], named: list[str], trips: int) -> tuple[Fleet, Reals]:
    """Return the kinds of vehicles and their speeds."""
    if sheet.has("vehicle"):
        names = sheet.texts("vehicle")
        sheet.unique(names, "vehicle")
    else:
        names = [f"vehicle {row + 1}" for row in range(len(sheet))] if len(sheet) > 1 else ["vehicle"] * len(sheet)
        sheet.names = [f"row {row + 1}" for row in range(len(sheet))]
    index = {name: number for number, name in enumerate(depots)}
    strange = np.array([name != "" and name not in index for name in named], bool)
    if strange.any():
        hint = did_you_mean(named[int(np.flatnonzero(strange)[0])], depots)
        sheet.found.append(f"vehicles: the depot is no place that is known{hint}: {listed(sheet.names, strange)}")
    starts, ends = sheet.times("starts", 0), sheet.times("ends", DAY)
    sheet.fault(ends < starts, "it ends before it starts")
    count = sheet.numbers("count", 1.0, low=1.0)
    sheet.fault(count != np.rint(count), "count is not whole")
    speed = sheet.numbers("speed", SPEED)
    sheet.fault(speed == 0, "speed is 0")
    found = Fleet(
        names=tuple(names),
        depot=np.array([index.get(name, 0) for name in named], np.int64),
        count=np.rint(count).astype(np.int64),
        capacity=sheet.numbers("capacity", np.inf),
        starts=starts,
        ends=ends,
        fixed=sheet.numbers("fixed_cost", 0.0),
        kilometer_cost=sheet.numbers("kilometer_cost", 1.0),
        hour_cost=sheet.numbers("hour_cost", 0.0),
        road=np.zeros(len(sheet), np.int64),
        trips=trips,
    )
    return found, np.where(speed > 0, speed, SPEED)


def _points(sheet: Sheet, *, needed: bool) -> _Points:
    """Return where the rows are; without coordinates that are needed it is noted."""
    plane = sheet.has("x") or sheet.has("y")
    north, east = ("y", "x") if plane else ("latitude", "longitude")
    if not (sheet.has(north) and sheet.has(east)):
        if needed:
            sheet.found.append(
                f"{sheet.what}: there are no coordinates; expected latitude and longitude, or x and y, or distances"
            )
        return _Points(np.full(len(sheet), np.nan), np.full(len(sheet), np.nan), None)
    latitude, longitude = sheet.numbers(north, np.nan, low=-np.inf), sheet.numbers(east, np.nan, low=-np.inf)
    if needed:
        sheet.fault(np.isnan(latitude) | np.isnan(longitude), "coordinates are missing")
    if not plane:
        sheet.fault((np.abs(latitude) > MOST[1]) | (np.abs(longitude) > MOST[0]), "coordinates are no degrees north and east")
    return _Points(latitude, longitude, plane)


def _together(first: _Points, then: _Points, found: list[str]) -> _Points:
    """Return the points of depots and stops as one."""
    if None not in (first.plane, then.plane) and first.plane != then.plane:
        found.append("coordinates: depots and stops have different ones; expected latitude and longitude, or x and y, in both")
    plane = then.plane if first.plane is None else first.plane
    return _Points(np.append(first.latitude, then.latitude), np.append(first.longitude, then.longitude), plane)
