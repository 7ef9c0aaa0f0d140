"""An independent check of published tours: it reads their tables and knows nothing of how they were found."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.errors import LotwiseError, breaches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.deliver.problem import Problem
    from lotwise.deliver.tours import Delivery

MINUTE = 60_000_000
"""Microseconds; times are compared in thousandths of a minute."""
CLOSE = 1e-6
"""Relative difference of money, kilometers and hours that is rounding."""

Row = dict[str, Any]


def wrong(problem: Problem, delivery: Delivery, day: date) -> list[str]:
    """Return every rule that the tours of one day break, each named by tour and stop.

    Rules: stops are numbered; a tour starts and ends at its vehicle's depot; no more tours than vehicles, no more trips than
    allowed; no trip holds more than the vehicle; travel, waiting and service add up; service starts while the place is open;
    nothing is loaded before it is ready; vehicle and depot hours; kilometers and costs; every stop on one tour or among the
    undelivered; the summary and the prizes missed.
    """
    by_tour: dict[str, list[Row]] = defaultdict(list)
    for row in delivery.tours.to_pylist():
        by_tour[row["tour"]].append(row)
    costs = {row["tour"]: row for row in delivery.tour_costs.to_pylist()}
    found = [f"{name}: day {row['day']}, expected {day}" for name, rows in by_tour.items() for row in rows if row["day"] != day]
    places = _Places(problem)
    for name, rows in by_tour.items():
        found += [f"{name}: {fault}" for fault in _tour(problem, rows, costs.get(name), places, day)]
    found += [f"{name}: it has costs but no stop" for name in costs if name not in by_tour]
    found += _fleet(problem, costs)
    found += places.never(delivery.undelivered.to_pylist())
    return found + list(_summary(problem, delivery, places))


def check(problem: Problem, delivery: Delivery, day: date) -> Delivery:
    """Return the tours, unchanged, where they keep every rule.

    Raises
    ------
    LotwiseError
        With every rule that is broken: a fault of lotwise's own, to be reported.
    """
    found = wrong(problem, delivery, day)
    if found:
        raise LotwiseError(breaches("The tours break their rules and are not published; please report this", found))
    return delivery


class _Places:
    """Which stop of the problem each row stands for: those of one label and place in turn."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._open: dict[tuple[str, str, float], list[int]] = defaultdict(list)
        for stop, load in enumerate(problem.stops.loads):
            label = ", ".join(order for order, _ in load)
            self._open[label, problem.stops.places[stop], float(problem.stops.units[stop])].append(stop)

    def take(self, row: Row) -> int | None:
        """Return a stop for a row, which no other row stands for; None where there is none."""
        waiting = self._open.get((row["orders"], row["place"], row["units"]))
        return waiting.pop(0) if waiting else None

    @property
    def left(self) -> list[int]:
        """The stops no row stands for."""
        return sorted(stop for stops in self._open.values() for stop in stops)

    def never(self, undelivered: list[Row]) -> Iterator[str]:
        """Yield where what is left is not what is undelivered."""
        loads, places = self._problem.stops.loads, self._problem.stops.places
        left = Counter((order, places[stop], units) for stop in self.left for order, units in loads[stop])
        said = Counter((row["order"], row["place"], row["units"]) for row in undelivered)
        yield from (f"order {order} to {place}: on no tour and not undelivered" for order, place, _ in left - said)
        yield from (f"order {order} to {place}: undelivered and on a tour" for order, place, _ in said - left)
        yield from (f"order {row['order']}: undelivered without a reason" for row in undelivered if not row["reason"])


def _tour(problem: Problem, rows: list[Row], cost: Row | None, places: _Places, day: date) -> Iterator[str]:
    rows = sorted(rows, key=lambda row: row["stop"])
    if [row["stop"] for row in rows] != list(range(len(rows))):
        yield f"stops are numbered {[row['stop'] for row in rows]}"
    vehicles = {row["vehicle"] for row in rows}
    if len(vehicles) != 1 or not vehicles <= set(problem.fleet.names):
        yield f"vehicle {', '.join(sorted(vehicles))} is not one of the problem's"
        return
    kind = problem.fleet.names.index(vehicles.pop())
    home = int(problem.fleet.depot[kind])
    at: list[int] = []
    for row in rows:
        is_home = row["orders"] == "" and row["units"] == 0 and row["place"] == problem.depots.names[home]
        stop = None if is_home else places.take(row)
        if stop is None and not is_home:
            yield f"stop {row['stop']}: orders '{row['orders']}' at {row['place']} are not asked for, or on two tours"
            return
        at.append(home if stop is None else len(problem.depots.names) + stop)
    if at[0] != home or at[-1] != home:
        yield f"it starts at {rows[0]['place']} and ends at {rows[-1]['place']}, expected {problem.depots.names[home]}"
    yield from _loads(problem, kind, rows, at)
    yield from _times(problem, kind, rows, at, day)
    yield from _costs(problem, kind, rows, at, cost)


