"""Opinions against the workshop's planted truth: what is wrong with which style."""

import pytest

from lotwise.demo.atelier import world
from lotwise.mine.opinions.frames import read_texts


@pytest.fixture(scope="module")
def workshop():
    """A year of the workshop, of a seed that no word list was tried on."""
    return world.simulate(11, 52)


@pytest.fixture(scope="module")
def told(workshop):
    """What its reviews say."""
    return read_texts(workshop.tables["reviews"], stars="stars", product="product", time="time", topics=0)


def test_the_planted_fault_is_asked_for_most(workshop, told):
    """Of each faulty style the change that is planted leads its requests, and nine in ten of those who ask are heard."""
    asked = {(row["product"], row["change"]): row["texts"] for row in told.requests.to_pylist()}
    heard = total = 0
    for style, change in workshop.truth.heard.faults.items():
        assert max((key for key in asked if key[0] == style), key=asked.get) == (style, change)
        heard += min(asked[style, change], workshop.truth.heard.asked[style, change])
        total += workshop.truth.heard.asked[style, change]
    assert heard >= 0.9 * total


def test_late_parcels_are_the_services(workshop, told):
    """Parcels that come late are asked to come sooner of the service, not of a style."""
    asked = {(row["product"], row["change"]): row["texts"] for row in told.requests.to_pylist()}
    assert asked["all", "delivery: faster"] >= workshop.truth.heard.asked["all", "delivery: faster"]
    assert not [key for key in asked if key[0] != "all" and key[1] == "delivery: faster"]


def test_sentiment_agrees_with_the_stars(told):
    """Held-out reviews are read as their stars say, in both languages, at least 95 of 100."""
    rows = [row for row in told.scores.to_pylist() if row["task"] == "sentiment"]
    assert {row["language"] for row in rows} == {"en", "zh"}
    assert min(row["accuracy"] for row in rows) >= 0.95
