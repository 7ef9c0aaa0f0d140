"""Tours by PyVRP: the only file that knows it. Wouda, Lan and Kool (2024), INFORMS Journal on Computing 36(4)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.deliver.effort import ITERATIONS, Effort
from lotwise.deliver.problem import DAY, METERS, TICKS, Problem, hopeless, only
from lotwise.deliver.units import scale
from lotwise.extras import need

if TYPE_CHECKING:
    from lotwise.deliver.problem import Reals, Whole
    from lotwise.deliver.units import Scale

LOAD_DIGITS = 6
"""Most decimals of units that are kept; beyond, stops are rounded up and vehicles down."""
PENALTY = 100_000.0
"""PyVRP's own largest penalty."""


@dataclass(frozen=True, slots=True)
class Tour:
    """What one vehicle does in a day.

    Parameters
    ----------
    kind
        Index of its kind.
    starts
        Tick at which its first loading begins.
    trips
        The stops of each trip from the depot and back, in order.
    """

    kind: int
    starts: int
    trips: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The tours that were found.

    Parameters
    ----------
    tours
        By kind, start and first stop.
    left
        The stops that no tour brings, and why.
    iterations
        Of the search.
    """

    tours: tuple[Tour, ...]
    left: dict[int, str]
    iterations: int


FULL = "the vehicles have no room or time left"
DEAR = "bringing it costs more than its prize, or the vehicles are full"


def solve(problem: Problem, effort: Effort, delay: Reals | None = None) -> Found:
    """Return tours of least cost and prizes missed; stops that must be brought and cannot be are left with a reason.

    Where not all such stops find room, each of them counts as worth twice the dearest tour to one stop and what its delay
    costs, so that as many are brought as the search can, the dearest delays first.

    Parameters
    ----------
    problem
        What is to be brought.
    effort
        How long to search.
    delay
        Money that is lost where a stop that must be brought is left; ``(n_stops,)``; None: the same of all.

    Raises
    ------
    MissingPackageError
        PyVRP is not installed.
    """
    pyvrp = need("pyvrp", extra="routes")
    without = hopeless(problem)
    mine = np.array([stop for stop in range(len(problem.stops.places)) if stop not in without], np.int64)
    if not len(mine):
        return Found((), without, 0)
    some = only(problem, mine)
    must = np.isnan(some.stops.prize)
    tried, result = 0, None
    if _room(some, must):
        result, units = _search(pyvrp, some, some.stops.prize, effort)
        tried = result.num_iterations
    if result is None or not result.is_feasible():
        worth = 2 * dearest(some) + np.nansum(some.stops.prize) + (0.0 if delay is None else delay[mine])
        result, units = _search(pyvrp, some, np.where(must, np.ceil(worth), some.stops.prize), effort)
        tried += result.num_iterations
    if not result.is_feasible():
        return Found((), without | {int(stop): FULL for stop in mine}, tried)
    tours = [_tour(route, mine, units) for route in result.best.routes()]
    tours = sorted((tour for tour in tours if tour.trips), key=lambda tour: (tour.kind, tour.starts, tour.trips))
    brought = {stop for tour in tours for trip in tour.trips for stop in trip}
    left = {int(stop): FULL if asked else DEAR for stop, asked in zip(mine, must, strict=True) if int(stop) not in brought}
    return Found(tuple(tours), without | left, tried)


def _room(problem: Problem, must: Any) -> bool:  # noqa: ANN401  an array of flags
    """Whether all vehicles together could hold what must be brought."""
    fleet = problem.fleet
    return bool(problem.stops.units[must].sum() <= (fleet.capacity * fleet.count * fleet.trips).sum())


def dearest(problem: Problem) -> float:
    """Return an upper bound of what a tour to one stop costs, in money."""
    fleet = problem.fleet
    far = 2 * problem.meters.max(initial=0) / METERS
    span = (np.minimum(fleet.ends, DAY) - fleet.starts).clip(0) / TICKS / 60
    return float((fleet.fixed + far * fleet.kilometer_cost + span * fleet.hour_cost).max(initial=0.0)) + 1.0


def _search(pyvrp: Any, problem: Problem, prize: Reals, effort: Effort) -> tuple[Any, Scale]:  # noqa: ANN401  no types
    """Return PyVRP's result and the units it is in; warnings that penalties are at their bound concern no user."""
    units = scale(problem, prize)
    most = max(dearest(problem) * units.money / 2, float(np.nanmax(prize, initial=0.0)) * units.money, PENALTY)
    penalty = pyvrp.PenaltyParams(max_penalty=most) if most > PENALTY else pyvrp.PenaltyParams()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pyvrp.solve(
            _data(pyvrp, problem, prize, units),
            _stop(effort),
            seed=effort.seed,
            collect_stats=False,
            display=False,
            params=pyvrp.SolveParams(penalty=penalty),
        )
    return found, units


