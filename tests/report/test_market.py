"""What the report shows of market."""

import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import market
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return market.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_prices_furthest_from_competitors_come_first(shown):
    """At 125 and 87.5 % of the rival's price P1 is further off than P2; our own products are no competitors."""
    rows = shown()["blocks"][0]["rows"]
    assert [(row[0].striptags(), str(row[4])) for row in rows] == [
        ("Whole milk 1 gal", "125\u00a0%"), ("White bread 20 oz", "88\u00a0%"), ("<script>alert(1)</script> & Co", "100\u00a0%")
    ]  # fmt: skip


def test_each_competitor_has_a_color(shown):
    """The drawing's key names the competitors."""
    color = shown()["charts"]["rivals"].spec["layer"][1]["encoding"]["color"]
    assert color["scale"]["domain"] == ["Other <shop>", "Rival"]
    assert len(color["scale"]["range"]) == 2


def test_segments_tell_what_they_buy_more_of(shown):
    """S1 spends 150 on P1, 75 % of the category; with everybody's 50 % it would be 100."""
    rows = shown()["blocks"][1]["rows"]
    assert [(row[0].striptags(), row[1], round(row[5].value, 6)) for row in rows] == [
        ("Whole milk 1 gal GROCERY", "S1", 50.0), ("White bread 20 oz GROCERY", "S2", 50.0)
    ]  # fmt: skip
