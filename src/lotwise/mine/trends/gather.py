"""The weekly series that trends are looked for in, from the pool's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.trends.series import Series, logged, steadied
from lotwise.mine.trends.words import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from lotwise.stage import Inputs

WEEK_DAYS, MONDAY = 7, 4
"""Days of a week, and the first Monday counted from 1970-01-01."""

FEWEST = 3.0
"""Orders, lines or texts a week, on average, below which a series is too thin to be looked at."""

LONGEST_SEARCH = 100
"""Characters of a search that tell one from another."""


def gather(inputs: Inputs, mined: Mapping[str, pa.Table], *, most: int) -> list[Series]:
    """Return every kind of series there is data for; the largest ``most`` of each kind."""
    weeks = Weeks.of(inputs)
    if weeks is None:
        return []
    found = [*_sales(inputs, weeks, most), *_options(inputs, weeks, most)]
    if inputs.has("events"):
        found += [*_texts(inputs.table("events"), weeks, most), *_opinions(mined["readings"], weeks, most)]
    for table, name, value in (("competitors", "competitor", "price"), ("signals", "signal", "value")):
        if inputs.has(table):
            found += _outside(inputs.table(table), weeks, most, kind=name, value=value)
    return [series for series in found if len(series)]


class Weeks:
    """The whole weeks that orders are known for.

    Parameters
    ----------
    start
        Day of the first Monday, counted from 1970-01-01.
    count
        How many.
    """

    def __init__(self, start: int, count: int) -> None:
        self.start, self.count = start, count

    @classmethod
    def of(cls, inputs: Inputs) -> Weeks | None:
        """Return the weeks of which every day lies between the first and the last order known; None where there are none."""
        day = inputs.table("orders")["time"].cast(pa.date32(), safe=False)
        if today := inputs.settings.project.today:
            day = day.filter(pc.less(day, pa.scalar(today)))
        if not len(day):
            return None
        first, last = (pc.min(day).as_py().toordinal() - EPOCH, pc.max(day).as_py().toordinal() - EPOCH)
        start = -(-(first - MONDAY) // WEEK_DAYS) * WEEK_DAYS + MONDAY
        count = (last + 1 - start) // WEEK_DAYS
        return cls(start, count) if count > 0 else None

    def place(self, days: pa.ChunkedArray) -> NDArray[np.int64]:
        """Return the place of the week each day or time lies in; -1 outside."""
        day = days.cast(pa.timestamp("us")).to_numpy().astype("datetime64[D]").astype(np.int64)
        place = (day - self.start) // WEEK_DAYS
        return np.where((place >= 0) & (place < self.count), place, -1)

    def counted(self, names: pa.ChunkedArray, days: pa.ChunkedArray, weights: NDArray[np.float64], most: int) -> Counted:
        """Return the sum of the weights by name and week, for the names with the largest sums; equal ones by name."""
        place = self.place(days)
        encoded = names.combine_chunks().dictionary_encode()
        code = encoded.indices.fill_null(-1).to_numpy()
        known = (place >= 0) & (code >= 0)
        kinds = encoded.dictionary.to_pylist()
        total = np.bincount(code[known], weights[known], len(kinds))
        often = np.flatnonzero(total >= FEWEST * self.count).tolist()
        keep = sorted(often, key=lambda row: (-total[row], kinds[row]))[:most]
        row = np.full(len(kinds) + 1, -1)
        row[keep] = np.arange(len(keep))
        known &= row[code] >= 0
        cell = row[code[known]] * self.count + place[known]
        sums = np.bincount(cell, weights[known], len(keep) * self.count).reshape(len(keep), self.count)
        return tuple(kinds[place] for place in keep), sums.astype(np.float64)

    def total(self, names: pa.ChunkedArray, days: pa.ChunkedArray, weights: NDArray[np.float64]) -> dict[str, float]:
        """Return the sum of the weights in all weeks by name, however small."""
        encoded = names.combine_chunks().dictionary_encode()
        code = encoded.indices.fill_null(-1).to_numpy()
        known = (self.place(days) >= 0) & (code >= 0)
        kinds = encoded.dictionary.to_pylist()
        return dict(zip(kinds, np.bincount(code[known], weights[known], len(kinds)).tolist(), strict=True))


Counted = tuple[tuple[str, ...], "NDArray[np.float64]"]
EPOCH = 719_163
"""Day 1970-01-01 as Python counts days."""


def _sales(inputs: Inputs, weeks: Weeks, most: int) -> Iterator[Series]:
    """Yield units of everything, of each category and of each product, and what a unit of each brings."""
    orders = inputs.table("orders")
    orders = orders.filter(pc.and_(pc.equal(orders["kind"], "sale"), pc.greater(orders["units"], 0)))
    units, revenue = orders["units"].to_numpy(), orders["revenue"].to_numpy(zero_copy_only=False)
    is_paid = np.isfinite(revenue)
    paid = (np.where(is_paid, np.maximum(revenue, 0.0), 0.0), np.where(is_paid, units, 0.0))
    all_names = pa.chunked_array([pa.array(["all"]).take(pa.array(np.zeros(len(units), dtype=np.int64)))])
    everything = weeks.counted(all_names, orders["time"], units, 1)[1]
    names = {"all": all_names, "product": orders["product"]}
    if inputs.has("products"):
        products = inputs.table("products")
        place = pc.index_in(orders["product"], value_set=products["product"].combine_chunks())
        names["category"] = products["category"].combine_chunks().take(place.combine_chunks())
        names["category"] = pa.chunked_array([names["category"]])
    for kind in ("all", "category", "product"):
        if kind not in names:
            continue
        kept, sold = weeks.counted(names[kind], orders["time"], units, most)
        money, of = (weeks.total(names[kind], orders["time"], each) for each in paid)
        price = np.array([money[name] / of[name] if of[name] > 0 else np.nan for name in kept])
        sold = _since_first(sold) if kind == "product" else sold
        less = everything[0] if kind != "all" and len(everything) else None
        scale = np.where(np.isfinite(sold), logged(np.nan_to_num(sold), less=less), np.nan)
        yield Series(
            kind, kept, weeks.start, sold, scale, is_log=True, unit="units", source="orders.units", price=price,
            is_beside=less is not None,
        )  # fmt: skip


def _since_first(sold: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the counts with the weeks before a series' first made absent: it was not on sale."""
    return np.where(np.cumsum(sold > 0, axis=1) > 0, sold, np.nan)


