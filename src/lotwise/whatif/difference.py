"""What differs between two plans, in money first: figures, products, lots, exceptions, prices.

Everything is read from the published tables of one plan each, so that any two plans can be compared: of two scenarios, of
a scenario and the project, or of two projects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lotwise.whatif.figures import CAUSES, LATE, NOW, current, figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TABLES = (
    "plans", "solves", "conflicts", "purchases", "prices", "projection", "cuts", "economics", "products", "machines",
    "materials", "items", "lots", "shipments", "loads", "deliveries", "exceptions", "charges",
)  # fmt: skip
"""Tables that are read, those that do not exist left out."""
RARE = {*CAUSES.values(), LATE} - {"overtime"}
"""Figures that are left out where they are 0 in both plans."""
LEAST = 1e-6
"""Smaller differences are rounding: tables hold six digits."""
TEXT, REAL, DAY = pa.string(), pa.float64(), pa.date32()
SCHEMAS = {
    "figures": pa.schema({"measure": TEXT, "unit": TEXT, "base": REAL, "value": REAL, "change": REAL}),
    "products": pa.schema(
        {"product": TEXT}
        | dict.fromkeys(("base_units", "units", "units_change", "base_profit", "profit", "profit_change"), REAL)
    ),
    "lots": pa.schema({"item": TEXT, "site": TEXT, "week": DAY, "base_units": REAL, "units": REAL, "change": REAL}),
    "exceptions": pa.schema({"change": TEXT, "kind": TEXT, "subject": TEXT, "week": DAY, "money": REAL, "reason": TEXT}),
    "prices": pa.schema({"resource": TEXT, "kind": TEXT, "unit": TEXT, "base": REAL, "price": REAL, "change": REAL}),
}
"""Columns of each part of the differences."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Differences:
    """What one plan has that another has not; Arrow tables, largest differences first.

    Parameters
    ----------
    scenario
        Name of the plan that is compared with the base.
    assumed
        What is assumed, in sentences.
    figures
        ``measure, unit, base, value, change``: the plan as a whole, in the order of an income statement. Absent numbers
        are of tables that one of the two does not have.
    products
        ``product, base_units, units, units_change, base_profit, profit, profit_change``: over all weeks.
    lots
        ``item, site, week, base_units, units, change``: by the week a lot is started in.
    exceptions
        ``change, kind, subject, week, money, reason``: those that appeared, and those that vanished.
    prices
        ``resource, kind, unit, base, price, change``: shadow prices of one more unit in each week, added up.
    """

    scenario: str
    assumed: tuple[str, ...]
    figures: pa.Table
    products: pa.Table
    lots: pa.Table
    exceptions: pa.Table
    prices: pa.Table

    @property
    def parts(self) -> dict[str, pa.Table]:
        """The tables by name."""
        return {name: getattr(self, name) for name in ("figures", "products", "lots", "exceptions", "prices")}


def differ(
    base: Mapping[str, pa.Table], tables: Mapping[str, pa.Table], *, scenario: str, assumed: Sequence[str] = ()
) -> Differences:
    """Return what differs between the current plan of some tables and that of a base.

    Parameters
    ----------
    base, tables
        Published tables by name, as far as there are any of ``TABLES``.
    scenario
        Name of the plan that ``tables`` hold.
    assumed
        What is assumed, in sentences.
    """
    return Differences(
        scenario,
        tuple(assumed),
        _figures(base, tables),
        _products(base, tables),
        _lots(base, tables),
        _exceptions(base, tables),
        _prices(base, tables),
    )


def _figures(base: Mapping[str, pa.Table], tables: Mapping[str, pa.Table]) -> pa.Table:
    before, after = figures(base), figures(tables)
    rows = [
        {
            "measure": name,
            "unit": unit,
            "base": before.get((name, unit)),
            "value": after.get((name, unit)),
            "change": _minus(after.get((name, unit)), before.get((name, unit))),
        }
        for name, unit in before | after
        if name not in RARE or before.get((name, unit)) or after.get((name, unit))
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMAS["figures"])


