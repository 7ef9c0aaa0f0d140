"""What the report shows of preferences."""

import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import preferences
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return preferences.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_chances_are_those_of_the_log_likelihood(shown):
    """A mean log-likelihood of -0.5 is a chance of 60.7 %, beside 28.7 % by shares; options have no model of shares."""
    rows = shown()["blocks"][0]["rows"]
    assert [(str(row[5]), str(row[6])) for row in rows] == [("60.7\u00a0%", "28.7\u00a0%"), ("47.2\u00a0%", "–")]


def test_a_note_stands_once_with_its_choices(shown):
    """What holds for several choices is said once."""
    assert [note.striptags() for note in shown()["blocks"][0]["notes"]] == [
        "category GROCERY, Whole milk 1 gal size: discount goes with the price and is counted in it"
    ]


def test_worth_is_told_against_the_base(shown):
    """Values with a worth in money come with what they are set against; the rest of the category is none of them."""
    rows = shown()["blocks"][1]["rows"]
    assert [(row[0].striptags(), str(row[1].striptags()), row[4].value) for row in rows] == [
        ("White bread 20 oz GROCERY", "Whole milk 1 gal", 1.5),
        ("in the mailer GROCERY", "without", 1.0),
        ("size: large Whole milk 1 gal size", "small", 0.5),
    ]


def test_what_may_be_nothing_is_drawn_gray(shown):
    """An interval that holds 0 is not sure."""
    drawn = shown()["charts"]["worths"].spec["data"]["values"]
    assert [row["kind"] for row in drawn] == ["sure", "unsure", "sure"]


def test_the_next_best_product_is_told(shown):
    """Buyers of P1 take P2 (62.5 %), those of P2 take P1 although most take the rest; each with its own elasticity."""
    rows = shown()["blocks"][2]["rows"]
    assert [(row[1].striptags(), row[2].value, row[3].value) for row in rows] == [
        ("Whole milk 1 gal", 0.25, -2.25), ("White bread 20 oz", 0.625, -1.5)
    ]  # fmt: skip


def test_only_lines_that_leave_something_out_are_listed(shown):
    """Without P2 the category earns 42 in place of 40, 5 % more; the size earns most as it is."""
    block = shown()["blocks"][3]
    assert [(row[1].striptags(), str(row[4])) for row in block["rows"]] == [("White bread 20 oz", "5.0\u00a0%")]
    assert block["lead"].striptags().startswith("In 1 of 2 choices")