def _options(inputs: Inputs, weeks: Weeks, most: int) -> Iterator[Series]:
    """Yield the share each value of an option has of the lines of its product."""
    if not inputs.has("order_options") or not inputs.table("order_options").num_rows:
        return
    orders = inputs.table("orders").select(["order", "line", "product", "time", "kind"])
    lines = inputs.table("order_options").join(orders, ["order", "line"], join_type="inner")
    lines = lines.filter(pc.equal(lines["kind"], "sale"))
    key = pc.binary_join_element_wise(lines["product"], lines["option"], " ")
    full = pc.binary_join_element_wise(key, lines["value"], ": ")
    one = np.ones(lines.num_rows)
    totals = dict(zip(*weeks.counted(key, lines["time"], one, 10**9), strict=True))
    kept, count = weeks.counted(full, lines["time"], one, most)
    whole = pa.table({"full": full, "key": key}).group_by(["full", "key"]).aggregate([])
    keys = dict(zip(whole["full"].to_pylist(), whole["key"].to_pylist(), strict=True))
    of = [keys[name] for name in kept]
    here = [row for row, name in enumerate(of) if name in totals]
    total = np.array([totals[of[row]] for row in here]).reshape(len(here), weeks.count)
    yield _shares(
        "option", tuple(kept[row] for row in here), count[here], total, weeks, "share of lines", "order_options.value"
    )


def _shares(
    kind: str, names: tuple[str, ...], count: NDArray[np.float64], total: NDArray[np.float64], weeks: Weeks, *said: str
) -> Series:
    total = np.broadcast_to(total, count.shape)
    level = np.where(total > 0, count / np.maximum(total, 1e-9), np.nan)
    unit, source = said
    return Series(kind, names, weeks.start, level, steadied(count, total), is_log=False, unit=unit, source=source)


