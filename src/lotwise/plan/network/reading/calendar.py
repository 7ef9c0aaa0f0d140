"""The hours of every machine in every week."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.network.network import Machines
from lotwise.plan.network.reading.given import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lotwise.plan.network.reading.given import Given

WORKING_DAYS = 5
"""Days of a working week, Monday to Friday."""


def machines(given: Given) -> Machines:
    """Return the machines with their hours, in order of their names.

    A day from Monday to Friday on which the factory does not work (``calendar.working`` false, for all regions or for the one
    named as the machine's site) takes a fifth of the week's regular hours. ``machine_weeks`` says what holds in the end.
    """
    rows = sorted(given.rows["machines"], key=lambda row: row["machine"])
    names = tuple(row["machine"] for row in rows)
    sites = tuple(row.get("site") or ALL for row in rows)
    use = given.settings.plan.overtime
    shares = {site: _shares(given, site) for site in set(sites)}
    hours = np.array([row["hours"] * shares[site] for row, site in zip(rows, sites, strict=True)]).reshape(-1, given.weeks)
    extra = np.array([[(row.get("overtime_hours") or 0.0) * use] * given.weeks for row in rows]).reshape(-1, given.weeks)
    cost = [given.settings.economics.overtime_cost if (c := row.get("overtime_cost")) is None else c for row in rows]
    number = {name: place for place, name in enumerate(names)}
    for row in given.rows["machine_weeks"]:
        week = given.week(row["week"])
        if 0 <= week < given.weeks:
            hours[number[row["machine"]], week] = row["hours"]
            if row.get("overtime_hours") is not None:
                extra[number[row["machine"]], week] = row["overtime_hours"] * use
    return Machines(names, sites, hours, extra, np.array(cost, dtype=float))


def _shares(given: Given, site: str) -> NDArray[np.float64]:
    """Return the share of working days of each week at a site; ``(n_weeks,)``."""
    off = {row["day"] for row in given.rows["calendar"] if row.get("working") is False and row["region"] in {ALL, site}}
    lost = [sum(monday + timedelta(days=day) in off for day in range(WORKING_DAYS)) for monday in given.problem.weeks]
    return 1.0 - np.array(lost, dtype=float) / WORKING_DAYS
