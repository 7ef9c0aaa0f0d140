from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.mine.customers import Purchases
from lotwise.mine.propensity.history import recall

START, DAYS = 19_000, 280
NAMES = ["bread", "butter", "milk"]


def shoppers(count: int = 250, seed: int = 1, days: int = DAYS) -> Purchases:
    """Customers who come at gamma rates of their own and take each item with a chance of their own: a simulated truth."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.5, 1 / 15, count) + 0.004
    taste = rng.beta(0.7, 0.9, (count, len(NAMES)))
    came = rng.random((count, days)) < rate[:, None]
    customer, day = np.nonzero(came)
    takes = rng.random((len(day), len(NAMES))) < taste[customer]
    takes[:, 2] |= ~takes.any(axis=1)
    line, product = np.nonzero(takes)
    rows = len(line)
    return Purchases(
        tuple(f"c{number:04}" for number in range(count)), tuple(NAMES), (), customer[line], product, line, day[line] + START,
        np.ones(rows), rng.gamma(2.0, 2.0, rows), np.ones(rows, dtype=bool), np.arange(rows), START + days,
    )  # fmt: skip


def history_of(bought: Purchases, foreseen: tuple[str, ...] = ("bread", "milk")):
    return recall(bought, np.arange(len(NAMES)), NAMES, foreseen, cut=np.zeros(len(bought)))


def shuffled_after(bought: Purchases, day: int, seed: int = 7) -> Purchases:
    """Return purchases with everything from a day on changed: other customers, products, money and days."""
    rng = np.random.default_rng(seed)
    after = bought.day >= day
    count = int(after.sum())
    customer, product, when, money = bought.customer.copy(), bought.product.copy(), bought.day.copy(), bought.revenue.copy()
    customer[after] = rng.integers(len(bought.customers), size=count)
    product[after] = rng.integers(len(bought.products), size=count)
    when[after] = rng.integers(day, bought.today, size=count)
    money[after] = rng.random(count) * 1000
    return replace(bought, customer=customer, product=product, day=when, revenue=money)


@pytest.fixture(scope="session")
def bought() -> Purchases:
    return shoppers()


@pytest.fixture(scope="session")
def past(bought):
    return history_of(bought)
