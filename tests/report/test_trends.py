"""What the report shows of trends."""

import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import trends
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return trends.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_what_is_sold_comes_by_money(shown):
    """All sales, categories and products stand together, the largest change of revenue first."""
    rows = shown()["blocks"][0]["rows"]
    assert [(row[0].striptags(), row[6].value) for row in rows] == [
        ("All sales", -498.0), ("Whole milk 1 gal", 124.5), ("GROCERY", 80.5)
    ]  # fmt: skip


def test_levels_are_drawn_in_parts_of_those_before(shown):
    """Sales fell to 75 % of what they were, [62.5, 87.5]; an interval beyond the drawing ends at the level itself."""
    drawn = shown()["charts"]["changed"].spec["data"]["values"]
    assert [drawn[0][name] for name in ("after", "low", "high")] == [0.75, 0.625, 0.875]
    # 10 to 90 is nine times as much; its interval reaches to 21 times
    assert (drawn[2]["after"], drawn[2]["high"]) == (9.0, 9.0)


def test_kinds_without_intervals_or_money_have_no_such_columns(shown):
    """Shares of options have no interval and no money, prices of competitors no money."""
    columns = [[str(head["text"]) for head in block["heads"]] for block in shown()["blocks"]]
    assert [len(names) for names in columns] == [7, 5, 6]


def test_products_within_names_are_called_by_their_name(shown):
    """A series of an option or a competitor's price names the product."""
    option, rival = (block["rows"][0] for block in shown()["blocks"][1:])
    assert (option[0].striptags(), rival[0].striptags()) == ("Whole milk 1 gal size: large", "Rival: White bread 20 oz")
    assert (str(option[2]), str(option[3])) == ("50.0\u00a0%", "25.0\u00a0%")


def test_dates_and_changes_are_said_in_chinese(shown):
    """When what began is said in the page's language."""
    assert shown("zh")["blocks"][0]["rows"][0][1].striptags() == "2017年10月2日起下降"
