"""A small made-up shop as tables: everything mining may take, drawn from a seed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

import lotwise.mine
from lotwise import config
from lotwise.stage import Inputs
from lotwise.tables import TABLES

START = date(2025, 1, 6)
NINE = datetime(2025, 1, 6, 9)  # noqa: DTZ001  times are in the project's zone
CATEGORIES = {"tea": "drink", "juice": "drink", "bread": "bakery", "cake": "bakery", "shirt": "wear", "coat": "wear"}
IDLE = {"display": 0.0, "mailer": 0.0, "front": 0.0}
PRICES = {"tea": 4.0, "juice": 3.0, "bread": 2.0, "cake": 9.0, "shirt": 30.0, "coat": 90.0}
TEXTS = (
    ("The coat is lovely and fits well", 5.0), ("The shirt is too small, please make the sleeves longer", 2.0),
    ("颜色很好看, 质量不错", 5.0), ("拉链坏了, 质量太差", 1.0), ("Delivery was late and the box was broken", 1.0),
    ("Great tea 😀", 5.0), ("Not bad, not good", 3.0), ("", 3.0),
)  # fmt: skip


def mine(given: dict[str, pa.Table], **sections: object) -> dict[str, pa.Table]:
    """Return what the stage gives of these tables; ``sections`` are those of lotwise.toml."""
    settings = config.build({"project": {"name": "made up"}} | sections)
    inputs = Inputs(settings=settings, engine=None, folder=Path(), load=given.__getitem__, present=frozenset(given))
    return lotwise.mine.run(inputs)


def tables(*, weeks: int = 30, customers: int = 60, seed: int = 5) -> dict[str, pa.Table]:
    """Return every table that mining may take, each as its contract says."""
    rng = np.random.default_rng(seed)
    orders, chosen = _orders(rng, weeks, customers)
    found = {
        "orders": orders, "order_options": chosen, "customers": _customers(rng, customers), "products": _products(),
        "events": _events(rng, weeks, customers), "promotions": _promotions(weeks + 4), "demand": _demand(orders, weeks),
        "competitors": _competitors(rng, weeks), "signals": _signals(rng, weeks), "work": _work(rng, weeks),
        "economics": _economics(),
        "calendar": [{"day": START + timedelta(weeks=week), "region": "all", "name": "feast"} for week in range(4, weeks, 9)],
        "campaigns": [{"campaign": "1", "product": "tea", "start": START, "end": START + timedelta(weeks=9)}],
    }  # fmt: skip
    return {name: TABLES[name].check(pa.Table.from_pylist(rows)) for name, rows in found.items()}


def _orders(rng, weeks, customers):
    orders, chosen = [], []
    rate = rng.gamma(2.0, 0.1, customers)
    taste = rng.dirichlet(np.full(len(PRICES), 0.7), customers)
    names = list(PRICES)
    for day in range(7 * weeks):
        for who in np.flatnonzero(rng.random(customers) < rate / 7 * 2):
            order = str(len(orders) + 1)
            for line, place in enumerate(rng.choice(len(names), rng.integers(1, 4), replace=False)):
                product = names[place if rng.random() < 0.4 else rng.choice(len(names), p=taste[who])]
                if any(row["order"] == order and row["product"] == product for row in orders[-4:]):
                    continue
                off = 0.2 if (day // 7) % 5 == 0 else 0.0
                units, price = float(rng.integers(1, 4)), PRICES[product] * (1 - off)
                orders.append(
                    {
                        "order": order, "line": line, "time": NINE + timedelta(days=day, hours=int(who) % 10),
                        "customer": f"c{who:02d}" if who else None, "product": product, "location": "all", "region": "all",
                        "units": units, "unit_price": price, "revenue": units * price, "kind": "sale",
                        "discount": units * PRICES[product] * off,
                    }
                )  # fmt: skip
                if product in {"shirt", "coat"}:
                    chosen += [
                        {"order": order, "line": line, "option": "size", "value": "SML"[rng.integers(3)]},
                        {"order": order, "line": line, "option": "color", "value": ("red", "blue")[rng.integers(2)]},
                    ]
                if rng.random() < 0.03:
                    back = orders[-1] | {"order": f"r{order}", "units": -units, "revenue": -units * price, "kind": "return"}
                    orders.append(back | {"time": back["time"] + timedelta(days=5)})
    end = NINE - timedelta(hours=9) + timedelta(weeks=weeks)
    return [row for row in orders if row["time"] < end], chosen


def _customers(rng, customers):
    ages = ("19-24", "25-34", "45-54")
    return [{"customer": f"c{who:02d}", "age": ages[rng.integers(3)], "region": "all"} for who in range(customers)]


def _products():
    return [
        {
            "product": name, "category": CATEGORIES[name], "unit_price": price, "unit_cost": 0.6 * price,
            "brand": "own" if price > 5 else "other",
        }
        for name, price in PRICES.items()
    ]  # fmt: skip


def _economics():
    return [
        {
            "product": name, "category": CATEGORIES[name], "unit_price": price, "unit_cost": 0.6 * price, "salvage": 0.0,
            "holding_cost": 0.01, "price_basis": "given", "cost_basis": "given", "salvage_basis": "assumed",
        }
        for name, price in PRICES.items()
    ]  # fmt: skip


def _events(rng, weeks, customers):
    kinds = ("view", "search", "cart", "review", "chat")
    rows = []
    for number in range(600):
        kind = kinds[rng.integers(len(kinds))]
        text, stars = TEXTS[rng.integers(len(TEXTS))]
        rows.append(
            {
                "event": str(number), "customer": f"c{rng.integers(customers):02d}", "kind": kind,
                "time": NINE + timedelta(days=int(rng.integers(7 * weeks))),
                "product": list(PRICES)[rng.integers(len(PRICES))] if kind != "search" else None,
                "value": stars if kind == "review" else None,
                "text": {"review": text, "chat": text, "search": ("tea", "red coat")[rng.integers(2)]}.get(kind),
            }
        )  # fmt: skip
    return rows


def _promotions(weeks):
    return [
        {"product": product, "region": "all", "week": START + timedelta(weeks=week), "discount": 0.2, **IDLE}
        for week in range(0, weeks, 5)
        for product in PRICES
    ]


def _demand(orders, weeks):
    rows = []
    for product, price in PRICES.items():
        for week in range(weeks):
            monday = START + timedelta(weeks=week)
            mine = [
                row for row in orders
                if row["product"] == product and row["kind"] == "sale" and 0 <= (row["time"].date() - monday).days < 7
            ]  # fmt: skip
            units = sum(row["units"] for row in mine)
            rows.append(
                {
                    "product": product, "region": "all", "week": monday, "units": units,
                    "revenue": sum(row["revenue"] for row in mine), "orders": len(mine), "customers": len(mine),
                    "unit_price": price * (0.8 if week % 5 == 0 else 1) if units else None, "censored": False,
                }
            )  # fmt: skip
    return rows


def _competitors(rng, weeks):
    return [
        {
            "product": product,
            "competitor": "rival",
            "week": START + timedelta(weeks=week),
            "price": price * rng.uniform(0.9, 1.1),
        }
        for week in range(weeks)
        for product, price in PRICES.items()
    ]


def _signals(rng, weeks):
    return [
        {
            "signal": "index",
            "product": "all",
            "region": "all",
            "week": START + timedelta(weeks=week),
            "value": rng.normal(100, 5),
        }
        for week in range(weeks)
    ]


def _work(rng, weeks):
    return [
        {
            "lot": f"L{week}{item}", "item": item, "week": START + timedelta(weeks=week), "machine": "oven", "planned": 20.0,
            "made": 19.0, "scrapped": float(rng.poisson(1)), "down_hours": rng.uniform(0, 3),
        }
        for week in range(weeks)
        for item in ("bread", "cake")
    ]  # fmt: skip
