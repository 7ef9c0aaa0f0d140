"""Tests of the market as people read it."""

from __future__ import annotations

from lotwise.console import market
from tests.console.mined.made import cells, note, products, row, shown


def beside(product, rival, kind="own", **values):
    """Return where one product stands beside another."""
    known = {"price": 3.0, "rival_price": 2.0, "index": 1.5, "weeks": 20}
    return row("market", product=product, rival=rival, kind=kind, **known | values)


def part(category, name, share, revenue, segment="all", kind="product"):
    """Return the share of one product of its category."""
    return row("market_shares", category=category, kind=kind, name=name, segment=segment, share=share, revenue=revenue)


RIVALS = [beside("T1", "T2"), beside("T2", "Rival", "competitor"), beside("T2", "T1")]
SHARES = [
    part("tea", "T1", 0.2, 20.0),
    part("tea", "T2", 0.3, 30.0),
    part("tea", "other products", 0.5, 50.0),
    part("tea", "T1", 0.9, 9.0, "S1"),
    part("cake", "K", 1.0, 500.0),
]


def test_competitors_come_first_then_products_of_most_revenue():
    """T2 beside the competitor, then T2 with 30 of revenue before T1 with 20; prices are told in the currency."""
    text = shown(market, RIVALS, SHARES, [], products(T1="Green tea"), rows=9, currency="EUR")
    lines = [line.split("  ")[0].strip() for line in text.splitlines() if line.strip().startswith(("T1", "T2"))]
    assert lines == ["T2", "T2", "T1 Green tea"]
    assert cells(text, "T2")[:5] == ["T2", "Rival", "3", "2", "1.50"]
    assert "Prices (EUR, mean of the last weeks)" in text


def test_categories_are_told_by_what_leads_them():
    """Cake has 500 and comes before tea with 100; what stands for many products is named last."""
    text = shown(market, [], SHARES, [], products(T1="Green tea"), rows=9, currency="EUR")
    assert cells(text, "tea") == ["tea", "100", "T2 30 %, T1 Green tea 20 %, other products 50 %"]
    assert text.index("cake") < text.index("tea  ")


def test_one_category_is_told_by_segment():
    """A column a segment; who has nothing in it has an empty cell."""
    text = shown(market, [], SHARES[:4], [], products(T1="Green tea"), rows=2, currency="EUR")
    assert "Of the revenue of tea, by segment:" in text
    assert cells(text, "product") == ["product", "T2", "30", "30 %"]
    assert "T1 Green tea            20   20 %   90 %" in text
    assert "2 of 3; more with --rows 3" in text


def test_a_segment_alone_or_nothing_at_all_is_no_mistake():
    """Shares without those of all customers, and no shares or prices."""
    assert "Of the revenue of tea" in shown(market, [], SHARES[3:4], [], None, rows=2, currency="")
    notes = [note("market", ended="left out", rows=0, text="nothing was sold lately")]
    assert "There are no prices or shares to compare: nothing was sold lately." in shown(
        market, [], [], notes, None, rows=2, currency=""
    )
