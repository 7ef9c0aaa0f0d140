"""The assumed plants, written out by product: which line makes it, and what goes into it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ANY = "*"
"""Stands in ``lines.csv`` and ``recipes.csv`` for every department or category that has no line of its own."""

Row = dict[str, str]


def rows(file: Path) -> list[Row]:
    """Return the rows of a small CSV file, all values as text."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def routing(products: pa.Table, lines: Iterable[Row]) -> pa.Table:
    """Return ``product, machine, hours``: one step a product, on the line of its category.

    Parameters
    ----------
    products
        ``product_id, department, product_category``, one row a product.
    lines
        ``department, category, machine, units_per_hour``.
    """
    made = [
        {"product": product, "machine": line["machine"], "hours": round(1 / float(line["units_per_hour"]), 6)}
        for product, line in _assigned(products, lines)
    ]
    return pa.Table.from_pylist(made)


def bom(products: pa.Table, recipes: Iterable[Row]) -> pa.Table:
    """Return ``product, material, quantity``: the recipe of each product's category.

    Parameters
    ----------
    products
        ``product_id, department, product_category``, one row a product.
    recipes
        ``department, category, material, quantity``, one row a material.
    """
    used = [
        {"product": product, "material": line["material"], "quantity": float(line["quantity"])}
        for product, line in _assigned(products, recipes)
    ]
    return pa.Table.from_pylist(used)


def _assigned(products: pa.Table, rules: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Yield each product with every rule of the most exact place that names it: category, department, anything."""
    places: dict[tuple[str, str], list[Row]] = {}
    for rule in rules:
        places.setdefault((rule["department"], rule["category"]), []).append(rule)
    columns = (products[name].to_pylist() for name in ("product_id", "department", "product_category"))
    for product, department, category in zip(*columns, strict=True):
        exact = places.get((department, category)) or places.get((department, ANY)) or places[ANY, ANY]
        for rule in exact:
            yield str(product), rule
