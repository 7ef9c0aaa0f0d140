"""A shop whose customers order and leave as the BG/NBD model says, and logs of orders."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.tables.collected import ORDERS, PRODUCTS

CDNOW = (0.243, 4.414, 0.793, 2.426)
"""r, alpha, a and b of the CDNOW sample (Fader, Hardie & Lee 2005, table 2)."""


def simulated(rng, customers, parameters=CDNOW, ahead=0.0):
    """Return x, t_x, T and the orders in the time ahead, drawn order by order."""
    r, alpha, a, b = parameters
    rate, leaves = rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers)
    age = rng.uniform(27, 39, customers)
    x, t_x, later, now = np.zeros(customers), np.zeros(customers), np.zeros(customers), np.zeros(customers)
    there = np.ones(customers, bool)
    while there.any():
        now[there] += rng.exponential(1, there.sum()) / np.maximum(rate[there], 1e-300)
        there &= now <= age + ahead
        seen = there & (now <= age)
        x[seen] += 1
        t_x[seen] = now[seen]
        later[there & (now > age)] += 1
        there &= rng.random(customers) >= leaves
    return x, t_x, age, later


def log_of(rng, customers=60, weeks=40, products=4):
    """Return a table of orders of a shop whose products are cheaper in some weeks, and the table of products."""
    start = datetime(2025, 1, 6, 9, 30)  # noqa: DTZ001  the project's own time zone
    price = np.where(rng.random((products, weeks)) < 0.3, 8.0, 10.0)
    rows = []
    for number in range(customers):
        for day in np.flatnonzero(rng.random(7 * weeks) < rng.gamma(2, 0.03)):
            order, time = f"O{number}-{day}", start + timedelta(days=int(day), hours=int(rng.integers(0, 10)))
            bought = np.unique(rng.integers(0, products, 1 + rng.integers(0, 3)))
            for line, product in enumerate(bought, 1):
                paid, units = price[product, day // 7], float(rng.integers(1, 3))
                rows.append(
                    (order, line, time, f"c{number:03d}", f"P{product}", "web" if number % 2 else "shop", "all", units, paid,
                     paid * units, (10.0 - paid) * units, None, "sale")
                )  # fmt: skip
    orders = ORDERS.check(
        pa.Table.from_pylist([dict(zip(ORDERS.names, row, strict=True)) for row in rows], schema=ORDERS.schema)
    )
    kinds = [{"product": f"P{number}", "name": f"Thing {number}", "category": "ab"[number % 2]} for number in range(products)]
    return orders, PRODUCTS.check(pa.Table.from_pylist(kinds))


@pytest.fixture(name="simulated")
def simulated_():
    """Return the simulator of x, t_x, T and later orders."""
    return simulated


@pytest.fixture(scope="session")
def shop():
    """Return orders and products of a small shop."""
    return log_of(np.random.default_rng(3))


@pytest.fixture
def today():
    """Return a day in the middle of the shop's log."""
    return date(2025, 8, 4)
