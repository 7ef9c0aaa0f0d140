import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import deliveries
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return deliveries.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_late_lines_come_by_money(shown):
    """Two of four lines are late, 2 and 4 weeks at 75.25 a week; the dearer one is first and is never all there."""
    found = shown()
    assert (found["lines"].value, found["in_time"].value, found["late"].value, found["money"].value) == (4, 2, 2, 451.5)
    assert [(row["order"], str(row["there"])) for row in found["rows"]] == [("O7/1", "not within the plan"), ("O6/1", "Jan 15")]


def test_reasons_are_told_in_chinese(shown):
    """What binds and its price are known sentences."""
    assert all('lang="en"' not in row["reason"] for row in shown("zh")["rows"])


def test_no_firm_order_is_no_late_one(shown):
    """Where no order is firm, nothing is counted."""
    found = shown(deliveries=TABLES["deliveries"].empty())
    assert (found["lines"].value, found["rows"], found["missing"]) == (0, [], [])
