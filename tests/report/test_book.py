import pyarrow as pa

from lotwise.report.book import Book


def test_tables_are_loaded_once(settings):
    """However often a table is asked for, it is loaded once."""
    asked = []
    book = Book(asked.append, settings)
    assert book.rows("gap") == [] == book.rows("gap")
    assert asked == ["gap"]


def test_rows_are_picked_and_sorted(made_up, settings):
    """Rows are those whose columns have the values given, in the order and number asked for."""
    book = Book(made_up.get, settings)
    rows = book.rows("gap", {"account": ["unmade", "undone"]}, order=[("money", "descending")], most=2)
    assert [row["line"] for row in rows] == ["M1", "floor: short"]


def test_sums_are_largest_first(settings):
    """Sums come by size, and by name where they are equal."""
    table = pa.table({"product": ["b", "a", "c", "c"], "units": [1.0, 1.0, 2.0, 3.0]})
    assert list(Book({"demand": table}.get, settings).sums("demand", "product", "units").items()) == [
        ("c", 5.0),
        ("a", 1.0),
        ("b", 1.0),
    ]


def test_names_fall_back_to_codes(made_up, settings):
    """A code without a name is shown as it is, and a name is escaped."""
    book = Book(made_up.get, settings)
    assert (book.name("M1"), book.name("X9")) == ("Bakery line", "X9")
    assert "<script>" not in book.called("P5")


def test_products_of_one_name_keep_their_codes_apart(made_up, settings):
    """Two products that are called the same are told apart, in tables and in charts."""
    renamed = [
        row | {"name": "Milk" if row["product"] in {"P1", "P2"} else row["name"]} for row in made_up["products"].to_pylist()
    ]
    book = Book((made_up | {"products": pa.Table.from_pylist(renamed, schema=made_up["products"].schema)}).get, settings)
    assert (book.name("P1"), book.name("P2"), book.name("P3")) == ("Milk · P1", "Milk · P2", "Vanilla ice cream")


def test_now_is_the_latest_cutoff(made_up, settings):
    """What is known now is the state of that name at the latest cutoff."""
    assert Book(made_up.get, settings).now("plans")["cutoff"].isoformat() == "2018-01-01"
