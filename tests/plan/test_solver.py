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
