"""A workshop small enough to count by hand: chairs of legs, a saw and a paint shop, four weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from lotwise.plan.promising import Book, Facts, Line, Way

WEEKS = tuple(date(2024, 1, 1) + timedelta(weeks=week) for week in range(4))
ITEMS = ("chair", "leg", "beam")


def build_facts(**given):
    """Return facts in which nothing is free but 10 saw hours and 4 paint hours a week, and plenty of beams.

    A chair takes 4 legs and 0.2 paint hours, a leg 1 beam and 0.25 saw hours: 10 chairs a week by the saw, 20 by the paint.
    """
    count, weeks, machines = len(ITEMS), len(WEEKS), 2
    free = np.zeros((count, weeks))
    free[2] = 1e15
    values = {
        "weeks": WEEKS, "machines": ("saw", "paint"), "items": ITEMS, "regular": np.array([[10.0] * weeks, [4.0] * weeks]),
        "extra": np.zeros((machines, weeks)), "overtime_cost": np.array([30.0, 20.0]), "open_hours": np.array([10.0, 4.0]),
        "machine_price": np.zeros((machines, weeks)), "item_price": np.zeros((count, weeks)),
        "demand_price": np.full((count, weeks), np.nan), "free": free, "planned": np.zeros((count, weeks)),
        "up": np.zeros((count, weeks), bool), "shared": np.zeros((count, weeks), bool),
        "ways": {
            "chair": Way(steps=((1, 0.2, 0.0, 0.0),), lines=(Line("leg", 4.0),)),
            "leg": Way(steps=((0, 0.25, 0.0, 0.0),), lines=(Line("beam", 1.0),)),
        },
        "products": {"chair": (50.0, 20.0)},
    }  # fmt: skip
    return Facts(**(values | given))


def with_free(facts, item, units):
    """Return facts with other units of an item that come free by each week."""
    free = facts.free.copy()
    free[facts.items.index(item)] = units
    return replace(facts, free=free)


@pytest.fixture
def facts():
    return build_facts()


@pytest.fixture
def book(facts):
    return Book(facts)
