"""The tours of several days, one routing problem a day: what a day leaves behind is tried again on the next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.deliver.check import check
from lotwise.deliver.effort import Effort
from lotwise.deliver.loads import LEAST, loads
from lotwise.deliver.reading import Rules, read
from lotwise.deliver.routes import solve
from lotwise.deliver.tours import tables
from lotwise.tables.scheduled import TOUR_COSTS, TOURS, UNDELIVERED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lotwise.config import Deliver
    from lotwise.deliver.loads import Load
    from lotwise.deliver.problem import Problem
    from lotwise.deliver.ready import Finished

NOWHERE = "no place is known by its number, location or region"
TRIED = "days tried: {days}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds on every day: places and vehicles as their tables, settings and the seed."""

    places: pa.Table
    vehicles: pa.Table
    settings: Deliver
    seed: int


def first_days(start: date, settings: Deliver) -> list[date]:
    """Return the first days on which vehicles drive."""
    found: list[date] = []
    day = start
    while len(found) < settings.days:
        if day.isoweekday() in settings.weekdays:
            found.append(day)
        day += timedelta(days=1)
    return found


def plan(
    orders: Sequence[Finished], terms: Terms, days: Sequence[date], say: Callable[[str, float], None]
) -> dict[str, pa.Table]:
    """Return the tables ``tours``, ``tour_costs`` and ``undelivered`` of some days.

    All that is ready is brought as soon as there is room. Where room lacks, much is brought and the dearest delays first: a
    stop counts as worth twice the dearest tour to one stop plus what a day's delay of its orders costs.
    """
    left = {order.order: order.units for order in orders}
    brought: set[str] = set()
    tried: dict[str, dict[date, str]] = defaultdict(dict)
    made: dict[str, list[pa.Table]] = defaultdict(list)
    room = float(pc.max(pc.fill_null(terms.vehicles["capacity"], float("inf"))).as_py())
    for number, day in enumerate(days):
        say(f"Tours of {day}", number / len(days))
        waiting = [one for one in orders if one.place is not None and one.ready <= day and one.order not in brought]
        some = loads(waiting, left, day, room=room)
        if not some:
            continue
        problem = problem_of(some, terms)
        effort = Effort(terms.settings.iterations, None, terms.seed)
        found = solve(problem, effort, np.array([load.late_money for load in some]))
        given = check(problem, tables(problem, found, day), day)
        made["tours"].append(given.tours)
        made["tour_costs"].append(given.tour_costs)
        for stop, load in enumerate(some):
            for order, units in load.orders:
                if stop in found.left:
                    tried[order][day] = found.left[stop]
                else:
                    left[order] -= units
        brought |= {one.order for one in waiting if left[one.order] <= LEAST and _is_done(one.order, some, found.left)}
    behind = [one for one in orders if one.order not in brought and one.ready <= days[-1]]
    rows = [row for one in behind if (row := _left(one, left, tried))]
    return {
        "tours": pa.concat_tables([TOURS.empty(), *made["tours"]]),
        "tour_costs": pa.concat_tables([TOUR_COSTS.empty(), *made["tour_costs"]]),
        "undelivered": pa.Table.from_pylist(rows, schema=UNDELIVERED.schema),
    }


def _is_done(order: str, some: Sequence[Load], left: Mapping[int, str]) -> bool:
    """Whether no load with the order was left (orders of no units have nothing else to tell)."""
    return not any(stop in left for stop, load in enumerate(some) for name, _ in load.orders if name == order)


def _left(order: Finished, left: Mapping[str, float], tried: Mapping[str, Mapping[date, str]]) -> dict[str, Any] | None:
    """Return the row of an order that is not brought, None where it became ready after the last day of tours."""
    if order.place is None:
        reason = NOWHERE
    elif order.order in tried:
        whys = tried[order.order]
        reason = f"{whys[max(whys)]}; {TRIED.format(days=len(whys))}"
    else:
        return None
    return {
        "order": order.order,
        "place": order.place or "",
        "units": left[order.order],
        "ready": order.ready,
        "reason": reason,
    }


def problem_of(some: Sequence[Load], terms: Terms) -> Problem:
    """Return the routing problem of one day's loads.

    Raises
    ------
    ContractError
        Vehicles or places cannot be read: every fault with its rows.
    """
    settings, places = terms.settings, terms.places
    where = pc.index_in(pa.array([load.place for load in some]), value_set=places["place"].combine_chunks())
    named = {"y": "latitude", "x": "longitude"} if settings.plane else {"latitude": "latitude", "longitude": "longitude"}
    told = {ours: places[theirs] for ours, theirs in named.items()}
    told |= {name: places[name] for name in ("opens", "closes", "service_minutes")}
    known = pa.table({"depot": places["place"], **told})
    own = known.filter(pc.is_in(known["depot"], value_set=pc.unique(terms.vehicles["depot"])))
    stops = known.take(where).rename_columns(["place", *told])
    stops = stops.append_column(
        "order", pa.array([f"{load.place}, load {number}" for number, load in enumerate(some, start=1)])
    )
    stops = stops.append_column("units", pa.array([load.units for load in some]))
    rules = Rules(road_factor=settings.road_factor, trips=settings.trips)
    problem = read(stops, terms.vehicles, own, rules=rules)
    return replace(problem, stops=replace(problem.stops, loads=tuple(load.orders for load in some)))
