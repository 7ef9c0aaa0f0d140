"""What the report shows of lots that are late."""

import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import lateness
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return lateness.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_the_dearest_lot_comes_first(shown, made_up):
    """Lots in time are left out, and the others come by what their delay costs."""
    late = [row for row in made_up["lateness"].to_pylist() if row["late_hours"] > 0]
    found = shown()
    assert [row["money"].value for row in found["rows"]] == sorted((row["money"] for row in late), reverse=True)
    assert (found["late"].value, found["all"].value) == (len(late), 12)
    assert found["money"].value == pytest.approx(sum(row["money"] for row in late))


def test_reasons_and_remedies_are_told_in_chinese(shown):
    """Every sentence of the schedule is known to the catalog, with its times, lists and names."""
    row = shown("zh")["rows"][0]
    assert str(row["reason"].striptags()) == (
        "A2 sewing 等待机器 sewing 1 共 5:00 小时，该机器正在做 A1 sewing, A3 sewing。"
        "它在 2018-01-02 09:00 结束，比交期晚 0:45 小时。"
    )
    assert 'lang="en"' not in row["reason"] + row["remedy"] + row["waited_for"]


def test_long_lists_are_cut(shown, made_up):
    """Of 100 late lots and 100 late orders 20 are shown."""
    lots = [row | {"lot": f"L{k}", "late_hours": 1.0} for k, row in enumerate(made_up["lateness"].to_pylist() * 9)]
    orders = [row | {"order": f"O{k}"} for k, row in enumerate(made_up["order_ends"].to_pylist() * 60)]
    tables = {
        name: pa.Table.from_pylist(rows[:100], schema=TABLES[name].schema)
        for name, rows in (("lateness", lots), ("order_ends", orders))
    }
    found = shown(**tables)
    assert (len(found["rows"]), found["is_cut"], len(found["orders"]), found["is_cut_orders"]) == (20, True, 20, True)
