import pyarrow as pa
import pytest

from lotwise import ContractError
from lotwise.plan import explode, option_shares, uses
from lotwise.tables import contract


def bill_of(*lines):
    """Return the table bom from (item, component, quantity) or (item, component, quantity, option, value)."""
    rows = [
        dict(zip(("item", "component", "quantity", "option", "value"), (*line, "always", "always")[:5], strict=True))
        for line in lines
    ]
    return pa.Table.from_pylist(rows, schema=contract("bom").schema)


def steps(*lines):
    names = ("item", "step", "machine", "hours")
    return pa.Table.from_pylist([dict(zip(names, line, strict=True)) for line in lines], schema=contract("routing").schema)


def test_three_levels_by_hand():
    """A coat of 2 sleeves of 3 m cloth, 1 body of 4 m cloth and 5 buttons takes 10 m, 5 buttons and 1.9 hours of sewing."""
    # Cloth 2 x 3 + 4 = 10; hours 0.5 for the coat, 2 x 0.2 for the sleeves, 1 for the body: 1.9.
    bom = bill_of(
        ("coat", "sleeve", 2), ("coat", "body", 1), ("sleeve", "cloth", 3), ("body", "cloth", 4), ("body", "button", 5)
    )
    routing = steps(("coat", 1, "sewing", 0.5), ("sleeve", 1, "sewing", 0.2), ("body", 1, "sewing", 1.0))
    found = uses(explode(["coat"], bom), routing, machines=["sewing"], materials=["button", "cloth"])
    assert found.toarray().ravel() == pytest.approx([1.9, 5, 10])


def test_conditional_lines_count_with_their_share():
    """A lining bought by one of four customers counts a quarter, and evenly where nobody has ordered yet."""
    bom = bill_of(
        ("coat", "silk", 2, "lining", "silk"), ("coat", "wool", 2, "lining", "wool"), ("hat", "silk", 1, "band", "silk")
    )
    orders = pa.table({"order": list("abcd"), "line": [1] * 4, "product": ["coat"] * 4})
    chosen = pa.table(
        {"order": list("abcd"), "line": [1] * 4, "option": ["lining"] * 4, "value": ["silk", "wool", "wool", "wool"]}
    )
    options = pa.table({"product": ["hat"] * 2, "option": ["band"] * 2, "value": ["silk", "felt"]})
    shares = option_shares(bom, orders, chosen, options)
    found = uses(explode(["coat", "hat"], bom, shares), steps(), machines=[], materials=["silk", "wool"])
    assert found.toarray().ravel() == pytest.approx([0.5, 0.5, 1.5, 0.0])


def test_loops_are_listed_with_their_rows():
    """An item that contains itself is refused, with each row of each loop."""
    bom = bill_of(("a", "b", 1), ("b", "c", 1), ("c", "a", 1), ("d", "d", 1), ("a", "e", 1))
    with pytest.raises(ContractError) as error:
        explode(["a"], bom)
    assert str(error.value) == (
        "Table 'bom' breaks its contract:\n"
        "- items contain themselves: 'a' needs 'b' (row 1), 'b' needs 'c' (row 2), 'c' needs 'a' (row 3);"
        " remove one of these rows\n"
        "- items contain themselves: 'd' needs 'd' (row 4); remove one of these rows"
    )


def test_what_comes_from_elsewhere_is_not_missing():
    """A button that only a supplier sells, and an offcut that comes with something else, need no row in materials."""
    bom = bill_of(("coat", "button", 5), ("coat", "offcut", 1), ("coat", "cloth", 2))
    found = uses(explode(["coat"], bom), steps(), machines=[], materials=["cloth"], elsewhere=["button", "offcut"])
    assert found.toarray().tolist() == [[2.0]]


def test_what_does_not_fit_is_listed_at_once():
    """An unknown machine and a component that is neither made nor bought stand in one message, with the closest names."""
    bom = bill_of(("coat", "button", 5), ("coat", "clth", 2))
    with pytest.raises(ContractError) as error:
        uses(explode(["coat"], bom), steps(("coat", 1, "sewin", 1.0)), machines=["sewing"], materials=["button", "cloth"])
    assert "routing row 1: item 'coat' runs on machine 'sewin'" in str(error.value)
    assert "did you mean 'sewing'?" in str(error.value)
    assert "component 'clth' has neither a routing nor a row in 'materials'; did you mean 'cloth'?" in str(error.value)


def test_a_product_without_a_routing_takes_nothing():
    """What is made elsewhere uses no machine."""
    assert uses(explode(["coat"], bill_of()), steps(), machines=["sewing"], materials=[]).nnz == 0


def test_of_machines_that_stand_in_for_each_other_the_cheapest_counts():
    """A step on two machines counts once: on the one of the least further cost, then of the fewest hours."""
    routing = pa.Table.from_pylist(
        [
            {"item": "coat", "step": 1, "machine": "robot", "hours": 0.5, "unit_cost": 3.0},
            {"item": "coat", "step": 1, "machine": "hand", "hours": 2.0},
            {"item": "coat", "step": 1, "machine": "old", "hours": 4.0},
            {"item": "coat", "step": 2, "machine": "robot", "hours": 0.25},
        ],
        schema=contract("routing").schema,
    )
    found = uses(explode(["coat"], bill_of()), routing, machines=["hand", "old", "robot"], materials=[])
    assert found.toarray().ravel() == pytest.approx([2.0, 0.0, 0.25])
