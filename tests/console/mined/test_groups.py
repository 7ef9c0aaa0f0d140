"""Tests of segments as people read them."""

from __future__ import annotations

from lotwise.console import segments
from tests.console.mined.made import cells, note, row, shown


def tables(**more):
    """Return two segments: one customer with 300 of revenue, three with 100 in all."""
    members = [row("segments", customer="c0", segment="S1", name="often", orders=10, revenue=300.0, recency_days=2.0)]
    members += [
        row("segments", customer=f"c{number}", segment="S2", name="seldom", orders=1, revenue=revenue, recency_days=40.0)
        for number, revenue in ((1, 20.0), (2, 30.0), (3, 50.0))
    ]
    known = {"segment": "S1", "name": "often", "customers": 1}
    features = [
        row("segment_features", feature="share of tea", mean=0.5, overall=0.1, difference=2.0, **known),
        row("segment_features", feature="orders", mean=10.0, overall=3.25, difference=1.0, **known),
        row("segment_features", feature="price", mean=2.0, overall=2.0, difference=0.0, **known),
    ]
    trial = row("segment_trials", method="k-means", segments=2, silhouette=0.4, stability=0.9, chosen=True)
    return {"segments": members, "segment_features": features, "segment_trials": [trial], "migrations": []} | more


def test_a_segment_is_told_by_its_customers_and_what_sets_it_apart():
    """One of four customers brings 300 of 400, or 75 %; shares are percents and what does not differ is not told."""
    text = " ".join(shown(segments, tables(), [], rows=5, currency="EUR").split())
    assert text.startswith("4 customers in 2 segments by k-means. Silhouette 0.40")
    assert "often 1 25 % 75 % 10 300 2 days ago share of tea 50 % (10 %); orders 10 (3.25)" in text
    assert "price" not in text


def test_who_went_where_is_told_the_most_first():
    """Those who stayed are not told; where all stayed it says so."""
    moved = [
        row("migrations", before="S1", after="S2", customers=2, share=0.5),
        row("migrations", before="S2", after="S1", customers=3, share=0.1),
    ]
    stayed = row("migrations", before="S1", after="S1", customers=9, share=0.5)
    text = shown(segments, tables(migrations=[stayed, *moved]), [], rows=1, currency="EUR")
    assert cells(text.partition("Since the run before")[2], "S2") == ["S2", "S1", "3", "10 %"]
    assert "1 of 2; more with --rows 2" in text
    assert "Nobody went" in shown(segments, tables(migrations=[stayed]), [], rows=1, currency="EUR")


def test_without_customers_the_reason_is_told():
    """What the part said of itself stands there."""
    notes = [note("segments", ended="left out", rows=0, text="no order names its customer")]
    text = shown(segments, tables(segments=[]), notes, rows=5, currency="EUR")
    assert text == "There are no segments: no order names its customer.\n"
