"""A small shop whose files are simple, whole and easy to spoil: three products, thirty weeks."""

from __future__ import annotations

import csv
import datetime as dt
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = dt.date(2024, 1, 1)
PRODUCTS = {"bread": (2.0, 1.2), "cake": (9.0, 5.0), "tea": (4.0, 2.5)}
SETTINGS = """
[project]
name = "corner shop"
currency = "EUR"

[[collect]]
table = "orders"
files = "orders.csv"
columns = { order = "order", customer = "who", product = "sku", units = "qty", unit_price = "price", time = "day" }

[[collect]]
table = "products"
files = "products.csv"
columns = { product = "sku", category = "kind", unit_cost = "cost", unit_price = "list" }

[[collect]]
table = "machines"
files = "machines.csv"

[[collect]]
table = "routing"
files = "routing.csv"

[forecast]
products = 0
rounds = 20
methods = ["history", "ses", "poisson"]
cutoffs = 2
scenarios = 10

[gap]
resamples = 100
"""


def write(folder: Path, *, weeks: int = 30) -> None:
    """Write the shop's files and its lotwise.toml."""
    rng = random.Random(7)  # noqa: S311  no secret
    folder.mkdir(parents=True, exist_ok=True)
    orders = []
    for day in range(7 * weeks):
        for product, (price, _) in PRODUCTS.items():
            for _ in range(rng.randrange(3)):
                when = MONDAY + dt.timedelta(days=day)
                orders.append((len(orders) + 1, f"c{rng.randrange(12)}", product, rng.randrange(1, 5), price, when.isoformat()))
    rows(folder / "orders.csv", ("order", "who", "sku", "qty", "price", "day"), orders)
    listed = [(product, "food", cost, price) for product, (price, cost) in PRODUCTS.items()]
    rows(folder / "products.csv", ("sku", "kind", "cost", "list"), listed)
    rows(folder / "machines.csv", ("machine", "hours", "overtime_hours", "overtime_cost"), [("oven", 6, 2, 5)])
    steps = [(product, 1, "oven", 0.1) for product in PRODUCTS]
    rows(folder / "routing.csv", ("item", "step", "machine", "hours"), steps)
    (folder / "lotwise.toml").write_text(SETTINGS, encoding="utf-8")


def rows(file: Path, header: tuple[str, ...], content: list[tuple[object, ...]]) -> None:
    """Write a CSV file."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(content)


def change(file: Path, old: str, new: str) -> None:
    """Replace text in a file that must hold it."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def edit_row(file: Path, row: int, column: int, value: str) -> None:
    """Replace one field of one row; the first row of data is 1."""
    lines = file.read_text(encoding="utf-8").splitlines()
    fields = lines[row].split(",")
    fields[column] = value
    lines[row] = ",".join(fields)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
