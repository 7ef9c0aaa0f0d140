"""Small brands: orders written as (customer, product, day), and a simulated one whose habits are known."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import build
from lotwise.recommend import gather
from lotwise.stage import Inputs
from lotwise.tables import contract

DAY = date(2024, 1, 1)
NUMBER = (DAY - date(1970, 1, 1)).days


def _fill(name, rows):
    """Return a table of the contract from rows that name only some columns."""
    table = contract(name)
    columns = {c.name: pa.array([row.get(c.name) for row in rows], c.type) for c in table.columns}
    return pa.table(columns, schema=pa.schema([pa.field(c.name, c.type) for c in table.columns]))


@pytest.fixture(scope="session")
def fill():
    """Return a function that makes a table of a contract from rows that name only some columns."""
    return _fill


@pytest.fixture(scope="session")
def sell():
    """Return a function that makes orders from (customer, product, day), day 0 being 2024-01-01."""

    def orders(sales, **changes):
        rows = [
            {
                "order": str(k), "line": 1, "time": datetime.combine(DAY + timedelta(days=day), time(12)),
                "customer": customer, "product": product, "location": "all", "region": "all",
                "units": 1.0, "kind": "sale", **changes,
            }
            for k, (customer, product, day) in enumerate(sales)
        ]  # fmt: skip
        return _fill("orders", rows)

    return orders


@pytest.fixture(scope="session")
def buy(sell):
    """Return a function that makes purchases from (customer, product, day)."""
    return lambda sales, products="abc", **more: gather(sell(sales), products, **more)


@pytest.fixture(scope="session")
def day():
    """Return a function that turns a day counted from 2024-01-01 into one counted from 1970-01-01."""
    return lambda number: NUMBER + number


@pytest.fixture(scope="session")
def shop():
    """Return 16 weeks of sales of 80 customers with two tastes, who buy some of 12 products again and again."""
    rng = np.random.default_rng(7)
    sales = []
    for customer in range(80):
        mine = rng.choice(6, 3, replace=False) + 6 * (customer % 2)
        for product in [*mine, *rng.choice(12, 3)]:
            start, every = rng.integers(90), rng.integers(7, 30)
            sales += [(f"c{customer:02d}", f"p{product:02d}", int(when)) for when in range(start, 112, every)]
    return sales


@pytest.fixture(scope="session")
def ask(fill, sell):
    """Return a function that makes the inputs of the stage from sales, with tables added or replaced."""

    def inputs(sales, settings=None, said=None, **tables):
        products = sorted({product for _, product, _ in sales})
        given = {
            "orders": sell(sales),
            "products": fill("products", [{"product": code, "name": f"the {code}", "category": "all"} for code in products]),
            "economics": fill("economics", [{"product": code, "unit_price": 3.0, "unit_cost": 1.0} for code in products]),
            **tables,
        }
        progress = (lambda message, _=None: said.append(message)) if said is not None else (lambda *_: None)
        return Inputs(
            settings=build(settings or {}), engine=None, folder=None, load=given.__getitem__,
            present=frozenset(given), progress=progress,
        )  # fmt: skip

    return inputs
