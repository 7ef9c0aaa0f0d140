import pyarrow as pa
import pytest

from lotwise.report import render
from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import knowing
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def told(made_up, settings):
    """The section of the made-up sources with some rows changed."""

    def tell(change=lambda _: {}, language="en"):
        rows = [row | change(row) for row in made_up["source_values"].to_pylist()]
        tables = made_up | {"source_values": pa.Table.from_pylist(rows, schema=TABLES["source_values"].schema)}
        return knowing.context(Book(tables.get, settings), Words(language), Numbers("USD"))

    return tell


def test_each_source_has_its_figures_and_its_advice(told):
    """Figures that were measured are shown with their intervals, advice in the page's language."""
    context = told(language="zh")
    first = context["sources"][0]
    assert context["figures"] == ["ordered", "first_in", "last_in", "in_advance"]
    assert first["figures"]["last_in"].striptags() == "2,150[2,050, 2,250]"
    assert [row["advice"] for row in context["sources"][:3]] == ["保留", "尚无法判断", "放弃"]
    assert context["noise"].value == 41.5


def test_points_lie_over_the_placebo_s_band(told):
    """The chart has the placebo's interval as a band, and Shapley values in place of ordered ones where measured."""
    spec = told()["charts"]["sources"].spec
    assert spec["layer"][0]["data"]["values"] == [{"low": -45.0, "high": 155.0}]
    assert {point["figure"] for point in spec["data"]["values"]} == {"In order", "First in", "Last in"}
    fair = told(lambda row: {"shapley": row["ordered"]})["charts"]["sources"].spec
    assert {point["figure"] for point in fair["data"]["values"]} == {"Shapley", "First in", "Last in"}


def test_what_was_not_measured_names_its_command(made_up, settings):
    """Without Shapley values or notice the page says how to measure them."""
    html = render((made_up | {"gap_notice": TABLES["gap_notice"].empty()}).get, settings)
    assert "lotwise gap --shapley</code>" in html
    assert "lotwise gap --notice</code>" in html
    fair = [row | {"shapley": 1.0} for row in made_up["source_values"].to_pylist()]
    tables = made_up | {"source_values": pa.Table.from_pylist(fair, schema=TABLES["source_values"].schema)}
    html = render(tables.get, settings)
    assert "lotwise gap --shapley</code>" not in html
    assert "lotwise gap --notice</code>" not in html


def test_notes_that_differ_name_their_sources(told):
    """A note all sources share stands once; others stand after the sources they are of."""
    assert len(told()["notes"]) == 1
    notes = told(lambda row: {"note": "No plan with and without it was settled."} if row["source"] == "calendar" else {})[
        "notes"
    ]
    assert notes[1] == "calendar: No plan with and without it was settled."


def test_planning_for_more_than_the_mean_is_no_source(made_up, settings):
    """What is no step from the base is a line of the table, not of the chart of the steps."""
    rows = made_up["gap"].to_pylist()
    rows.append(next(row for row in rows if row["line"] == "placebo") | {"line": "planning for more than the mean"})
    tables = made_up | {"gap": pa.Table.from_pylist(rows, schema=TABLES["gap"].schema)}
    context = knowing.context(Book(tables.get, settings), Words("en"), Numbers("USD"))
    assert "planning for more than the mean" in [line["name"] for line in context["known"]]
    assert "planning for more than the mean" not in [row["name"] for row in context["charts"]["known"].spec["data"]["values"]]
