"""Weekly units as a target: what moves them against the product's usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.mine.drivers.columns import MONTHS, cases_of, coded, days, described, month, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lotwise.mine.drivers.cases import Cases
    from lotwise.mine.drivers.columns import Column

UNIT = "units a week against the product's usual ones"
FEWEST_UNITS = 1.0
"""Mean weekly units below which a series says little of what moves it."""


def units(read: Callable[[str], pa.Table | None]) -> Cases:
    """Return weekly units against the product's usual ones, and the week's price, promotion, rivals, weather and feasts.

    Weeks in which a product was out of stock say nothing of what was wanted; they are left out.
    """
    demand = read("demand")
    assert demand is not None  # noqa: S101  ``targets`` says it is there
    demand = demand.filter(pc.invert(demand["censored"]))
    key = pc.binary_join_element_wise(demand["product"], demand["region"], "\n")
    series = key.combine_chunks().dictionary_encode().indices.to_numpy()
    sold = demand["units"].to_numpy()
    mean = np.bincount(series, sold) / np.maximum(np.bincount(series), 1)
    rows = np.flatnonzero(mean[series] >= FEWEST_UNITS)
    if not len(rows):
        return cases_of("units", np.empty(0), "log", UNIT, {}, rows)
    demand, series, sold = demand.take(pa.array(rows)), series[rows], sold[rows]
    week = days(demand["week"])
    price = _carried(np.log(np.maximum(demand["unit_price"].to_numpy(zero_copy_only=False), 1e-9)), series, week)
    found = {"price against its usual one": number(np.exp(price - _usual(price, series)))}
    found |= _promoted(demand, read("promotions"))
    if (weather := read("weather")) is not None and weather.num_rows:
        for name in ("temperature", "rain"):
            found[name] = number(_weekly(weather, name, demand["region"], week))
    found |= _rivals(demand, price, read("competitors"))
    found |= _covered(demand["product"], week, read("campaigns"))
    found |= _feasts(demand["region"], week, read("calendar"))
    found["month"] = (month(week), MONTHS)
    found["category"] = described(demand["product"], read("products"), "category")
    found["region"] = coded(demand["region"])
    target = np.log(sold + 0.5) - np.log(mean[series] + 0.5)
    return cases_of("units", target, "log", UNIT, found, week)


def _feasts(region: pa.ChunkedArray, week: NDArray[np.int64], calendar: pa.Table | None) -> dict[str, Column]:
    """Return whether the calendar names a day of the week in the region, or in all of them."""
    if calendar is None or not calendar.num_rows:
        return {}
    monday = days(calendar["day"]) - (days(calendar["day"]) - 4) % 7
    feasts = set(zip(calendar["region"].to_pylist(), monday.tolist(), strict=True))
    here = zip(region.to_pylist(), week.tolist(), strict=True)
    found = [(where, when) in feasts or ("all", when) in feasts for where, when in here]
    return {"holiday or event in the week": number(np.array(found, dtype=float))}


def _carried(price: NDArray[np.float64], series: NDArray[np.int64], week: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each price, or the last one known before: a week without sales has no price, which would tell the sales."""
    order = np.lexsort((week, series))
    known = np.where(np.isfinite(price[order]), np.arange(len(order)), -1)
    first = np.searchsorted(series[order], series[order])
    last = np.maximum.accumulate(known)
    found = np.empty(len(price))
    found[order] = np.where(last >= first, price[order][last], np.nan)
    return found


def _usual(price: NDArray[np.float64], series: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the median price of each row's series."""
    order = np.lexsort((price, series))
    known = order[np.isfinite(price[order])]
    first = np.searchsorted(series[known], np.arange(series.max() + 1))
    count = np.bincount(series[known], minlength=series.max() + 1)
    middle = np.full(len(count), np.nan)
    some = count > 0
    middle[some] = price[known][first[some] + (count[some] - 1) // 2]
    return np.asarray(middle[series])


def _promoted(demand: pa.Table, promotions: pa.Table | None) -> dict[str, Column]:
    if promotions is None or not promotions.num_rows:
        return {}
    keys = ["product", "region", "week"]
    place = pa.table({**{key: demand[key] for key in keys}, "row": np.arange(demand.num_rows)})
    joined = place.join(promotions, keys, join_type="left outer").sort_by("row")
    names = {
        "display": "on display",
        "mailer": "in the mailer",
        "front": "in the strongest place",
        "discount": "planned discount",
    }
    columns = {words: joined[name].to_numpy(zero_copy_only=False).astype(float) for name, words in names.items()}
    return {words: number(np.nan_to_num(column)) for words, column in columns.items()}


def _weekly(weather: pa.Table, name: str, region: pa.ChunkedArray, week: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean of a measure over the days of each row's week and region."""
    names = pc.unique(weather["region"])
    places = pc.index_in(region, value_set=names).fill_null(-1).to_numpy()
    day = days(weather["day"])
    monday = day - (day - 4) % 7
    first = int(min(monday.min(), week.min()))
    span = int(max(monday.max(), week.max()) - first) // 7 + 1
    cell = pc.index_in(weather["region"], value_set=names).to_numpy() * span + (monday - first) // 7
    values = weather[name].to_numpy(zero_copy_only=False).astype(float)
    known = np.isfinite(values)
    total = np.bincount(cell[known], values[known], len(names) * span)
    count = np.bincount(cell[known], minlength=len(names) * span)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return np.where(places >= 0, mean[places * span + (week - first) // 7], np.nan)


def _rivals(demand: pa.Table, price: NDArray[np.float64], competitors: pa.Table | None) -> dict[str, Column]:
    """Return our price over the mean of the competitors'."""
    if competitors is None or not competitors.num_rows:
        return {}
    means = competitors.group_by(["product", "week"]).aggregate([("price", "mean")])
    place = pa.table({"product": demand["product"], "week": demand["week"], "row": np.arange(demand.num_rows)})
    joined = place.join(means, ["product", "week"], join_type="left outer").sort_by("row")
    theirs = joined["price_mean"].to_numpy(zero_copy_only=False).astype(float)
    return {"price against competitors'": number(np.exp(price) / theirs)}


def _covered(product: pa.ChunkedArray, week: NDArray[np.int64], campaigns: pa.Table | None) -> dict[str, Column]:
    """Return whether a coupon campaign covered the product in the week."""
    if campaigns is None or not campaigns.num_rows:
        return {}
    names = pc.unique(campaigns["product"])
    place = pc.index_in(product, value_set=names).fill_null(-1).to_numpy()
    mine = pc.index_in(campaigns["product"], value_set=names).to_numpy()
    weeks, inverse = np.unique(week, return_inverse=True)
    hit = np.zeros((len(names), len(weeks)), dtype=bool)
    starts, ends = days(campaigns["start"]), days(campaigns["end"])
    for when, monday in enumerate(weeks):
        hit[mine[(starts <= monday + 6) & (ends >= monday)], when] = True
    return {"in a campaign": number(np.where(place >= 0, hit[place, inverse], 0.0).astype(float))}
