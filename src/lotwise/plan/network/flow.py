"""What a network does: levels of activities, times on, stocks, and what all of it costs above standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Flow:
    """What every activity, switch and machine does in each week of a plan.

    Parameters
    ----------
    level
        Level of each activity, by the week it is started in; ``(n_activities, n_weeks)``.
    times
        Times each switch is on, whole numbers; ``(n_switches, n_weeks)``.
    stock
        Units of each item kept at the end of each week; ``(n_items, n_weeks)``, 0 where an item does not keep.
    overtime
        Overtime hours; ``(n_machines, n_weeks)``.
    charges
        Money above standard of each cause (``overtime, setup, order, shift, buy, make, move, replace, holding, safety, left,
        change``) by week; ``(n_weeks,)`` each. They are costs: what is saved is below 0. ``change`` is no cost to anybody
        and is left out of profits.
    machine_price, item_price, room_price
        What one more hour of a machine, unit of an item there at the start of the week, or unit of room earns
        (``prices.prices_of``); ``(n_machines, n_weeks)``, ``(n_items, n_weeks)``, ``(n_sites, n_weeks)``.
    demand_price
        What one more unit ordered of each product would earn; ``(n_products, n_weeks)``, absent where nobody asked.
    ranges
        Fewer and more hours, units or room for which each price holds: ``machines``, ``items``, ``rooms``, each ``(2, ...)``;
        absent where the program is too large to say.
    expected
        The part of each level that is decided only once orders are known, on average over the scenarios: no work order is
        written for it yet; ``(n_activities, n_weeks)``, absent where everything is decided here and now.
    """

    level: NDArray[np.float64]
    times: NDArray[np.float64]
    stock: NDArray[np.float64]
    overtime: NDArray[np.float64]
    charges: dict[str, NDArray[np.float64]]
    machine_price: NDArray[np.float64]
    item_price: NDArray[np.float64]
    room_price: NDArray[np.float64]
    demand_price: NDArray[np.float64] | None = None
    ranges: dict[str, NDArray[np.float64]] | None = None
    expected: NDArray[np.float64] | None = None
