"""What does not fit together in the tables: every breach with its row and a next step."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from lotwise.errors import ContractError, did_you_mean
from lotwise.plan.bill import explode
from lotwise.plan.network.reading.given import ALL, CUSTOMERS
from lotwise.plan.network.reading.rules import lot_rule
from lotwise.plan.problem import EDGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from lotwise.plan.network.reading.given import Given, Row

MOST_SHOWN = 20


def faults(given: Given, bom: pa.Table | None) -> list[str]:
    """Return every breach; none where the tables fit together."""
    return list(
        chain(
            _loops(bom), _machines(given), _torn(given), _items(given), _sites(given), _units(given), _without_source(given),
            _rules(given), _orders(given), _dates(given),
        )
    )  # fmt: skip


def _loops(bom: pa.Table | None) -> Iterator[str]:
    try:
        if bom is not None:
            explode((), bom)
    except ContractError as error:
        yield from (f"bom: {line.removeprefix('- ')}" for line in str(error).splitlines()[1:])


def _numbered(given: Given, table: str) -> Iterator[tuple[str, Row]]:
    return ((f"{table} row {number}", row) for number, row in enumerate(given.rows[table], start=1))


def _machines(given: Given) -> Iterator[str]:
    """Yield rows that name machines or families nobody lists, and shifts without hours."""
    known = given.index["machines"]
    for table in ("routing", "families", "machine_weeks") if known else ():
        for where, row in _numbered(given, table):
            if row["machine"] not in known:
                hint = did_you_mean(row["machine"], known)
                yield f"{where}: machine '{row['machine']}' is not in table 'machines'{hint}; add it there or correct the row"
    families = {row["family"] for row in given.rows["families"]}
    for where, row in _numbered(given, "items"):
        if families and row.get("family") and row["family"] not in families:
            hint = did_you_mean(row["family"], families)
            yield f"{where}: family '{row['family']}' of '{row['item']}' is not in table 'families'{hint}; add it there"
    for where, row in _numbered(given, "machines"):
        if row.get("extra_shifts") and not row.get("shift_hours"):
            yield f"{where}: '{row['machine']}' can have {row['extra_shifts']} extra shifts, but no shift_hours; fill them in"


def _torn(given: Given) -> Iterator[str]:
    """Yield the items whose steps no single site can do."""
    known = given.index["machines"]
    for item, rows in given.steps.items():
        steps: dict[int, set[str]] = {}
        for row in rows:
            steps.setdefault(row["step"], set()).add(known.get(row["machine"], {}).get("site") or ALL)
        stand = [sites for sites in steps.values() if ALL not in sites]
        if stand and not set.intersection(*stand):
            told = "; ".join(f"step {step} at {', '.join(sorted(sites))}" for step, sites in sorted(steps.items()))
            yield f"routing: no site has machines for all steps of '{item}' ({told}); split it into an item for each site"


def _known_items(given: Given) -> set[str]:
    found = set(given.costs)
    for table, columns in (
        ("products", ("product",)), ("items", ("item",)), ("bom", ("item", "component")), ("routing", ("item",)),
        ("coproducts", ("coproduct",)), ("materials", ("material",)),
    ):  # fmt: skip
        found |= {row[column] for row in given.rows[table] for column in columns}
    return found


def _items(given: Given) -> Iterator[str]:
    """Yield rows about items that no table knows."""
    known = _known_items(given)
    for table, column in (("suppliers", "material"), ("receipts", "item"), ("lanes", "item"), ("coproducts", "item")):
        for where, row in _numbered(given, table):
            if row[column] not in known and not (table == "lanes" and row[column] == ALL):
                yield f"{where}: item '{row[column]}' is in no other table{did_you_mean(row[column], known)}; correct it"
    for where, row in _numbered(given, "coproducts"):
        if row["coproduct"] == row["item"]:
            yield f"{where}: '{row['item']}' is its own co-product; give its yield in table 'items' instead"


def _sites(given: Given) -> Iterator[str]:
    """Yield rows that name sites table ``sites`` does not list, where there is one, and lanes from nowhere."""
    known = {row["site"] for row in given.rows["sites"]}
    for table, column in (
        ("machines", "site"),
        ("items", "site"),
        ("receipts", "site"),
        ("lanes", "origin"),
        ("lanes", "target"),
    ):
        for where, row in _numbered(given, table):
            site = row.get(column) or ALL
            if known and site not in known | {ALL} | ({CUSTOMERS} if column == "target" else set()):
                yield f"{where}: site '{site}' is not in table 'sites'{did_you_mean(site, known)}; add it there or correct it"
    for item, site in given.stock if known else ():
        if site not in known | {ALL}:
            yield f"stock: '{item}' is at site '{site}', which is not in table 'sites'{did_you_mean(site, known)}; add it there"
    for where, row in _numbered(given, "lanes"):
        if ALL in {row["origin"], row["target"]}:
            yield f"{where}: a lane joins two named sites, found '{row['origin']}' to '{row['target']}'; name both"


def _units(given: Given) -> Iterator[str]:
    """Yield quantities in units other than those the component is counted in."""
    counts = {row["item"]: row["unit"] for row in reversed(given.rows["items"]) if row.get("unit")}
    counts = {name: row["unit"] for name, row in given.index["materials"].items() if row.get("unit")} | counts
    for where, row in _numbered(given, "bom"):
        unit, counted = row.get("unit"), counts.get(row["component"])
        if unit and counted and _plain(unit) != _plain(counted):
            yield (
                f"{where}: '{row['item']}' takes {row['quantity']:g} '{unit}' of '{row['component']}', which is counted in "
                f"'{counted}'; give the quantity in '{counted}'"
            )
    for where, row in _numbered(given, "items"):
        other = given.index["materials"].get(row["item"], {}).get("unit")
        if row.get("unit") and other and _plain(row["unit"]) != _plain(other):
            yield f"{where}: '{row['item']}' is counted in '{row['unit']}', in 'materials' in '{other}'; make them the same"


def _plain(unit: str) -> str:
    return unit.strip().casefold()


def _without_source(given: Given) -> Iterator[str]:
    """Yield components that are neither made nor bought nor there, where anything is bought at all."""
    if not given.rows["materials"] and not given.rows["suppliers"]:
        return
    known: set[str] = set(given.made) | set(given.products) | set(given.suppliers) | set(given.index["materials"])
    there = {row["coproduct"] for row in given.rows["coproducts"]} | {row["item"] for row in given.rows["receipts"]}
    there |= {item for item, _ in given.stock}
    seen: set[str] = set()
    for where, row in _numbered(given, "bom"):
        name = row["component"]
        if name not in known and name not in there and name not in seen:
            seen.add(name)
            yield (
                f"{where}: component '{name}' of '{row['item']}' is neither made nor bought{did_you_mean(name, known)}; "
                "give it a row in 'routing', 'bom', 'materials' or 'suppliers'"
            )


def _rules(given: Given) -> Iterator[str]:
    """Yield lots whose smallest is larger than their largest."""
    sites = {(row["item"], row["site"]): f"items row {number}" for number, row in enumerate(given.rows["items"], start=1)}
    sites |= {(row["product"], ALL): where for where, row in _numbered(given, "products") if (row["product"], ALL) not in sites}
    for (item, site), where in sites.items():
        rule = lot_rule(given, item, site)
        if rule.maximum <= EDGE:
            yield f"{where}: the largest lot of '{item}' is {rule.maximum:g}: none could be made; raise it or leave it empty"
            continue
        if rule.least > rule.largest + 1e-9:
            multiple = f" in multiples of {rule.multiple:g}" if rule.multiple else ""
            yield (
                f"{where}: the smallest lot of '{item}'{multiple} is {rule.least:g}, the largest {rule.maximum:g}; "
                "lower lot_minimum or lot_multiple, or raise lot_maximum"
            )


def _orders(given: Given) -> Iterator[str]:
    """Yield orders and shipments whose smallest is larger than what a week can have."""
    for table, name, least in (
        ("materials", "material", "minimum_order"),
        ("suppliers", "material", "minimum_order"),
        ("lanes", "item", "minimum"),
    ):
        for where, row in _numbered(given, table):
            smallest = max(row.get(least) or 0.0, row.get("from_units") or 0.0)
            limit = np.inf if row.get("weekly_limit") is None else row["weekly_limit"]
            if smallest > limit:
                yield (
                    f"{where}: the smallest order of '{row[name]}' is {smallest:g}, the weekly limit {limit:g}; "
                    f"lower {least} or raise weekly_limit"
                )


def _dates(given: Given) -> Iterator[str]:
    for table, name in (("bom", "item"), ("suppliers", "material")):
        for where, row in _numbered(given, table):
            if row.get("starts") and row.get("ends") and row["starts"] > row["ends"]:
                yield f"{where}: '{row[name]}' starts on {row['starts']}, after it ends on {row['ends']}; correct one of them"
