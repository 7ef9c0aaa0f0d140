import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import cells, worst
from lotwise.report.words import Words

ACCOUNTS = ("ideal", "unknown", "unmade", "undone", "actual")


@pytest.fixture
def book(two_regions, settings):
    """The tables of two regions."""
    return Book(two_regions.get, settings)


def test_every_product_s_weeks_are_those_of_the_table(book):
    """What the page's script draws is the table's cents, regions added up, for each product and for all."""
    rows = book.rows("gap_cells")
    products = sorted({row["product"] for row in rows})
    drill = cells.drill(book, Words("en"), products)
    for place, product in enumerate(["", *products]):
        for column, account in enumerate(ACCOUNTS):
            for at, week in enumerate(drill["weeks"]):
                mine = [row for row in rows if row["week"].isoformat() == week and product in ("", row["product"])]
                assert drill["cents"][place][column][at] == sum(round(100 * row[account]) for row in mine)


def test_accounts_add_up_in_every_week_and_region(book):
    """Ideal less the three losses is the actual in each row shown, and rows add up to all products."""
    shown = [cells.by_week(book, Numbers("USD"), Words("en")), cells.by_region(book, Numbers("USD"))]
    whole = {account: sum(round(100 * row[account]) for row in book.rows("gap_products")) for account in ACCOUNTS}
    for rows in shown:
        cents = [{account: round(100 * row[account].value) for account in ACCOUNTS} for row in rows]
        for row in cents:
            assert row["ideal"] - row["unknown"] - row["unmade"] - row["undone"] == row["actual"]
        assert {account: sum(row[account] for row in cents) for account in ACCOUNTS} == whole


def test_one_region_is_no_drill_down(made_up, settings):
    """Where there is one region, it is not shown beside the sum it equals."""
    assert cells.by_region(Book(made_up.get, settings), Numbers("USD")) == []


def test_a_long_ledger_holds_fewer_products():
    """The page holds so many weeks of products, and a dozen products at least."""
    products = [f"P{place}" for place in range(500)]
    assert len(cells.held(products, 25)) == 100
    assert len(cells.held(products, 1000)) == cells.FEWEST


def test_products_left_out_stay_in_the_sums(two_regions, settings, monkeypatch):
    """A table cut to its first rows says how many are left out, and still adds up to all products."""
    monkeypatch.setattr(worst, "MOST_PRODUCTS", 1)
    context = worst.context(Book(two_regions.get, settings), Words("en"), Numbers("USD"))
    # eight products, six shown as the settings ask
    assert (len(context["lines"]), context["left"].value) == (6, 2)
    for account in ACCOUNTS:
        rows = [line[account].value for line in (*context["lines"], context["others"])]
        assert sum(round(100 * value) for value in rows) == round(100 * context["totals"][account].value)
