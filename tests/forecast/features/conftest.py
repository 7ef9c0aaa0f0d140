"""What the families of features are asked in these tests."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.forecast import sources
from lotwise.forecast.panel import Facts, dense

START = date(2024, 1, 1)


class Told:
    """Features of one source by name, each spread out to (series, weeks, horizon), and what the user was told."""

    def __init__(self, demand, data, horizon, **source):
        self.notes = []
        self.facts = Facts(dense(demand), horizon, data, self.notes.append)
        self.source = Source(**{"name": "it", **source})
        shape = (*self.facts.panel.shape, horizon)
        found = sources.features(self.facts, self.source)
        self.features = {name.removeprefix("it: "): np.broadcast_to(values, shape) for name, values in found.items()}

    def __getitem__(self, name):
        return self.features[name]


@pytest.fixture
def tell(demand_table):
    """A function from units and tables to what a source tells."""

    def told(units, tables, *names, horizon=2, regions=("all",), **source):
        demand = units if isinstance(units, pa.Table) else demand_table(units, regions=regions)
        return Told(demand, tables, horizon, tables=list(names), **source)

    return told


@pytest.fixture
def week():
    """A function from the number of a week to its Monday."""
    return lambda number: START + timedelta(weeks=number)


@pytest.fixture
def at(week):
    """A function from numbers of weeks to times in them."""
    return lambda numbers: pa.array([week(number) for number in numbers], pa.date32()).cast(pa.timestamp("us"))
