"""What a policy gives when demand comes: service, stock and orders, for many products and paths at once.

In every period, in this order: what was ordered ``lead`` periods ago arrives and serves what is owed; every ``review``
periods the policy looks at the position (on hand and on order, less what is owed) and orders, which with no lead time is
there at once; then demand comes and is served from stock, and the rest is owed or lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from lotwise.errors import InputError
from lotwise.plan.inventory.bounds import at_least, one_of, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

UNMET = ("backorder", "lost")
"""What becomes of demand that finds no stock."""
NOTHING = 1e-9
"""Units below this are rounding."""


class Policy(Protocol):
    """Whatever says how much to order at a position."""

    def order(self, position: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the units to order, at least 0, of the shape of ``position``."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """What came of a policy, one number for each row of demand; ``demand.shape[:-1]``.

    Attributes
    ----------
    cycle
        Share of review cycles, from what a review ordered to what the next one did, in which nothing was owed or lost at
        the end of a period. With a review every period it is the share of periods.
    fill
        Share of demand served from stock in its own period; 1 where there was none.
    stock, owed
        Units on hand and units owed at the end of a period, on average.
    orders
        Orders a period.
    ordered
        Units ordered a period.
    """

    cycle: NDArray[np.float64]
    fill: NDArray[np.float64]
    stock: NDArray[np.float64]
    owed: NDArray[np.float64]
    orders: NDArray[np.float64]
    ordered: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Path:
    """Every period of a simulation; each ``(n_rows, n_periods)``."""

    stock: NDArray[np.float64]
    owed: NDArray[np.float64]
    missed: NDArray[np.float64]
    ordered: NDArray[np.float64]


def simulate(
    policy: Policy,
    demand: ArrayLike,
    *,
    lead: ArrayLike = 0,
    review: int = 1,
    unmet: str = "backorder",
    opening: ArrayLike | None = None,
    warmup: int = 0,
) -> Service:
    """Return the service, stock and orders of a policy on demand that came or was drawn.

    Parameters
    ----------
    policy
        Its arrays broadcast to the rows, ``demand.shape[:-1]``.
    demand
        Units, at least 0; ``(..., n_periods)``.
    lead
        Whole periods from 0: one number, or one for each period an order may be placed in (broadcasts to ``demand``). Orders
        with lead times that differ may overtake one another.
    review
        Periods from one look at the position to the next; the first is in period 0.
    unmet
        ``backorder`` or ``lost``.
    opening
        Units on hand before period 0; broadcasts to the rows. Default: what the policy orders at an empty position.
    warmup
        Periods left out of the measures, beyond the (shortest) lead time. Cycles are counted whole: what is left over at the
        end is left out too.

    Raises
    ------
    InputError
        A value is out of range, or no whole cycle is left to be measured.
    """
    demand = at_least("demand", demand)
    if not demand.ndim:
        raise InputError("demand: found one number; expected periods along the last axis. Give an array.")
    one_of("unmet", unmet, UNMET)
    review, warmup = int(whole("review", review, 1)), int(whole("warmup", warmup))
    rows, periods = demand.shape[:-1], demand.shape[-1]
    leads = np.minimum(np.broadcast_to(whole("lead", lead), demand.shape), periods)  # later than the end is never
    shortest = int(leads.min()) if leads.size else 0
    start = shortest + -(-warmup // review) * review
    cycles = (periods - start) // review
    if cycles < 1:
        raise InputError(
            f"demand: found {periods} periods; expected at least {start + review}: lead time, warm-up, a cycle of {review}. "
            "Give more periods or a shorter warm-up."
        )
    first = policy.order(np.zeros(rows)) if opening is None else at_least("opening", opening)
    path = _play(policy, demand, leads, np.broadcast_to(first, rows), (review, unmet == "lost"))
    measured = slice(start, start + cycles * review)

    is_short = (path.owed + path.missed > NOTHING)[..., measured]
    asked, missed = demand[..., measured].sum(axis=-1), path.missed[..., measured].sum(axis=-1)
    return Service(
        cycle=1.0 - is_short.reshape(*rows, cycles, review).any(axis=-1).mean(axis=-1),
        fill=1.0 - np.divide(missed, asked, out=np.zeros(rows), where=asked > 0),
        stock=path.stock[..., measured].mean(axis=-1),
        owed=path.owed[..., measured].mean(axis=-1),
        orders=(path.ordered > NOTHING)[..., measured].mean(axis=-1),
        ordered=path.ordered[..., measured].mean(axis=-1),
    )


def _play(
    policy: Policy,
    demand: NDArray[np.float64],
    leads: NDArray[np.int64],
    opening: NDArray[np.float64],
    rule: tuple[int, bool],
) -> _Path:
    """Return every period; ``rule`` is the review and whether what is not served is lost."""
    review, is_lost = rule
    periods = demand.shape[-1]
    # periods first: a period's numbers lie side by side in memory, which makes long paths several times faster
    asked, waits = (np.ascontiguousarray(np.moveaxis(array, -1, 0)) for array in (demand, leads))
    due = np.zeros((periods + int(leads.max(initial=0)) + 1, *opening.shape))
    stock, owed, missed, ordered = (np.zeros(asked.shape) for _ in range(4))
    on_hand, on_order, waiting = opening.astype(np.float64), np.zeros(opening.shape), np.zeros(opening.shape)
    for period in range(periods):
        if period % review == 0:
            order = np.broadcast_to(policy.order(on_hand + on_order - waiting), opening.shape)
            ordered[period] = order
            place = (period + waits[period])[None]
            np.put_along_axis(due, place, np.take_along_axis(due, place, axis=0) + order[None], axis=0)
            on_order = on_order + order
        arrived = due[period]
        on_order, on_hand = on_order - arrived, on_hand + arrived
        served = np.minimum(waiting, on_hand)
        waiting, on_hand = waiting - served, on_hand - served

        sold = np.minimum(asked[period], on_hand)
        on_hand = on_hand - sold
        missed[period] = asked[period] - sold
        waiting = waiting if is_lost else waiting + missed[period]
        stock[period], owed[period] = on_hand, waiting
    return _Path(*(np.moveaxis(array, 0, -1) for array in (stock, owed, missed, ordered)))
