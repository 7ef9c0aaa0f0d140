from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from lotwise.config import Settings
from lotwise.mine.market.publish import publish
from lotwise.stage import Inputs
from lotwise.tables.collected import COMPETITORS, ORDERS, PRODUCTS
from lotwise.tables.mined import MARKET, MARKET_SHARES, MINING, SEGMENTS
from lotwise.tables.pooled import DEMAND

START = datetime(2025, 1, 6, 12)  # noqa: DTZ001  tables hold local times


def inputs(tables):
    """Return what the stage hands a part."""
    return Inputs(Settings(), None, Path(), load=tables.__getitem__, present=frozenset(tables))


@pytest.fixture
def tables():
    """Three shirts at 10, 20 and 30 in 30 weeks, each week bought by one customer, beside one competitor at 20."""
    orders, demand, rivals = [], [], []
    for week in range(30):
        for place, product in enumerate(("a", "b", "c")):
            price = 10.0 * (place + 1)
            time = START + timedelta(weeks=week)
            line = {"order": f"{week}{product}", "line": 1, "time": time, "customer": f"k{place}", "product": product}
            orders.append({**line, "location": "all", "region": "all", "units": 1.0, "revenue": price, "kind": "sale"})
            monday = {"product": product, "week": time.date()}
            demand.append(
                {**monday, "region": "all", "units": 1.0, "revenue": price, "orders": 1, "customers": 1, "censored": False}
            )
            rivals.append({**monday, "competitor": "x", "price": 20.0})
    known = [{"product": product, "category": "shirts", "brand": "own"} for product in ("a", "b", "c")]
    contracts = {"orders": ORDERS, "demand": DEMAND, "competitors": COMPETITORS, "products": PRODUCTS}
    rows = {"orders": orders, "demand": demand, "competitors": rivals, "products": known}
    return {name: contract.check(pa.Table.from_pylist(rows[name])) for name, contract in contracts.items()}


def segments():
    """Return two customers' segments."""
    rest = {"name": "n", "certainty": 1.0, "recency_days": 1.0, "orders": 1, "revenue": 1.0, "rfm": "3-3-3"}
    return SEGMENTS.check(
        pa.Table.from_pylist([{"customer": "k0", "segment": "S2", **rest}, {"customer": "k1", "segment": "S1", **rest}])
    )


def test_tables_keep_their_contracts_and_figures(tables):
    """Each product stands beside the competitor and two of our own; shares are of revenue; k2 counts in all only."""
    found = publish(inputs(tables), {"segments": segments()})
    for contract in (MARKET, MARKET_SHARES, MINING):
        assert contract.check(found[contract.name]).equals(found[contract.name])
    rows = {(row["product"], row["rival"]): row for row in found["market"].to_pylist()}
    assert len(rows) == 9
    assert rows["a", "x"]["index"] == 0.5
    assert rows["c", "b"]["index"] == 1.5
    shares = {(row["kind"], row["name"], row["segment"]): row["share"] for row in found["market_shares"].to_pylist()}
    assert shares["product", "a", "S2"] == 1
    assert shares["price tier", "high", "all"] == pytest.approx(0.5)
    assert ("product", "c", "S1") not in shares


def test_without_prices_of_competitors_it_says_so(tables):
    """Products stand beside one another only, and the note tells why."""
    found = publish(inputs({name: table for name, table in tables.items() if name != "competitors"}), {})
    assert set(found["market"]["kind"].to_pylist()) == {"own"}
    assert "no competitors' prices" in found["mining"].to_pylist()[0]["note"]
    assert set(found["market_shares"]["segment"].to_pylist()) == {"all"}


def test_nothing_known_is_left_out(tables):
    """Without demand and sales the part is left out with its reasons, and its tables are empty."""
    found = publish(inputs({"orders": tables["orders"].slice(0, 0)}), {})
    row = found["mining"].to_pylist()[0]
    assert row["ended"] == "left out"
    assert "no weekly demand" in row["note"]
    assert "no sale" in row["note"]
    assert found["market"].num_rows == found["market_shares"].num_rows == 0
