"""Choice occasions in a project's own records: purchases by customers who had looked at products of the category."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.gap.choices.logit import Occasions, Reals, Whole, followers, separators
from lotwise.gap.choices.regret import Offer, Reach
from lotwise.gap.choices.shelf import Shelf, shelf
from lotwise.gap.value import places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

KINDS = ("view", "search", "cart")
"""Kinds of events that tell what a customer had before them."""

DAYS = 7
"""Days before a purchase in which what was looked at counts as shown."""

FEWEST = 200
"""Occasions with two products shown under which no part-worths are fitted."""

LEAST_LINKED = 0.5
"""Of the purchases after a look at the category that chance would not give, the share whose product must have been looked at.

As in Cohen's kappa: 1 where buyers always looked at what they bought, 0 where looks fall on products as if by chance."""

MOST_ROWS = 300_000
"""Alternatives of all occasions; above it occasions are drawn at random."""

MOST_DUMMIES = 40
"""Products up to which each has a part-worth of its own; above it brand, type and package have, each value of them."""

_SECONDS = 86_400


@dataclass(frozen=True)
class Looks:
    """Purchases after which the category had been looked at, and what was looked at.

    Parameters
    ----------
    customer, product, day
        Of each purchase, ``(n_purchases,)``; days count from 1970.
    purchase, looked
        Purchase and product of each thing looked at, pairs without repeats in order of both.
    """

    customer: Whole
    product: Whole
    day: Whole
    purchase: Whole
    looked: Whole


def chosen_among(tables: Mapping[str, pa.Table], rng: np.random.Generator) -> Offer | str:
    """Return the occasions of the tables ``orders`` and ``events``, or why there are none and what it would take.

    An occasion is an order line of a customer who had looked at products of its category in the seven days before, the one
    bought among them: purchases of what was not looked at tell that looks are not what buyers chose from, and to put what
    was bought among what was looked at would favor it. What was looked at stands for what was shown. The catalogue is what
    was sold within four weeks around, within its first and last day where they are known.

    Parameters
    ----------
    tables
        ``orders`` and ``events``; ``products`` and ``economics`` where they exist.
    rng
        Draws the occasions where there are too many alternatives to hold.
    """
    missing = _missing(tables)
    if missing:
        return missing
    known = shelf(tables)
    looks = _looks(tables, known)
    sizes = known.sizes(looks.product, looks.day)
    looks, sizes = _of(looks, sizes > 1), sizes[sizes > 1]
    own = looks.looked == looks.product[looks.purchase]
    viewed = np.bincount(looks.purchase[own], minlength=len(sizes)) > 0
    seen = np.bincount(looks.purchase, minlength=len(sizes))
    if len(sizes) < FEWEST:
        return _FEW.format(count=f"{(viewed & (seen > 1)).sum():,}", fewest=FEWEST, days=DAYS)
    chance = float(np.minimum(seen / sizes, 1.0).mean())
    if viewed.mean() < chance + LEAST_LINKED * (1 - chance):
        return _ELSEWHERE.format(count=f"{len(sizes):,}", share=f"{viewed.mean():.0%}", chance=f"{chance:.0%}")
    return _offer(_of(looks, viewed), known, rng)


