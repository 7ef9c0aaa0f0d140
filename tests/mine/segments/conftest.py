"""Small worlds whose segments are known."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

START = datetime(2025, 1, 6)  # noqa: DTZ001  tables hold local times


def order_lines(rng, laws):
    """Return order lines; a law is (customers, orders, price, category of most, discounted share)."""
    rows = []
    for kind, (customers, orders, price, category, discounted) in enumerate(laws):
        for customer in range(customers):
            for order in range(1 + rng.poisson(orders)):
                time = START + timedelta(days=int(rng.integers(0, 180)), hours=int(rng.integers(8, 22)))
                for _ in range(1 + rng.poisson(2)):
                    cost = price * float(np.exp(rng.normal(0, 0.2)))
                    off = 0.3 * cost if rng.random() < discounted else 0.0
                    rows.append(
                        {
                            "customer": f"k{kind}-{customer:03d}",
                            "order": f"k{kind}-{customer:03d}-{order}",
                            "time": time,
                            "category": category if rng.random() < 0.75 else "bread",
                            "revenue": cost - off,
                            "discount": off,
                            "units": 1.0,
                        }
                    )
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="session")
def two_kinds():
    """Sixty customers who often buy discounted snacks, and forty who seldom buy dear wine."""
    return order_lines(np.random.default_rng(3), [(60, 20, 3.0, "snacks", 0.6), (40, 4, 12.0, "wine", 0.05)])