def _products(base: Mapping[str, pa.Table], tables: Mapping[str, pa.Table]) -> pa.Table:
    def summed(plan: Mapping[str, pa.Table], column: str) -> dict[str, float]:
        rows = current(plan["plans"]).group_by("product").aggregate([(column, "sum")])
        return dict(zip(rows["product"].to_pylist(), rows[f"{column}_sum"].to_pylist(), strict=True))

    units, profit = ((summed(base, column), summed(tables, column)) for column in ("units", "profit"))
    rows: list[Row] = [
        {
            "product": product,
            "base_units": units[0].get(product, 0.0),
            "units": units[1].get(product, 0.0),
            "units_change": units[1].get(product, 0.0) - units[0].get(product, 0.0),
            "base_profit": profit[0].get(product, 0.0),
            "profit": profit[1].get(product, 0.0),
            "profit_change": profit[1].get(product, 0.0) - profit[0].get(product, 0.0),
        }
        for product in sorted({*units[0], *units[1]})
    ]
    rows = [row for row in rows if max(abs(row["units_change"]), abs(row["profit_change"])) > LEAST]
    rows.sort(key=lambda row: (-abs(row["profit_change"]), -abs(row["units_change"]), row["product"]))
    return pa.Table.from_pylist(rows, schema=SCHEMAS["products"])


def _lots(base: Mapping[str, pa.Table], tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return the lots that differ: of the table ``lots``, else what the plans make of each product and week."""
    both = "lots" in base and "lots" in tables

    def lots(plan: Mapping[str, pa.Table]) -> dict[tuple[str, str, Any], float]:
        found: dict[tuple[str, str, Any], float] = {}
        rows = plan["lots"].to_pylist() if both else current(plan["plans"]).to_pylist()
        for row in rows:
            key = (row["item"], row["site"], row["week"]) if both else (row["product"], "all", row["week"])
            found[key] = found.get(key, 0.0) + row["units"]
        return found

    before, after = lots(base), lots(tables)
    rows: list[Row] = [
        {"item": key[0], "site": key[1], "week": key[2], "base_units": before.get(key, 0.0), "units": after.get(key, 0.0)}
        for key in sorted({*before, *after})
    ]
    rows = [row | {"change": row["units"] - row["base_units"]} for row in rows]
    rows = [row for row in rows if abs(row["change"]) > LEAST]
    rows.sort(key=lambda row: (-abs(row["change"]), row["item"], row["site"], row["week"]))
    return pa.Table.from_pylist(rows, schema=SCHEMAS["lots"])


def _exceptions(base: Mapping[str, pa.Table], tables: Mapping[str, pa.Table]) -> pa.Table:
    before, after = _raised(base), _raised(tables)
    rows = [{"change": "new", **after[key]} for key in after if key not in before]
    rows += [{"change": "gone", **before[key]} for key in before if key not in after]
    rows.sort(key=lambda row: (-row["money"], row["change"], row["kind"], row["subject"], row["week"]))
    return pa.Table.from_pylist(rows, schema=SCHEMAS["exceptions"])


def _raised(plan: Mapping[str, pa.Table]) -> dict[tuple[Any, ...], Row]:
    """Return what a planner should look at: ``exceptions``, else ``cuts``."""
    if "exceptions" in plan:
        rows = plan["exceptions"].select(["kind", "subject", "week", "money", "reason"]).to_pylist()
    else:
        rows = [
            {
                "kind": "cut",
                "subject": row["product"],
                "week": row["week"],
                "money": max(row["lost_profit"], 0.0),
                "reason": row["reason"],
            }
            for row in (plan["cuts"].to_pylist() if "cuts" in plan else [])
        ]
    return {(row["kind"], row["subject"], row["week"]): row for row in rows}


def _prices(base: Mapping[str, pa.Table], tables: Mapping[str, pa.Table]) -> pa.Table:
    before, after = _priced(base), _priced(tables)
    rows: list[Row] = []
    for key in sorted({*before, *after}):
        old, new = before.get(key, 0.0), after.get(key, 0.0)
        rows.append({"resource": key[0], "kind": key[1], "unit": key[2], "base": old, "price": new, "change": new - old})
    rows = [row for row in rows if abs(row["change"]) > LEAST]
    rows.sort(key=lambda row: (-abs(row["change"]), row["resource"], row["kind"]))
    return pa.Table.from_pylist(rows, schema=SCHEMAS["prices"])


def _priced(plan: Mapping[str, pa.Table]) -> dict[tuple[str, str, str], float]:
    if "prices" not in plan or plan["prices"].num_rows == 0:
        return {}
    prices = plan["prices"]
    mine = prices.filter(pc.and_(pc.equal(prices["information"], NOW), pc.equal(prices["cutoff"], pc.max(prices["cutoff"]))))
    sums = mine.group_by(["resource", "kind", "unit"]).aggregate([("price", "sum")]).to_pylist()
    return {(row["resource"], row["kind"], row["unit"]): row["price_sum"] for row in sums if row["kind"] != "demand"}


def _minus(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
