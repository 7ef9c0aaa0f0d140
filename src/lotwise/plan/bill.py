"""What one unit of each product takes: bills of material exploded, steps of routings added up.

A line of a bill that holds for one value of an option only counts with the share of orders that choose it.
Components are made in the week their product is made; stock of components is not counted. Of machines that stand in for
each other in a step, the cheapest counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from lotwise.errors import ContractError, breaches, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

ALWAYS = "always"
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Bill:
    """What is in one unit of each product.

    Parameters
    ----------
    items
        Every item of the bills, the products included.
    contents
        Sparse, ``(n_items, n_products)``: units of each item in one unit of the product, itself once.
    is_leaf
        Whether the item goes into another and has no bill of its own; ``(n_items,)``.
    """

    items: tuple[str, ...]
    contents: csr_array
    is_leaf: NDArray[np.bool_]


def option_shares(
    bom: pa.Table, orders: pa.Table | None, order_options: pa.Table | None, options: pa.Table | None
) -> dict[tuple[str, str, str], float]:
    """Return how often each (item, option, value) of the bills is chosen.

    Counted in the order lines of the item where they name the option; where there are none, every
    value is taken to be as likely as the next: those the options table lists, or those the bill names.
    """
    wanted = {line[:2] for line in _lines(bom) if line[1] != ALWAYS}
    named: dict[tuple[str, str], set[str]] = {key: set() for key in wanted}
    counts: dict[tuple[str, str, str], int] = {}
    for item, option, value in _lines(bom):
        if (item, option) in named:
            named[item, option].add(value)
    if orders is not None and order_options is not None and wanted:
        bought = order_options.join(orders.select(["order", "line", "product"]), ["order", "line"], join_type="inner")
        tally = bought.group_by(["product", "option", "value"]).aggregate([([], "count_all")])
        names = ("product", "option", "value", "count_all")
        for item, option, value, count in zip(*(tally[name].to_pylist() for name in names), strict=True):
            counts[item, option, value] = count
    offered: dict[tuple[str, str], set[str]] = {}
    if options is not None:
        for item, option, value in zip(*(options[name].to_pylist() for name in ("product", "option", "value")), strict=True):
            offered.setdefault((item, option), set()).add(value)
    totals: dict[tuple[str, str], int] = {}
    for (item, option, _), count in counts.items():
        totals[item, option] = totals.get((item, option), 0) + count
    shares = {}
    for (item, option), values in named.items():
        total, equal = totals.get((item, option), 0), 1 / len(offered.get((item, option), values) | values)
        shares.update({(item, option, v): counts.get((item, option, v), 0) / total if total else equal for v in values})
    return shares


def explode(products: Sequence[str], bom: pa.Table, shares: Mapping[tuple[str, str, str], float] | None = None) -> Bill:
    """Return everything that goes into one unit of each product, through all levels of the bills.

    Parameters
    ----------
    products
        Product codes.
    bom
        The table ``bom``.
    shares
        Share of orders that choose (item, option, value), from ``option_shares``.

    Raises
    ------
    ContractError
        Items contain themselves; every such loop is listed with its rows.
    """
    items = sorted({*products, *bom["item"].to_pylist(), *bom["component"].to_pylist()})
    place = {item: number for number, item in enumerate(items)}
    into = np.array([place[item] for item in bom["item"].to_pylist()], dtype=int)
    part = np.array([place[item] for item in bom["component"].to_pylist()], dtype=int)
    quantity = np.array(bom["quantity"].to_pylist(), dtype=float)
    weight = [1.0 if line[1] == ALWAYS else (shares or {}).get(line, 0.0) for line in _lines(bom)]
    size = (len(items), len(items))
    loops = list(_loops(items, into, part))
    if loops:
        raise ContractError(breaches("Table 'bom' breaks its contract", loops))
    step = coo_array((quantity * np.array(weight, dtype=float), (part, into)), shape=size).tocsr()
    made = [place[product] for product in products]
    level = csr_array((np.ones(len(made)), (made, range(len(made)))), shape=(len(items), len(made)))
    contents = level
    while level.nnz:
        level = step @ level
        level.eliminate_zeros()
        contents = contents + level
    is_leaf = np.zeros(len(items), dtype=bool)
    is_leaf[part] = True
    is_leaf[into] = False
    return Bill(tuple(items), csr_array(contents), is_leaf)


def uses(
    bill: Bill, routing: pa.Table, *, machines: Sequence[str], materials: Sequence[str], elsewhere: Iterable[str] = ()
) -> csr_array:
    """Return machine hours and units of material in one unit of each product; machines first, then materials.

    An item with a routing is made, even if it is a material too.

    Parameters
    ----------
    bill
        From ``explode``.
    routing
        The table ``routing``.
    machines, materials
        Names, in the order of the rows returned; without materials, none is counted.
    elsewhere
        Components that come from somewhere these tables do not say, a supplier or the making of something else; not counted.

    Raises
    ------
    ContractError
        A step runs on a machine that is not listed, or a component is neither made nor bought;
        every such row is listed.
    """
    place = {item: number for number, item in enumerate(bill.items)}
    of_machine = {name: number for number, name in enumerate(machines)}
    of_material = {name: len(machines) + number for number, name in enumerate(materials)}
    made = set(routing["item"].to_pylist())
    rows, columns, values, wrong = [], [], [], []
    preferred = _preferred(routing)
    steps = zip(*(routing[name].to_pylist() for name in ("item", "machine", "hours")), strict=True)
    for number, (item, machine, hours) in enumerate(steps, start=1):
        if machine not in of_machine:
            wrong.append(
                f"routing row {number}: item '{item}' runs on machine '{machine}', which table 'machines' does not list"
                f"{did_you_mean(machine, of_machine)}"
            )
        elif item in place and number in preferred:
            rows.append(of_machine[machine])
            columns.append(place[item])
            values.append(hours)
    reached, known = np.diff(bill.contents.indptr) > 0, set(elsewhere)
    for number, item in enumerate(bill.items):
        if item in made:
            continue
        if item in of_material:
            rows.append(of_material[item])
            columns.append(number)
            values.append(1.0)
        elif materials and bill.is_leaf[number] and reached[number] and item not in known:
            wrong.append(
                f"bom: component '{item}' has neither a routing nor a row in 'materials'{did_you_mean(item, of_material)}"
            )
    if wrong:
        more = [f"and {len(wrong) - MOST_SHOWN} more"] if len(wrong) > MOST_SHOWN else []
        raise ContractError(breaches("The bills and routings do not fit together", [*wrong[:MOST_SHOWN], *more]))
    size = (len(machines) + len(materials), len(bill.items))
    return csr_array(coo_array((values, (rows, columns)), shape=size).tocsr() @ bill.contents)


def _preferred(routing: pa.Table) -> set[int]:
    """Return the rows, from 1, of the machine of each step: the least further cost, then the fewest hours, then by name."""
    first: dict[tuple[object, ...], tuple[float, float, str, int]] = {}
    for number, row in enumerate(routing.to_pylist(), start=1):
        key = (row["item"], row["step"]) if row.get("step") is not None else (number,)
        rank = (row.get("unit_cost") or 0.0, row["hours"], row["machine"], number)
        first[key] = min(first.get(key, rank), rank)
    return {number for *_, number in first.values()}


def _lines(bom: pa.Table) -> list[tuple[str, str, str]]:
    return list(zip(*(bom[name].to_pylist() for name in ("item", "option", "value")), strict=True))


def _loops(items: Sequence[str], into: NDArray[np.int64], part: NDArray[np.int64]) -> Iterator[str]:
    """Yield a line for each set of items that contain themselves."""
    size = (len(items), len(items))
    _, group = connected_components(coo_array((np.ones(len(into)), (into, part)), shape=size).tocsr(), connection="strong")
    members = np.bincount(group)
    inside = (group[into] == group[part]) & ((members[group[into]] > 1) | (into == part))
    for loop in np.unique(group[into[inside]]):
        rows = np.flatnonzero(inside & (group[into] == loop))
        lines = ", ".join(f"'{items[into[row]]}' needs '{items[part[row]]}' (row {row + 1})" for row in rows[:MOST_SHOWN])
        yield f"items contain themselves: {lines}; remove one of these rows"
