"""What the report shows of drivers."""

import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import drivers
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return drivers.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_the_target_explained_best_comes_first(shown):
    """Units, of which a quarter is explained, come before returns, of which nothing is."""
    assert [str(block["title"]) for block in shown()["blocks"]] == ["Units sold", "Returns"]


def test_features_no_surer_than_chance_are_left_out(shown):
    """The month, whose loss may be below 0, is not among what moves units."""
    rows = shown()["blocks"][0]["rows"]
    assert [row[0].striptags() for row in rows] == ["planned discount", "category"]


def test_a_ranking_of_noise_says_so(shown):
    """Where 1 % is explained, the first features stand under a warning."""
    block = shown()["blocks"][1]
    assert "little more than noise" in block["lead"].striptags()
    assert len(block["rows"]) == 1


def test_what_a_feature_does_is_told_in_chinese(shown):
    """Sizes, directions and months are translated, products and categories keep their names."""
    rows = shown("zh")["blocks"][0]["rows"]
    assert [row[1].striptags() for row in rows] == ["0.3 及以上比 0 及以下多 30 %", "GROCERY：多 8 %；Whole milk 1 gal：少 2 %"]
