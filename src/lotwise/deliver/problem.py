"""One day's routing problem as arrays: depots, stops, vehicles and the roads between them, in whole meters and ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

METERS = 1000
"""Meters in a kilometer; all distances are whole meters."""
TICKS = 1000
"""Ticks in a minute; all times are whole ticks after midnight."""
DAY = 24 * 60 * TICKS
LATEST = DAY * 1_000_000
"""Tick of a time that never comes: as good as no limit."""

LARGE = "it is larger than every vehicle"
FAR = "no vehicle that could take it can be there while it is open and be back in time"


@dataclass(frozen=True, slots=True)
class Depots:
    """Where vehicles start and end.

    Parameters
    ----------
    names
        Their places; ``(n_depots,)``.
    opens, closes
        Ticks between which vehicles leave and are back; ``(n_depots,)``.
    loading
        Ticks it takes to load a vehicle before each trip; ``(n_depots,)``.
    """

    names: tuple[str, ...]
    opens: Whole
    closes: Whole
    loading: Whole


@dataclass(frozen=True, slots=True)
class Stops:
    """What is to be brought where.

    Parameters
    ----------
    loads
        The orders of each stop and the units of each; ``(n_stops,)``.
    places
        Where each stop is; ``(n_stops,)``.
    units
        Units in all; ``(n_stops,)``.
    opens, closes
        Ticks between which its service starts; ``(n_stops,)``.
    service
        Ticks its service takes; ``(n_stops,)``.
    release
        Tick before which its goods cannot be loaded; ``(n_stops,)``.
    prize
        Money that is missed where it is not brought; not a number: it must be brought; ``(n_stops,)``.
    """

    loads: tuple[tuple[tuple[str, float], ...], ...]
    places: tuple[str, ...]
    units: Reals
    opens: Whole
    closes: Whole
    service: Whole
    release: Whole
    prize: Reals

    @property
    def labels(self) -> list[str]:
        """The orders of each stop, separated by commas."""
        return [", ".join(order for order, _ in load) for load in self.loads]


@dataclass(frozen=True, slots=True)
class Fleet:
    """The kinds of vehicles.

    Parameters
    ----------
    names
        What they are called; ``(n_kinds,)``.
    depot
        Index of the depot each starts from and returns to; ``(n_kinds,)``.
    count
        How many there are; ``(n_kinds,)``.
    capacity
        Units one takes; infinite: no limit; ``(n_kinds,)``.
    starts, ends
        Ticks between which it is under way; ``(n_kinds,)``.
    fixed, kilometer_cost, hour_cost
        Money for a tour, a kilometer and an hour; ``(n_kinds,)``.
    road
        Which of the travel times are its own: those at its speed; ``(n_kinds,)``.
    trips
        How many times it may leave the depot on one tour.
    """

    names: tuple[str, ...]
    depot: Whole
    count: Whole
    capacity: Reals
    starts: Whole
    ends: Whole
    fixed: Reals
    kilometer_cost: Reals
    hour_cost: Reals
    road: Whole
    trips: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a solver, a checker and the tables of tours need; depots are the first locations, stops the next.

    Parameters
    ----------
    depots, stops, fleet
        As above.
    meters
        From each location to each; ``(n_locations, n_locations)``.
    ticks
        Travel times of each speed; ``(n_roads, n_locations, n_locations)``.
    latitude, longitude
        Of the locations; not a number where nobody says; ``(n_locations,)``.
    """

    depots: Depots
    stops: Stops
    fleet: Fleet
    meters: Whole
    ticks: Whole
    latitude: Reals
    longitude: Reals

    def location(self, stop: int) -> int:
        """Return the location of a stop."""
        return len(self.depots.names) + stop


def fits(problem: Problem) -> Flags:
    """Return whether a vehicle of each kind can bring each stop on a tour of its own; ``(n_stops, n_kinds)``."""
    stops, fleet, depots = problem.stops, problem.fleet, problem.depots
    found = np.zeros((len(stops.places), len(fleet.names)), bool)
    there = len(depots.names) + np.arange(len(stops.places))
    for kind, home in enumerate(fleet.depot.tolist()):
        roads = problem.ticks[fleet.road[kind]]
        loaded = np.maximum(stops.release, max(fleet.starts[kind], depots.opens[home])) + depots.loading[home]
        begins = np.maximum(loaded + roads[home, there], stops.opens)
        back = begins + stops.service + roads[there, home]
        in_time = (begins <= stops.closes) & (back <= min(fleet.ends[kind], depots.closes[home]))
        found[:, kind] = in_time & (stops.units <= fleet.capacity[kind])
    return found


def hopeless(problem: Problem) -> dict[int, str]:
    """Return the stops that no vehicle can bring even on a tour of its own, and why."""
    alone = fits(problem).any(axis=1)
    largest = problem.fleet.capacity.max(initial=0.0)
    return {int(stop): LARGE if problem.stops.units[stop] > largest else FAR for stop in np.flatnonzero(~alone)}


def only(problem: Problem, stops: Whole) -> Problem:
    """Return the problem with some of its stops."""
    whole = problem.stops
    some = Stops(
        loads=tuple(whole.loads[stop] for stop in stops),
        places=tuple(whole.places[stop] for stop in stops),
        units=whole.units[stops],
        opens=whole.opens[stops],
        closes=whole.closes[stops],
        service=whole.service[stops],
        release=whole.release[stops],
        prize=whole.prize[stops],
    )
    kept = np.concatenate([np.arange(len(problem.depots.names)), len(problem.depots.names) + stops]).astype(np.int64)
    return Problem(
        depots=problem.depots,
        stops=some,
        fleet=problem.fleet,
        meters=problem.meters[np.ix_(kept, kept)],
        ticks=problem.ticks[:, kept[:, None], kept[None, :]],
        latitude=problem.latitude[kept],
        longitude=problem.longitude[kept],
    )
