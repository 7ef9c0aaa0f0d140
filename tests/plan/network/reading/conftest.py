"""Small tables with names, and the networks made from them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise import config
from lotwise.plan import Problem, Terms, no_resources
from lotwise.plan.network.labels import Labels
from lotwise.plan.network.network import Network
from lotwise.plan.network.reading import build
from lotwise.tables import contract
from lotwise.tables.planned import LOTS, PURCHASES, SHIPMENTS

MONDAY = date(2024, 1, 1)
BEFORE = {kept.name: kept for kept in (LOTS, PURCHASES, SHIPMENTS)}
FILLED = {
    "bom": {"option": "always", "value": "always", "version": "always"},
    "routing": {"step": 1},
    "items": {"site": "all"},
    "stock": {"site": "all", "region": "all", "day": date(2023, 12, 31)},
    "receipts": {"site": "all", "kind": "purchase"},
    "suppliers": {"from_units": 0.0},
    "calendar": {"region": "all", "name": "holiday"},
    "products": {"category": "clothes"},
    "economics": {
        "category": "clothes", "unit_price": 50.0, "salvage": 0.0, "holding_cost": 0.25, "price_basis": "given",
        "cost_basis": "given", "salvage_basis": "given",
    },
}  # fmt: skip


def table(name, rows):
    """Return a table of a contract from rows that leave out what does not matter."""
    kept = BEFORE.get(name) or contract(name)
    return kept.check(pa.Table.from_pylist([FILLED.get(name, {}) | row for row in rows], schema=kept.schema))


def case(demand=None, *, weeks=4, settings=None, **rows):
    """Return problem, tables and settings; products cost 20, sell at 50, and are asked for evenly; demand waits."""
    demand = {"coat": 10.0} if demand is None else demand
    names = tuple(sorted(demand))
    economics = rows.pop("economics", [{"product": name, "unit_cost": 20.0} for name in names])
    tables = {name: table(name, given) for name, given in rows.items()} | {"economics": table("economics", economics)}
    size = len(names)
    terms = Terms(
        np.full(size, 50.0), np.full(size, 20.0), np.zeros(size), np.full(size, 0.25), np.full(size, 2.0), np.full(size, 99),
        np.ones(size, dtype=bool),
    )  # fmt: skip
    asked = np.repeat(np.array([[demand[name]] for name in names]), weeks, axis=1)[None]
    mondays = tuple(MONDAY + timedelta(weeks=week) for week in range(weeks))
    stock = {row["item"]: row["units"] for row in rows.get("stock", [])}
    opening = np.array([stock.get(name, 0.0) for name in names])
    problem = Problem(names, mondays, asked, terms, no_resources(size, weeks), opening, information="now", cutoff=MONDAY)
    return problem, tables, config.build(settings or {})


@dataclass
class Made:
    """A network, its labels, and what was said while it was made."""

    problem: Problem
    network: Network
    labels: Labels
    notes: list[str]

    def item(self, name, site="all"):
        """Return the number of an item at a site."""
        pairs = list(zip(self.network.items.names, self.network.items.sites, strict=True))
        return pairs.index((name, site))

    def activity(self, name):
        """Return the number of an activity."""
        return self.network.activities.names.index(name)

    def takes(self, name):
        """Return what one unit of an activity takes, by the names of the items."""
        return self._column(self.network.activities.takes, self.network.items.names, name)

    def gives(self, name):
        """Return what one unit of an activity gives."""
        return self._column(self.network.activities.gives, self.network.items.names, name)

    def uses(self, name):
        """Return the hours of machines one unit of an activity uses."""
        return self._column(self.network.activities.uses, self.network.machines.names, name)

    def of(self, field, name):
        """Return a field of one activity."""
        return getattr(self.network.activities, field)[self.activity(name)]

    def switch(self, name):
        """Return a switch as a mapping, its members by name."""
        switches = self.network.switches
        number = switches.names.index(name)
        weight, hours = switches.weight.toarray()[number], switches.hours.toarray()[:, number]
        told = {key: getattr(switches, key)[number] for key in ("kinds", "least", "largest", "most", "cost")}
        return told | {
            "members": [self.network.activities.names[place] for place in np.flatnonzero(weight)],
            "hours": {self.network.machines.names[place]: hours[place] for place in np.flatnonzero(hours)},
            "open": switches.open[number].tolist(),
        }

    def _column(self, matrix, names, activity):
        column = matrix.toarray()[:, self.activity(activity)]
        return {names[place]: round(float(column[place]), 9) for place in np.flatnonzero(column)}


@pytest.fixture
def made():
    """Return a function that makes the network of named tables."""

    def make(demand=None, *, before=None, **given):
        problem, tables, settings = case(demand, **given)
        notes = []
        before = {name: table(name, rows) for name, rows in before.items()} if before is not None else None
        network, labels = build(problem, tables, settings, before=before, say=notes.append)
        return Made(problem, network, labels, notes)

    return make


@pytest.fixture
def tables_of():
    """Return a function that gives problem, tables and settings."""
    return case
