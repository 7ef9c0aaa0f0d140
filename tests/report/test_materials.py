import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import materials
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables."""
    return materials.context(Book(made_up.get, settings), Words("en"), Numbers("USD"))


def test_scarce_items_come_first_with_their_dearest_week(shown):
    """Flour is scarce in the two weeks it is used beyond what there is; milk in one, at the site the price is for."""
    rows = {row["name"].striptags(): row for row in shown["bought"]}
    assert list(rows) == ["Wheat flour", "Raw milk"]
    assert [(row["short"].value, row["price"].value) for row in rows.values()] == [(2, 0.35), (1, 0.75)]
    assert shown["scarce"].value == 2


def test_items_say_their_least_stock_and_what_is_bought(shown):
    """Stock falls by 40 a week from 500: 460, 420, 380, 340 at the end, the least in the fourth week; one order of flour."""
    flour = shown["bought"][0]
    assert (flour["least"].value, flour["when"], flour["received"].value, flour["orders"].value) == (340.0, "Jan 22", 400.0, 1)
    assert flour["first"] == "Jan 1"


def test_products_stand_apart(shown):
    """Finished products are listed for themselves, and weeks are shown of what is scarce."""
    assert [row["name"].striptags() for row in shown["products"]] == ["Whole milk 1 gal"]
    assert [item["name"].striptags() for item in shown["weeks"]] == ["Wheat flour", "Raw milk"]


def test_cover_is_the_lowest_stock_in_weeks_of_use():
    """10 units at the least, 5 used a week, cover two weeks; what is not used never runs out."""
    rows = [{"used": 4.0, "end": 20.0}, {"used": 6.0, "end": 10.0}]
    assert materials.cover(rows) == 2.0
    assert materials.cover([row | {"used": 0.0} for row in rows]) == float("inf")
