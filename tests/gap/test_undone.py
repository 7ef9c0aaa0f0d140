"""Between the plan and the floor."""

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.gap import settle, verdict
from lotwise.gap.undone import NAMES, planned_state, undone
from lotwise.tables.collected import WORK
from lotwise.tables.planned import CAUSES

OURS = {"ideal": [[99, 9]], "perfect": [[99, 9]], "now": [[90, 9]]}


def floor(*lots):
    """Return ``work`` of lots of p0, 10 planned and made unless they say otherwise."""
    rows = [{"lot": str(lot), "item": "p0", "planned": 10.0, "made": 10.0, **row} for lot, row in enumerate(lots)]
    return WORK.check(pa.Table.from_pylist(rows, schema=WORK.schema))


def lines(build, states, work=None):
    value = settle(build.money(OURS | states))
    found = undone(value, work=WORK.empty() if work is None else work, solves=build.solves([]))
    return {line.name: line for line in found if line.name.startswith("floor")}


def test_each_cause_is_a_subtraction(build):
    """90 planned, 80 after overrides, 84 after scrap (less was unsold), 70 in the end: lost 10, -4 and 14."""
    found = lines(build, {"executed-overridden": [[80, 9]], "executed-scrapped": [[84, 9]], "executed": [[70, 9]],
                          "executed-short": [[70, 9]]})  # fmt: skip
    money = {name: line.cells.tolist() for name, line in found.items()}
    assert money == {"floor: overridden": [[10, 0]], "floor: scrapped": [[-4, 0]], "floor: short": [[14, 0]]}
    assert all(line.counted for line in found.values())
    assert found["floor: short"].formula == "V(executed-scrapped) - V(executed)"


def test_a_cause_that_did_not_occur_in_a_window_loses_nothing_there(build):
    """Late in the first window, down in the second: each loses in its own window only."""
    money = build.money(OURS | {"executed-down": [[0, 5]], "executed-late": [[60]], "executed": [[60, 5]]})
    absent = pc.and_(pc.equal(money["information"], "executed-down"), pc.equal(money["week"], pa.scalar(build.week(0))))
    value = settle(money.filter(pc.invert(absent)))
    found = {line.name: line.cells.tolist() for line in undone(value, work=WORK.empty(), solves=build.solves([]))[:-1]}
    assert found == {"floor: machines down": [[0, 4]], "floor: late": [[30, 0]]}


def test_the_floor_starts_from_the_frozen_plan(build):
    """Where weeks are frozen the floor was told another plan, and its loss is counted from there: 85 - 70 and 9 - 9."""
    value = settle(build.money(OURS | {"fenced": [[85]], "executed": [[70, 9]], "executed-short": [[70, 9]]}))
    assert planned_state(value) == "fenced"
    assert undone(value, work=WORK.empty(), solves=build.solves([]))[0].cells.tolist() == [[15, 0]]
    assert planned_state(settle(build.money(OURS))) == "now"


def test_a_loss_of_no_cause_is_taken_for_units_not_made(build):
    """Profits handed over without states of causes have one line; a floor that did all it was told has it at 0."""
    assert lines(build, {"executed": [[70, 9]]})["floor: short"].cells.tolist() == [[20, 0]]
    assert lines(build, {"executed": [[90, 9]]})["floor: short"].cells.tolist() == [[0, 0]]


def test_the_note_counts_the_lots(build):
    """Of three lots of settled products and weeks one was late and one scrapped; other items and weeks do not count."""
    first, sunday = build.week(0), build.week(0) + timedelta(days=6)
    work = floor(
        {"week": first, "finished": sunday},
        {"week": first, "finished": sunday + timedelta(days=1)},
        {"week": first, "made": 8.0, "scrapped": 2.0},
        {"week": first, "item": "dough", "scrapped": 9.0},
        {"week": build.week(9), "scrapped": 9.0},
    )
    found = lines(build, {"executed-late": [[80, 9]], "executed-scrapped": [[70, 9]], "executed": [[70, 9]]}, work)
    assert found["floor: late"].note.endswith("for sale only then. Recorded for 1 of 3 lots.")
    assert found["floor: scrapped"].note.endswith("units made and scrapped. Recorded for 1 of 3 lots.")


@given(
    states=st.dictionaries(st.sampled_from([f"executed-{cause}" for cause in CAUSES]), st.integers(0, 99)),
    last=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lines_add_up_to_what_the_floor_lost(build, states, last):
    """Whatever causes occurred, their lines together are the plan less the plan as executed, cell by cell."""
    found = lines(build, {name: [[money, 9]] for name, money in states.items()} | {"executed": [[last, 9]]})
    assert list(found) == [NAMES[cause] for cause in CAUSES if f"executed-{cause}" in states] or list(found) == [NAMES["short"]]
    assert sum(line.cells for line in found.values()).tolist() == [[90 - last, 0]]


def test_no_floor_data_is_not_measured(build):
    """Without floor records the line says so, has no money and is not counted."""
    value = settle(build.money({"ideal": [[9]], "perfect": [[8]], "now": [[7]]}))
    line = undone(value, work=WORK.empty(), solves=build.solves([]))[0]
    assert (line.name, line.cells, line.counted, line.verdict) == ("no floor data", None, False, "not measured")


def test_the_solvers_gap_is_bound_less_objective(build):
    """A bound of 105 over an objective of 100 is 5, spread over its window by ideal profit: 3 to 1."""
    value = settle(build.money({"ideal": [[30, 1], [10, 1]], "perfect": [[9, 1], [9, 1]], "now": [[7, 1], [7, 1]]}))
    solves = build.solves(
        [{"cutoff": build.week(0), "objective": 100.0, "bound": 105.0}, {"cutoff": build.week(7), "bound": 9.0}]
    )
    solver = undone(value, work=WORK.empty(), solves=solves)[-1]
    assert solver.cells.tolist() == [pytest.approx([3.75, 0]), pytest.approx([1.25, 0])]


@pytest.mark.parametrize(("bound", "said"), [(105.0, verdict.AT_MOST), (100.0, "")])
def test_the_solvers_gap_is_called_a_limit_and_not_a_loss(build, bound, said):
    """What a better solution might have had is said to be the most there was; where it is 0 the interval speaks."""
    value = settle(build.money({"ideal": [[9]], "perfect": [[8]], "now": [[7]]}))
    solves = build.solves([{"cutoff": build.week(0), "objective": 100.0, "bound": bound}])
    solver = undone(value, work=WORK.empty(), solves=solves)[-1]
    assert (solver.verdict, solver.counted, solver.stays) == (said, True, True)
    assert solver.note.startswith("At most this much, and perhaps nothing")
