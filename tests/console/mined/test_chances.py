"""Tests of propensities as people read them."""

from __future__ import annotations

from datetime import date

from lotwise.console import propensities
from tests.console.mined.made import cells, note, row, shown

WEEKS = {"from_day": date(2024, 6, 3), "to_day": date(2024, 6, 30), "customers": 50}


def score(target, model, loss, **values):
    """Return the score of one classifier."""
    return row("propensity_scores", target=target, model=model, log_loss=loss, **WEEKS | values)


SCORES = [
    score("leaves", "base rate", 0.6),
    score("leaves", "blend", 0.4, auc=0.8, chosen=True),
    score("buys tea", "base rate", 0.3, chosen=True, from_day=date(2024, 5, 6)),
]
CHANCES = [
    row("propensities", customer=f"c{number}", target="leaves", probability=chance, base=0.2)
    for number, chance in enumerate((0.1, 0.4, 0.9))
] + [row("propensities", customer="c0", target="buys tea", probability=0.0, base=0.0)]


def test_each_target_is_one_row_with_the_classifier_in_use():
    """Of three customers two are at least twice as likely as the 20 % of all; the weeks of each target are told."""
    text = shown(propensities, SCORES, CHANCES, [], rows=5)
    assert cells(text, "leaves") == ["leaves", "20 %", "2", "0.400", "0.600", "0.800", "0.000", "blend", "c2", "90 %"]
    assert "leaves: 50 customers from 2024-06-03 to 2024-06-30; buys tea: 50 customers from 2024-05-06" in " ".join(
        text.split()
    )


def test_nobody_is_twice_as_likely_as_never():
    """Where no customer did, a chance of 0 is not twice 0."""
    assert cells(shown(propensities, SCORES, CHANCES, [], rows=5), "buys tea")[:3] == ["buys tea", "0 %", "0"]


def test_one_target_shows_every_classifier_and_its_customers():
    """Both classifiers and the likeliest customer; what is left out is counted."""
    text = shown(propensities, SCORES[:2], CHANCES[:3], [note("propensity", "leaves", text="no order in 9 weeks")], rows=1)
    assert cells(text, "base rate")[1] == "0.600"
    assert cells(text, "blend")[-1] == "used"
    assert cells(text, "c2") == ["c2", "90 %"]
    assert "1 of 3; more with --rows 3" in text
    assert "- leaves: no order in 9 weeks." in text


def test_without_scores_the_reason_is_told():
    """What the part said of itself stands there."""
    notes = [note("propensity", ended="left out", rows=0, text="the history is too short")]
    assert shown(propensities, [], [], notes, rows=5) == "There are no propensities: the history is too short.\n"
