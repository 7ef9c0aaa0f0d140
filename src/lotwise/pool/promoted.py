"""Promotions by region: how much of a region's trade sees a product promoted in a week.

Sources tell it by place: product x location x week. A place counts as much as it sold of its region's
sales before the first cutoff, so that no later sale tells a forecast anything.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, NamedTuple

import ibis
import pyarrow as pa

from lotwise.pool.clean import note_duplicates, note_emptied, reject
from lotwise.pool.duplicates import settle
from lotwise.pool.faults import NO, any_of, faults
from lotwise.pool.missing import fill_constants
from lotwise.pool.typed import shape
from lotwise.tables.collected import PLACE_PROMOTIONS
from lotwise.tables.pooled import PROMOTIONS

if TYPE_CHECKING:
    from datetime import date

    from lotwise.config import Pool
    from lotwise.pool.quality import Book

EXACT = float(2**30)
"""Weights are counted in this fraction: sums of whole numbers below 2^53 are exact in any order."""

BITS = 50
"""Places told apart by one sum of powers of 2, which stays exact in a double."""

MOST_WORDS = 4
"""Most such sums; with more places the smallest share bits, and what they promote is looked at row by row."""

SHARES = ("display", "mailer", "front")


class Place(NamedTuple):
    """A location as part of a region."""

    location: str
    region: str
    weight: float


def weigh(orders: ibis.Table, book: Book, *, before: date) -> list[Place]:
    """Return every location of every region with its share of the region's revenue before a day.

    Where a region sold nothing before, its locations count alike. Location ``"all"`` stands for all.
    """
    sales = orders.filter(orders["kind"] == "sale")
    early = sales["time"] < ibis.timestamp(str(before))
    sold = sales.group_by("location", "region").aggregate(
        revenue=sales["revenue"].cast("decimal(18,4)").sum(where=early).cast("float64")
    )
    rows = book.engine.to_arrow(sold.order_by("region", "location")).to_pylist()
    totals: dict[str, float] = {}
    counts: dict[str, int] = {}
    for row in rows:
        totals[row["region"]] = totals.get(row["region"], 0.0) + max(row["revenue"] or 0.0, 0.0)
        counts[row["region"]] = counts.get(row["region"], 0) + 1
    places = [
        Place(
            row["location"],
            row["region"],
            max(row["revenue"] or 0.0, 0.0) / total if (total := totals[row["region"]]) else 1 / counts[row["region"]],
        )
        for row in rows
        if row["location"] != "all"
    ]
    return [*places, *(Place("all", region, 1.0) for region in sorted(totals))]


def pool(relation: ibis.Table, places: list[Place], book: Book, settings: Pool) -> ibis.Table:
    """Return ``promotions`` by product, region and week.

    Tens of millions of rows pass in one reading, which adds them up by region and finds on the way whether
    any row is at fault and in which few products and weeks a key stands twice. Only where there are such
    rows is anything read again: to say what is wrong, and to settle row by row which of a key counts.

    Parameters
    ----------
    relation
        ``nameless.promotions``.
    places
        As ``weigh`` gives them.
    book
        Where counts and reasons go.
    settings
        ``[pool]``.
    """
    table, engine = PLACE_PROMOTIONS, book.engine
    rows = fill_constants(table, shape(table, relation, engine, tidy=False), book, settings.missing)
    required = frozenset(
        name.partition(".")[2] for name, rule in settings.missing.items() if rule == "reject" and name.startswith("promotions.")
    )
    found = faults(table, rows, required=required)
    known = _places(places, rows.filter(~any_of(found)), book)
    added = engine.materialize(_add_up(rows.mutate(bad=any_of(found)), known))
    sums = added.filter(~added["bad"])
    read, rejected, good = _total(added["own"], book), 0, rows
    if book.rows(added.filter(added["bad"])):
        read, rejected = reject(table, rows, found, book)
        good = rows.filter(~any_of(found))

    doubted = engine.materialize(sums.filter(sums["doubted"]).select("product", "week").distinct())
    identical = different = 0
    if book.rows(doubted):
        settled = settle(
            table, engine.materialize(good.semi_join(doubted, ["product", "week"])), engine, winner=settings.duplicates
        )
        identical, different = settled.identical, settled.different
        if settled.losers is not None:
            note_duplicates(table, settled.losers, identical, different, book, settings)
            sums = sums.anti_join(doubted, ["product", "week"]).union(_add_up(settled.kept.mutate(bad=NO), known))
            sums = engine.materialize(sums)
    kept = read - rejected - identical - different
    book.balance(table.name, read=read, kept=kept, rejected=rejected, duplicates=identical + different)
    note_emptied(table, book, settings)
    return _shares(sums, book)


def _places(places: list[Place], rows: ibis.Table, book: Book) -> ibis.Table:
    """Return the places as a relation, each with a bit of its own, and with ``own`` 1 once for every location."""
    if all(place.location == "all" for place in places):
        places = [*places, *_alike(places, rows, book)]
    words = min(MOST_WORDS, -(-len(places) // BITS))
    first = {place.location: number for number, place in reversed(list(enumerate(places)))}
    columns = {
        "location": pa.array([place.location for place in places], pa.string()),
        "region": pa.array([place.region for place in places], pa.string()),
        "own": pa.array([float(number == first[place.location]) for number, place in enumerate(places)], pa.float64()),
        "weight": pa.array([float(round(place.weight * EXACT)) for place in places], pa.float64()),
    }
    ranked = sorted(range(len(places)), key=lambda number: -places[number].weight)
    alone = (words - 1) * BITS
    bit = {number: rank if rank < alone else alone + rank % BITS for rank, number in enumerate(ranked)}
    for word in range(words):
        mine = [1 << bit[number] % BITS if bit[number] // BITS == word else 0 for number in range(len(places))]
        columns[f"bit_{word}"] = pa.array(mine, pa.int64())
    return book.engine.from_arrow(pa.table(columns))


def _alike(places: list[Place], rows: ibis.Table, book: Book) -> list[Place]:
    """Return the places of promotions, all alike, for orders that name no place."""
    named = rows.filter(rows["location"] != "all").select("location").distinct().order_by("location")
    names = book.engine.to_arrow(named)["location"].to_pylist()
    if names:
        book.count("promotions", "places alike", len(names), "orders name no place, so all places of promotions count alike")
    return [Place(name, place.region, 1 / len(names)) for name in names for place in places]


def _add_up(rows: ibis.Table, places: ibis.Table) -> ibis.Table:
    """Return sums of weights by product, region and week, good and bad rows apart, and whether a key may stand twice in them.

    Each place of a region has a bit of its own. A sum of powers of 2 is the bits of all of them together
    exactly where none comes twice; else it is larger.
    """
    joined = rows.left_join(places, rows["location"] == places["location"])
    sums = {name: (joined["weight"] * ibis.coalesce(joined[name], 0.0)).round(0).cast("float64").sum() for name in SHARES}
    told = joined["discount"].notnull()
    sums |= {
        "off": (joined["weight"] * joined["discount"]).round(0).cast("float64").sum(),
        "told": joined["weight"].sum(where=told),
        "times": joined.count(),
        "own": ibis.coalesce(joined["own"], 1.0).sum(),
    }
    words = [name for name in places.columns if name.startswith("bit_")]
    for word in words:
        sums |= {f"sum_{word}": joined[word].cast("float64").sum(), f"any_{word}": joined[word].bit_or()}
    summed = joined.group_by("product", "region", "week", "bad").aggregate(**sums)
    carried = [summed[f"sum_{word}"] != summed[f"any_{word}"].cast("float64") for word in words]
    doubted = (summed["times"] > 1) & (summed["region"].isnull() | functools.reduce(operator.or_, carried))
    return summed.mutate(doubted=doubted).drop(*(f"{kind}_{word}" for word in words for kind in ("sum", "any")))


def _shares(sums: ibis.Table, book: Book) -> ibis.Table:
    """Return the shares of each product, region and week, and count the rows of places nobody ordered at."""
    nowhere = _total(sums.filter(sums["region"].isnull())["own"], book)
    book.count(
        "promotions",
        "location: not in orders",
        nowhere,
        "kept out of the shares; no order names the place" if nowhere else None,
    )
    here = sums.filter(sums["region"].notnull())
    shares = {name: ibis.least(1.0, here[name] / EXACT) for name in SHARES}
    off = here["off"] / here["told"].nullif(0)
    discount = (off > 1.0).ifelse(1.0, off)  # least() would take 1 where nothing was told
    pooled = here.mutate(**shares, discount=discount).select(PROMOTIONS.names).order_by(PROMOTIONS.key)
    return book.engine.materialize(pooled)


def _total(column: ibis.Value, book: Book) -> int:
    """Return the sum of a column of whole numbers."""
    total = column.name("total").as_table()
    return int(book.engine.to_arrow(total.aggregate(total=total["total"].sum()))["total"][0].as_py() or 0)
