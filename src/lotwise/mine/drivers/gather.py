"""Targets of the pool with what may move them: weekly units, returns, stars, scrap, or any column of any table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import InputError, did_you_mean
from lotwise.mine.drivers.columns import DAYS, MONTHS, any_column, cases_of, coded, days, described, month, number, target_of
from lotwise.mine.drivers.weekly import units
from lotwise.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lotwise.mine.drivers.cases import Cases
    from lotwise.mine.drivers.columns import Column

NAMED_TARGETS = ("units", "returns", "stars", "scrap")


def targets(read: Callable[[str], pa.Table | None]) -> tuple[str, ...]:
    """Return the named targets there are tables for."""
    there = {
        "units": _rows(read("demand")) > 0,
        "returns": _rows(read("orders")) > 0 and _some(read("orders"), "kind", "return"),
        "stars": _rows(read("events")) > 0 and _some(read("events"), "kind", "review"),
        "scrap": _rows(read("work")) > 0 and read("work")["scrapped"].null_count < read("work").num_rows,  # type: ignore[index, union-attr]
    }
    return tuple(name for name in NAMED_TARGETS if there[name])


def gather(target: str, read: Callable[[str], pa.Table | None]) -> Cases:
    """Return the rows of a target and what may move it.

    Parameters
    ----------
    target
        A named target, or TABLE.COLUMN.
    read
        Returns a table by name; None where there is none.

    Raises
    ------
    InputError
        There is no such target, or no table for it.
    """
    if target in NAMED_TARGETS:
        if target not in targets(read):
            raise InputError(f"There is nothing to tell what moves '{target}' from; there is for: {_there(read)}")
        return {"units": units, "returns": _returns, "stars": _stars, "scrap": _scrap}[target](read)
    table, dot, column = target.partition(".")
    if not dot:
        hint = did_you_mean(target, NAMED_TARGETS)
        raise InputError(f"There is no target '{target}'{hint}; name one of {_there(read)}, or TABLE.COLUMN")
    return _column(table, column, read)


def _there(read: Callable[[str], pa.Table | None]) -> str:
    return ", ".join(targets(read)) or "no named target"


def _rows(table: pa.Table | None) -> int:
    return 0 if table is None else int(table.num_rows)


def _some(table: pa.Table | None, column: str, value: str) -> bool:
    return table is not None and bool(pc.any(pc.equal(table[column], value)).as_py())


def _returns(read: Callable[[str], pa.Table | None]) -> Cases:
    """Return whether a line came back: the same customer's later return of the same product, matched one to one.

    Of lines without a customer nobody knows whether they did; they are left out.
    """
    orders = read("orders")
    assert orders is not None  # noqa: S101  ``targets`` says it is there
    orders = orders.filter(pc.is_valid(orders["customer"]))
    orders = orders.filter(pc.is_in(orders["kind"], value_set=pa.array(["sale", "return"]))).sort_by(
        [("time", "ascending"), ("order", "ascending"), ("line", "ascending")]
    )
    key = pc.binary_join_element_wise(orders["customer"], orders["product"], "\n").combine_chunks().dictionary_encode()
    came_back = _matched(key.indices.to_numpy(), pc.equal(orders["kind"], "return").to_numpy(zero_copy_only=False))
    rows = np.flatnonzero(pc.equal(orders["kind"], "sale").to_numpy(zero_copy_only=False))
    lines, day = orders.take(pa.array(rows)), days(orders["time"])[rows]
    found = {
        **_chosen(lines, read("order_options")),
        "product": coded(lines["product"]),
        "category": described(lines["product"], read("products"), "category"),
        "region": coded(lines["region"]),
        "location": coded(lines["location"]),
        "price": number(lines["unit_price"].to_numpy(zero_copy_only=False)),
        "discount": number(_share_off(lines)),
        "units": number(lines["units"].to_numpy()),
        "month": (month(day), MONTHS),
        "weekday": (((day - 4) % 7).astype(float), DAYS),
    }
    for name in ("age", "income"):
        found[name] = described(lines["customer"], read("customers"), name, key="customer")
    return cases_of("returns", came_back[rows].astype(float), "yes or no", "share of lines that come back", found, day // 7)


def _matched(key: NDArray[np.int64], is_return: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows, in order of time, a later return of the same key takes back; each takes the last sale."""
    open_sales: dict[int, list[int]] = {}
    back = np.zeros(len(key), dtype=bool)
    mine = np.isin(key, np.unique(key[is_return]))
    for row in np.flatnonzero(mine):
        waiting = open_sales.setdefault(int(key[row]), [])
        if not is_return[row]:
            waiting.append(int(row))
        elif waiting:
            back[waiting.pop()] = True
    return back


def _share_off(lines: pa.Table) -> NDArray[np.float64]:
    off = pc.fill_null(lines["discount"], 0.0).to_numpy()
    paid = lines["revenue"].to_numpy(zero_copy_only=False)
    return np.asarray(np.where(paid + off > 0, off / np.maximum(paid + off, 1e-9), 0.0))


