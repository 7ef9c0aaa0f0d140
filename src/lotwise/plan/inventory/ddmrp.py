"""Demand-driven buffers (DDMRP): red, yellow and green zones from average usage, as practice sets them; a baseline.

With the usage a day U, the decoupled lead time L in days, its factor l and the variability factor v:

- yellow ``U L``: what is used in a lead time;
- red ``U L l (1 + v)``: base and safety;
- green: the largest of ``U L l``, ``U`` times the order cycle, and the least order.

At a net flow position (on hand + on order - qualified demand) no higher than the top of yellow, order up to the top of
green. The factors are a planner's judgment, not a service target: what service they give only a simulation says.

References
----------
Ptak and Smith (2016), Demand Driven Material Requirements Planning (DDMRP). Miclo, Lauras, Fontanili, Lamothe and
Melnyk (2019), Demand Driven MRP: assessment of a new approach to materials management, International Journal of Production
Research 57(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.inventory.bounds import above, at_least, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Buffer:
    """Zones in units, at least 0; ``()`` or one for each row of demand.

    Raises
    ------
    InputError
        A zone is negative or not finite.
    """

    red: NDArray[np.float64]
    yellow: NDArray[np.float64]
    green: NDArray[np.float64]

    def __post_init__(self) -> None:
        for zone in ("red", "yellow", "green"):
            object.__setattr__(self, zone, at_least(zone, getattr(self, zone)))

    @property
    def top_of_red(self) -> NDArray[np.float64]:
        """Below it stock on hand raises an alarm."""
        return self.red

    @property
    def top_of_yellow(self) -> NDArray[np.float64]:
        """At or below it the net flow position asks for an order."""
        return self.red + self.yellow

    @property
    def top_of_green(self) -> NDArray[np.float64]:
        """What an order brings the net flow position up to."""
        return self.red + self.yellow + self.green

    @property
    def average_stock(self) -> NDArray[np.float64]:
        """Stock on hand that practice expects on average: red and half of green."""
        return self.red + self.green / 2

    def order(self, position: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the units to order at a net flow position."""
        return np.where(position <= self.top_of_yellow, np.maximum(self.top_of_green - position, 0.0), 0.0)

    def color(self, position: ArrayLike) -> NDArray[np.str_]:
        """Return the zone of a position: ``red``, ``yellow``, ``green``, or ``over`` above the top of green."""
        position = np.asarray(position, dtype=np.float64)
        tops = (self.top_of_red, self.top_of_yellow, self.top_of_green)
        return np.select([position <= top for top in tops], ["red", "yellow", "green"], "over")


def zones(
    usage: ArrayLike,
    lead: ArrayLike,
    *,
    lead_factor: ArrayLike = 0.5,
    variability: ArrayLike = 0.5,
    cycle: ArrayLike = 0.0,
    least_order: ArrayLike = 0.0,
) -> Buffer:
    """Return the three zones; all arrays broadcast.

    Parameters
    ----------
    usage
        Average units a day (or a week), at least 0.
    lead
        Decoupled lead time in the same periods, above 0. With a review every r periods add r - 1: that long an order may wait.
    lead_factor
        Above 0 up to 1: 0.2-0.4 for long lead times, 0.41-0.6 for middling, 0.61-1 for short ones. Default 0.5.
    variability
        0 up to 1 as a rule: 0-0.4 for steady demand, 0.41-0.6 for middling, 0.61-1 for lively. Default 0.5.
    cycle
        Periods from order to order that are wanted, at least 0.
    least_order
        Units, at least 0.

    Raises
    ------
    InputError
        A value is out of range.
    """
    usage, lead, lead_factor = at_least("usage", usage), above("lead", lead), above("lead_factor", lead_factor)
    if (lead_factor > 1).any():
        raise InputError(f"lead_factor: found {lead_factor.max():g}; expected at most 1. Give a share, such as 0.5.")
    variability, cycle, least_order = (
        at_least(name, value) for name, value in (("variability", variability), ("cycle", cycle), ("least_order", least_order))
    )
    yellow = usage * lead
    base = yellow * lead_factor
    green = np.maximum(np.maximum(base, usage * cycle), least_order)
    red, yellow, green = (zone.copy() for zone in np.broadcast_arrays(base * (1.0 + variability), yellow, green))
    return Buffer(red, yellow, green)


def average_usage(demand: ArrayLike, periods: int) -> NDArray[np.float64]:
    """Return the mean demand of the last ``periods`` periods; ``demand.shape[:-1]``.

    Raises
    ------
    InputError
        Demand is negative, or shorter than ``periods``.
    """
    demand = at_least("demand", demand)
    periods = int(whole("periods", periods, 1))
    length = demand.shape[-1] if demand.ndim else 0
    if length < periods:
        raise InputError(f"demand: found {length} periods; expected at least {periods}. Average over fewer.")
    found: NDArray[np.float64] = demand[..., -periods:].mean(axis=-1)
    return found


def net_flow(on_hand: ArrayLike, on_order: ArrayLike, orders: ArrayLike, spike: ArrayLike) -> NDArray[np.float64]:
    """Return on hand + on order - qualified demand: what is due by today, and spikes within the horizon.

    Parameters
    ----------
    on_hand, on_order
        Units, at least 0; ``(...)``.
    orders
        Customers' orders by day due, units; ``(..., n_days)``. The first day holds all that is due by today, the last day
        is the end of the spike horizon (as a rule the lead time).
    spike
        A later day counts, whole, where its orders are at least this many units (as a rule half of red).

    Raises
    ------
    InputError
        A value is out of range.
    """
    on_hand, on_order = at_least("on_hand", on_hand), at_least("on_order", on_order)
    orders, spike = np.atleast_1d(at_least("orders", orders)), above("spike", spike)
    later = orders[..., 1:]
    spikes = np.where(later >= spike[..., None], later, 0.0).sum(axis=-1)
    found: NDArray[np.float64] = on_hand + on_order - orders[..., 0] - spikes
    return found
