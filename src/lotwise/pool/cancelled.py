"""Sales that were taken back: each return takes out the latest equal sale before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis

from lotwise.pool.faults import NO
from lotwise.pool.quality import count_rows

if TYPE_CHECKING:
    from lotwise.stage import Engine

SAME = ("customer", "product", "size")
"""A return and its sale share these; size is the number of units without its sign."""


class Matched(NamedTuple):
    """Orders after matching, how many returns there are, and how many found their sale."""

    orders: ibis.Table
    returns: int
    matched: int


def match_returns(orders: ibis.Table, engine: Engine) -> Matched:
    """Return the orders with kind ``cancelled`` for every sale that a return takes out.

    Sales and returns of one customer, product and number of units pair like brackets in the order of
    time: a return closes the latest open sale, each sale is closed once, and a return with no open sale
    stays alone. Returns without a customer stay alone too. Sales that are cancelled already take part,
    so that matching twice changes nothing.

    Notes
    -----
    With steps +1 for a sale and -1 for a return, S the running sum and m = min(0, running minimum of
    S), S - m is the number of open sales. A sale opens the slot of that number and the next return in
    the same slot closes it.
    """
    sized = orders.mutate(size=orders["units"].abs())
    returns = sized.filter(sized["kind"] == "return", sized["customer"].notnull(), sized["size"] > 0)
    wanted = engine.materialize(returns.select(SAME).distinct())
    everything = count_rows(orders.filter(orders["kind"] == "return"), engine)
    if count_rows(wanted, engine) == 0:
        return Matched(orders, everything, 0)

    slotted = _slots(sized.semi_join(wanted, SAME))
    following = slotted["step"].lead().over(_time("slot"))
    closed = slotted.mutate(closed=(slotted["step"] == 1) & (following == -1))
    taken = engine.materialize(
        closed.filter(closed["closed"].fill_null(NO)).select("order", "line", gone=ibis.literal(value=True))
    )
    joined = orders.left_join(taken, ["order", "line"])
    kind = ibis.ifelse(joined["gone"].fill_null(NO), "cancelled", joined["kind"])
    return Matched(engine.materialize(joined.mutate(kind=kind).select(orders.columns)), everything, count_rows(taken, engine))


def _slots(events: ibis.Table) -> ibis.Table:
    """Return sales and returns with the slot each opens or closes; 0 for a return that finds none open."""
    stepped = events.mutate(step=ibis.ifelse(events["kind"] == "return", -1.0, 1.0))
    summed = stepped.mutate(total=stepped["step"].sum().over(_time(so_far=True)))
    opened = summed.mutate(open=summed["total"] - ibis.least(0.0, summed["total"].min().over(_time(so_far=True))))
    before = ibis.coalesce(opened["open"].lag().over(_time()), 0.0)
    return opened.mutate(slot=ibis.ifelse(opened["step"] == 1, opened["open"], before))


def _time(*also: str, so_far: bool = False) -> ibis.expr.builders.WindowBuilder:
    """Return the window of equal sales and returns in the order of time, sales first where times are equal."""
    order = [ibis._.time, ibis._.step.desc(), ibis._.order, ibis._.line]
    frame = {"preceding": None, "following": 0} if so_far else {}
    return ibis.window(group_by=[*SAME, *also], order_by=order, **frame)
