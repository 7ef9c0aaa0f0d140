"""Tests of profiles as people read them."""

from __future__ import annotations

from lotwise.console import profile, profiles
from tests.console.mined.made import cells, note, products, row, shown


def feature(customer, name, value=None, **values):
    """Return one feature of one customer."""
    return row("profiles", customer=customer, feature=name, value=value, **{"evidence": "9 orders"} | values)


KNOWN = [
    feature("c1", "orders so far", 3.0, unit="orders"),
    feature("c1", "chance of having left", unit="share", text="not told"),
    feature("c1", "expected orders", 2.5, unit="orders in 13 weeks", low=1.0, high=4.0),
    feature("c1", "expected margin", 12.5, unit="money in 13 weeks", low=2.0, high=200.0),
    feature("c1", "favorite product 1", 0.4, text="T1", unit="share", low=0.1, high=0.6),
    feature("c2", "orders so far", 9.0, unit="orders"),
    feature("c2", "expected margin", 250.0, unit="money in 13 weeks"),
]


def test_the_list_begins_with_the_most_margin_in_the_project_s_currency():
    """The customer of whom 250 is expected comes before that of 12.50; units stand in the head, once."""
    text = shown(profiles, KNOWN, [], most=5, currency="USD")
    lines = [line.split()[0] for line in text.splitlines() if line.strip().startswith("c")]
    assert lines == ["customer", "c2", "c1"]
    assert "margin USD" in text
    assert "what is expected in 13 weeks" in text
    assert "money" not in text
    assert cells(text, "c1") == ["c1", "3", "not told", "2.5", "12.50", "T1 40 %"]


def test_without_a_model_the_list_begins_with_most_orders():
    """What is not known has no column, and no sentence."""
    text = shown(profiles, [row for row in KNOWN if row["feature"] == "orders so far"], [], most=1, currency="USD")
    assert "2 customers, first those with most orders so far:" in text
    assert "1 of 2; more with --rows 2" in text
    assert "margin" not in text
    assert "Left:" not in text


def test_one_customer_stands_with_intervals_evidence_and_what_comes():
    """Money has the currency, products their names, chances are told beside all customers' and offers by rank."""
    offer = {"rank": 2, "product": "T1", "why": "You bought it twice."}
    others = {
        "segments": [row("segments", customer="c1", segment="S1", name="often", certainty=0.9)],
        "propensities": [row("propensities", customer="c1", target="leaves", probability=0.3, base=0.1)],
        "offers": [offer, offer | {"rank": 1, "product": "T2"}],
    }
    mine = {"profiles": [row for row in KNOWN if row["customer"] == "c1"]}
    text = shown(profile, "c1", mine | others, products(T1="Green tea"), currency="USD")
    assert "Customer c1. Segment S1 (often), certain to 90 %." in text
    assert cells(text, "expected margin") == ["expected margin", "12.50", "USD in 13 weeks", "2 .. 200", "9 orders"]
    assert cells(text, "favorite product 1") == ["favorite product 1", "T1 Green tea", "40 %", "10 % .. 60 %", "9 orders"]
    assert cells(text, "chance of having left") == ["chance of having left", "not told", "9 orders"]
    assert cells(text, "leaves") == ["leaves", "30 %", "10 %", "x 3.0"]
    assert text.index("Offer 1: T2") < text.index("Offer 2: T1 Green tea")


def test_without_profiles_the_reason_is_told():
    """What the part said of itself stands there."""
    notes = [note("profiles", ended="left out", rows=0, text="no order names its customer")]
    assert "There are no profiles: no order" in shown(profiles, [], notes, most=5, currency="")
