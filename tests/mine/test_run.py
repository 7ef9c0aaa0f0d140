"""Tests of the stage as a whole: contracts, what is left out, and the laws that every part keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.config.mining import PARTS
from lotwise.mine.run import FACTS
from lotwise.tables.mined import MINED
from tests.mine import world

ROOT = Path(__file__).parents[2]
TODAY = date(2025, 7, 7)
"""The Monday 26 weeks after the first order; four weeks of the tables come after it."""
LATE = FACTS | {"promotions": "week"}
HEAVY = ("sklearn", "lightgbm", "numba", "pandas", "polars")


@pytest.fixture(scope="module")
def given():
    """Every table mining may take."""
    return world.tables()


@pytest.fixture(scope="module")
def found(given):
    """What the stage gives of them, as of ``TODAY``."""
    return as_of_today(given)


def as_of_today(given):
    return world.mine(given, project={"name": "made up", "today": TODAY})


def different(one, other):
    return [name for name in one if not one[name].equals(other[name])]


def test_every_table_keeps_its_contract(found):
    """The stage gives every table of mining, each as its contract says, and something in most of them."""
    assert set(found) == {table.name for table in MINED}
    for table in MINED:
        table.check(found[table.name])
    assert {name for name, table in found.items() if not table.num_rows} <= {"migrations", "trends"}
    assert set(found["mining"]["part"].to_pylist()) == set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_parts_left_out_by_the_settings_are_empty_and_said(part, given):
    """With one part alone all others are left out with a reason, and no table but its own holds a row."""
    found = world.mine(given, mine={"parts": [part]})
    notes = found["mining"].filter(pc.not_equal(found["mining"]["part"], part)).to_pylist()
    assert {row["part"] for row in notes} == set(PARTS) - {part}
    assert all(row["ended"] == "left out" and row["note"] for row in notes)
    rows = {name: table.num_rows for name, table in found.items() if name != "mining" and table.num_rows}
    assert sum(rows.values()) == 0 if part == "trends" else rows


def test_orders_alone_are_enough(given):
    """Where only orders are given no part fails; what cannot be told is left out with a reason."""
    found = world.mine({"orders": given["orders"]})
    for table in MINED:
        table.check(found[table.name])
    assert {row["part"] for row in found["mining"].to_pylist()} == set(PARTS)
    left = {row["part"]: row["note"] for row in found["mining"].to_pylist() if row["ended"] == "left out"}
    assert {"opinions"} <= set(left)
    assert all(left.values())
    assert {"segments", "rules", "profiles", "propensity"} <= {
        row["part"] for row in found["mining"].to_pylist() if row["ended"] == "whole"
    }


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_hardly_any_order_is_no_failure(rows, given):
    """With no order, one and five every part is there, left out or with what so few can tell."""
    found = world.mine({name: table.slice(0, rows) for name, table in given.items()})
    for table in MINED:
        table.check(found[table.name])
    assert {row["part"] for row in found["mining"].to_pylist()} == set(PARTS)


def test_the_order_of_rows_changes_nothing(given, found):
    """Shuffled tables give the same bytes."""
    rng = np.random.default_rng(1)
    shuffled = {name: table.take(rng.permutation(table.num_rows)) for name, table in given.items()}
    assert different(found, as_of_today(shuffled)) == []


def test_what_comes_after_today_changes_nothing(given, found):
    """Facts from today on taken out or altered, and promotions of the past, give the same bytes in all nine parts."""
    early = {
        name: table.filter(pc.less(table[LATE[name]].cast(pa.date32()), pa.scalar(TODAY))) if name in FACTS else table
        for name, table in given.items()
    }
    assert different(found, as_of_today(early)) == []
    orders = given["orders"]
    is_late = pc.greater_equal(orders["time"].cast(pa.date32()), pa.scalar(TODAY))
    altered = orders.set_column(
        orders.column_names.index("units"), "units", pc.if_else(is_late, 1000.0, orders["units"])
    ).set_column(orders.column_names.index("time"), "time", later(orders["time"], is_late))
    assert different(found, as_of_today(given | {"orders": altered})) == []


def later(times, is_late):
    """The times, those that are late by another 1,000 days."""
    moved = pc.add(times, pa.scalar(timedelta(days=1000), pa.duration("us")))
    return pc.if_else(is_late, moved, times)


def test_unplanned_promotions_after_today_change_nothing_but_what_is_foreseen(given, found):
    """A promotion planned for coming weeks is known before; only propensities may look at it."""
    promotions = given["promotions"].filter(pc.less(given["promotions"]["week"], pa.scalar(TODAY)))
    assert set(different(found, as_of_today(given | {"promotions": promotions}))) <= {"propensities", "mining"}


def test_new_names_in_the_same_order_change_nothing_but_names(given, found):
    """Customers called otherwise are divided, profiled and foreseen as before."""
    renamed = as_of_today({name: called(table, lambda name: f"p{name[1:]}") for name, table in given.items()})
    back = {name: called(table, lambda name: f"c{name[1:]}") for name, table in renamed.items()}
    assert different(found, back) == []


def test_new_names_in_another_order_change_nothing_but_names(given, found):
    """Customers are numbered by their first orders: whatever a new key calls them, all parts find the same.

    Where sums over customers are made in another order, the last digits may differ.
    """
    mixed = {name: called(table, lambda name: f"c{(int(name[1:]) * 37 + 11) % 60:02d}") for name, table in given.items()}
    mixed = as_of_today(mixed)  # and back again: 37 x 13 = 1 (mod 60)
    back = {name: called(table, lambda name: f"c{(int(name[1:]) - 11) * 13 % 60:02d}") for name, table in mixed.items()}
    for name in different(found, back):
        assert name in {"rules", "choice_models", "preferences", "substitutions", "product_lines"}
        for column in found[name].column_names:
            one, other = found[name][column], back[name][column]
            if pa.types.is_floating(one.type):
                assert one.to_numpy() == pytest.approx(other.to_numpy(), rel=1e-6, abs=1e-9, nan_ok=True)
            else:
                assert one.equals(other), column


def called(table, name):
    """The table with its customers called otherwise."""
    if "customer" not in table.column_names:
        return table
    place = table.column_names.index("customer")
    names = pa.array([None if one is None else name(one) for one in table["customer"].to_pylist()], pa.string())
    return table.set_column(place, table.schema.field(place), names)


STAGE = """
import os, sys, hashlib
os.cpu_count = lambda: int(sys.argv[1])
import pyarrow as pa
from tests.mine import world
found = world.mine(world.tables(weeks=20, customers=40))
for name in sorted(found):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found[name].schema) as stream:
        stream.write_table(found[name].combine_chunks())
    print(name, hashlib.sha256(sink.getvalue()).hexdigest())
"""


def test_the_same_bytes_whatever_the_number_of_threads():
    """One thread or two, one core or four: every table is the same to the byte."""
    said = [
        subprocess.run(
            [sys.executable, "-c", STAGE, cores], check=True, capture_output=True, text=True, cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": threads},
        ).stdout
        for cores, threads in (("1", "1"), ("4", "2"))
    ]  # fmt: skip
    assert len(said[0].splitlines()) == len(MINED)
    assert said[0] == said[1]


def test_importing_mining_is_light():
    """scikit-learn, LightGBM and numba are imported where they are needed, not before."""
    code = f"import sys, lotwise.mine; print([name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"
