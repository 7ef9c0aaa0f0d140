"""Tours as tables: every stop with its times, what a tour comes to, and what is left with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lotwise.deliver.problem import DAY, METERS, TICKS
from lotwise.tables.scheduled import TOUR_COSTS, TOURS, UNDELIVERED

if TYPE_CHECKING:
    from datetime import date

    from lotwise.deliver.problem import Problem
    from lotwise.deliver.routes import Found, Tour

MICROSECONDS = 60_000_000 // TICKS
"""In a tick."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What all tours come to.

    Parameters
    ----------
    tours, stops
        How many there are, and how many stops they serve.
    left
        Stops that no tour brings.
    units, kilometers, hours
        Brought, driven, and from leaving to being back.
    cost
        Money for tours, kilometers and hours.
    missed
        Money of the prizes of the stops that are left.
    iterations
        Of the search.
    """

    tours: int
    stops: int
    left: int
    units: float
    kilometers: float
    hours: float
    cost: float
    missed: float
    iterations: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What ``deliver`` gives: three tables, and what they come to.

    Parameters
    ----------
    tours, tour_costs, undelivered
        As ``lotwise tables`` describes them; ``latitude`` and ``longitude`` are absent where only a matrix was given.
    summary
        Of them all.
    """

    tours: pa.Table
    tour_costs: pa.Table
    undelivered: pa.Table
    summary: Summary


def tables(problem: Problem, found: Found, day: date) -> Delivery:
    """Return the tables of the tours of one day."""
    rows: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    numbers: dict[int, int] = {}
    for tour in found.tours:
        numbers[tour.kind] = numbers.get(tour.kind, 0) + 1
        name = f"{problem.fleet.names[tour.kind]} {numbers[tour.kind]}"
        mine = [{"day": day, "tour": name, "stop": stop, **row} for stop, row in enumerate(_legs(problem, tour, day))]
        rows += mine
        costs.append({"day": day, "tour": name, **_cost(problem, tour, mine)})
    left = [row for stop, reason in sorted(found.left.items()) for row in _left(problem, stop, reason, day)]
    prizes = problem.stops.prize[np.fromiter(sorted(found.left), np.int64)]
    summary = Summary(
        tours=len(costs),
        stops=sum(row["stops"] for row in costs),
        left=len(found.left),
        units=float(sum(row["units"] for row in costs)),
        kilometers=float(sum(row["kilometers"] for row in costs)),
        hours=float(sum(row["hours"] for row in costs)),
        cost=float(sum(row["cost"] for row in costs)),
        missed=float(np.nansum(prizes)),
        iterations=found.iterations,
    )
    return Delivery(
        pa.Table.from_pylist(rows, schema=TOURS.schema),
        pa.Table.from_pylist(costs, schema=TOUR_COSTS.schema),
        pa.Table.from_pylist(left, schema=UNDELIVERED.schema),
        summary,
    )


def moment(day: date, tick: int) -> datetime:
    """Return a tick of a day as a time."""
    return datetime.combine(day, time()) + timedelta(microseconds=int(tick) * MICROSECONDS)


def _legs(problem: Problem, tour: Tour, day: date) -> list[dict[str, Any]]:
    """Return one row a stop, the depot at both ends and between trips among them."""
    stops, depots, home = problem.stops, problem.depots, int(problem.fleet.depot[tour.kind])
    roads, labels = problem.ticks[problem.fleet.road[tour.kind]], stops.labels
    vehicle = problem.fleet.names[tour.kind]
    rows: list[dict[str, Any]] = []

    def add(place: str, here: int, before: int, times: tuple[int, int, int]) -> None:
        arrives, begins, leaves = times
        rows.append(
            {
                "vehicle": vehicle,
                "place": place,
                "orders": "",
                "units": 0.0,
                "arrives": moment(day, arrives),
                "waits": (begins - arrives) / TICKS,
                "leaves": moment(day, leaves),
                "kilometers": int(problem.meters[before, here]) / METERS,
                "latitude": _known(problem.latitude[here]),
                "longitude": _known(problem.longitude[here]),
            }
        )

    clock, at = tour.starts, home
    for trip in tour.trips:
        arrives = clock + int(roads[at, home])
        begins = max(arrives, *(int(stops.release[stop]) for stop in trip))
        clock = begins + int(depots.loading[home])
        add(depots.names[home], home, at, (arrives, begins, clock))
        at = home
        for stop in trip:
            here = problem.location(stop)
            arrives = clock + int(roads[at, here])
            begins = max(arrives, int(stops.opens[stop]))
            clock = begins + int(stops.service[stop])
            add(stops.places[stop], here, at, (arrives, begins, clock))
            rows[-1] |= {"orders": labels[stop], "units": float(stops.units[stop])}
            at = here
    arrives = clock + int(roads[at, home])
    add(depots.names[home], home, at, (arrives, arrives, arrives))
    return rows


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _cost(problem: Problem, tour: Tour, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a tour comes to; its room is that of all its trips."""
    fleet, kind = problem.fleet, tour.kind
    kilometers = float(sum(row["kilometers"] for row in rows))
    hours = (rows[-1]["arrives"] - rows[0]["arrives"]).total_seconds() / 3600
    served = [stop for trip in tour.trips for stop in trip]
    capacity = float(fleet.capacity[kind]) * len(tour.trips)
    return {
        "vehicle": fleet.names[kind],
        "stops": len(served),
        "orders": len({order for stop in served for order, _ in problem.stops.loads[stop]}),
        "units": float(problem.stops.units[served].sum()),
        "capacity": None if np.isinf(capacity) else capacity,
        "kilometers": kilometers,
        "hours": hours,
        "cost": float(fleet.fixed[kind] + kilometers * fleet.kilometer_cost[kind] + hours * fleet.hour_cost[kind]),
    }


def _left(problem: Problem, stop: int, reason: str, day: date) -> list[dict[str, Any]]:
    stops = problem.stops
    ready = day + timedelta(days=int(stops.release[stop]) // DAY)
    place = stops.places[stop]
    return [
        {"order": order, "place": place, "units": units, "ready": ready, "reason": reason} for order, units in stops.loads[stop]
    ]
