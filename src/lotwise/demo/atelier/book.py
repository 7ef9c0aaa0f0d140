"""The order book as the shops keep it, with the dirt that real deliveries carry, counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lotwise.demo.atelier.catalog import CODES, LOCATIONS, REGIONS, STYLES, choices
from lotwise.demo.atelier.law import START, Reals, stream
from lotwise.demo.atelier.people import Lines, extra_price

DAY = np.timedelta64(1, "D")
LEAD_DAYS = (14, 21)
DUPLICATES, CANCELLED, REVERSED = 150, 400, 120


@dataclass(frozen=True)
class Planted:
    """How many rows of each fault the files hold; none of them is demand.

    Parameters
    ----------
    duplicates
        Order lines delivered twice, word for word.
    cancelled
        Order lines with the state cancelled, on orders of their own.
    reversed_sales
        Sales with a line of as many units taken back three days later in the same order.
    unknown_products
        Views of a style that does not exist.
    bad_units, bad_times
        Order lines, further to all these, whose units or time cannot be read.
    notes_with_phones
        Customers whose household note holds a telephone number.
    texts_with_mails, texts_with_phones, texts_with_names
        Reviews whose text holds such a thing.
    """

    duplicates: int
    cancelled: int
    reversed_sales: int
    unknown_products: int
    bad_units: int
    bad_times: int
    notes_with_phones: int
    texts_with_mails: int
    texts_with_phones: int
    texts_with_names: int


def orders(seed: int, bought: Lines, emails: pa.ChunkedArray, depth: Reals) -> pa.Table:
    """Return the order lines: ``depth`` is the (styles, weeks) share off the list price, options' extras included."""
    listed = np.array([style.price for style in STYLES])[bought.style] + extra_price(bought)
    off = depth[bought.style, bought.day // 7]
    price = (listed * (1 - off)).round(2)
    start = np.datetime64(START, "s")
    time = start + bought.day * DAY + bought.second * np.timedelta64(1, "s")
    letter = np.array([region[0].upper() for region in REGIONS])[bought.region]
    shops = np.array([(LOCATIONS[name] * 2)[:2] for name in REGIONS])
    to_order = np.array([style.make == "order" for style in STYLES])[bought.style]
    wait = stream(seed, "due").integers(*LEAD_DAYS, len(bought.style), endpoint=True)
    due = (time + wait * DAY).astype("datetime64[D]")
    return pa.table(
        {
            "region": np.array(REGIONS)[bought.region],
            "order": [f"{a}{number:06d}" for a, number in zip(letter, bought.visit, strict=True)],
            "line": bought.line,
            "time": time,
            "customer": emails.take(pa.array(bought.customer)),
            "product": np.array(CODES)[bought.style],
            "location": shops[bought.region, bought.shop],
            "units": bought.units,
            "price": price,
            "revenue": (price * bought.units).round(2),
            "discount": ((listed - price) * bought.units).round(2),
            "due": pa.array(due, mask=~to_order),
            "state": np.full(len(price), "done"),
        }
    )


def options(bought: Lines, order: pa.ChunkedArray) -> pa.Table:
    """Return the options chosen on each order line, one row an option."""
    parts = []
    for option in choices(STYLES[0]):
        names = [list(choices(style)[option]) for style in STYLES]
        widest = max(map(len, names))
        table = np.array([values + [""] * (widest - len(values)) for values in names])
        value = table[bought.style, bought.chosen[option]]
        parts.append(pa.table({"order": order, "line": bought.line, "option": np.full(len(value), option), "value": value}))
    return pa.concat_tables(parts).combine_chunks().sort_by([("order", "ascending"), ("line", "ascending")])


def soil(seed: int, book: pa.Table) -> pa.Table:
    """Return the order book with rows that are no demand: repeated, cancelled, taken back."""
    rng = stream(seed, "dirt")
    to_order = np.flatnonzero(book["due"].is_valid().to_numpy())
    early = to_order[book["time"].to_numpy()[to_order] < book["time"].to_numpy().max() - 10 * DAY]
    repeated = book.take(rng.choice(book.num_rows, DUPLICATES, replace=False))
    cancelled = _renamed(book.take(rng.choice(to_order, CANCELLED, replace=False)), "C", state="cancelled")
    sale = _renamed(book.take(rng.choice(early, REVERSED, replace=False)), "V", state="done")
    return pa.concat_tables([book, cancelled, sale, _back(sale), repeated]).combine_chunks()


def _back(sale: pa.Table) -> pa.Table:
    """Return the lines that take sales back, on the same order three days later."""
    back = _with(sale, "line", sale["line"].to_numpy() + 1)
    back = _with(back, "time", sale["time"].to_numpy() + 3 * DAY)
    for name in ("units", "revenue", "discount"):
        back = _with(back, name, -sale[name].to_numpy())
    return _with(back, "state", np.full(sale.num_rows, "returned"))


def _renamed(rows: pa.Table, letter: str, *, state: str) -> pa.Table:
    """Return the rows as first lines of orders of their own."""
    rows = _with(rows, "order", [f"{letter}{number:06d}" for number in range(rows.num_rows)])
    rows = _with(rows, "line", np.ones(rows.num_rows, dtype=np.int64))
    return _with(rows, "state", np.full(rows.num_rows, state))


def _with(rows: pa.Table, name: str, values: object) -> pa.Table:
    place = rows.column_names.index(name)
    return rows.set_column(place, name, pa.array(values, rows.schema.field(name).type))
