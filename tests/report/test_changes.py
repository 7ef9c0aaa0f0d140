import pyarrow as pa

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import changes
from lotwise.report.words import Words
from lotwise.tables import TABLES


def _told(tables, settings, language="en"):
    return changes.context(Book(tables.get, settings), Words(language), Numbers("USD"))


def test_accounts_of_a_run_are_the_sums_of_its_lines(made_up, settings):
    """A run's account adds up its lines with money; lines without money count for nothing."""
    context = _told(made_up, settings)
    assert [row["run"] for row in context["runs"]] == [1, 3]
    # ideal 41200, unknown 1400.25 + 8400.25, unmade 3350.25, undone 640, actual 27409.25
    assert [figure.value for figure in context["runs"][1]["accounts"]] == [41200.0, 9800.5, 3350.25, 640.0, 27409.25]
    drawn = context["charts"]["trend"].spec["data"]["values"]
    assert [row["money"] for row in drawn if row["part"] == "Unknown"] == [8800.0, 9800.5]


def test_causes_are_told_in_the_page_s_language(made_up, settings):
    """Causes and what is behind them are Chinese, with names of tables and stages kept."""
    told = _told(made_up, settings, "zh")["changes"]
    assert [row["cause"] for row in told] == ["新增的周", "新增的周", "重新结算"]
    assert told[0]["note"].striptags() == "4 周：2017-12-04 至 2017-12-25。背后：表 demand, orders 改变。"
    assert told[2]["note"].striptags() == "背后：forecast 的设置改变；plan 的程序改变。"


def test_one_run_is_no_trend(made_up, settings):
    """The lines are drawn from the second run on; a first run has nothing to be compared with."""
    rows = [row for row in made_up["gap_history"].to_pylist() if row["run"] == 1]
    first = {
        "gap_history": pa.Table.from_pylist(rows, schema=TABLES["gap_history"].schema),
        "gap_changes": TABLES["gap_changes"].empty(),
    }
    context = _told(first, settings)
    assert (context["charts"], context["changes"], len(context["runs"])) == ({}, [], 1)
