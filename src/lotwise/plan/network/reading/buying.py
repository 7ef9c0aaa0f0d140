"""Purchases: one activity for each price of each supplier, and what is taken to be there before an order could arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtri

from lotwise.plan.network.reading.draft import IN_USE, Draft, Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.plan.network.reading.draft import Book
    from lotwise.plan.network.reading.given import Given, Row

SPREAD = 4.0
"""Standard deviations that a lead time is planned with at most."""
LONGEST = 10**9
"""Weeks that no plan reaches."""


class Price(NamedTuple):
    """One price one supplier asks; of a price break one of several."""

    supplier: str
    row: Row
    lead: int
    least: float
    limit: float


def add_purchases(book: Book) -> None:
    """Write down what buys every item that is bought, at every site that gets it.

    A lead time that spreads is planned with the quantile ``plan.lead_service`` of a normal distribution, at most four standard
    deviations from its mean, rounded up to whole weeks. Price breaks are all-units discounts: one activity for each, whose
    order is a switch with its smallest units. A weekly limit holds for all prices and sites of a supplier together, counted
    in the week of ordering. ``materials`` sells what no supplier does and nothing makes.
    """
    for item in sorted(book.places.order):
        found = prices(book.given, item)
        for site in _sites(book, item) if found else ():
            drafts = [_purchase(book, price, item, site, found) for price in found]
            _take_for_granted(book, item, site, drafts)
            book.drafts += drafts


def prices(given: Given, item: str) -> list[Price]:
    """Return the prices an item can be bought at: those of its suppliers, else that of the table ``materials``."""
    material = given.index["materials"].get(item, {})
    rows = given.suppliers.get(item, ())
    if not rows and material and item not in given.steps:
        least, limit = material.get("minimum_order") or 0.0, material.get("weekly_limit")
        row = {"unit_price": material["unit_cost"], "order_multiple": None, "from_units": 0.0}
        return [Price("", row, min(material.get("lead_weeks") or 0, LONGEST), least, np.inf if limit is None else limit)]
    limits: dict[str, float] = {}
    for row in rows:
        if row.get("weekly_limit") is not None:
            limits[row["supplier"]] = min(limits.get(row["supplier"], np.inf), row["weekly_limit"])
    return [
        Price(
            row["supplier"],
            row,
            lead_weeks(row, material.get("lead_weeks") or 0, given.settings.plan.lead_service),
            max(row["from_units"], row.get("minimum_order") or 0.0),
            limits.get(row["supplier"], np.inf),
        )
        for row in sorted(rows, key=lambda row: (row["supplier"], row["from_units"]))
    ]


def lead_weeks(row: Row, otherwise: int, service: float) -> int:
    """Return the whole weeks that deliveries are planned with."""
    mean, spread = row.get("lead_weeks"), row.get("lead_spread") or 0.0
    mean = otherwise if mean is None else mean
    late = float(np.clip(ndtri(service), -SPREAD, SPREAD)) * spread
    return int(min(max(np.ceil(mean + late - 1e-9), 0), LONGEST))


def _sites(book: Book, item: str) -> Sequence[str]:
    """Return the sites an item is delivered to: those ``items`` names for it, else every one it is at."""
    at = book.places.at[item]
    if not at and item in book.places.sale:
        return (book.places.sale[item],)
    named = tuple(site for site in at if (item, site) in book.given.index["items"])
    return named or at


def _purchase(book: Book, price: Price, item: str, site: str, every: Sequence[Price]) -> Draft:
    """Return one activity: units of one supplier at one price, delivered to one site."""
    row, tiers = price.row, sum(other.supplier == price.supplier for other in every)
    name = f"buy {item}" + (f" from {price.supplier}" if price.supplier else "")
    shared = tiers * len(_sites(book, item)) > 1
    limits = [Whole(f"weekly limit: {name}", "order", largest=price.limit)] if shared and 0 < price.limit < np.inf else []
    name += (f" from {row['from_units']:g} units" if row["from_units"] else "") + f" at {site}"
    cost, multiple = row.get("order_cost") or 0.0, row.get("order_multiple") or 0.0
    least = round_up(price.least, multiple)
    orders = [Whole(f"order: {name}", "order", least, cost=cost)] if least > 0 or cost > 0 else []
    return Draft(
        name, "buy", {}, {book.number[item, site]: 1.0},
        lead=price.lead, cost=row["unit_price"] - book.standard[item], holds=book.given.within(row), most=price.limit,
        multiple=multiple, wholes=(*orders, *limits), unit_price=row["unit_price"], key=("buy", item, price.supplier, site),
    )  # fmt: skip


def round_up(least: float, multiple: float) -> float:
    """Return the smallest whole multiple that is at least so many units."""
    return float(np.ceil(least / multiple - 1e-9) * multiple) if multiple > 0 else least


def _take_for_granted(book: Book, item: str, site: str, drafts: list[Draft]) -> None:
    """Let users of a bought item that nobody counts take what they need before an order placed now could arrive.

    They take from an item that does not keep, so that nothing is stored for later weeks out of what is only taken to be there.
    """
    weeks, given = book.given.weeks, book.given
    counted = any(key[0] == item for key in given.stock)
    if counted or item in given.products or item in given.made:
        return
    kept = book.number[item, site]
    first = min((int(np.argmax(reach > 0)) + d.lead for d in drafts if (reach := d.reach(weeks)).any()), default=weeks)
    if first == 0:
        return
    part = replace(book.parts[kept], name=item + IN_USE, keeps=False)
    book.in_use[kept] = book.add(part)
    early = np.arange(weeks) < first
    book.drafts += [
        Draft(f"{item} taken to be there at {site}", "buy", {}, {book.in_use[kept]: 1.0}, holds=early),
        Draft(f"use {item} at {site}", "replace", {kept: 1.0}, {book.in_use[kept]: 1.0}),
    ]
