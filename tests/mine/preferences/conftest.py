"""Simulated choices whose truth is known."""

import numpy as np
import pytest

from lotwise.mine.preferences.sets import Attribute, Sets


@pytest.fixture(scope="session")
def drawn():
    """Return a function that draws choices among sets of 3 alternatives with a price, by one or several classes of customers.

    ``tastes`` has a row a class: constants of the second and third alternative, and the part-worth of the price.
    """

    def draw(tastes, *, seed=0, persons=300, each=12, shares=None, sets=40):
        rng = np.random.default_rng(seed)
        tastes = np.atleast_2d(np.array(tastes, dtype=float))
        price = rng.uniform(1, 5, (sets, 3))
        offered = np.zeros((sets, 3, 3))
        offered[:, 1, 0] = offered[:, 2, 1] = 1.0
        offered[:, :, 2] = price
        available = np.ones((sets, 3), dtype=bool)
        available[: sets // 4, 2] = False
        offered[~available] = 0.0
        person = np.repeat(np.arange(persons), each)
        kind = rng.choice(len(tastes), persons, p=shares)[person]
        which = rng.integers(0, sets, len(person))
        utility = np.where(available[which], np.einsum("njk,nk->nj", offered[which], tastes[kind]), -np.inf)
        chosen = (utility + rng.gumbel(size=utility.shape)).argmax(axis=1)
        attributes = (Attribute("product", "b"), Attribute("product", "c"), Attribute("price"))
        blank = np.arange(len(person))
        return Sets(
            "category x", ("a", "b", "c"), attributes, offered, available, which, chosen, person, which, blank,
            base={"product": "a"},
        )  # fmt: skip

    return draw
