"""The cheapest tours of a few stops by trying every set, sequence and vehicle: an oracle of its own."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np


def best(problem):
    """Return the least of costs and prizes missed; infinite where a stop that must be brought cannot be."""
    count, fleet = len(problem.stops.places), problem.fleet
    whole = 1 << count
    missed = [
        sum(
            float("inf") if np.isnan(problem.stops.prize[stop]) else problem.stops.prize[stop]
            for stop in range(count)
            if not mask >> stop & 1
        )
        for mask in range(whole)
    ]
    least = [0.0] + [float("inf")] * (whole - 1)
    for kind in range(len(fleet.names)):
        cost = [0.0] + [_tour(problem, kind, [stop for stop in range(count) if mask >> stop & 1]) for mask in range(1, whole)]
        for _ in range(int(fleet.count[kind])):
            least = [min(least[mask ^ some] + cost[some] for some in _parts(mask)) for mask in range(whole)]
    return min(brought + gone for brought, gone in zip(least, missed, strict=True))


def _parts(mask):
    part = mask
    while True:
        yield part
        if not part:
            return
        part = (part - 1) & mask


def _tour(problem, kind, stops):
    """Return the least cost of one tour of a kind over all sequences of some stops."""
    if sum(problem.stops.units[stops]) > problem.fleet.capacity[kind] + 1e-9:
        return float("inf")
    return min(_sequence(problem, kind, order) for order in permutations(stops))


def _sequence(problem, kind, order):
    """Return the cost of one sequence, left as late as it can be without being back later."""
    fleet, stops, depots = problem.fleet, problem.stops, problem.depots
    home = int(fleet.depot[kind])
    road = problem.ticks[fleet.road[kind]]
    way = [home, *(len(depots.names) + stop for stop in order), home]
    first = max(fleet.starts[kind], depots.opens[home], *(stops.release[stop] for stop in order))
    clock = first + depots.loading[home]
    work = depots.loading[home]
    for before, here in pairwise(way[:-1]):
        stop = here - len(depots.names)
        clock = max(clock + road[before, here], stops.opens[stop])
        if clock > stops.closes[stop]:
            return float("inf")
        clock += stops.service[stop]
        work += road[before, here] + stops.service[stop]
    clock, work = clock + road[way[-2], home], work + road[way[-2], home]
    if clock > min(fleet.ends[kind], depots.closes[home]):
        return float("inf")
    latest = min(fleet.ends[kind], depots.closes[home]) - road[way[-2], home]
    for before, here in reversed(list(pairwise(way[:-1]))):
        stop = here - len(depots.names)
        latest = min(stops.closes[stop], latest - stops.service[stop]) - road[before, here]
    latest -= depots.loading[home]
    hours = max(work, clock - max(first, min(latest, clock - work))) / 60_000
    kilometers = sum(problem.meters[before, here] for before, here in pairwise(way)) / 1000
    return fleet.fixed[kind] + kilometers * fleet.kilometer_cost[kind] + hours * fleet.hour_cost[kind]
