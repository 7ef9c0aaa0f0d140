"""What the report shows of rules."""

import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import rules
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return rules.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_one_rule_of_each_set_of_items_is_shown(shown):
    """P1 with P2 comes in either direction; the one worth more is shown, and chance is not."""
    rows = shown()["blocks"][0]["rows"]
    assert [(row[0].striptags(), row[1].striptags(), row[5].value) for row in rows] == [
        ("Whole milk 1 gal", "White bread 20 oz", 700.5)
    ]


def test_all_usable_rules_are_counted(shown):
    """Both directions count, and the command that shows them is named."""
    block = shown()["blocks"][0]
    assert block["lead"].striptags().startswith("Usable rules: 2;")
    assert "lotwise show rules" in block["more"]


def test_options_read_as_options(shown):
    """An option's value stands after its option, with the product it is of; a product among options has its name."""
    rows = shown()["blocks"][1]["rows"]
    assert rows[0][0].striptags() == "Whole milk 1 gal + size: large"
    assert rows[0][1].striptags() == "lid: screw"
    assert rows[1][0].striptags() == "White bread 20 oz"


def test_what_is_bought_next_tells_its_days(shown):
    """Rules of later orders have the days between, in their own column."""
    block = shown()["blocks"][2]
    assert [str(head["text"]) for head in block["heads"]][5] == "Days between"
    assert block["rows"][0][5].value == 8.0
