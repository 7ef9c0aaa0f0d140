import pyarrow as pa

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import notice
from lotwise.report.words import Words
from lotwise.tables import TABLES


def _told(made_up, settings, rows=None):
    table = made_up["gap_notice"] if rows is None else pa.Table.from_pylist(rows, schema=TABLES["gap_notice"].schema)
    return notice.context(Book({"gap_notice": table}.get, settings), Words("en"), Numbers("USD"))


def test_each_kind_is_a_curve_over_the_profit_known_now(made_up, settings):
    """A curve has a point a number of weeks, its band around the point, and the line of the profit with what was known."""
    context = _told(made_up, settings)
    assert [curve["title"] for curve in context["curves"]] == ["Announced plans", "Orders", "Deciding earlier"]
    points = context["charts"]["notice-plans"].spec["data"]["values"]
    # 27409.25 - 1500.5, 400 to either side
    assert [(points[0][name]) for name in ("profit", "low", "high")] == [25908.75, 25508.75, 26308.75]
    assert context["charts"]["notice-plans"].spec["layer"][1]["encoding"]["y"]["datum"] == 27409.25


def test_a_point_without_an_interval_has_no_band(made_up, settings):
    """Knowing all orders has no interval of its own: the point stands alone."""
    points = _told(made_up, settings)["charts"]["notice-orders"].spec["data"]["values"]
    assert (points[-1]["low"], points[-1]["between"]) == (None, "")


def test_kinds_that_were_not_measured_are_left_out(made_up, settings):
    """Where only one kind was measured there is one curve."""
    rows = [row for row in made_up["gap_notice"].to_pylist() if row["kind"] == "decision"]
    assert list(_told(made_up, settings, rows)["charts"]) == ["notice-decision"]
