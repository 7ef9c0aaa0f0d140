import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import limits
from lotwise.report.words import Words


@pytest.fixture
def shown(made_up, settings):
    """The limits of the made-up tables by name."""
    context = limits.context(Book(made_up.get, settings), Words("en"), Numbers("USD"))
    return {str(row["name"].striptags()): row for row in context["limits"]}


def test_limits_are_added_up_over_past_plans(shown, made_up):
    """Each figure is the sum over cutoffs, the dearest limit first, and together they are what all limits cost."""
    rows = made_up["limit_values"].to_pylist()
    assert list(shown) == ["Bakery line", "Wheat flour", "lead time", "lot sizes"]
    # 80.25 and 98.50 in each of two past plans
    assert (shown["Bakery line"]["one_more"].value, shown["Bakery line"]["price"].value) == (160.5, 197.0)
    assert sum(row["lost"].value for row in shown.values()) == sum(row["lost"] for row in rows)


def test_what_was_not_measured_is_a_dash(shown):
    """Lead time has no price and no second supplier."""
    assert {str(shown["lead time"][name]) for name in ("first_in", "price", "one_more", "another")} == {"–"}
    assert shown["lead time"]["unit"] == ""