def _texts(events: pa.Table, weeks: Weeks, most: int) -> Iterator[Series]:
    """Yield what is searched for, and the share of texts that hold a word."""
    searches = events.filter(pc.and_(pc.equal(events["kind"], "search"), pc.is_valid(events["text"])))
    if searches.num_rows:
        names = pc.utf8_lower(pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(searches["text"], 0, LONGEST_SEARCH)))
        names = pc.if_else(pc.equal(names, ""), pa.scalar(None, pa.string()), names)
        kept, count = weeks.counted(names, searches["time"], np.ones(searches.num_rows), most)
        total = np.bincount(weeks.place(searches["time"]) + 1, minlength=weeks.count + 1)[1:].astype(float)
        yield _shares("search", kept, count, total, weeks, "share of searches", "events.text")
    said = events.filter(
        pc.and_(pc.is_in(events["kind"], value_set=pa.array(["review", "survey", "chat"])), pc.is_valid(events["text"]))
    )
    if said.num_rows:
        place = weeks.place(said["time"])
        names, count = spoken(said["text"].to_pylist(), place, weeks.count, most=most, fewest=FEWEST)
        total = np.bincount(place + 1, minlength=weeks.count + 1)[1:].astype(float)
        yield _shares("word", names, count, total, weeks, "share of texts", "events.text")


def _opinions(readings: pa.Table, weeks: Weeks, most: int) -> Iterator[Series]:
    """Yield the share of each product's texts that are against it."""
    readings = readings.filter(pc.is_valid(readings["product"]))
    if not readings.num_rows:
        return
    against = (readings["sentiment"].to_numpy() < 0).astype(float)
    totals = dict(zip(*weeks.counted(readings["product"], readings["week"], np.ones(len(against)), most), strict=True))
    counts = dict(zip(*weeks.counted(readings["product"], readings["week"], against, 10**9), strict=True))
    names = tuple(totals)
    empty = np.zeros(weeks.count)
    count = np.array([counts.get(name, empty) for name in names]).reshape(len(names), weeks.count)
    total = np.array([totals[name] for name in names]).reshape(len(names), weeks.count)
    yield _shares("opinion", names, count, total, weeks, "share against", "readings.sentiment")


def _outside(table: pa.Table, weeks: Weeks, most: int, *, kind: str, value: str) -> Iterator[Series]:
    """Yield the weekly mean of each competitor's price of each product, or of each signal."""
    if not table.num_rows:
        return
    if kind == "competitor":
        name = pc.binary_join_element_wise(table["competitor"], table["product"], ": ")
    else:
        name = pc.binary_join_element_wise(table["signal"], table["product"], table["region"], " ")
        name = pc.replace_substring(name, " all", "")
    values = table[value].to_numpy()
    sums = dict(zip(*_all(weeks, name, table["week"], values), strict=True))
    counts = dict(zip(*_all(weeks, name, table["week"], np.ones(len(values))), strict=True))
    names = tuple(sorted(counts, key=lambda key: (-counts[key].sum(), key)))[:most]
    shape = (len(names), weeks.count)
    count = np.array([counts[key] for key in names]).reshape(shape)
    level = np.where(count > 0, np.array([sums[key] for key in names]).reshape(shape) / np.maximum(count, 1), np.nan)
    positive = bool(np.nanmin(level, initial=np.inf) > 0)
    scale = np.log(level) if positive else level
    unit = "money" if kind == "competitor" else "value"
    yield Series(kind, names, weeks.start, level, scale, is_log=positive, unit=unit, source=f"{kind}s.{value}")


def _all(weeks: Weeks, names: pa.ChunkedArray, days: pa.ChunkedArray, weights: NDArray[np.float64]) -> Counted:
    """Return sums by name and week of every name, however small."""
    place = weeks.place(days)
    encoded = names.combine_chunks().dictionary_encode()
    known = place >= 0
    kinds = tuple(encoded.dictionary.to_pylist())
    cell = encoded.indices.to_numpy()[known] * weeks.count + place[known]
    sums = np.bincount(cell, weights[known], len(kinds) * weeks.count).reshape(len(kinds), weeks.count)
    return kinds, sums.astype(np.float64)
