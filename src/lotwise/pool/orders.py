"""What is special about orders: prices and revenues derive each other, returns are negative, the future is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from lotwise.pool.faults import NO, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from lotwise.stage import Engine


def complete(rows: ibis.Table) -> ibis.Table:
    """Return order lines with kind, signs, unit price and revenue that agree; doing it twice changes nothing.

    A line with negative units is a return, and a return has negative units and revenue. A missing unit
    price is revenue / units, a missing revenue is units x unit price.
    """
    kind = ibis.coalesce(rows["kind"].lower(), ibis.ifelse(rows["units"] < 0, "return", "sale"))
    kind = ibis.ifelse((kind == "sale") & (rows["units"] < 0), "return", kind)
    back = (kind == "return").fill_null(NO)
    units = ibis.ifelse(back, -rows["units"].abs(), rows["units"])
    revenue = ibis.ifelse(back, -rows["revenue"].abs(), rows["revenue"])
    signed = rows.mutate(kind=kind, units=units, revenue=revenue)
    sound = ~signed["units"].isnan()  # else the price would be at fault as well
    price = ibis.coalesce(
        signed["unit_price"], ibis.ifelse(sound, signed["revenue"] / signed["units"].nullif(0), ibis.null("float64"))
    )
    paid = ibis.coalesce(signed["revenue"], ibis.ifelse(sound, signed["units"] * signed["unit_price"], ibis.null("float64")))
    return signed.mutate(unit_price=price, revenue=paid)


def convert(rows: ibis.Table, factors: Mapping[str, float], engine: Engine) -> ibis.Table:
    """Return order lines in our units: units times the product's factor, unit prices divided by it."""
    if not factors:
        return rows
    columns = {"of": pa.array(factors.keys(), pa.string()), "factor": pa.array(factors.values(), pa.float64())}
    known = engine.from_arrow(pa.table(columns))
    joined = rows.left_join(known, rows["product"] == known["of"])
    factor = ibis.coalesce(joined["factor"], 1.0)
    return joined.mutate(units=joined["units"] * factor, unit_price=joined["unit_price"] / factor).select(rows.columns)


def beyond(today: date | None) -> Callable[[ibis.Table], Sequence[Fault]]:
    """Return what gives the faults of order lines from the first unknown day on; none where no day is set."""

    def found(rows: ibis.Table) -> Sequence[Fault]:
        if today is None:
            return ()
        late = rows["time"] >= ibis.timestamp(str(today))
        return [Fault("time", f"on {today} or later, which is not known yet (project.today)", late)]

    return found