def reach(tables: Mapping[str, pa.Table]) -> Reach | str:
    """Return how much of the catalogue nobody saw, and how much each customer with a look did not; or what it would take.

    The catalogue is the table ``products``, or what was sold where there is none. What was looked at or bought was seen.

    Parameters
    ----------
    tables
        ``orders`` and ``events``; ``products`` where it exists.
    """
    missing = _missing(tables)
    if missing:
        return missing
    events, orders = _exposures(tables["events"]), _sales(tables["orders"])
    products = pc.unique(tables.get("products", orders)["product"])
    people = pc.unique(events["customer"])
    customer, product = (
        np.concatenate([places(table[name], values) for table in (events, orders)])
        for name, values in (("customer", people), ("product", products))
    )
    ours = product >= 0
    never = len(products) - len(np.unique(product[ours]))
    seen = np.unique((customer * len(products) + product)[ours & (customer >= 0)])
    each = np.bincount(seen // len(products), minlength=len(people))
    everything = np.full(len(people), float(len(products)))
    return Reach(everything - each, everything, never, len(products))


def _missing(tables: Mapping[str, pa.Table]) -> str:
    """Return what it takes, where there are no sales or no looks of known customers."""
    if "orders" not in tables or not _sales(tables["orders"]).num_rows:
        return "There is no sale to a known customer. It takes orders with customers, and events of what they were shown."
    if "events" not in tables or not _exposures(tables["events"]).num_rows:
        return "There is no event of what a customer was shown. It takes events of kind view with customer, product and time."
    return ""


def _sales(orders: pa.Table) -> pa.Table:
    sold = pc.and_(pc.equal(orders["kind"], "sale"), pc.greater(orders["units"], 0))
    return orders.filter(pc.and_(sold, pc.is_valid(orders["customer"])))


def _exposures(events: pa.Table) -> pa.Table:
    told = pc.and_(pc.is_valid(events["customer"]), pc.is_valid(events["product"]))
    return events.filter(pc.and_(told, pc.is_in(events["kind"], value_set=pa.array(KINDS))))


def _looks(tables: Mapping[str, pa.Table], known: Shelf) -> Looks:
    """Return the purchases of customers who had looked at the category, with all they had looked at in it."""
    orders, events = _sales(tables["orders"]), _exposures(tables["events"])
    people = pc.unique(events["customer"])
    who, what, when = (places(events["customer"], people), places(events["product"], known.products), _seconds(events))
    buyer, bought, time = (places(orders["customer"], people), places(orders["product"], known.products), _seconds(orders))
    event, ours = np.flatnonzero(what >= 0), np.flatnonzero((buyer >= 0) & (bought >= 0))
    buyer, bought, time = buyer[ours], bought[ours], time[ours]
    first = min(when.min(), time.min()) - DAYS * _SECONDS
    span = max(when.max(), time.max()) - first + 1
    order = event[np.argsort(who[event] * span + when[event] - first, kind="stable")]
    key = who[order] * span + when[order] - first
    low = np.searchsorted(key, buyer * span + time - first - DAYS * _SECONDS)
    high = np.searchsorted(key, buyer * span + time - first, side="right")
    purchase = np.repeat(np.arange(len(buyer)), high - low)
    place = np.arange(len(purchase)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[purchase]
    looked = what[order][place]
    alike = known.category[looked] == known.category[bought[purchase]]
    pairs = np.unique(purchase[alike] * len(known.products) + looked[alike])
    purchase, looked = pairs // len(known.products), pairs % len(known.products)
    kept, purchase = np.unique(purchase, return_inverse=True)
    return Looks(buyer[kept], bought[kept], time[kept] // _SECONDS, purchase.astype(np.int64), looked)


def _of(looks: Looks, kept: NDArray[np.bool_]) -> Looks:
    """Return some of the purchases, numbered anew."""
    rows = kept[looks.purchase]
    number = np.cumsum(kept) - 1
    return Looks(looks.customer[kept], looks.product[kept], looks.day[kept], number[looks.purchase[rows]], looks.looked[rows])


def _seconds(table: pa.Table) -> Whole:
    return np.asarray(table["time"].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() // 1_000_000, dtype=np.int64)


def _offer(looks: Looks, known: Shelf, rng: np.random.Generator) -> Offer | str:
    """Return the catalogue of each purchase and what was shown of it, with the attributes that can be told apart."""
    sizes, everything = known.sizes(looks.product, looks.day), len(looks.customer)
    if sizes.sum() > MOST_ROWS:
        fits = max(int(len(sizes) * MOST_ROWS / sizes.sum()), 1)
        kept = np.zeros(len(sizes), dtype=np.bool_)
        kept[rng.choice(len(sizes), fits, replace=False)] = True
        looks = _of(looks, kept)
    purchase, product = known.catalogue(looks.product, looks.day, looks.purchase, looks.looked)
    shown = np.isin(purchase * len(known.products) + product, looks.purchase * len(known.products) + looks.looked)
    price = known.price[product, known.week(looks.day)[purchase]]
    good = np.isfinite(price)
    purchase, product, shown, price = purchase[good], product[good], shown[good], price[good]
    names, dummies = known.dummies(product, looks.product, MOST_DUMMIES)
    offer = _told_apart((*names, "price"), np.column_stack([dummies, price]), purchase, product, shown, looks, known)
    if isinstance(offer, str):
        return offer
    before, after = len(np.unique(product)), len(np.unique(offer.product))
    said = [_DRAWN.format(share=f"{len(looks.customer) / everything:.1%}")] if len(looks.customer) < everything else []
    said += [_SILENT.format(count=before - after, products=before)] if after < before else []
    return replace(offer, note=" ".join(said))


def _told_apart(
    names: tuple[str, ...],
    columns: Reals,
    purchase: Whole,
    product: Whole,
    shown: NDArray[np.bool_],
    looks: Looks,
    known: Shelf,
) -> Offer | str:
    """Return the offer without the products of which the choices do not tell how they are liked.

    These are products that were never shown beside others, and those never chosen, or always, when shown. To leave
    alternatives out changes no odds between the others in a logit; occasions on which such a product was bought go with it.
    """
    attribute = np.arange(len(names))
    while True:
        own = product == looks.product[purchase]
        had = np.bincount(purchase[own], minlength=len(looks.customer)) > 0
        two = had & (np.bincount(purchase[shown], minlength=len(had)) > 1)
        if two.sum() < FEWEST:
            return _FEW.format(count=f"{two.sum():,}", fewest=FEWEST, days=DAYS)
        rows = had[purchase]
        purchase, product, shown, columns = purchase[rows], product[rows], shown[rows], columns[rows]
        kept, size = np.unique(purchase, return_counts=True)
        own = np.flatnonzero(product == looks.product[purchase])
        whole = Occasions(tuple(names[place] for place in attribute), columns, np.cumsum(size) - size, own)
        offer = Offer(whole, shown, product, looks.customer[kept], known.margin(product, looks.day[purchase]))
        seen = offer.seen()
        silent = followers(seen) or separators(seen)
        if not silent:
            return offer
        if len(attribute) - 1 in silent:
            return _FLAT_PRICE
        rows = (columns[:, silent] == 0).all(axis=1)
        purchase, product, shown = purchase[rows], product[rows], shown[rows]
        columns, attribute = np.delete(columns[rows], silent, axis=1), np.delete(attribute, silent)


_FEW = (
    "{count} purchases followed a look at two products of the category within {days} days, the one bought among them. It takes "
    "{fewest} at least: events of kind view of the customers who then buy."
)
_ELSEWHERE = (
    "Of {count} purchases after a look at the category {share} were of a product looked at, and {chance} would be had looks "
    "fallen on products by chance: they do not say what buyers chose from. It takes a record of what each customer was shown."
)
_DRAWN = "Only {share} of the recorded choices were used, drawn at random."
_SILENT = (
    "{count} of {products} products are left out: never shown beside others, or always or never chosen then, they tell nothing "
    "of how they are liked."
)
_FLAT_PRICE = (
    "Prices do not change between occasions while products stay the same, or alone decide every choice, so liking cannot be "
    "told from price. It takes weeks with other prices."
)
