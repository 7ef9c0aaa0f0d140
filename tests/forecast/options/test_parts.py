from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError
from lotwise.forecast.options import Mix
from lotwise.forecast.options.explode import Configured
from lotwise.forecast.options.parts import expected, lines, parts, used
from lotwise.tables import contract

BOM = pa.Table.from_pylist(
    [
        {"item": "coat", "component": "body", "option": "always", "value": "always", "quantity": 1.0},
        {"item": "coat", "component": "zip", "option": "closure", "value": "zip", "quantity": 2.0},
        {"item": "body", "component": "linen", "option": "fabric", "value": "linen", "quantity": 3.0},
        {"item": "body", "component": "wool", "option": "fabric", "value": "wool", "quantity": 2.5},
        {"item": "body", "component": "thread", "option": "always", "value": "always", "quantity": 10.0},
        {"item": "zip", "component": "metal", "option": "fabric", "value": "wool", "quantity": 0.5},
        {"item": "coat", "component": "thread", "option": "fabric", "value": "wool", "quantity": 5.0},
    ]
)
FRAME = pa.table({"closure": ["zip", "zip", "button", "button"], "fabric": ["wool", "linen", "wool", "linen"]})


def test_every_unit_takes_what_its_choices_and_all_levels_of_the_bill_say():
    """Wool with zip: body 1, zip 2, wool 2.5, thread 10 + 5, metal 2 x 0.5; linen without: body 1, linen 3, thread 10."""
    mix = Mix.fit(FRAME)
    taken = parts("coat", lines(BOM), mix.levels.options)
    rows = mix.levels.encode(pa.table({"closure": ["zip", "button"], "fabric": ["wool", "linen"]}))
    found = used(taken, Configured(np.array([0, 1]), rows, np.array([1.0, 4.0])), mix.levels, 2)
    assert {name: units.tolist() for name, units in found.items()} == {
        "body": [1, 4], "zip": [2, 0], "wool": [2.5, 0], "linen": [0, 12], "thread": [15, 40], "metal": [1, 0],
    }  # fmt: skip


def test_expected_use_is_the_sum_over_all_configurations():
    """Four configurations enumerated with their probabilities give each component's mean, exactly."""
    mix = Mix.fit(
        pa.table(
            {name: FRAME[name].to_pylist() * 5 + ["zip" if name == "closure" else "wool"] * 20 for name in FRAME.column_names}
        )
    )
    taken = parts("coat", lines(BOM), mix.levels.options)
    chance = np.exp(mix.log_score(FRAME))
    brute = used(taken, Configured(np.zeros(4, int), mix.levels.encode(FRAME), chance), mix.levels, 1)
    assert expected(taken, mix) == pytest.approx({name: units[0] for name, units in brute.items()})


def test_option_that_is_not_known_counts_with_equal_shares():
    """Nothing is known of fabrics: half a unit's linen, half its wool."""
    found = {part.component: part.quantity for part in parts("body", lines(BOM), ())}
    assert found == {"linen": 1.5, "wool": 1.25, "thread": 10}


def test_component_of_three_choices_is_counted_in_draws():
    """A part for one of eight equally likely configurations is in an eighth of units, within 0.03."""
    grid = np.stack(np.meshgrid(*[["0", "1"]] * 3), axis=-1).reshape(-1, 3)
    mix = Mix.fit(pa.table({name: np.tile(column, 50) for name, column in zip("abc", grid.T, strict=True)}))
    deep = [("p", "q", "a"), ("q", "r", "b"), ("r", "harness", "c")]
    bom = [{"item": i, "component": c, "option": o, "value": "1", "quantity": 1.0} for i, c, o in deep]
    found = expected(parts("p", lines(pa.Table.from_pylist(bom)), "abc"), mix)
    assert found["harness"] == pytest.approx(1 / 8, abs=0.03)


def test_item_that_contains_itself_is_refused():
    """A loop in the bill is named, not followed for ever."""
    loop = [{"item": i, "component": c, "option": "always", "value": "always", "quantity": 1.0} for i, c in ("ab", "ba")]
    with pytest.raises(ContractError, match="contains itself"):
        parts("a", lines(pa.Table.from_pylist(loop)), ())


def test_no_bill_needs_nothing():
    """Without table bom there are no parts."""
    assert parts("coat", lines(None), ()) == []


def test_lines_count_where_they_hold():
    """Of two lines with dates the one that holds on the day counts, with what is lost of it: 3 / (1 - 0.25) = 4."""
    common = {"item": "coat", "option": "always", "value": "always", "scrap": 0.25, "quantity": 3.0}
    old = {"component": "zip", "version": "1", "ends": date(2024, 5, 31), **common}
    new = {"component": "button", "version": "2", "starts": date(2024, 6, 1), **common}
    bom = pa.Table.from_pylist([old, new], schema=contract("bom").schema)
    found = parts("coat", lines(bom, date(2024, 6, 3)), ())
    assert [(part.component, part.quantity) for part in found] == [("button", 4.0)]
