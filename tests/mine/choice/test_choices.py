from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.mine.choice.choices import gather, lay


def test_what_is_usual_is_filled_in():
    """Without more being told, all is available, each choice counts once and is somebody else's."""
    made = lay(np.zeros((3, 2, 1)), [0, 1, 0], ["price"])
    assert made.available.all()
    assert made.weights.tolist() == [1, 1, 1]
    assert made.persons.tolist() == [0, 1, 2]
    assert made.alternatives == ("alternative 1", "alternative 2")


def test_all_faults_are_listed_at_once():
    """Absent numbers, choices of what was not there and weights below 0 are listed together, with names and rows."""
    attributes = np.ones((4, 2, 2))
    attributes[2, 1, 1] = np.nan
    available = np.ones((4, 2), bool)
    available[1, 0] = False
    with pytest.raises(ContractError) as error:
        lay(attributes, [0, 0, 1, 1], ["price", "size"], available=available, weights=[1, 1, 1, -2])
    said = str(error.value)
    assert "attribute 'size' has 1 absent or infinite values, expected numbers: choices 2" in said
    assert "not available in choices 1" in said
    assert "below 0 in choices 3" in said


def test_numbers_of_what_is_not_available_are_not_read():
    """An absent number of an alternative that was not available does no harm."""
    attributes = np.random.default_rng(0).normal(size=(5, 3, 1))
    attributes[0, 2] = np.nan
    available = np.ones((5, 3), bool)
    available[0, 2] = False
    made = lay(attributes, [0, 1, 2, 0, 1], ["price"], available=available)
    assert np.isfinite(made.differences()).all()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"chosen": [0, 5, 0]}, "no alternative in choices 1"),
        ({"weights": [np.nan, 1, 1]}, "absent or below 0 in choices 0"),
        ({"weights": [0, 0, 0]}, "all weights are 0"),
        ({"available": [[1, 0]] * 3}, "no choice offers two alternatives"),
        ({"person": [0, 1]}, r"'person' has shape \(2,\), expected \(3,\)"),
        ({"names": ["a", "b"]}, "2 names of attributes for 1 attributes"),
        ({"alternatives": ["one"]}, "1 alternatives are named, expected 2"),
    ],
)
def test_each_fault_is_named(changed, said):
    """Every way in which choices cannot be used has its sentence."""
    given = {"attributes": np.ones((3, 2, 1)), "chosen": [0, 0, 0], "names": ["price"]} | changed
    with pytest.raises(ContractError, match=said):
        lay(given.pop("attributes"), given.pop("chosen"), given.pop("names"), **given)


def test_no_choices_and_no_cube_are_refused():
    """Neither an empty set of choices nor a flat table is taken for choices."""
    with pytest.raises(ContractError, match="no choices"):
        lay(np.ones((0, 2, 1)), [], ["price"])
    with pytest.raises(ContractError, match=r"expected .choices, alternatives, attributes."):
        lay(np.ones((3, 2)), [0, 0, 0], ["price"])


def test_alternatives_never_chosen_are_remarked():
    """An alternative that nobody chose, and choices between one thing, are said and not refused."""
    available = np.ones((4, 3), bool)
    available[3, 1:] = False
    made = lay(
        np.random.default_rng(0).normal(size=(4, 3, 1)), [0, 1, 0, 0], ["price"], available=available, alternatives="abc"
    )
    assert made.remarks() == ["never chosen: 'c'", "1 choices offer one alternative and say nothing"]


def test_null_log_likelihood_is_that_of_dice():
    """With 2 and 3 alternatives and a weight of 2 on the second choice it is -log 2 - 2 log 3."""
    made = lay(np.zeros((2, 3, 1)), [0, 0], ["x"], available=[[1, 1, 0], [1, 1, 1]], weights=[1, 2])
    assert made.null_log_likelihood == pytest.approx(-np.log(2) - 2 * np.log(3))


def test_long_rows_in_any_order_give_the_same_choices(uneven):
    """Rows of a long frame, shuffled, give back the choices they came from, and each place its row."""
    choice, place = np.nonzero(uneven.available)
    order = np.random.default_rng(1).permutation(len(choice))
    choice, place = choice[order], place[order]
    taken = uneven.chosen[choice] == place
    made, rows = gather(choice, place, taken, uneven.attributes[choice, place], uneven.names)
    assert made.taken.tolist() == uneven.taken.tolist()
    there = made.available
    assert (choice[rows[there]] == np.nonzero(there)[0]).all()
    assert (place[rows[there]] == made.alternative[there]).all()
    np.testing.assert_array_equal(made.attributes[there], uneven.attributes[uneven.available])


def test_long_rows_that_are_no_choices_are_refused():
    """Choices with none or two chosen, or an alternative twice, are listed by their keys."""
    with pytest.raises(ContractError) as error:
        gather([7, 7, 8, 8, 9, 9], [0, 1, 0, 1, 1, 1], [0, 0, 1, 1, 1, 0], np.ones((6, 1)), ["price"])
    said = str(error.value)
    assert "none chosen, expected one: 7" in said
    assert "several chosen, expected one: 8" in said
    assert "alternative twice: 9" in said
    with pytest.raises(ContractError, match="there are no rows"):
        gather([], [], [], np.ones((0, 1)), ["price"])


def test_selecting_keeps_what_belongs_together(uneven):
    """Some choices with some attributes are those choices and attributes."""
    made = uneven.select(np.array([4, 2])).keep(["x2"])
    np.testing.assert_array_equal(made.attributes[:, :, 0], uneven.attributes[[4, 2], :, 2])
    assert made.person.tolist() == uneven.person[[4, 2]].tolist()


def test_check_finds_what_became_wrong_later(uneven):
    """Choices put together by hand are checked the same way."""
    broken = replace(uneven, weights=-uneven.weights)
    assert any("weights" in fault for fault in broken.check())
    assert uneven.check() == []