def _stop(effort: Effort) -> Any:  # noqa: ANN401
    stop = need("pyvrp.stop", extra="routes")
    if effort.seconds is None:
        return stop.MaxIterations(effort.iterations or ITERATIONS)
    clock = stop.MaxRuntime(effort.seconds)
    if effort.iterations is None:
        return clock
    return stop.MultipleCriteria([stop.MaxIterations(effort.iterations), clock])


def _loads(problem: Problem) -> tuple[Whole, Whole]:
    """Return units of stops and capacities as whole numbers, in the coarsest tenth that holds them."""
    units, capacity = problem.stops.units, problem.fleet.capacity
    room = np.where(np.isinf(capacity), units.sum() + 1, capacity)
    for digits in range(LOAD_DIGITS + 1):
        scaled, rooms = units * 10**digits, room * 10**digits
        if np.allclose(scaled, np.rint(scaled), rtol=0, atol=1e-6) and np.allclose(rooms, np.rint(rooms), rtol=0, atol=1e-6):
            return np.rint(scaled).astype(np.int64), np.rint(rooms).astype(np.int64)
    return np.ceil(units * 10**LOAD_DIGITS).astype(np.int64), np.floor(room * 10**LOAD_DIGITS).astype(np.int64)


def _data(pyvrp: Any, problem: Problem, prize: Reals, units: Scale) -> Any:  # noqa: ANN401
    """Return the problem as PyVRP takes it: whole meters, ticks, loads and parts of the money."""
    depots, stops, fleet = problem.depots, problem.stops, problem.fleet
    load, room = _loads(problem)
    first = len(depots.names)
    x, y = np.nan_to_num(problem.longitude), np.nan_to_num(problem.latitude)
    rewards = np.rint(np.nan_to_num(prize) * units.money)
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(float(east), float(north)) for east, north in zip(x, y, strict=True)],
        clients=[
            pyvrp.Client(
                location=first + stop,
                delivery=[int(load[stop])],
                service_duration=units.time(stops.service[stop]),
                tw_early=units.time(stops.opens[stop]),
                tw_late=units.time(stops.closes[stop]),
                release_time=units.time(stops.release[stop]),
                prize=int(rewards[stop]),
                required=bool(np.isnan(prize[stop])),
            )
            for stop in range(len(stops.places))
        ],
        depots=[
            pyvrp.Depot(
                location=depot,
                tw_early=units.time(depots.opens[depot]),
                tw_late=units.time(depots.closes[depot]),
                service_duration=units.time(depots.loading[depot]),
            )
            for depot in range(first)
        ],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=int(fleet.count[kind]),
                capacity=[int(room[kind])],
                start_depot=int(fleet.depot[kind]),
                end_depot=int(fleet.depot[kind]),
                fixed_cost=round(float(fleet.fixed[kind]) * units.money),
                tw_early=units.time(fleet.starts[kind]),
                tw_late=units.time(fleet.ends[kind]),
                unit_distance_cost=round(float(fleet.kilometer_cost[kind]) * units.meters / METERS * units.money),
                unit_duration_cost=round(float(fleet.hour_cost[kind]) * units.ticks / (60 * TICKS) * units.money),
                profile=int(fleet.road[kind]),
                reload_depots=[int(fleet.depot[kind])] if fleet.trips > 1 else [],
                max_reloads=fleet.trips - 1,
            )
            for kind in range(len(fleet.names))
        ],
        distance_matrices=[problem.meters // units.meters] * len(problem.ticks),
        duration_matrices=list(problem.ticks // units.ticks),
    )


def _tour(route: Any, mine: Whole, units: Scale) -> Tour:  # noqa: ANN401
    """Return a route of PyVRP's with the stops' own numbers, trips without a stop left out."""
    trips: dict[int, list[int]] = {}
    for activity in route.schedule():
        if activity.is_client():
            trips.setdefault(activity.trip, []).append(int(mine[activity.idx]))
    return Tour(
        route.vehicle_type(), route.start_time() * units.ticks, tuple(tuple(stops) for _, stops in sorted(trips.items()))
    )
