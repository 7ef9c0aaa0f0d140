import pytest

ROWS = (
    "order,time,product,units,brand\n1,2024-03-01,A,1,Own\n2,2024-03-01,B,5,Other\n3,2024-03-01,C,120, Own\n4,2024-03-01,D,x,\n"
)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('column = "brand", is = "Own"', ["1", "3"]),
        ('column = "brand", not = "Own"', ["2", "4"]),
        ('column = "brand", in = ["Own", "Other"]', ["1", "2", "3"]),
        ('column = "brand", not_in = ["Other"]', ["1", "3", "4"]),
        ('column = "brand", filled = true', ["1", "2", "3"]),
        ('column = "brand", filled = false', ["4"]),
        ('column = "units", at_least = 1, at_most = 100', ["1", "2"]),
        ('column = "units", is = 5', ["2"]),
        ('column = "order", in = ["1", 4]', ["1", "4"]),
    ],
)
def test_a_condition_keeps_what_meets_it(collected, condition, kept):
    """Numbers are compared as numbers, text as trimmed text, and the rows left out are counted."""
    toml = f'[[collect]]\ntable = "orders"\nfiles = "o.csv"\nfilter = [{{ {condition} }}]\n'
    given = collected({"o.csv": ROWS}, toml)
    assert [row["order"] for row in given["raw.orders"]] == kept
    assert (given["sources"][0]["rows"], given["sources"][0]["filtered"]) == (4, 4 - len(kept))


def test_all_conditions_must_hold(collected):
    """Conditions narrow one another, and faults of rows left out are not told."""
    toml = (
        "[[collect]]\n"
        'table = "orders"\n'
        'files = "o.csv"\n'
        'filter = [{ column = "brand", is = "Own" }, { column = "units", at_most = 100 }]\n'
    )
    given = collected({"o.csv": ROWS}, toml)
    assert [row["order"] for row in given["raw.orders"]] == ["1"]
    assert given["raw.faults"] == []
