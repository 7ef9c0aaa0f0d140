"""What the report shows of opinions."""

import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import opinions
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return opinions.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_the_dearest_change_comes_first(shown):
    """Changes come by money at stake; those of no product are of the service."""
    rows = shown()["blocks"][0]["rows"]
    assert [(str(row[0]), row[1].striptags(), row[4].value) for row in rows] == [
        ("delivery: faster", "the service", 900.25), ("sleeves: longer", "White bread 20 oz", 120.5)
    ]  # fmt: skip


def test_changes_and_their_reckoning_are_translated(shown):
    """A change and how its money was reckoned stand in the page's language."""
    block = shown("zh")["blocks"][0]
    assert [row[0].striptags() for row in block["rows"]] == ["配送：更快", "袖子：更长"]
    assert "12 位买家一年的毛利" in block["notes"][0].striptags()
    assert "lang=" not in block["notes"][0]


def test_aspects_are_drawn_over_all_products(shown):
    """Fit has 5 + 1 texts against it, drawn to the left, and 3 + 4 for it."""
    drawn = shown()["charts"]["aspects"].spec["data"]["values"]
    assert [(row["name"], row["texts"]) for row in drawn] == [("fit", -6), ("fit", 7), ("delivery", -2), ("delivery", 6)]


def test_texts_are_shown_as_they_were_written(shown):
    """What a customer wrote is escaped and not to be translated."""
    rows = shown()["blocks"][1]["rows"]
    assert str(rows[0][7]) == '<span translate="no">&lt;b&gt;too short&lt;/b&gt;</span>'


def test_messages_are_counted_by_what_they_want(shown):
    """Two of three messages are about an order."""
    rows = shown("zh")["blocks"][2]["rows"]
    assert [(row[0].striptags(), row[1].value, str(row[2])) for row in rows] == [
        ("订单", 2, "66.7\u00a0%"), ("投诉", 1, "33.3\u00a0%")
    ]  # fmt: skip


def test_topics_add_up_their_weeks(shown):
    """The topic with most texts over all weeks comes first."""
    rows = shown()["blocks"][3]["rows"]
    assert [(row[0].striptags(), row[2].value) for row in rows] == [("包装, 快", 10), ("short, sleeves", 8)]
