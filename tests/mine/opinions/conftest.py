"""Texts that several tests read."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Settings
from lotwise.mine.opinions.reading import gather
from lotwise.stage import Inputs
from lotwise.tables.collected import EVENTS
from lotwise.tables.pooled import ECONOMICS

START = datetime.fromisoformat("2025-01-06T12:00")
PRAISE = [
    "Lovely fabric, very soft",
    "The fit is perfect",
    "Great color",
    "Fast delivery",
    "Well made, good quality",
    "Fair price",
]
BLAME = [
    "The sleeves are too short",
    "Slow delivery",
    "The color is dull",
    "Poor quality",
    "Too expensive",
    "The fabric is scratchy",
]


@pytest.fixture
def texts():
    """Return a function that gathers texts, one a day, with stars where they are given."""

    def made(several, stars=None, kind="review", product="p"):
        count = len(several)
        return gather(
            event=[f"e{row:05d}" for row in range(count)],
            kind=[kind] * count,
            product=[product] * count,
            customer=[f"c{row}" for row in range(count)],
            day=np.arange(20_000, 20_000 + count),
            stars=np.full(count, np.nan) if stars is None else np.array(stars, dtype=float),
            text=several,
            most=10_000,
        )

    return made


def sayings(count, seed=0):
    """Return texts and stars: praise with 5, blame with 1, each with a number of its own."""
    rng = np.random.default_rng(seed)
    side = rng.integers(0, 2, count)
    words = [f"{(BLAME, PRAISE)[one][rng.integers(6)]}. no {row}" for row, one in enumerate(side)]
    return words, [5.0 if one else 1.0 for one in side]


def event(number, text, **other):
    """Return one event with a text."""
    row = {
        "event": f"e{number:05d}",
        "time": START + timedelta(days=number % 300),
        "customer": None,
        "product": "p",
        "kind": "review",
    }
    return row | {"value": None, "text": text} | other


@pytest.fixture
def inputs():
    """Return a function that makes the inputs of the part from rows of events and orders."""

    def made(events=None, orders=None, settings=None, folder=Path()):
        tables = {}
        if events is not None:
            tables["events"] = EVENTS.check(pa.Table.from_pylist(events, schema=EVENTS.schema))
        if orders is not None:
            tables["orders"] = orders
            row = {
                "product": "p", "category": "c", "unit_price": 10.0, "unit_cost": 4.0, "salvage": 1.0, "holding_cost": 0.0,
                "price_basis": "given", "cost_basis": "given", "salvage_basis": "given",
            }  # fmt: skip
            tables["economics"] = ECONOMICS.check(pa.Table.from_pylist([row | {"shelf_weeks": None}], schema=ECONOMICS.schema))
        return Inputs(settings or Settings(), None, folder, load=tables.__getitem__, present=frozenset(tables))

    return made


def purchase(number, customer, day, units=1.0, revenue=10.0):
    """Return one order line of a sale."""
    return {
        "order": f"o{number:06d}", "line": 1,
        "time": datetime.combine(date(1970, 1, 1) + timedelta(days=int(day)), START.time()),
        "customer": customer, "product": "p", "location": "all", "region": "all", "units": units, "unit_price": 10.0,
        "revenue": revenue, "discount": 0.0, "due": None, "kind": "sale",
    }  # fmt: skip
