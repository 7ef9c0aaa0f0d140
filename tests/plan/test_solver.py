import numpy as np
import pytest

from lotwise.plan.solver import Model


def build():
    """Return max 3x + 2y within x + y <= 4 and x <= 2, whose optimum is 10 with duals 2 and 1."""
    model = Model(constant=5.0)
    amounts = model.var("amounts", (2,), gain=[3.0, 2.0])
    model.add(model.row("sum", (1,), high=4.0), amounts, 1.0)
    model.add(model.row("first", (1,), high=2.0), amounts[0], 1.0)
    return model, amounts


def test_values_and_duals_come_back_by_name_and_shape():
    """The optimum of a program solved by hand, with the price of each row."""
    found = build()[0].solve()
    assert found.objective == pytest.approx(15)
    assert found.values["amounts"] == pytest.approx([2, 2])
    assert (found.duals["sum"], found.duals["first"]) == (pytest.approx([2]), pytest.approx([1]))


def test_blocks_broadcast():
    """Coefficients spread over rows and columns, and the same place twice adds up."""
    model = Model()
    grid = model.var("grid", (2, 3), gain=1.0)
    rows = model.row("rows", (2,), high=[3.0, 8.0])
    model.add(rows[:, None], grid, 1.0)
    model.add(rows[:, None], grid, 1.0)
    assert model.solve().values["grid"].sum(axis=1) == pytest.approx([1.5, 4])


def test_infeasible_is_a_result():
    """A program no point of which keeps all rows says so."""
    model, amounts = build()
    model.add(model.row("impossible", (1,), low=9.0), amounts, 1.0)
    assert not model.solve().feasible


def test_duals_in_the_middle_have_the_sign_of_those_in_a_corner():
    """With or without crossover an hour more of a scarce machine earns 5, and a product not made would lose 2."""
    found = {}
    for method in ("simplex", "interior", "middle"):
        model = Model(constant=7.0)
        made = model.var("made", (2,), gain=[5.0, 3.0])
        model.add(model.row("hours", (1,), high=10.0), made, 1.0)
        found[method] = model.solve(method=method)
    for solution in found.values():
        assert solution.objective == pytest.approx(57, abs=1e-5)
        assert solution.duals["hours"] == pytest.approx([5], abs=1e-5)
        assert solution.reduced["made"] == pytest.approx([0, -2], abs=1e-5)


def test_ranges_say_how_far_bounds_may_move():
    """10 hours for at most 4 of one at 5 and any of one at 3: an hour earns 3 from 4 hours on; the limit of 4 holds to 10.

    The second row never binds: its bound of 50 may fall to the 10 there are and rise without end.
    """
    model = Model()
    made = model.var("made", (2,), gain=[5.0, 3.0])
    rows = model.row("rows", (3,), high=[10.0, 50.0, 4.0])
    model.add(rows[:2, None], made, 1.0)
    model.add(rows[2], made[0], 1.0)
    found = model.solve(ranging=True)
    assert found.duals["rows"] == pytest.approx([3, 0, 2])
    assert found.ranges["rows"][0] == pytest.approx([4, 10, 0])
    assert found.ranges["rows"][1] == pytest.approx([50, np.inf, 10])
    assert model.solve().ranges == {}
