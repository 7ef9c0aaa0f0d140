"""Three stops and a van that tests change in one place."""

from __future__ import annotations

import pytest


@pytest.fixture
def stops():
    """Return three stops on a line, 10, 20 and 30 kilometers east of the depot."""
    return {"order": ["a", "b", "c"], "x": [10.0, 20.0, 30.0], "y": [0.0, 0.0, 0.0], "units": [2.0, 3.0, 4.0]}


@pytest.fixture
def van():
    """Return one van of 60 kilometers an hour, 1 a kilometer."""
    return {"vehicle": ["van"], "depot": ["home"], "capacity": [9.0], "speed": [60.0]}


@pytest.fixture
def home():
    """Return the depot at the origin."""
    return {"depot": ["home"], "x": [0.0], "y": [0.0]}
