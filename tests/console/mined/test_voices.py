"""Tests of opinions as people read them."""

from __future__ import annotations

from datetime import date

from lotwise.console import opinions
from tests.console.mined.made import cells, note, products, row, shown

WEEK = date(2024, 1, 1)
TABLES = {
    "readings": [
        row("readings", event="1", kind="review", week=WEEK, language="en", sentiment=0.9, basis="model", aspects=[],
            product="C"),
        row("readings", event="2", kind="chat", week=WEEK, language="zh", sentiment=-0.9, basis="words", aspects=[],
            intent="order"),
    ],
    "opinions": [
        row("opinions", product="C", aspect="fit", texts=4, positive=1, negative=3, sentiment=-0.5, low=-0.9, high=0.1,
            example="袖" * 60),
        row("opinions", product="C", aspect="color", texts=2, positive=2, sentiment=1.0, low=0.2, high=1.0),
    ],
    "requests": [
        row("requests", product="C", change="color: brighter", texts=9, share=0.5),
        row("requests", product="C", change="sleeves: longer", texts=2, share=0.1, at_stake=900.0, at_stake_low=5.0,
            at_stake_high=2000.0, basis="margin of a year"),
    ],
    "topics": [
        row("topics", topic="T1", week=WEEK, language="en", words="late, parcel", texts=2, share=0.5),
        row("topics", topic="T1", week=date(2024, 1, 8), language="en", words="late, parcel", texts=3, share=0.5),
    ],
    "text_scores": [row("text_scores", task="sentiment", language="en", model="words", texts=7, accuracy=0.875, basis="stars")],
}  # fmt: skip


def test_what_is_said_begins_with_what_most_are_against():
    """One of two texts is for and one against; of fit three of four are against it, and come first."""
    text = shown(opinions, TABLES, [], products(C="Coat"), rows=5, currency="EUR")
    assert text.startswith("2 texts (1 en, 1 zh), 50 % for, 50 % against. Messages want: order 1.")
    assert cells(text, "C Coat")[:6] == ["C Coat", "fit", "4", "25 %", "75 %", "-0.50"]


def test_examples_are_cut_at_their_width():
    """A Chinese sign takes two columns, so that of sixty at most twenty-seven and a mark stay."""
    text = shown(opinions, TABLES, [], None, rows=5, currency="EUR")
    assert 0 < text.count("袖") <= 27
    assert "…" in text


def test_changes_asked_for_begin_with_the_money_at_stake():
    """What has 900 at stake comes before what more texts ask for, with its interval and how it was reckoned."""
    text = shown(opinions, TABLES, [], None, rows=5, currency="EUR")
    assert "EUR a year" in text
    assert text.index("sleeves: longer") < text.index("color: brighter")
    assert "5 .. 2,000" in text
    assert "At stake in the first, 'sleeves: longer': margin of a year." in text


def test_topics_are_added_up_and_readers_are_judged():
    """Two and three texts of one topic are five; of unseen texts 87.5 % were read right."""
    text = shown(opinions, TABLES, [], None, rows=5, currency="EUR")
    assert cells(text, "T1") == ["T1", "en", "late, parcel", "5"]
    assert "87.5 %" in text


def test_without_texts_the_reason_is_told():
    """What the part said of itself stands there."""
    notes = [note("opinions", ended="left out", rows=0, text="there are no events")]
    nothing = dict.fromkeys(TABLES, ())
    assert shown(opinions, nothing, notes, None, rows=5, currency="") == "There are no texts: there are no events.\n"
