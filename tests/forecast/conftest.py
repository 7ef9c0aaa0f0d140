"""Small simulated shops whose law of demand is known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

START = date(2024, 1, 1)


def table_of_demand(units, *, regions=("all",), first=None):
    """Return a demand table from units of shape (products x regions, weeks), from each series' first week on."""
    units = np.asarray(units, float)
    rows = []
    for number, series in enumerate(units):
        product, region = divmod(number, len(regions))
        begin = 0 if first is None else first[number]
        rows += [
            {
                "product": f"p{product:03d}",
                "region": regions[region],
                "week": START + timedelta(weeks=week),
                "units": float(series[week]),
                "revenue": 2.0 * float(series[week]),
                "unit_price": 2.0 if series[week] > 0 else None,
                "discount": 0.1 if series[week] > 0 else None,
                "orders": int(series[week]),
                "customers": int(series[week]),
                "censored": False,
            }
            for week in range(begin, units.shape[1])
        ]
    return pa.Table.from_pylist(rows, schema=DEMAND)


DEMAND = pa.schema(
    [
        ("product", pa.string()), ("region", pa.string()), ("week", pa.date32()), ("units", pa.float64()),
        ("revenue", pa.float64()), ("unit_price", pa.float64()), ("discount", pa.float64()), ("orders", pa.int64()),
        ("customers", pa.int64()), ("censored", pa.bool_()),
    ]
)  # fmt: skip


def table_of_promotions(mailer):
    """Return a promotions table from shares of shape (products, weeks)."""
    rows = [
        {
            "product": f"p{product:03d}",
            "region": "all",
            "week": START + timedelta(weeks=week),
            "display": 0.0,
            "mailer": float(mailer[product, week]),
            "front": 0.0,
            "discount": None,
        }
        for product in range(mailer.shape[0])
        for week in range(mailer.shape[1])
    ]
    return pa.Table.from_pylist(rows).cast(
        pa.schema(
            [
                ("product", pa.string()), ("region", pa.string()), ("week", pa.date32()), ("display", pa.float64()),
                ("mailer", pa.float64()), ("front", pa.float64()), ("discount", pa.float64()),
            ]
        )
    )  # fmt: skip


def table_of_orders(lines):
    """Return order lines from (customer, product, week, units)."""
    return pa.table(
        {
            "time": pa.array([START + timedelta(weeks=week) for _, _, week, _ in lines], pa.date32()).cast(pa.timestamp("us")),
            "customer": [customer for customer, _, _, _ in lines],
            "product": [product for _, product, _, _ in lines],
            "region": ["all"] * len(lines),
            "units": [float(units) for _, _, _, units in lines],
            "kind": ["sale"] * len(lines),
        }
    )


@pytest.fixture
def demand_table():
    """A function that makes a demand table."""
    return table_of_demand


@pytest.fixture
def promotions_table():
    """A function that makes a promotions table."""
    return table_of_promotions


@pytest.fixture
def orders_table():
    """A function that makes order lines."""
    return table_of_orders


@pytest.fixture(scope="session")
def promoted_shop():
    """Thirty products over 44 weeks (and plans for 4 more) whose demand triples when they are in the mailer."""
    rng = np.random.default_rng(7)
    level = rng.uniform(4, 30, 30)
    mailer = (rng.random((30, 48)) < 0.25).astype(float)
    units = rng.poisson(level[:, None] * (1 + 2 * mailer[:, :44]))
    lines = [
        (f"c{customer}", f"p{product:03d}", week, 1 + customer % 2)
        for product in range(30)
        for customer in range(6)
        for week in range(customer % 4, 44, 3 + customer)
    ]
    return {"demand": table_of_demand(units), "promotions": table_of_promotions(mailer), "orders": table_of_orders(lines)}
