import pytest

from lotwise.errors import InputError

FILES = {
    "orders.csv": "nr,product,units\n1,A,1\n1,B,2\n9,A,3\n",
    "heads.csv": "number;date;land\n 1 ;2024-03-01;DE\n2;2024-03-02;FR\n",
}
TOML = """
[[collect]]
table = "orders"
files = "orders.csv"
[[collect.lookup]]
file = "heads.csv"
on = { nr = "number" }
take = ["date"]
[collect.columns]
order = "nr"
time = "date"
"""


def test_columns_of_the_lookup_can_be_mapped(collected):
    """Each row finds its head by key; one that finds none keeps nulls and is not lost."""
    given = collected(FILES, TOML)
    assert [(r["order"], r["time"] and r["time"].day, r["units"]) for r in given["raw.orders"]] == [
        ("1", 1, 1.0),
        ("1", 1, 2.0),
        ("9", None, 3.0),
    ]


def test_all_columns_are_taken_where_none_is_named(collected):
    """Without take, all columns but the keys are joined, and a filter may use them."""
    toml = TOML.replace('take = ["date"]', "") + '[[collect.filter]]\ncolumn = "land"\nis = "DE"\n'
    given = collected(FILES, toml)
    assert [r["order"] for r in given["raw.orders"]] == ["1", "1"]
    assert given["sources"][0]["filtered"] == 1


def test_a_repeated_key_is_refused(collected):
    """A key that stands twice would multiply rows: the message says which."""
    files = FILES | {"heads.csv": "number;date\n1;2024-03-01\n1;2024-03-02\n"}
    with pytest.raises(
        InputError,
        match=r"Lookup heads.csv repeats its key \(number\), which would multiply rows: 1 stands in 2 rows. Keep one",
    ):
        collected(files, TOML)


def test_columns_that_are_not_there_are_named(collected):
    """A misspelt key or column is told with the nearest name."""
    with pytest.raises(
        InputError,
        match=r"Lookup heads.csv has no column 'numbr'; did you mean 'number'\?. Its columns are: number, date, land",
    ):
        collected(FILES, TOML.replace('"number"', '"numbr"'))
    with pytest.raises(InputError, match=r"orders.csv has no column 'nrr'; did you mean 'nr'\?"):
        collected(FILES, TOML.replace("{ nr =", "{ nrr ="))


def test_a_column_both_have_is_refused(collected):
    """Which of two columns of one name is meant must be said."""
    files = FILES | {"heads.csv": "number,date,units\n1,2024-03-01,5\n"}
    with pytest.raises(InputError, match=r"Lookup heads.csv and orders.csv both have: units. Name what to take"):
        collected(files, TOML.replace('take = ["date"]', ""))
