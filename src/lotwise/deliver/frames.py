"""Tours for any stops and vehicles, without a project."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from lotwise.deliver.check import check
from lotwise.deliver.effort import Effort
from lotwise.deliver.problem import LARGE, Problem, hopeless
from lotwise.deliver.reading import Rules, read
from lotwise.deliver.reading.sheet import listed
from lotwise.deliver.routes import solve
from lotwise.deliver.tours import Delivery, tables
from lotwise.errors import InputError, breaches

SOME_DAY = date(2000, 1, 3)
"""The day tours are dated where nobody says: a Monday."""


def deliver(  # noqa: PLR0913  each is a keyword of its own
    stops: Any,  # noqa: ANN401  any frame there is
    vehicles: Any,  # noqa: ANN401  the same
    depots: Any = None,  # noqa: ANN401  the same
    *,
    distances: Any = None,  # noqa: ANN401  the same
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    rules: Rules | None = None,
    day: date = SOME_DAY,
) -> Delivery:
    """Return tours of least cost that bring all stops, or those worth it, in one day.

    The same frames, iterations and seed give the same tours. The tours are checked by rules of their own before they are
    returned.

    Parameters
    ----------
    stops
        A row a stop: ``order`` or ``place`` (unique), ``latitude`` and ``longitude`` in degrees or ``x`` and ``y`` of a plane
        in kilometers. Optional: ``units`` (0), ``opens`` and ``closes`` between which its service starts (any time),
        ``service_minutes`` (0), ``prize`` money missed where it is not brought (absent: it must be brought), ``release``
        before which its goods cannot be loaded. Times are texts such as ``"08:30"``, or minutes after midnight.
    vehicles
        A row a kind: ``depot``. Optional: ``vehicle`` its name, ``count`` (1), ``capacity`` in units (no limit), ``starts``
        (00:00), ``ends`` by which it is back (24:00), ``fixed_cost`` of a tour (0), ``kilometer_cost`` (1), ``hour_cost`` (0),
        ``speed`` in kilometers an hour (40).
    depots
        A row a depot: ``depot`` and coordinates as of stops. Optional: ``opens``, ``closes``, ``service_minutes`` of loading
        before each trip. None: coordinates stand with the vehicles, or ``distances`` are given.
    distances
        Rows ``from, to, kilometers, minutes`` between all places and depots, both directions, in place of coordinates; without
        ``minutes`` they follow from the speed.
    seconds
        Seconds of the clock to search; tours then depend on the machine.
    iterations
        Iterations of the search; default: 2,000, or no limit with ``seconds``.
    seed
        Of the search.
    rules
        Road factor and trips a day.
    day
        Day the tours are dated.

    Returns
    -------
    Delivery
        Tables ``tours``, ``tour_costs`` and ``undelivered`` with a reason each, and their ``summary``.

    Raises
    ------
    ContractError
        A frame breaks its contract: every fault with its rows.
    InputError
        Stops that must be brought are larger than every vehicle, or out of reach of all: every one of them.
    SettingsError
        Iterations, seconds or the seed are out of range.
    MissingPackageError
        PyVRP is not installed.

    References
    ----------
    Wouda, Lan and Kool (2024), PyVRP: a high-performance VRP solver package, INFORMS Journal on Computing 36(4).
    """
    effort = Effort(iterations, seconds, seed)
    problem = read(stops, vehicles, depots, distances=distances, rules=rules)
    _possible(problem)
    return check(problem, tables(problem, solve(problem, effort), day), day)


def _possible(problem: Problem) -> None:
    """Refuse stops that must be brought and that no vehicle can bring even alone."""
    reasons = hopeless(problem)
    must = np.isnan(problem.stops.prize)
    names = [f"{label} (row {row + 1})" for row, label in enumerate(problem.stops.labels)]
    found = []
    for reason in sorted(set(reasons.values()), reverse=True):
        bad = np.array([must[stop] and reasons.get(stop) == reason for stop in range(len(names))], bool)
        if bad.any():
            most = f" ({problem.fleet.capacity.max():g} units)" if reason == LARGE else ""
            found.append(f"{reason}{most}: {listed(names, bad)}")
    if found:
        title = "Stops cannot be brought; give them a prize to leave them out where they cannot, or change stops or vehicles"
        raise InputError(breaches(title, found))
