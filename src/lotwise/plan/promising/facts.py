"""What promises are made from: what the plan leaves free, and how each item is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

ALWAYS = "always"
ANYWHERE = "all"
PLENTY = 1e15
"""Units of what can be had without a limit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One component of an item.

    Parameters
    ----------
    component
        What goes in.
    quantity
        Units of it for one unit started.
    option, value
        When it goes in; ``"always"`` twice for always.
    share
        Share of orders that have it, as the plan counts; 1 for always.
    """

    component: str
    quantity: float
    option: str = ALWAYS
    value: str = ALWAYS
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """How one item is made.

    Parameters
    ----------
    steps
        Number of the machine, hours for one unit started, hours to set up one lot, and hours to set up its family.
    lines
        What goes in.
    lead
        Whole weeks from starting to having it where it is needed.
    good
        Share of what is started that is good.
    least, step, largest
        Smallest lot and multiple, 0 for any; largest lot, infinite for any.
    family
        Items of one family share the hours that set it up; empty for none.
    """

    steps: tuple[tuple[int, float, float, float], ...] = ()
    lines: tuple[Line, ...] = ()
    lead: int = 0
    good: float = 1.0
    least: float = 0.0
    step: float = 0.0
    largest: float = float("inf")
    family: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an option: money that a unit with it brings, and costs, more."""

    price: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Where ``if_option`` has ``if_value``, ``then_option`` must have ``then_value`` (``requires``) or must not."""

    name: str
    product: str
    kind: str
    if_option: str
    if_value: str
    then_option: str
    then_value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a ``Book`` starts from; arrays of shape ``(n_items, n_weeks)`` or ``(n_machines, n_weeks)``.

    Parameters
    ----------
    weeks
        Mondays of the weeks.
    machines, items
        Names.
    regular, extra
        Regular and overtime hours that are free.
    overtime_cost
        Money for one overtime hour; ``(n_machines,)``.
    machine_price, item_price
        What one more hour, or unit above its standard cost, would earn: the plan's prices.
    demand_price
        What one more unit ordered of each product would earn, 0 for nothing or less; not a number where nobody says.
    free
        Units of each item that can be taken by the end of each week if nothing is taken before: what is planned and not
        ordered of a product; stock nothing in the plan needs, and what can still be bought, of the others. Taking units in
        a week takes them from all later weeks too.
    planned
        Units of each product the plan makes ready in each week.
    up, shared
        Whether the plan makes the item, or another one of its family, in lots started in each week.
    ways
        How each item is made that is made.
    products
        Price and standard cost of one unit of each product that can be promised.
    opens
        Weeks from now before which an order for a material arrives nowhere; of items that are bought.
    first
        Number of the first week in which anything new can be started.
    options, rules
        Values of each option of each product, and what goes with what.
    transit
        Days from ready to delivered, by region; regions that are not named take none.
    multiples
        Units of each product that are delivered in whole multiples, where there are any.
    now
        Number of the week in which promises are made: none is for an earlier one.
    open_hours
        Hours of each machine in a week of the plan on average, overtime left out; ``(n_machines,)``.
    """

    weeks: tuple[date, ...]
    machines: tuple[str, ...]
    items: tuple[str, ...]
    regular: NDArray[np.float64]
    extra: NDArray[np.float64]
    overtime_cost: NDArray[np.float64]
    open_hours: NDArray[np.float64]
    machine_price: NDArray[np.float64]
    item_price: NDArray[np.float64]
    demand_price: NDArray[np.float64]
    free: NDArray[np.float64]
    planned: NDArray[np.float64]
    up: NDArray[np.bool_]
    shared: NDArray[np.bool_]
    ways: dict[str, Way]
    products: dict[str, tuple[float, float]]
    opens: dict[str, int] = field(default_factory=dict)
    first: int = 0
    options: dict[str, dict[str, dict[str, Value]]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    transit: dict[str, int] = field(default_factory=dict)
    multiples: dict[str, float] = field(default_factory=dict)
    now: int = 0
