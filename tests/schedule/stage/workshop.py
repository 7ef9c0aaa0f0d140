"""A small workshop for tests of the stage: chairs and stools, sawn on one saw and joined on two benches."""

from datetime import date, datetime

import msgspec
import pyarrow as pa

from lotwise.config import Schedule, Settings
from lotwise.schedule.stage import Given
from lotwise.tables import contract

MONDAY = date(2026, 11, 2)
NEXT = date(2026, 11, 9)
START = datetime(2026, 11, 2)  # noqa: DTZ001  times of the floor are wall-clock times


def at(day, hour, minute=0):
    """Return a moment of the first week: day 1 is Monday."""
    return datetime(2026, 11, 1 + day, hour, minute)  # noqa: DTZ001


def table(name, rows):
    """Return rows as a table of ours; columns that are not given are empty."""
    return pa.Table.from_pylist(rows, schema=contract(name).schema)


def lot(name, item, units, week=MONDAY, **more):
    """Return a row of lots."""
    return {
        "lot": name, "item": item, "site": "all", "route": "saw > bench", "week": week, "ready": week, "started": units,
        "units": units, "family": "", "status": "proposed", "previous": None,
    } | more  # fmt: skip


def order(number, item, units, due, **more):
    """Return a row of orders."""
    return {
        "order": number, "line": 1, "time": at(1, 0), "product": item, "location": "all", "region": "all", "units": units,
        "unit_price": 168.0, "revenue": 168.0 * units, "due": due, "kind": "sale",
    } | more  # fmt: skip


def peg(demand, supply, item, units, week=MONDAY):
    """Return a row of pegging."""
    return {"demand": demand, "supply": supply, "item": item, "site": "all", "week": week, "units": units}


ROUTING = [
    {"item": item, "step": step, "machine": machine, "hours": hours}
    for item in ("chair", "stool")
    for step, machine, hours in ((1, "saw", 0.5), (2, "bench", 1.0))
]
MACHINES = [{"machine": "saw", "count": 1, "hours": 40.0}, {"machine": "bench", "count": 2, "hours": 80.0}]
PRICES = [
    {"product": item, "category": "x", "unit_price": 168.0, "unit_cost": 50.0, "salvage": 0.0, "holding_cost": 0.1,
     "price_basis": "given", "cost_basis": "given", "salvage_basis": "given"}
    for item in ("chair", "stool")
]  # fmt: skip


def workshop(**changes):
    """Return the tables of the workshop; a table of rows given by name stands in place of its own."""
    rows = {
        "lots": [lot("C1", "chair", 8.0), lot("S1", "stool", 4.0)],
        "routing": ROUTING, "machines": MACHINES, "economics": PRICES,
        "orders": [order("A", "chair", 3.0, date(2026, 11, 3)), order("B", "chair", 2.0, date(2026, 11, 5))],
        "pegging": [peg("order A/1", "C1", "chair", 3.0), peg("order B/1", "C1", "chair", 2.0),
                    peg(f"forecast chair {MONDAY}", "C1", "chair", 3.0), peg(f"forecast stool {MONDAY}", "S1", "stool", 4.0)],
    } | changes  # fmt: skip
    return {name: table(name, some) for name, some in rows.items()}


def settings(**schedule):
    """Return settings with some of [schedule] changed."""
    return msgspec.structs.replace(Settings(), schedule=Schedule(**({"moves": 60, "starts": 1} | schedule)))


def given(tables=None, said=None, **schedule):
    """Return what the stage takes; what it says goes to a list."""
    heard = said if said is not None else []
    return Given(workshop() if tables is None else tables, settings(**schedule), heard.append)
