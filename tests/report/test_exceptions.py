import re

import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import exceptions
from lotwise.report.words import Words
from lotwise.tables import TABLES
from lotwise.tables.planned import EXCEPTIONS


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return exceptions.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_the_most_money_comes_first_with_its_remedy(shown):
    """Each row has its rank, money, what the remedy costs and what it brings; unknown figures are dashes."""
    rows = shown()["rows"]
    assert [row["rank"].value for row in rows] == [1, 2, 3, 4]
    assert [(str(row["remedy_cost"]), str(row["gain"])) for row in rows[:3]] == [("410", "254"), ("15", "300"), ("–", "–")]


def test_kinds_are_counted_and_added_up(shown):
    """Every kind that occurs has one row with its number and its money."""
    kinds = {str(row["kind"]): (row["count"].value, row["money"].value) for row in shown()["kinds"]}
    assert kinds == {"late": (1, 300.25), "cut": (1, 820.5), "overload": (1, 90.0), "moved": (1, 2.5)}


def test_every_kind_has_its_words():
    """The kinds are those of the contract, and each has a name and a meaning in both languages."""
    (column,) = (column for column in EXCEPTIONS.columns if column.name == "kind")
    assert set(column.choices) == set(exceptions.KINDS)
    for language in ("en", "zh"):
        words = Words(language)
        assert all(words.has(f"exceptions.{kind}") and words.has(f"exceptions.{kind}_is") for kind in exceptions.KINDS)


def test_a_chain_is_told_in_the_page_s_language(made_up, settings):
    """Orders, purchases and rooms are named as what they are; lots and machines keep their names."""
    book = Book(made_up.get, settings)
    said = exceptions.chain("order O7/1 <- P2/2018-W02/1 <- P2/2018-W02/1 <- M1 <- room east", book, Words("zh"))
    assert said.striptags() == "订单 O7/1 ← P2/2018-W02/1 ← Bakery line ← east 的仓位"
    assert not re.search("order|room", re.sub(r'<span translate="no">.*?</span>', "", said))


def test_a_long_list_says_how_many_there_are(shown, made_up):
    """Of 4,000 exceptions the first 20 are shown."""
    rows = made_up["exceptions"].to_pylist()
    many = [rows[k % 4] | {"rank": k + 1} for k in range(4000)]
    found = shown(exceptions=pa.Table.from_pylist(many, schema=TABLES["exceptions"].schema))
    assert (len(found["rows"]), found["all"].value, found["is_cut"]) == (20, 4000, True)
