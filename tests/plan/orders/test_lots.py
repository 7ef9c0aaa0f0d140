from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.plan.network.labels import APPROVED, FROZEN, Receipt
from lotwise.plan.orders.lots import lot_rows
from lotwise.plan.orders.sizes import split


def test_a_level_of_two_lots_is_two_rows(chair):
    """Ten seats with the lot switched on twice are two lots of five, of which the plan before had five and two."""
    rows = {row["lot"]: row for row in lot_rows(chair[0])}
    assert sorted(rows) == [
        "chair/2024-W01/1", "chair/2024-W02/1", "seat/2024-W01/1", "seat/2024-W01/2", "seat/2024-W02/1",
    ]  # fmt: skip
    assert [rows[f"seat/2024-W01/{n}"]["units"] for n in (1, 2)] == [5, 5]
    assert [rows[f"seat/2024-W01/{n}"]["previous"] for n in (1, 2)] == [5, 2]  # 7 before
    assert rows["chair/2024-W01/1"]["previous"] is None


def test_a_number_does_not_hang_on_other_lots(random_plan):
    """Without any other item's lots an item's lots keep their numbers."""
    current, _ = random_plan(3)
    item = current.network.items.names.index("P1")
    mine = current.labels.item == item
    alone = replace(current, flow=replace(current.flow, level=np.where(mine[:, None], current.flow.level, 0.0)))
    numbers = [row["lot"] for row in lot_rows(current) if row["item"] == "P1" and row["site"] == "north"]
    assert numbers
    assert [row["lot"] for row in lot_rows(alone) if row["site"] == "north"] == numbers


def test_routes_of_one_item_tell_its_lots_apart(sketch, problem):
    """An item that is made on two routes has the route in its numbers, so that either keeps its own."""
    made = [{"kind": "make", "gives": {0: 1.0}, "route": route} for route in ("saw > mill", "robot")]
    plan = sketch(1, items=[("chair", "all", "product", 0, False)], activities=made)
    current = plan.current(problem([[[5.0]]], names=["chair"]), [[2.0], [3.0]])
    assert [row["lot"] for row in lot_rows(current)] == ["chair/2024-W01/robot/1", "chair/2024-W01/saw+mill/1"]


def test_approved_lots_keep_the_number_a_person_knows(chair):
    """A lot approved under the number W7 is called so and approved; what else is started is numbered as ever."""
    current, _ = chair
    decided = current.labels.decided.copy()
    decided[1, 0], decided[0, 0] = APPROVED, FROZEN
    labels = replace(current.labels, decided=decided, receipts=(Receipt("W7", "lot", 1, 0, 6.0, begun=False),))
    rows = {row["lot"]: row for row in lot_rows(replace(current, labels=labels))}
    assert (rows["W7"]["units"], rows["W7"]["status"]) == (6, "approved")
    assert rows["seat/2024-W01/1"]["units"] == 4  # 10 in all
    assert rows["chair/2024-W01/1"]["status"] == "frozen"


def test_yield_lies_between_started_and_units(random_plan):
    """Of seats, of which one in ten is scrap, nine tenths of what is started come out."""
    rows = [row for row in lot_rows(random_plan(3)[0]) if row["item"] == "seat"]
    assert rows
    assert all(row["units"] == pytest.approx(0.9 * row["started"]) for row in rows)


@given(st.integers(1, 500), st.integers(1, 20), st.sampled_from([0.0, 1.0, 2.5]))
def test_parts_add_up_and_are_whole(steps, count, multiple):
    """Parts add up to the level, differ by a multiple at most, and are multiples where the level is one."""
    level = steps * (multiple or 0.37)
    parts = split(level, count, multiple)
    assert sum(parts) == pytest.approx(level)
    assert max(parts) - min(parts) <= multiple + 1e-4
    assert not multiple or all(part / multiple == pytest.approx(round(part / multiple)) for part in parts)
