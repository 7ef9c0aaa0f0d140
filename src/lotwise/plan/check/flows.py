"""Stock of the current plan week by week, from what comes and what is taken: never below zero, and what is for sale."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import AGAIN, HALF, SHARE, SOLVER, broken
from lotwise.plan.check.buying import lead_weeks
from lotwise.plan.check.published import rows_of
from lotwise.plan.check.supply import ALL, CUSTOMERS, arrivals, sites_of, takings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.check.breach import Breach
    from lotwise.plan.check.supply import Bounds, Supply


def granted(of: Supply, item: str) -> int:
    """Return the weeks in which users of an item take what they need, for nobody counts it and no order placed now arrives."""
    if item in of.counted or of.is_made(item):
        return 0
    prices = of.prices(item)
    return min((lead_weeks(price, of.settings.lead_service) for price in prices), default=0)


def stocks(of: Supply) -> Iterator[Breach]:
    """Yield the first week in which more of a component or material is taken than is there: at all sites together, and at each.

    Each site is judged where every row about the item names one.
    """
    coming, going = arrivals(of), takings(of)
    sent: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in of.shipments:
        sent[row["item"], row["origin"]][of.number(row["week"])] -= row["units"]
        if row["target"] != CUSTOMERS:
            sent[row["item"], row["target"]][of.number(row["arrives"])] += row["units"]
    products = set(of.plan.products)
    for item, sites in sites_of(coming, going, sent, of.opening).items():
        if item in products or item not in of.judged:
            continue
        yield from _never_negative(of, item, sites, (coming, going, sent))
        if len(sites) > 1 and ALL not in sites:
            for site in sites:
                yield from _never_negative(of, item, [site], (coming, going, sent))


def _never_negative(of: Supply, item: str, sites: list[str], flows: tuple) -> Iterator[Breach]:  # type: ignore[type-arg]
    coming, going, sent = flows
    there, scale, free = math.fsum(of.opening.get((item, site), 0.0) for site in sites), 0.0, granted(of, item)
    where = f"at {sites[0]}" if len(sites) == 1 and sites[0] != ALL else "at all sites"
    for number, week in enumerate(of.plan.weeks):
        came = math.fsum(coming[item, site][number] + sent[item, site][number] for site in sites)
        took = math.fsum(going[item, site][number][0] for site in sites) if number >= free else 0.0
        there, scale = there + came - took, scale + abs(came) + took
        if there < -SOLVER - SHARE * scale - HALF * (len(of.lots) + len(of.purchases) + 2):
            at, rows = ("stock", item, week), f"stock {where}, added up from the first week"
            remedy = "Make or buy more before, or take less: see lots, purchases, receipts and stock, and plan again."
            yield broken(at, (there, "at least", 0.0), rows, remedy)
            return


def stored(of: Supply) -> set[str]:
    """Return the products that are kept and moved before they are sold: at several sites, over lanes, or as a component."""
    made = [(lot["item"], lot["site"]) for lot in of.lots]
    places = sites_of(of.items, of.opening, made)
    lanes = {row["item"] for row in rows_of(of.tables, "lanes", "item", "target") if row["target"] == CUSTOMERS}
    return {
        product
        for product in of.plan.products
        if product in of.parts or {product, ALL} & lanes or len(set(places.get(product, ())) - {ALL}) > 1
    }


def for_sale(of: Supply) -> Iterator[Breach]:
    """Yield products whose units of ``plans`` are not what lots, purchases and receipts make ready for sale.

    A product that is ``stored`` is put up for sale when the plan wants it: of such a one no more than was there so far.
    """
    coming, going, kept = arrivals(of), takings(of), stored(of)
    places = sites_of(coming, going, of.opening)
    for product in of.plan.products:
        sites, is_kept = places.get(product, []), product in kept
        there = math.fsum(of.opening.get((product, site), 0.0) for site in sites) if is_kept else 0.0
        for number, week in enumerate(of.plan.weeks):
            came = math.fsum(coming[product, site][number] - going[product, site][number][0] for site in sites)
            units, there = of.plan.units(product, week), there + came
            slack = SOLVER + SHARE * abs(there) + HALF * (len(of.lots) + 2) * (number + 1)
            if not (units <= there + slack if is_kept else abs(units - there) <= slack):
                rows = f"{of.plan.name}, beside lots, purchases and receipts"
                said = (units, "at most" if is_kept else "exactly", there)
                yield broken(("for sale", product, week), said, rows, AGAIN)
                break
            there -= units


def projected(of: Supply) -> dict[tuple[str, date], list[tuple[str, Bounds, float]]]:
    """Return what the projection must say is received and used of each item in each week: column, bounds and slack."""
    coming, going = arrivals(of), takings(of)
    found: dict[tuple[str, date], list[tuple[str, Bounds, float]]] = {}
    places, products = sites_of(coming, going, of.opening), set(of.plan.products)
    for item in sorted((places.keys() & of.judged) | products):
        sites, free = places.get(item, []), granted(of, item)
        for number, week in enumerate(of.plan.weeks):
            came = math.fsum(coming[item, site][number] for site in sites)
            least, most = (math.fsum(going[item, site][number][end] for site in sites) for end in (0, 1))
            row = of.plan.rows.get((item, week))
            sold, slack = 0.0 if row is None else row["sold"], HALF * (4 + len(of.lots)) + SHARE * (came + most)
            found[item, week] = [
                ("received", (came, came + (most if number < free else 0.0)), slack),
                ("used", (least + sold, most + sold), slack),
            ]
    return found
