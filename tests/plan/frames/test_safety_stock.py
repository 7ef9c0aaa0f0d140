import pytest

from lotwise.errors import ContractError, InputError, SettingsError
from lotwise.plan import safety_stock

CHAIN = {"supplier": ["raw", "half", "half"], "customer": ["half", "a", "b"]}


def stages(**changes):
    """Return raw goods, a half-done item and two products with demand of their own."""
    given = {
        "stage": ["raw", "half", "a", "b"],
        "time": [4, 2, 1, 1],
        "holding": [1.0, 2.0, 5.0, 5.0],
        "sd": [None, None, 3.0, 4.0],
        "mean": [None, None, 50.0, 80.0],
    }
    return given | changes


def test_a_stage_serves_its_target():
    """Every stage that holds stock covers its net replenishment time in 95 % of the periods, within a point."""
    found = safety_stock(stages(), CHAIN).to_pylist()
    assert all(row["served"] == pytest.approx(0.95, abs=0.01) for row in found if row["net"])


def test_one_stage_is_the_textbook_formula():
    """The stock is k sd sqrt(time) = 1.6449 x 10 x 3 = 49.35, and the level holds the mean of nine periods beside it."""
    one = {"stage": ["only", "shelf"], "time": [9, 0], "holding": [1.0, 9.0], "sd": [None, 10.0], "mean": [None, 20.0]}
    found = safety_stock(one, {"supplier": ["only"], "customer": ["shelf"]}).to_pylist()
    assert found[0]["safety_stock"] == pytest.approx(49.35, abs=0.01)
    assert found[0]["level"] == pytest.approx(229.35, abs=0.01)
    assert found[1]["served"] is None


def test_customers_that_move_together_are_not_pooled():
    """The half-done item needs 5 units' spread for independent customers (3, 4), 7 for those that rise together."""
    alone, together = (safety_stock(stages(promise=[0, 0, 1, 1]), CHAIN, pooling=p)["safety_stock"][1].as_py() for p in (2, 1))
    assert together / alone == pytest.approx(7 / 5)


@pytest.mark.parametrize(
    ("table", "links", "target", "error", "match"),
    [
        (stages(), {"supplier": ["rwa"], "customer": ["half"]}, 0.95, ContractError, "did you mean 'raw'"),
        (stages(), {"supplier": ["raw"], "customer": ["half"]}, 0.95, InputError, "not linked"),
        (stages(tme=[1, 2, 3, 4]), CHAIN, 0.95, ContractError, "did you mean 'time'"),
        (stages(), CHAIN, 0.3, SettingsError, "0.5 or more"),
        (stages(stage=["raw", "raw", "a", "b"]), CHAIN, 0.9, ContractError, "stands twice"),
    ],
)
def test_bad_input_is_refused(table, links, target, error, match):
    """Links to nowhere, several trees, misspelled columns and targets that ask for no stock are refused."""
    with pytest.raises(error, match=match):
        safety_stock(table, links, target=target)
