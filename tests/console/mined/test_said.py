"""Tests of figures, units and remarks as the screens of mining write them."""

from __future__ import annotations

import math

import pytest

from lotwise.console.mined.said import about, amount, between, chance, counted, figure, money, share, signed, unit
from tests.console.mined.made import note


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (share, 0.254, "25 %"),
        (share, 0.004, "0.4 %"),
        (share, 0.0, "0 %"),
        (share, 1e-6, "< 0.1 %"),
        (share, -1e-6, "0 %"),
        (share, 0.0099, "1 %"),
        (share, None, ""),
        (share, math.nan, ""),
        (signed, -0.001, "+0 %"),
        (signed, -0.5, "-50 %"),
        (signed, 12.5, "+1,250 %"),
        (figure, 3.14159, "3.14"),
        (figure, 0.0042, "0.0042"),
        (figure, 12345.6, "12,346"),
        (figure, 7.0, "7"),
        (figure, -0.0, "0"),
        (figure, math.inf, ""),
        (amount, 99.5, "99.50"),
        (amount, 151.6, "152"),
        (chance, 0.00001, "< .001"),
        (chance, 0.0123, ".012"),
        (chance, 0.9999, "1"),
    ],
)
def test_figures_are_as_long_as_they_matter(write, value, text):
    """Small shares keep a digit, large numbers lose theirs, and what is absent or no number is empty."""
    assert write(value) == text


def test_money_is_told_in_the_project_s_currency():
    """The word money in a unit gives way to the currency, and stays where a project has none."""
    assert unit("money in 13 weeks", "USD") == "USD in 13 weeks"
    assert unit("money", "") == "money"
    assert unit("moneyless", "USD") == "moneyless"
    assert unit(None, "USD") == ""
    assert money(307.95, "USD") == "308 USD"
    assert money(None, "USD") == ""


def test_intervals_need_both_ends_and_counts_agree_with_their_nouns():
    """One end alone tells nothing; one rule, two rules, two categories."""
    assert between(1.0, 2.5) == "1 .. 2.50"
    assert between(None, 2.5) == ""
    assert counted(1, "rule") == "1 rule"
    assert counted(2, "category", "categories") == "2 categories"


def test_what_is_said_of_several_scopes_is_told_once():
    """The shared half of two notes comes first with both scopes, the rest behind its own; no scope is told of 'all'."""
    notes = [
        note("rules", "a", text="3 tried; costs known"),
        note("rules", "b", text="4 tried; costs known"),
        note("rules", "c"),
    ]
    assert about(notes) == ["a, b: costs known.", "a: 3 tried.", "b: 4 tried."]
    assert about(notes[:2])[0] == "all 2: costs known."
    assert about([note("trends", text="too short")]) == ["too short."]
    assert about([note("propensity", "leaves", text="leaves: no order")]) == ["leaves: no order."]
    assert about([note("trends")]) == []


def test_many_scopes_are_counted_rather_than_listed():
    """Of five scopes three are named."""
    notes = [note("rules", name, text="costs known") for name in "abcde"] + [note("rules", "f")]
    assert about(notes) == ["a, b, c and 2 more: costs known."]
