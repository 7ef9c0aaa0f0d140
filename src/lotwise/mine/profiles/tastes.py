"""What each customer prefers: categories, products, brands, options, days, times and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.profiles import bought as lines
from lotwise.mine.profiles import shares
from lotwise.mine.profiles.rows import percent, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lotwise.mine.profiles.bought import Bought
    from lotwise.mine.profiles.rows import Rows

    Index = NDArray[np.int64]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIMES = ("morning (6-11)", "midday (11-14)", "afternoon (14-18)", "evening (18-22)", "night (22-6)")
BEGINS = (6, 11, 14, 18, 22)
MOST = 3
MOST_OPTIONS = 12


def goods(rows: Rows, bought: Bought, products: pa.Table | None) -> None:
    """Add favorite categories, products and brands, by lines."""
    for word, column, most in (("category", "category", MOST), ("product", "product", MOST), ("brand", "brand", 1)):
        own = pa.array(bought.products, pa.string())
        label = own if column == "product" else lines.labels(bought.products, products, column)
        encoded = label.dictionary_encode()
        if len(encoded.dictionary) > 1:
            names, place = _sorted(encoded)
            item = place[bought.product]
            told = item >= 0
            titles = lines.labels(bought.products, products, "name") if column == "product" else None
            _add(rows, f"favorite {word}", (bought.customer[told], item[told]), names, most=most, titles=titles)


def options(rows: Rows, bought: Bought, chosen: pa.Table | None) -> int:
    """Add the favorite value of each option, and return how many options were left out because there are so many."""
    if chosen is None or chosen.num_rows == 0:
        return 0
    order = pc.index_in(chosen["order"], value_set=pa.array(bought.orders, pa.string()))
    place = pc.fill_null(order, -1).to_numpy().astype(np.int64)
    number = chosen["line"].to_numpy()
    width = int(max(number.max(), bought.line.max(initial=0))) + 1
    key = bought.order * width + bought.line
    sort = np.argsort(key)
    asked = np.where(place >= 0, place * width + number, -1)
    at = np.minimum(np.searchsorted(key, asked, sorter=sort), len(key) - 1)
    line = sort[at]
    found = key[line] == asked
    who = bought.customer[line[found]]
    option = chosen["option"].filter(pa.array(found)).combine_chunks().dictionary_encode()
    value = chosen["value"].filter(pa.array(found)).combine_chunks().dictionary_encode()
    names, which = _sorted(option)
    values, what = _sorted(value)
    if not len(names):
        return 0
    kept = np.sort(np.argsort(-np.bincount(which), kind="stable")[:MOST_OPTIONS])
    for number_of in kept:
        mine = which == number_of
        _add(rows, f"favorite option {names[number_of].as_py()}", (who[mine], what[mine]), values)
    return len(names) - len(kept)


def moments(rows: Rows, bought: Bought) -> None:
    """Add favorite weekday, time of day and location, by orders."""
    visit = bought.visits()
    who = bought.customer[visit]
    _add(rows, "favorite weekday", (who, (bought.day[visit] + lines.MONDAY) % 7), pa.array(WEEKDAYS), of="orders")
    if (bought.hour[visit] >= 0).any():
        part = (np.searchsorted(BEGINS, bought.hour[visit], side="right") - 1) % len(TIMES)
        _add(rows, "favorite time of day", (who, part), pa.array(TIMES), of="orders")
    if len(bought.locations) > 1:
        _add(rows, "favorite location", (who, bought.location[visit]), pa.array(bought.locations), of="orders")


def _add(
    rows: Rows,
    feature: str,
    counted: tuple[Index, Index],
    names: pa.Array,
    *,
    most: int = 1,
    of: str = "lines",
    titles: pa.Array | None = None,
) -> None:
    found = shares.favorites(*counted, most=most)
    for rank in range(most):
        best = found.ranked(rank)
        if not len(best.who):
            continue
        text = names.take(pa.array(best.item))
        evidence = words(best.count, " of ", best.total, f" {of}; ", percent(best.overall), " over all customers")
        if titles is not None:
            title = titles.take(pa.array(best.item))
            evidence = pc.coalesce(words(title, ": ", evidence), evidence)
        low, high = shares.interval(best.count, best.total)
        title = f"{feature} {rank + 1}" if most > 1 else feature
        rows.add(title, best.who, evidence, value=best.count / best.total, text=text, low=low, high=high, unit="share")


def _sorted(encoded: pa.DictionaryArray) -> tuple[pa.Array, Index]:
    """Return the different texts in order, and the place of each row's; -1 where it is absent."""
    order = pc.array_sort_indices(encoded.dictionary).to_numpy().astype(np.int64)
    place = np.empty(len(order) + 1, np.int64)
    place[order], place[-1] = np.arange(len(order)), -1
    index = pc.fill_null(encoded.indices, len(order)).to_numpy(zero_copy_only=False)
    return encoded.dictionary.take(pa.array(order)), place[index]


def given(rows: Rows, bought: Bought, customers: pa.Table | None, columns: Mapping[str, str]) -> None:
    """Add what the table ``customers`` says of them; ``columns`` are its columns and the feature each one makes."""
    if customers is None or customers.num_rows == 0:
        return
    place = pc.index_in(pa.array(bought.customers, pa.string()), value_set=customers["customer"].combine_chunks())
    for column, feature in columns.items():
        value = customers[column].combine_chunks().take(place).cast(pa.string())
        who = np.flatnonzero(pc.is_valid(value).to_numpy(zero_copy_only=False))
        if len(who) and not (column == "region" and len(pc.unique(value.drop_null())) == 1):
            evidence = pa.repeat("as the table of customers says", len(who))
            rows.add(feature, who, evidence, text=value.take(pa.array(who)))
