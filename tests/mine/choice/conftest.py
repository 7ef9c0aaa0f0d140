"""Choices simulated from known tastes."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.choice.choices import lay


@pytest.fixture(scope="session")
def simulated():
    """Return a function that simulates choices of persons whose part-worths are given, one row a person."""

    def simulate(worths, *, seed=0, tasks=8, places=3, available=None):
        rng = np.random.default_rng(seed)
        persons, width = worths.shape
        who = np.repeat(np.arange(persons), tasks)
        attributes = rng.normal(size=(len(who), places, width))
        utility = np.einsum("njk,nk->nj", attributes, worths[who]) + rng.gumbel(size=(len(who), places))
        if available is not None:
            utility = np.where(available, utility, -np.inf)
        names = [f"x{number}" for number in range(width)]
        return lay(attributes, utility.argmax(axis=1), names, person=who, available=available)

    return simulate


@pytest.fixture
def uneven(simulated):
    """Return 60 choices of 12 persons with three attributes, some alternatives missing, and weights."""
    from dataclasses import replace

    rng = np.random.default_rng(3)
    available = rng.random((60, 4)) < 0.8
    available[:, 0] = available[:, 1] = True
    made = simulated(np.tile([1.0, -0.5, 0.2], (12, 1)), seed=3, tasks=5, places=4, available=available)
    return replace(made, weights=rng.uniform(0.5, 2.0, 60))


@pytest.fixture(scope="session")
def slope():
    """Return a function that gives the derivative of another by central differences."""

    def differences(function, at, width=1e-6):
        return np.array([(function(at + step) - function(at - step)) / (2 * width) for step in width * np.eye(len(at))])

    return differences
