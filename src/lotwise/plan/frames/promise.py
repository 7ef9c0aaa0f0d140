"""Promises from frames, without a project: ``lotwise.plan.promise``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import ContractError, breaches, did_you_mean
from lotwise.plan.frames import columns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.plan.promising.facts import Facts, Way

    Numbers = NDArray[np.float64]

_ORDERS, _CAPACITY, _NEEDS, _STOCK, _PRODUCTS = "The orders", "The capacity", "The needs", "The stock", "The products"
RESULT = pa.schema(
    [
        ("product", pa.string()), ("units", pa.float64()), ("week", pa.date32()), ("day", pa.date32()), ("cost", pa.float64()),
        ("revenue", pa.float64()), ("margin", pa.float64()), ("binds", pa.string()),
    ]
)  # fmt: skip


def promise(
    orders: Any,  # noqa: ANN401  any frame there is
    capacity: Any,  # noqa: ANN401
    needs: Any,  # noqa: ANN401
    *,
    stock: Any = None,  # noqa: ANN401
    products: Any = None,  # noqa: ANN401
    reserve: bool = True,
) -> pa.Table:
    """Return the earliest week each order can be promised for, its cost, and what binds.

    Parameters
    ----------
    orders
        Columns ``product`` and ``units``; optional ``options`` as ``"fabric=silk; size=M"`` and ``by``, the day it is wanted.
    capacity
        Columns ``resource``, ``week`` (a Monday, every week of each) and ``hours`` that are free. Optional: ``overtime``
        hours that are free beside them and ``overtime_cost`` of one (0); ``price`` that an hour would earn otherwise (0).
    needs
        Columns ``product``, ``resource`` and ``quantity`` for one unit. A resource is one of ``capacity``, an item of
        ``stock``, or a product of other rows, which is then made for it. Optional: ``option`` and ``value`` of a row that
        counts only for orders with that value, and ``share`` of orders without it that have it (0).
    stock
        Columns ``item``, ``week`` and ``units`` that come free in the week and stay until taken, stock on hand in the first.
    products
        Column ``product``; optional ``price`` and ``cost`` of a unit, and ``lead_weeks`` from starting to having it (0 each).
    reserve
        Whether what one order takes is taken from the next. Otherwise each is asked for alone.

    Returns
    -------
    pyarrow.Table
        A row an order in the order given: ``product, units, week, day`` (absent: not within the weeks), ``cost, revenue,
        margin, binds``.

    Raises
    ------
    ContractError
        A frame breaks its contract.
    InputError
        A product, option or value is not known, or units are not above 0; of the first such order.
    """
    from lotwise.plan.promising.book import Book  # noqa: PLC0415  compiled code: only for those who ask

    asked = columns.arrow(orders, _ORDERS)
    columns.check(asked, _ORDERS, ("product", "units"), ("options", "by"))
    units = columns.floats(asked, "units", _ORDERS)
    book = Book(_facts(capacity, needs, stock, products))
    texts = asked["options"].to_pylist() if "options" in asked.column_names else [None] * len(asked)
    days = asked["by"].cast(pa.date32()).to_pylist() if "by" in asked.column_names else [None] * len(asked)
    rows = []
    for product, count, text, by in zip(asked["product"].to_pylist(), units.tolist(), texts, days, strict=True):
        found = book.promise(product, count, options=_options(text), by=by)
        if reserve and found.week is not None:
            book.reserve(found)
        rows.append({name: getattr(found, name) for name in RESULT.names})
    return pa.Table.from_pylist(rows, schema=RESULT)


def _options(text: str | None) -> dict[str, str]:
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    wrong = [part for part in parts if "=" not in part]
    if wrong:
        raise ContractError(f"{_ORDERS}: found options '{text}'; expected 'name=value; name=value'.")
    return {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}


def _facts(capacity: Any, needs: Any, stock: Any, products: Any) -> Facts:  # noqa: ANN401
    """Return what promises are made from, of frames."""
    from lotwise.plan.promising.facts import Facts  # noqa: PLC0415  as above

    hours = columns.arrow(capacity, _CAPACITY)
    columns.check(hours, _CAPACITY, ("resource", "week", "hours"))
    takes = columns.arrow(needs, _NEEDS)
    columns.check(takes, _NEEDS, ("product", "resource", "quantity"))
    kept = _stock(stock)
    weeks = tuple(sorted(set(hours["week"].cast(pa.date32()).to_pylist())))
    machines = tuple(sorted(set(hours["resource"].to_pylist())))
    made = sorted(set(takes["product"].to_pylist()))
    items = tuple(dict.fromkeys([*made, *sorted(set(kept["item"].to_pylist()))]))
    _check(takes["resource"].to_pylist(), machines, items, weeks, kept)
    terms = _terms(products)
    leads = {name: int(row["lead_weeks"]) for name, row in terms.items()}
    shape = (len(items), len(weeks))
    free = np.cumsum(_grid(kept, "item", items, weeks, "units", _STOCK), axis=1)
    none, never = np.zeros(shape), np.zeros(shape, dtype=bool)
    regular = _grid(hours, "resource", machines, weeks, "hours", _CAPACITY)
    cost = _grid(hours, "resource", machines, weeks, "overtime_cost", _CAPACITY).max(axis=1, initial=0.0)
    return Facts(
        weeks=weeks, machines=machines, items=items, regular=regular,
        extra=_grid(hours, "resource", machines, weeks, "overtime", _CAPACITY), overtime_cost=cost,
        open_hours=regular.mean(axis=1), machine_price=_grid(hours, "resource", machines, weeks, "price", _CAPACITY),
        item_price=none, demand_price=np.full(shape, np.nan), free=free, planned=none.copy(), up=never, shared=never.copy(),
        ways=_ways(takes, machines, leads), products={name: _money(terms, name) for name in made},
    )  # fmt: skip


def _stock(stock: Any) -> pa.Table:  # noqa: ANN401
    if stock is None:
        return pa.table(
            {"item": pa.array([], pa.string()), "week": pa.array([], pa.date32()), "units": pa.array([], pa.float64())}
        )
    found = columns.arrow(stock, _STOCK)
    columns.check(found, _STOCK, ("item", "week", "units"))
    return found


def _check(
    named: list[str], machines: tuple[str, ...], items: tuple[str, ...], weeks: tuple[date, ...], kept: pa.Table
) -> None:
    """Refuse resources nobody knows and days that are no Monday of the capacity."""
    known = {*machines, *items}
    wrong = [
        f"{_NEEDS} row {row}: resource '{name}' is in neither capacity nor stock, and no product{did_you_mean(name, known)}"
        for row, name in enumerate(named, start=1)
        if name not in known
    ]
    wrong += [f"{_CAPACITY}: week {day} is a {day:%A}; expected a Monday" for day in weeks if day.weekday()]
    strange = sorted(set(kept["week"].cast(pa.date32()).to_pylist()) - set(weeks))
    wrong += [f"{_STOCK}: week {day} is not in the capacity, which has {weeks[0]} to {weeks[-1]}" for day in strange]
    both = sorted(set(machines) & set(items))
    wrong += [f"'{name}' is in the capacity and a product or in the stock; expected different names" for name in both]
    if wrong:
        raise ContractError(breaches("The frames do not fit together", wrong))


def _grid(table: pa.Table, key: str, names: tuple[str, ...], weeks: tuple[date, ...], column: str, what: str) -> Numbers:
    """Return a column by name and week, added up; 0 where the column or the row is absent."""
    found = np.zeros((len(names), len(weeks)))
    if column not in table.column_names:
        return found
    values = columns.floats(table, column, what, low=0.0, blank=True)
    row = pc.index_in(table[key], value_set=pa.array(names, pa.string())).to_numpy()
    place = pc.index_in(table["week"].cast(pa.date32()), value_set=pa.array(weeks, pa.date32())).to_numpy()
    np.add.at(found, (row.astype(int), place.astype(int)), np.nan_to_num(values))
    return found


def _terms(products: Any) -> dict[str, dict[str, float]]:  # noqa: ANN401
    if products is None:
        return {}
    table = columns.arrow(products, _PRODUCTS)
    columns.check(table, _PRODUCTS, ("product",), ("price", "cost", "lead_weeks"))
    columns.unique(table["product"], "product", _PRODUCTS)
    given = {
        name: np.nan_to_num(columns.floats(table, name, _PRODUCTS, low=0.0, blank=True))
        if name in table.column_names
        else np.zeros(len(table))
        for name in ("price", "cost", "lead_weeks")
    }
    return {
        product: {name: float(values[row]) for name, values in given.items()}
        for row, product in enumerate(table["product"].to_pylist())
    }


def _money(terms: Mapping[str, Mapping[str, float]], product: str) -> tuple[float, float]:
    row = terms.get(product, {})
    return row.get("price", 0.0), row.get("cost", 0.0)


def _ways(needs: pa.Table, machines: tuple[str, ...], leads: Mapping[str, int]) -> dict[str, Way]:
    from lotwise.plan.promising.facts import ALWAYS, Line, Way  # noqa: PLC0415  as above

    number = {name: place for place, name in enumerate(machines)}
    quantity = columns.floats(needs, "quantity", _NEEDS, low=0.0)
    rows: dict[str, list[tuple[dict[str, Any], float]]] = {}
    for row, count in zip(needs.to_pylist(), quantity.tolist(), strict=True):
        rows.setdefault(row["product"], []).append((row, count))
    found = {}
    for product, mine in rows.items():
        steps, lines = [], []
        for row, count in mine:
            option, value = row.get("option") or ALWAYS, row.get("value") or ALWAYS
            if row["resource"] not in number:
                lines.append(Line(row["resource"], count, option, value, 1.0 if option == ALWAYS else row.get("share") or 0.0))
            elif option == ALWAYS:
                steps.append((number[row["resource"]], count, 0.0, 0.0))
            else:
                raise ContractError(f"{_NEEDS}: hours of '{row['resource']}' depend on {option}; expected that of items only.")
        found[product] = Way(steps=tuple(steps), lines=tuple(lines), lead=leads.get(product, 0))
    return found
