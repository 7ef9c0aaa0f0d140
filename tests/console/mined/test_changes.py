"""Tests of trends as people read them."""

from __future__ import annotations

from datetime import date

from lotwise.console import trends
from tests.console.mined.made import cells, note, products, row, shown


def change(kind, series, **values):
    """Return one change that lasts until the last week."""
    known = {
        "start": date(2024, 3, 4), "end": date(2024, 6, 24), "change": "step up", "before": 10.0, "after": 15.0,
        "relative": 0.5, "low": 0.25, "high": 0.75, "p_value": 0.01, "unit": "units", "source": "orders.units",
    }  # fmt: skip
    return row("trends", kind=kind, series=series, **known | values)


FOUND = [
    change("product", "T1", money=-5.0),
    change("product", "T2", money=-900.0, end=date(2024, 4, 1)),
    change("competitor", "Rival: T1", unit="money", source="competitors.price"),
    change("word", "late", unit="share of texts", source="events.text", before=0.1, after=0.2),
]


def test_the_most_money_comes_first_with_dates_and_evidence():
    """900 a week less comes before 5; only what ended has an end, and products have their names."""
    text = shown(trends, FOUND, [], products(T2="Black tea"), rows=1, currency="EUR")
    assert "Products (units, from orders.units): 2 changes." in text
    assert cells(text, "2024-03-04") == [
        "2024-03-04", "2024-04-01", "T2 Black tea", "step up", "10", "15", "+50 %", "+25 % .. +75 %", "-900", ".010",
    ]  # fmt: skip
    assert "1 of 2; more with --rows 2" in text
    assert "lasted until the week of 2024-06-24" in " ".join(text.split())


def test_units_are_the_project_s_and_shares_are_percents():
    """Prices are told in its currency; only where money is known there is a column of it."""
    text = shown(trends, FOUND[2:], [], None, rows=5, currency="EUR")
    assert "Competitors (EUR, from competitors.price): 1 change." in text
    assert "10.0 %   20.0 %" in text
    assert "EUR a week" not in text


def test_without_changes_it_says_so():
    """A part that was left out gives its reason."""
    notes = [note("trends", ended="left out", rows=0, text="8 whole weeks of orders")]
    assert (
        shown(trends, [], notes, None, rows=5, currency="") == "There are no changes beyond chance: 8 whole weeks of orders.\n"
    )
    assert shown(trends, [], [], None, rows=5, currency="") == "There are no changes beyond chance.\n"
