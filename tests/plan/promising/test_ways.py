"""Tests of how items are made, read from tables: sites, lanes, families, lots, alternatives."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from lotwise.plan.promising.ways import making
from lotwise.tables import contract

WEEKS = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(4)]
MACHINES = {"saw": 0, "press": 1}
ALWAYS = {"option": "always", "value": "always", "version": "always"}


def table(name, *rows):
    """Return rows as the named table, columns that are absent filled with nothing."""
    return pa.Table.from_pylist(list(rows), schema=contract(name).schema)


def tables(**more):
    """Return a chair of a seat, sawn at the plant: 0.5 hours, the press doing it dearer."""
    step = {"item": "chair", "step": 1}
    found = {
        "bom": table("bom", {"item": "chair", "component": "seat", "quantity": 2.0, "scrap": 0.2, **ALWAYS}),
        "routing": table(
            "routing",
            {**step, "machine": "saw", "hours": 0.5, "setup_hours": 1.0},
            {**step, "machine": "press", "hours": 0.1, "unit_cost": 9.0},
        ),
        "machines": table("machines", *({"machine": name, "hours": 40.0, "site": "plant"} for name in MACHINES)),
        "materials": table("materials", {"material": "seat", "unit_cost": 3.0}),
    }
    return found | more


def ways(**more):
    return making(tables(**more), ["chair"], WEEKS, MACHINES, lead=0)


def test_the_cheapest_machine_does_a_step():
    """The saw costs nothing more, so its hours count; 2 seats of which a fifth is lost are 2.5."""
    found = ways().ways["chair"]
    assert found.steps == ((0, 0.5, 1.0, 0.0),)
    assert [(line.component, line.quantity) for line in found.lines] == [("seat", 2.5)]


def test_lots_yield_lead_and_family_come_from_items():
    """What ``items`` says holds; its family adds the hours that set it up, shared by all of it."""
    row = {
        "item": "chair", "site": "plant", "family": "oak", "lead_weeks": 1, "yield": 0.8, "lot_minimum": 6.0,
        "lot_multiple": 3.0, "lot_maximum": 30.0,
    }  # fmt: skip
    found = ways(items=table("items", row), families=table("families", {"family": "oak", "machine": "saw", "setup_hours": 4.0}))
    way = found.ways["chair"]
    assert (way.lead, way.good, way.least, way.step, way.largest, way.family) == (1, 0.8, 6.0, 3.0, 30.0, "oak")
    assert way.steps == ((0, 0.5, 1.0, 0.0), (0, 0.0, 0.0, 4.0))


def test_lanes_to_customers_take_their_weeks_and_sizes():
    """Plant to shop 1 week in tens, shop to customers 1 week in fours, at least 30: 2 weeks, at least 30, in twenties."""
    lanes = table(
        "lanes",
        {"item": "all", "origin": "plant", "target": "shop", "lead_weeks": 1, "minimum": 30.0, "multiple": 10.0},
        {"item": "chair", "origin": "shop", "target": "customers", "lead_weeks": 1, "multiple": 4.0},
    )
    found = ways(lanes=lanes)
    assert (found.ways["chair"].lead, found.ways["chair"].least, found.ways["chair"].step) == (2, 30.0, 20.0)
    assert found.multiples == {"chair": 4.0}


@pytest.mark.parametrize(
    "more",
    [
        {"lanes": table("lanes", {"item": "all", "origin": "shop", "target": "customers"})},
        {"bom": table("bom", {"item": "chair", "component": "seat", "quantity": 2.0, "ends": WEEKS[1], **ALWAYS})},
    ],
)
def test_what_cannot_be_told_is_not_made(more):
    """Without a lane from the plant, or with a bill that ends within the weeks, only what is planned can be promised."""
    assert "chair" not in ways(**more).ways
