import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import plan
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return plan.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_each_week_says_what_is_released(shown):
    """Three lots start in each of the four weeks; an order is placed in the first two; shipments leave in the first."""
    weeks = shown()["released"]
    assert [(row["lots"].value, row["purchases"].value, row["shipments"].value) for row in weeks] == [
        (3, 1, 2), (3, 1, 0), (3, 0, 0), (3, 0, 0)
    ]  # fmt: skip
    assert [row["cost"].value for row in weeks] == [825.5, 99.25, 0, 0]


def test_lots_come_by_week_with_their_status(shown):
    """The lots to release first stand first, and say whether they may still change."""
    lots = shown("zh")["lots"]
    assert [str(row["says"]) for row in lots[:4]] == ["已批准", "已批准", "已批准", "冻结"]
    assert [str(row["before"]) for row in lots[::3]] == ["100", "90", "–", "0"]


def test_a_long_list_is_cut(shown, made_up):
    """Of thousands of lots the first 24 are listed, and all are counted."""
    rows = [row | {"lot": f"{row['lot']}-{k}"} for row in made_up["lots"].to_pylist() for k in range(500)]
    found = shown(lots=pa.Table.from_pylist(rows, schema=TABLES["lots"].schema))
    assert (len(found["lots"]), found["lots_all"].value, found["lots_cut"]) == (24, 6000, True)


def test_the_bound_is_said_where_promises_can_be_kept(shown, made_up):
    """A plan that misses its bound by 50 of 5,050 says 0.99 %; one that breaks promises has no bound to speak of."""
    solve = made_up["solves"].to_pylist()[0] | {"status": "bounded", "bound": 5050.0}
    bounded = pa.Table.from_pylist([solve], schema=TABLES["solves"].schema)
    assert "at most 0.99 % below" in shown(solves=bounded)["proven"].striptags()
    broken = pa.Table.from_pylist([solve | {"status": "infeasible"}], schema=TABLES["solves"].schema)
    assert shown(solves=broken)["proven"] == ""
