"""Orders to suppliers and shipments between sites: when they arrive, how much may be ordered, and what it costs."""

from __future__ import annotations

import math
from collections import defaultdict
from statistics import NormalDist
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, broken, unequal
from lotwise.plan.check.facts import WEEK
from lotwise.plan.check.published import holds, rows_of
from lotwise.plan.check.supply import ALL
from lotwise.plan.check.works import sized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.published import Row
    from lotwise.plan.check.supply import Supply

MOST_SPREADS = 4.0
"""Standard deviations of a delivery's time that are planned for at most."""


def lead_weeks(price: Row, service: float) -> int:
    """Return the weeks a delivery is planned with: the quantile of a normal distribution, in whole weeks."""
    mean, spread = float(price.get("lead_weeks") or 0), price.get("lead_spread") or 0.0
    if spread == 0:
        return int(mean)
    deviations = math.copysign(math.inf, service - 0.5) if service in {0.0, 1.0} else NormalDist().inv_cdf(service)
    late = min(max(deviations, -MOST_SPREADS), MOST_SPREADS)
    return max(math.ceil(mean + late * spread - 1e-9), 0)


def orders(of: Supply) -> Iterator[Breach]:
    """Yield orders nobody can place, that do not arrive as said, of a size not sold, or that cost something else."""
    arriving: dict[tuple[str, str, date], float] = defaultdict(float)
    for row in of.purchases:
        name, week, units = row["material"], row["week"], row["units"]
        by = f" from {row['supplier']}" if row["supplier"] else ""
        at, rows = ("purchase", name, week), f"table 'purchases', {name}{by} ordered in the week of {week}"
        offered = [price for price in of.prices(name) if price["supplier"] == row["supplier"] and holds(price, week)]
        if not offered:
            remedy = "Nobody sells it then: see suppliers and materials, and plan again."
            yield broken(at, (units, "at most", 0.0), rows, remedy)
            continue
        smallest = min(offered, key=lambda price: price["from_units"])
        price = max((one for one in offered if one["from_units"] <= units + SOLVER), key=_from, default=smallest)
        lead, waits, late = lead_weeks(price, of.settings.lead_service), (row["arrives"] - week) / WEEK, -of.number(week)
        if waits != lead:
            yield broken(at, (waits, "weeks to arrive exactly", lead), rows, "Order as far ahead as the supplier needs.")
        if late > 0:
            remedy = "Nobody can order in the past: plan with what there is, or find a faster supplier."
            yield broken(at, (late, "weeks before the cutoff at most", 0), rows, remedy)
        if not of.is_frozen(week):
            least = max(price.get("minimum_order") or 0.0, price["from_units"])
            yield from sized(at, units, (least, price.get("order_multiple") or 0.0, None), rows)
        money = units * price["unit_price"] + (price.get("order_cost") or 0.0)
        judged = [("cost", row["cost"], money, HALF * (price["unit_price"] + 4) + SHARE * money)]
        yield from unequal(at, judged, rows, f"{units:,.10g} units cost {price['unit_price']:,.10g} each there: plan again.")
        limit, cell = price.get("weekly_limit"), (name, row["supplier"], row["arrives"])
        arriving[cell] += units
        if limit is not None and of.settings.mode != "unconstrained" and arriving[cell] > limit * (1 + SHARE) + SOLVER:
            remedy = "Spread it over the weeks before."
            yield broken(at, (arriving[cell], "arriving in one week at most", limit), rows, remedy)


def _from(price: Row) -> float:
    return float(price["from_units"])


def shipments(of: Supply) -> Iterator[Breach]:
    """Yield shipments that no lane takes, or not in that time, of that size and at that cost."""
    lanes = {(row["item"], row["origin"], row["target"]): row for row in rows_of(of.tables, "lanes")}
    for row in of.shipments if "lanes" in of.tables else ():
        item, week, units = row["item"], row["week"], row["units"]
        at, rows = ("shipment", item, week), f"table 'shipments', {item} from {row['origin']} to {row['target']}"
        lane = next((lanes[key] for name in (item, ALL) if (key := (name, row["origin"], row["target"])) in lanes), None)
        if lane is None:
            yield broken(at, (units, "at most", 0.0), rows, "Nothing takes it there: add a row to lanes.")
            continue
        judged = [
            ("arrives (weeks after it leaves)", (row["arrives"] - week) / WEEK, lane["lead_weeks"] or 0, 0.0),
            ("cost", row["cost"], units * (lane["unit_cost"] or 0.0), HALF * ((lane["unit_cost"] or 0.0) + 4)),
        ]
        yield from unequal(at, judged, rows, AGAIN)
        if of.number(week) < 0:
            yield broken(at, (-of.number(week), "weeks before the cutoff at most", 0), rows, "Nobody can ship in the past.")
        if not of.is_frozen(week):
            limit = None if of.settings.mode == "unconstrained" else lane["weekly_limit"]
            yield from sized(at, units, (lane["minimum"] or 0.0, lane["multiple"] or 0.0, limit), rows)
