from datetime import date

import pytest
from pool_lines import checks, history, sell

ONE = {"forecast": {"horizon": 1, "cutoffs": 1}}
WEEK = date(2024, 1, 8)


def promoted(location, **also):
    return {"product": "p", "location": location, "week": WEEK, "display": 1.0, "mailer": 0.0, **also}


def orders(late=0):
    """Return sales of 28 in shop a and 84 in shop b in the first three weeks, and more in the last."""
    rows = [sell(f"h{day}", day, location="a", revenue=2.0) for day in range(14)]
    rows += [sell(f"g{day}", day, location="b", revenue=6.0) for day in range(14)]
    return [*rows, sell("end", 27, location="a", revenue=float(late))]


def test_places_weigh_as_they_sold(pool):
    """Display in a shop with a quarter of the sales is a display of 0.25."""
    result = pool(ONE, orders=orders(), promotions=[promoted("a"), promoted("b", display=0.0, mailer=1.0, discount=0.2)])
    (row,) = result["promotions"].to_pylist()
    assert (row["display"], row["mailer"], row["front"], row["discount"]) == (0.25, 0.75, 0.0, pytest.approx(0.2))


def test_what_nobody_told_of_a_discount_is_not_known(pool):
    """Without a planned discount there is none in the table, neither 0 nor all of the price."""
    result = pool(ONE, orders=orders(), promotions=[promoted("a"), promoted("b", discount=None)])
    assert result["promotions"]["discount"].to_pylist() == [None]


def test_weights_know_no_future(pool):
    """Sales from the first cutoff on change neither weights nor prices."""
    few, many = (pool(ONE, orders=orders(late), promotions=[promoted("a")]) for late in (1, 1000))
    assert few["promotions"].equals(many["promotions"])
    assert few["economics"].equals(many["economics"])
    assert not few["demand"].equals(many["demand"])


def test_duplicates_are_found_among_many_places(pool):
    """Only a place that stands twice in one product-week is a duplicate, also beyond 200 places."""
    shops = [f"s{number:03}" for number in range(230)]
    rows = [*history(), *(sell(shop, 1, location=shop) for shop in shops)]
    told = [promoted(shop) for shop in shops] + [
        promoted("s007", display=0.0),
        promoted("s008"),
        promoted("s009", week=date(2024, 1, 15)),
    ]
    result = pool(ONE, orders=rows, promotions=told)
    counts = checks(result, "promotions")
    assert (counts["rows kept"], counts["identical duplicates"], counts["duplicates that differ"]) == (231, 1, 1)


def test_unknown_places_count_and_weigh_nothing(pool):
    """Promotions of a place where nobody ordered are counted and change no share."""
    result = pool(
        ONE, orders=orders(), promotions=[promoted("a"), promoted("nowhere"), promoted("nowhere", week=date(2024, 1, 1))]
    )
    assert [(r["week"], r["display"]) for r in result["promotions"].to_pylist()] == [(WEEK, 0.25)]
    assert checks(result, "promotions")["location: not in orders"] == 2


def test_bad_rows_are_rejected(pool):
    """A share above 1 and a missing product are rejected with their reasons, and plans for later weeks stay."""
    later = promoted("a", week=date(2024, 3, 4))
    result = pool(ONE, orders=orders(), promotions=[promoted("a", display=2.0), promoted("a", product=None), later])
    found = [(r["column"], r["reason"]) for r in result["rejects"].to_pylist() if r["table"] == "promotions"]
    assert found == [("display", "outside 0 to 1"), ("product", "empty")]
    assert result["promotions"]["week"].to_pylist() == [date(2024, 3, 4)]


def test_places_are_alike_where_orders_name_none(pool):
    """With orders from nowhere in particular every place of the promotions counts alike."""
    result = pool(ONE, orders=history(), promotions=[promoted("a"), promoted("b", display=0.0)])
    assert result["promotions"]["display"].to_pylist() == [0.5]
