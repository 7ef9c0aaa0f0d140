"""The tables of one build as rows, and what is looked up in them again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.plan.bill import option_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from lotwise.config import Settings
    from lotwise.plan.problem import Problem

Row = dict[str, Any]
ALL, CUSTOMERS = "all", "customers"
TABLES = (
    "products", "items", "bom", "coproducts", "routing", "families", "machines", "machine_weeks", "calendar", "sites",
    "lanes", "materials", "suppliers", "receipts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """Everything one network is made from.

    Parameters
    ----------
    problem, settings
        The demand side, and all settings.
    rows
        Rows of each table; none where it does not exist.
    stock
        Units of each (item, site) on its latest day, all regions together.
    shares
        Share of orders that choose (item, option, value).
    costs
        Standard cost of each product that has economics.
    products
        Number of each product of the problem.
    steps
        Rows of the routing of each item; none where there are no machines.
    made
        Items with a bill or with steps.
    suppliers
        Rows of the suppliers of each item.
    index
        The rows of ``products``, ``materials``, ``machines`` and ``items`` by their keys.
    say
        Called with each note.
    """

    problem: Problem
    settings: Settings
    rows: dict[str, list[Row]]
    stock: dict[tuple[str, str], float]
    shares: dict[tuple[str, str, str], float]
    costs: dict[str, float]
    products: dict[str, int]
    steps: dict[str, list[Row]]
    made: frozenset[str]
    suppliers: dict[str, list[Row]]
    index: dict[str, dict[Any, Row]]
    say: Callable[[str], None]

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return len(self.problem.weeks)

    def value(self, item: str, site: str, name: str, *, also: str = "") -> Any:  # noqa: ANN401  a cell holds anything
        """Return what ``items`` says for the item at the site, else for it at all sites, else what another table says."""
        for key in ((item, site), (item, ALL)):
            found = self.index["items"].get(key, {}).get(name)
            if found is not None:
                return found
        return self.index[also].get(item, {}).get(name) if also else None

    def within(self, row: Row) -> NDArray[np.bool_]:
        """Return whether a row that ``starts`` and ``ends`` holds on the Monday of each week; ``(n_weeks,)``."""
        starts, ends = row.get("starts"), row.get("ends")
        holds = [(starts is None or starts <= day) and (ends is None or day <= ends) for day in self.problem.weeks]
        return np.array(holds, dtype=bool)

    def week(self, day: date) -> int:
        """Return the number of the week a day is in: below 0 before the first."""
        return (day - self.problem.weeks[0]).days // 7


def given(problem: Problem, tables: Mapping[str, pa.Table], settings: Settings, say: Callable[[str], None]) -> Given:
    """Return the rows of the tables, with what is looked up in them."""
    rows = {name: tables[name].to_pylist() if name in tables else [] for name in TABLES}
    economics = tables["economics"]
    costs = dict(zip(economics["product"].to_pylist(), economics["unit_cost"].to_pylist(), strict=True))
    costs |= dict(zip(problem.products, problem.terms.cost.tolist(), strict=True))
    shares = {}
    if rows["bom"]:
        shares = option_shares(*(tables.get(name) for name in ("bom", "orders", "order_options", "options")))
    index = {
        "products": _by(rows["products"], "product"),
        "materials": _by(rows["materials"], "material"),
        "machines": _by(rows["machines"], "machine"),
        "items": {(row["item"], row["site"]): row for row in rows["items"]},
    }
    products = {product: number for number, product in enumerate(problem.products)}
    steps = grouped(rows["routing"], "item") if rows["machines"] else {}
    stock, sellers = _on_hand(tables.get("stock")), grouped(rows["suppliers"], "material")
    made = frozenset((*steps, *(row["item"] for row in rows["bom"])))
    return Given(problem, settings, rows, stock, shares, costs, products, steps, made, sellers, index, say)


def grouped(rows: Iterable[Row], name: str) -> dict[Any, list[Row]]:
    """Return rows by the value of a column, in their order."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _by(rows: Iterable[Row], name: str) -> dict[Any, Row]:
    return {row[name]: row for row in rows}


def _on_hand(stock: pa.Table | None) -> dict[tuple[str, str], float]:
    """Return the units of each item and site on their latest day; those at ``all`` count where no site is named."""
    if stock is None or not stock.num_rows:
        return {}
    latest = stock.group_by(["item", "site"]).aggregate([("day", "max")])
    mine = stock.join(latest, ["item", "site"])
    mine = mine.filter(pc.equal(mine["day"], mine["day_max"]))
    mine = mine.sort_by([(name, "ascending") for name in ("item", "site", "region", "units")])
    found: dict[tuple[str, str], float] = {}
    for row in mine.select(["item", "site", "units"]).to_pylist():
        key = (row["item"], row["site"])
        found[key] = found.get(key, 0.0) + row["units"]
    named = {item for item, site in found if site != ALL}
    return {key: units for key, units in sorted(found.items()) if key[1] != ALL or key[0] not in named}
