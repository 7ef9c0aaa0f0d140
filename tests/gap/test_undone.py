"""Between the plan and the floor."""

import pyarrow as pa
import pytest

from lotwise.gap import settle, verdict
from lotwise.gap.undone import undone
from lotwise.tables.collected import WORK


def floor(*rows):
    """Return ``work`` of p0, p1, ... from (product, week, planned, made, scrapped)."""
    names = ("item", "week", "planned", "made", "scrapped")
    lots = [{"lot": str(lot), **dict(zip(names, row, strict=True))} for lot, row in enumerate(rows)]
    return WORK.check(pa.Table.from_pylist(lots, schema=WORK.schema))


def test_the_floor_is_split_by_units(build):
    """p0 lacks 10 units of which 4 were scrapped: 40 % of its 50. p1 lacks 5, none scrapped: all of its 20 are short."""
    value = settle(build.money({"ideal": [[99], [99]], "perfect": [[99], [99]], "now": [[90], [60]], "executed": [[40], [40]]}))
    work = floor(("p0", build.week(0), 100, 90, 4), ("p1", build.week(0), 20, 15, None), ("dough", build.week(0), 9, 0, 9))
    lines = {line.name: line for line in undone(value, work=work, solves=build.solves([]))}
    assert lines["floor: short"].cells.tolist() == [[30], [20]]
    assert lines["floor: scrapped"].cells.tolist() == [[20], [0]]


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
