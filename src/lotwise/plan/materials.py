"""What to buy when, so that every plan's materials are there; and the stock that is expected week by week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.problem import no_resources
from lotwise.plan.settle import expect

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.plan.problem import Problem

LEAST = 1e-6
"""Fewer units than this are rounding."""


@dataclass(frozen=True, slots=True)
class Materials:
    """What is bought; arrays of shape ``(n_materials,)``.

    Parameters
    ----------
    names, units
        Codes, and what they are counted in.
    cost
        Money for one unit.
    lead
        Weeks from order to arrival.
    limit
        Most units that can arrive in a week; infinite where there is no limit.
    minimum
        Smallest order.
    on_hand
        Units there are; not a number where nobody says, in which case what is used before an order placed
        now could arrive is taken to be there.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    cost: NDArray[np.float64]
    lead: NDArray[np.int64]
    limit: NDArray[np.float64]
    minimum: NDArray[np.float64]
    on_hand: NDArray[np.float64]

    def arriving(self, weeks: int, *, ordered_in_time: bool) -> NDArray[np.float64]:
        """Return the most units there can be of each material, by week; ``(n_materials, n_weeks)``.

        The first week holds what is on hand. In the weeks before an order placed now could arrive nothing
        does, unless materials are taken to be ordered in time (past windows, unknown stock).
        """
        known = np.isfinite(self.on_hand) & (not ordered_in_time)
        too_early = known[:, None] & (np.arange(weeks) < self.lead[:, None])
        most = np.where(too_early, 0.0, np.broadcast_to(self.limit[:, None], (len(self.names), weeks)))
        most[:, 0] += np.where(known, self.on_hand, 0.0)
        return most


def arrivals(need: NDArray[np.float64], materials: Materials) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the stock to start with and the units that must arrive in each week, as late as limits allow.

    Parameters
    ----------
    need
        Units used in each week; ``(n_materials, n_weeks)``.
    materials
        What is bought.

    Returns
    -------
    start
        Units on hand, or taken to be; ``(n_materials,)``.
    units
        ``(n_materials, n_weeks)``; an order is at least the minimum, and what is left of it serves later weeks.
    """
    weeks = need.shape[1]
    total = np.cumsum(need, axis=1)
    within_lead = np.where(np.arange(weeks) < materials.lead[:, None], need, 0.0).sum(axis=1)
    start = np.where(np.isfinite(materials.on_hand), materials.on_hand, within_lead)
    owed = np.maximum(total - start[:, None], 0.0)
    by_week = owed.copy()
    for week in range(weeks - 2, -1, -1):
        by_week[:, week] = np.maximum(owed[:, week], by_week[:, week + 1] - materials.limit)
    units = np.diff(by_week, axis=1, prepend=0.0)
    taken = np.isnan(materials.on_hand)[:, None] & (np.arange(weeks) < materials.lead[:, None])
    start = start + np.where(taken, units, 0.0).sum(axis=1)
    units = np.where(taken, 0.0, units)
    spare = np.zeros(len(units))
    for week in range(weeks):
        asked = np.maximum(units[:, week] - spare, 0.0)
        ordered = np.where(asked > LEAST, np.maximum(asked, np.minimum(materials.minimum, materials.limit)), 0.0)
        spare = spare + ordered - units[:, week]
        units[:, week] = ordered
    return start, units


def purchases(units: NDArray[np.float64], materials: Materials, weeks: tuple[date, ...]) -> list[dict[str, object]]:
    """Return the rows of the table ``purchases``: one order for each arrival."""
    rows = []
    for number, name in sorted(enumerate(materials.names), key=lambda pair: pair[1]):
        for week in np.flatnonzero(units[number] > LEAST):
            arrives = weeks[week]
            rows.append(
                {
                    "material": name,
                    "supplier": "",
                    "site": "all",
                    "week": arrives - timedelta(weeks=int(materials.lead[number])),
                    "arrives": arrives,
                    "units": float(units[number, week]),
                    "cost": float(units[number, week] * materials.cost[number]),
                }
            )
    return rows


def projection(problem: Problem, supply: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return units sold and scrapped in each week on average; ``(n_products, n_weeks)`` each.

    Goods that still sell after the last week are left, not scrapped.
    """
    room = ((0, 0), (0, 0), (0, 1))
    weeks = (*problem.weeks, problem.weeks[-1] + timedelta(weeks=1))
    longer = replace(problem.without_limits(), demand=np.pad(problem.demand, room), weeks=weeks)
    longer = replace(longer, resources=no_resources(*longer.shape))
    outcome = expect(longer, np.pad(supply, room[1:]))
    return outcome.sold[:, :-1], outcome.expired[:, :-1]