def _loads(problem: Problem, kind: int, rows: list[Row], at: list[int]) -> Iterator[str]:
    """Yield trips that hold more than the vehicle, and too many trips."""
    depots = len(problem.depots.names)
    trips, load = 0, 0.0
    for row, here in zip(rows, at, strict=True):
        if here >= depots:
            load += row["units"]
            continue
        if load > problem.fleet.capacity[kind] * (1 + CLOSE):
            yield f"stop {row['stop']}: {load:g} units on one trip, the vehicle takes {problem.fleet.capacity[kind]:g}"
        trips, load = trips + 1, 0.0
    if trips - 1 > problem.fleet.trips:
        yield f"{trips - 1} trips, at most {problem.fleet.trips} are allowed"


def _ticks(when: datetime, day: date) -> int:
    since = when - datetime.combine(day, time())
    return round((since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds) * 1000 / MINUTE)


def _times(problem: Problem, kind: int, rows: list[Row], at: list[int], day: date) -> Iterator[str]:
    """Yield times that do not add up, and services outside opening hours."""
    stops, depots, fleet = problem.stops, problem.depots, problem.fleet
    first, home = len(depots.names), int(fleet.depot[kind])
    roads = problem.ticks[fleet.road[kind]]
    trip: list[int] = []
    ready = dict[int, int]()
    for number in reversed(range(len(rows))):
        if at[number] >= first:
            trip.append(at[number] - first)
            continue
        ready[number] = max((int(stops.release[stop]) for stop in trip), default=0)
        trip = []
    for number, row in enumerate(rows):
        here, where = at[number], f"stop {row['stop']} ({row['place']})"
        arrives, leaves = _ticks(row["arrives"], day), _ticks(row["leaves"], day)
        begins = arrives + round(row["waits"] * 1000)
        if number and arrives != (due := _ticks(rows[number - 1]["leaves"], day) + int(roads[at[number - 1], here])):
            yield f"{where}: arrives {(arrives - due) / 1000:+g} minutes off the way from the stop before"
        if begins < arrives:
            yield f"{where}: waits {row['waits']:g} minutes"
        last = number == len(rows) - 1
        takes = (0 if last else int(depots.loading[home])) if here < first else int(stops.service[here - first])
        if leaves != begins + takes:
            yield f"{where}: leaves {(leaves - begins - takes) / 1000:+g} minutes off its service"
        if here >= first and not stops.opens[here - first] <= begins <= stops.closes[here - first]:
            yield f"{where}: service starts {row['arrives']} + {row['waits']:g} minutes, outside its hours"
        if here < first and not last and begins < ready[number]:
            yield f"{where}: loads before its goods are ready"
    begins, ends = _ticks(rows[0]["arrives"], day), _ticks(rows[-1]["leaves"], day)
    if begins < max(fleet.starts[kind], depots.opens[home]) or ends > min(fleet.ends[kind], depots.closes[home]):
        yield f"under way from {rows[0]['arrives']} to {rows[-1]['leaves']}, outside the hours of vehicle or depot"


def _costs(problem: Problem, kind: int, rows: list[Row], at: list[int], cost: Row | None) -> Iterator[str]:
    """Yield kilometers and costs that do not add up."""
    fleet, depots = problem.fleet, len(problem.depots.names)
    meters = [0, *(int(problem.meters[before, here]) for before, here in pairwise(at))]
    for row, driven in zip(rows, meters, strict=True):
        if not np.isclose(row["kilometers"], driven / 1000, rtol=CLOSE, atol=CLOSE):
            yield f"stop {row['stop']}: {row['kilometers']:g} kilometers, expected {driven / 1000:g}"
    if cost is None:
        yield "it has no costs"
        return
    hours = (rows[-1]["leaves"] - rows[0]["arrives"]).total_seconds() / 3600
    orders = {order for here in at if here >= depots for order, _ in problem.stops.loads[here - depots]}
    money = fleet.fixed[kind] + sum(meters) / 1000 * fleet.kilometer_cost[kind] + hours * fleet.hour_cost[kind]
    expected = {
        "stops": sum(here >= depots for here in at),
        "orders": len(orders),
        "units": sum(row["units"] for row in rows),
        "kilometers": sum(meters) / 1000,
        "hours": hours,
        "cost": money,
    }
    for name, value in expected.items():
        if not np.isclose(cost[name], value, rtol=CLOSE, atol=CLOSE):
            yield f"{name} {cost[name]:g}, expected {value:g}"
    if cost["vehicle"] != fleet.names[kind]:
        yield f"its costs are those of a {cost['vehicle']}"


def _fleet(problem: Problem, costs: dict[str, Row]) -> Iterator[str]:
    used = Counter(row["vehicle"] for row in costs.values())
    for kind, name in enumerate(problem.fleet.names):
        if used[name] > problem.fleet.count[kind]:
            yield f"{used[name]} tours of {name}, there are {problem.fleet.count[kind]}"


def _summary(problem: Problem, delivery: Delivery, places: _Places) -> Iterator[str]:
    said, costs = delivery.summary, delivery.tour_costs.to_pylist()
    prizes = [float(problem.stops.prize[stop]) for stop in places.left]
    expected = {
        "tours": len(costs),
        "left": len(prizes),
        "missed": sum(prize for prize in prizes if not np.isnan(prize)),
        **{name: sum(row[name] for row in costs) for name in ("stops", "units", "kilometers", "hours", "cost")},
    }
    for name, value in expected.items():
        if not np.isclose(getattr(said, name), value, rtol=CLOSE, atol=CLOSE):
            yield f"summary: {name} {getattr(said, name):g}, expected {value:g}"
