"""What the report shows of customers."""

import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import customers
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return customers.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_segments_tell_their_share_of_customers_and_revenue(shown):
    """S1 has two of four customers and 1,400.50 of 1,500 in revenue: 93.4 %, drawn beside 50 %."""
    found = shown()
    first = found["blocks"][0]["rows"][0]
    assert [str(value) for value in first[1:6]] == ["2", "50.0\u00a0%", "93.4\u00a0%", "1,400", "7"]
    bars = found["charts"]["segments"].spec["data"]["values"]
    assert [bar["share"] for bar in bars[:2]] == pytest.approx([0.5, 1400.5 / 1500])


def test_what_sets_a_segment_apart_is_told_in_its_unit(shown):
    """Money is shown as money, shares in percent; orders and revenue, which have columns, are left out."""
    first, second = (row[6].striptags() for row in shown()["blocks"][0]["rows"])
    assert first == "revenue an order 99.50 (all 60.25)different categories 8.5 (all 5)"
    assert second == "days since the last order 60 (all 40)share of dairy 25.0 % (all 22.5 %)"


def test_only_customers_who_moved_are_listed(shown):
    """Who stayed in a segment is no move."""
    rows = shown()["blocks"][1]["rows"]
    assert [(row[0].striptags(), row[1].striptags(), row[2].value) for row in rows] == [("S1", "S2", 1), ("new", "S2", 1)]


def test_the_customers_expected_to_bring_most_come_first(shown):
    """Customers are ranked by expected margin, with the interval of 90 %."""
    rows = shown()["blocks"][2]["rows"]
    assert [row[0].striptags() for row in rows] == ["c1", "c2"]
    assert rows[0][5].striptags() == "[45, 136]"


def test_without_margins_revenue_ranks(shown, made_up):
    """Where no margin is known, the expected revenue ranks customers and has the interval."""
    rows = [row for row in made_up["profiles"].to_pylist() if row["feature"] != "expected margin"]
    found = shown(profiles=pa.Table.from_pylist(rows, schema=TABLES["profiles"].schema))["blocks"][2]["rows"]
    assert [row[0].striptags() for row in found] == ["c1", "c2", "c3"]
    assert (found[2][4].value, found[2][5].striptags()) == (None, "[3, 9]")


def test_each_target_stands_beside_the_share_alone(shown):
    """One row a target: the classifier in use, its log loss and that of the share alone."""
    rows = shown()["blocks"][3]["rows"]
    assert [(row[0].striptags(), row[1].value, str(row[2]), row[4].value, row[5].value) for row in rows] == [
        ("buys GROCERY", 0.375, "blend", 0.41, 0.65), ("leaves", 0.1, "blend", 0.41, 0.65)
    ]  # fmt: skip


def test_without_customers_the_reason_stands(shown, made_up):
    """A part that was left out says why, in the page's language."""
    left = {"part": "segments", "scope": "all", "ended": "left out", "rows": 0, "evidence": 0,
            "note": "no sale in orders names a customer"}  # fmt: skip
    empty = {
        name: TABLES[name].empty() for name in ("segments", "segment_trials", "migrations", "profiles", "propensity_scores")
    }
    found = shown("zh", mining=pa.Table.from_pylist([left], schema=TABLES["mining"].schema), **empty)
    assert (found["blocks"], str(found["nothing"])) == ([], "订单中没有写明顾客的销售")
    assert set(made_up) > set(empty)