def _chosen(lines: pa.Table, options: pa.Table | None) -> dict[str, Column]:
    """Return the value chosen of each option."""
    if options is None or not options.num_rows:
        return {}
    keys = ["order", "line"]
    place = pa.table({"order": lines["order"], "line": lines["line"], "row": np.arange(lines.num_rows)})
    found: dict[str, Column] = {}
    for option in sorted(pc.unique(options["option"]).to_pylist()):
        mine = options.filter(pc.equal(options["option"], option)).select([*keys, "value"])
        found[option] = coded(place.join(mine, keys, join_type="left outer").sort_by("row")["value"])
    return found


def _stars(read: Callable[[str], pa.Table | None]) -> Cases:
    """Return the stars of each review, the product and what its writer had ordered."""
    events = read("events")
    assert events is not None  # noqa: S101  ``targets`` says it is there
    events = events.filter(pc.and_(pc.equal(events["kind"], "review"), pc.is_valid(events["value"]))).sort_by(
        [("time", "ascending"), ("event", "ascending")]
    )
    found: dict[str, Column] = {}
    if (readings := read("readings")) is not None and readings.num_rows:
        place = pc.index_in(events["event"], value_set=readings["event"].combine_chunks())
        language = readings["language"].combine_chunks().take(place.combine_chunks())
        found["language"] = coded(pa.chunked_array([language]))
        spoken = [{word[1:] for word in words} for words in readings["aspects"].to_pylist()]
        for aspect in sorted(set().union(*spoken)):
            says = np.array([float(aspect in aspects) for aspects in spoken])
            found[f"speaks of {aspect}"] = number(
                says[place.fill_null(0).to_numpy()] * place.is_valid().to_numpy(zero_copy_only=False)
            )
    found["product"] = coded(events["product"])
    found["category"] = described(events["product"], read("products"), "category")
    for name in ("region", "age", "income"):
        found[name] = described(events["customer"], read("customers"), name, key="customer")
    day = days(events["time"])
    found["month"] = (month(day), MONTHS)
    return cases_of("stars", events["value"].to_numpy(), "number", "stars", found, day // 7)


def _scrap(read: Callable[[str], pa.Table | None]) -> Cases:
    """Return the share of each lot that was scrapped."""
    work = read("work")
    assert work is not None  # noqa: S101  ``targets`` says it is there
    made, scrapped = work["made"].to_numpy(), work["scrapped"].to_numpy(zero_copy_only=False).astype(float)
    rows = np.flatnonzero(np.isfinite(scrapped) & (made + scrapped > 0))
    work, share = work.take(pa.array(rows)), scrapped[rows] / (made + scrapped)[rows]
    week = days(work["week"])
    found = {
        "item": coded(work["item"]),
        "machine": coded(work["machine"]),
        "category": described(work["item"], read("products"), "category"),
        "units planned": number(work["planned"].to_numpy()),
        "hours its machine stood still": number(work["down_hours"].to_numpy(zero_copy_only=False).astype(float)),
        "month": (month(week), MONTHS),
    }
    return cases_of("scrap", share, "number", "share scrapped", found, week)


def _column(name: str, column: str, read: Callable[[str], pa.Table | None]) -> Cases:
    """Return one column of a table, and its other columns with those of the product and the customer of the row."""
    if name not in TABLES:
        raise InputError(f"There is no table '{name}'{did_you_mean(name, TABLES)}; see: lotwise tables")
    table = read(name)
    if table is None:
        raise InputError(f"Table '{name}' has not been given: no file of yours fills it, or its stage has not run yet")
    if column not in table.column_names:
        hint = did_you_mean(column, table.column_names)
        raise InputError(f"Table '{name}' has no column '{column}'{hint}; its columns are: {', '.join(table.column_names)}")
    table = table.filter(pc.is_valid(table[column]))
    values, scale = target_of(table[column], f"{name}.{column}")
    key_alone = TABLES[name].key if len(TABLES[name].key) == 1 else ()
    found: dict[str, Column] = {}
    for other in table.column_names:
        if other != column and other not in key_alone:
            found |= any_column(other, table[other])
    for key, more in (("product", "products"), ("customer", "customers")):
        if key in table.column_names and name != more and (attributes := read(more)) is not None:
            for other in attributes.column_names:
                if other not in {key, column, *found}:
                    place = pc.index_in(table[key], value_set=attributes[key].combine_chunks()).combine_chunks()
                    found |= any_column(other, pa.chunked_array([attributes[other].combine_chunks().take(place)]))
    times = [other for other in ("week", "day", "time") if other in table.column_names]
    block = days(table[times[0]]) // 7 if times else np.arange(table.num_rows) % 20
    return cases_of(f"{name}.{column}", values, scale, column, found, block)
