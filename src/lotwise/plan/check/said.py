"""What the checker does not judge, and why: said, never passed in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.plan.check.published import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

WANTS = {
    "uses": "hours and units of one unit are taken from bills and routings",
    "bom": "uses are compared with routings only",
    "routing": "uses are compared with bills only",
    "machines": "no machine limits a plan",
    "materials": "no material limits a plan",
    "products": "no lots and no promised orders are known",
    "orders": "no promised orders are known",
    "money": "what past plans brought is not judged",
    "solves": "objectives are not judged",
    "prices": "loads published beside prices are not judged",
    "purchases": "no order of material is judged",
    "projection": "no expected stock is judged",
}
BY_LOT = {
    "loads": "hours are compared with those of machines only",
    "deliveries": "whether orders are late is not judged",
    "pegging": "what serves what is not judged, and of components with a choice only the least is known to be taken",
    "exceptions": "their order is not judged",
    "stock": "nothing is counted: bought items are judged from the first week an order placed now arrives in",
}
WITH = {
    "receipts": ("stock", "what is on its way is taken to be nothing"),
    "lanes": ("shipments", "shipments are not judged"),
    "suppliers": ("purchases", "orders are judged by materials only"),
}
"""Tables of which the lack is said where another one has rows."""


def unchecked(tables: Mapping[str, pa.Table]) -> list[str]:
    """Return what ``check`` does not judge in these tables, and why, a sentence each."""
    wants = WANTS | (BY_LOT if "lots" in tables else {})
    found = [f"Table '{name}' is absent: {why}." for name, why in wants.items() if name not in tables]
    if "lots" in tables:
        found += [
            f"Table '{name}' is absent: {why}."
            for name, (other, why) in WITH.items()
            if name not in tables and other in tables and tables[other].num_rows
        ]
    return found + list(_choices(tables))


def _choices(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Yield what is known between bounds only."""
    lines = sum(row["option"] != "always" for row in rows_of(tables, "bom", "option"))
    if lines:
        said = f"{lines} rows of 'bom' hold for one value of an option only, as often as orders choose it: uses of their"
        yield f"{said} resources are only held between what is always used and the most that any choice uses."
    setups = sum((row["setup_hours"] or 0.0) > 0 for row in rows_of(tables, "routing", "setup_hours"))
    if setups and "lots" not in tables:
        yield f"{setups} rows of 'routing' have setup hours: published plans count hours by unit only, and so does this."
    if "lots" not in tables:
        return
    open_ = sum(" or " in row["route"] for row in rows_of(tables, "lots", "route"))
    if open_:
        said = f"{open_} rows of 'lots' choose among machines for each unit: hours of these machines are only held between"
        yield f"{said} what other lots run there and what these could add."
    alternates = sum(row["alternate"] is not None for row in rows_of(tables, "bom", "alternate"))
    if alternates and "pegging" not in tables:
        yield f"{alternates} rows of 'bom' stand in for each other: without pegging nobody knows which is taken."
