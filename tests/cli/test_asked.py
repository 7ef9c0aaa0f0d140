"""Tests of the names that commands about what was mined take."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from lotwise.cli import asked
from lotwise.errors import InputError
from lotwise.tables import contract


class Known:
    """A project that has products."""

    def __init__(self, rows):
        self.rows = rows

    def find(self, name):
        """Return its products."""
        assert name == "products"
        return None if self.rows is None else pa.Table.from_pylist(self.rows)


SHOP = Known(
    [
        {"product": "17", "name": "Cheddar", "type": "HARD CHEESE", "category": "CHEESE"},
        {"product": "18", "name": "Brie", "type": "SOFT CHEESE", "category": "CHEESE"},
        {"product": "19", "name": "Rye", "type": None, "category": "BREAD"},
    ]
)


@pytest.mark.parametrize(
    ("name", "among", "meant"),
    [
        ("17", {"17", "CHEESE"}, {"17"}),
        ("cheddar", {"17", "CHEESE"}, {"17"}),
        ("Cheddar", {"HARD CHEESE", "CHEESE"}, {"HARD CHEESE"}),
        ("17", {"CHEESE"}, {"CHEESE"}),
        ("cheese", {"17", "18", "19"}, {"17", "18"}),
        ("hard cheese", {"17", "18"}, {"17"}),
        ("RYE", {"17"}, set()),
        ("late parcel", {"late parcel"}, {"late parcel"}),
    ],
)
def test_a_name_means_the_nearest_thing_there_is(name, among, meant):
    """A product by code or name, else its type, else its category; all products of a category; or a name as it is."""
    assert asked.meant(SHOP, name, among) == meant


def test_an_unknown_name_gets_a_suggestion_whatever_its_letters():
    """The nearest of all that is known is named; where none is near there is none."""
    with pytest.raises(InputError, match="did you mean 'Cheddar'"):
        asked.meant(SHOP, "chedar", {"17"})
    with pytest.raises(InputError, match=r"Nothing is known of 'xyzzy'\.$"):
        asked.meant(SHOP, "xyzzy", {"17"})
    with pytest.raises(InputError, match="Nothing is known of '17'"):
        asked.meant(Known(None), "17", set())


def test_one_of_names_what_there_is():
    """In other letters it is the same; a mistake lists what there is, shortened where that is much."""
    assert asked.one_of("LEAVES", ["buys", "leaves"], "target") == "leaves"
    with pytest.raises(InputError, match=r"no target 'leavs'; did you mean 'leaves'\? There is: buys, leaves$"):
        asked.one_of("leavs", ["buys", "leaves"], "target")
    with pytest.raises(InputError, match="and 88 more"):
        asked.one_of("x", [f"name {number}" for number in range(100)], "target")
    with pytest.raises(InputError, match="There is: none"):
        asked.one_of("x", [], "target")


def test_a_customer_is_known_by_the_beginning_of_the_pseudonym():
    """One that begins so is meant; several are a mistake that names some; itself is meant though others begin so."""
    names = ["ca1", "ca11", "cb2"]
    assert asked.customer("cb", names) == "cb2"
    assert asked.customer("ca1", names) == "ca1"
    with pytest.raises(InputError, match="2 customers begin with 'ca', such as ca1, ca11"):
        asked.customer("ca", names)
    with pytest.raises(InputError, match="no customer 'ca12'; did you mean 'ca1"):
        asked.customer("ca12", names)


def test_choices_are_those_of_the_contract():
    """What a column may hold is read from its contract."""
    assert asked.choices("rules", "kind") == next(one.choices for one in contract("rules").columns if one.name == "kind")


def test_rows_are_one_object_a_line(capsys):
    """Dates and Chinese words are written so that any reader of JSON has them."""
    import datetime as dt

    asked.lines([{"day": dt.date(2024, 1, 1), "words": "太短"}, {"day": None, "words": "x"}])
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [{"day": "2024-01-01", "words": "太短"}, {"day": None, "words": "x"}]
    assert "太短" in lines[0]
