import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import prices
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def shown(made_up, settings):
    """What the section shows of the made-up tables, some of them changed."""

    def show(language="en", **changed):
        return prices.context(Book((made_up | changed).get, settings), Words(language), Numbers("USD"))

    return show


def test_prices_above_zero_are_shown_by_kind_and_demand_is_left_out(shown):
    """Two machines and flour are short in two weeks each, a component and a store in one; demand is no resource."""
    found = shown()
    named = {str(kind["kind"]): [row["name"].striptags() for row in kind["rows"]] for kind in found["kinds"]}
    assert named == {
        "Machine hours": ["Bakery line", "Bakery line", "Dairy line", "Dairy line"],
        "Materials": ["Wheat flour", "Wheat flour"],
        "Components": ["Raw milk at east"],
        "Storage": ["room of east"],
    }
    # 4 weeks of 4 resources and 2 single rows; 6 + 2 are above 0
    assert (found["all"].value, found["free"].value) == (18, 10)


def test_ranges_stand_beside_the_price(shown):
    """A price says for how many fewer and more it holds, and a dash where that was not worked out."""
    room = shown()["kinds"][3]["rows"][0]
    assert (room["less"].value, room["more"].value, str(room["unit"])) == (10.0, 2.5, "room")
    assert str(shown("zh")["kinds"][0]["rows"][0]["less"]) == "–"


def test_many_prices_are_cut_by_kind(shown, made_up):
    """Of hundreds of prices of machines the 12 dearest are shown."""
    rows = [row | {"resource": f"{row['resource']}-{k}"} for row in made_up["prices"].to_pylist() for k in range(100)]
    kind = shown(prices=pa.Table.from_pylist(rows, schema=TABLES["prices"].schema))["kinds"][0]
    assert (len(kind["rows"]), kind["more"].value) == (12, 388)
    assert [row["price"].value for row in kind["rows"]] == [12.4] * 12
