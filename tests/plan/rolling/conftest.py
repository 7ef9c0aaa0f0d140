"""A bakery that is planned week by week: two breads, flour, one oven, a set-up for rye."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_array

from lotwise.plan import Terms
from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches
from lotwise.plan.rolling import Environment

WHITE, RYE, FLOUR = 0, 1, 2


def build_network(weeks, *, lead=1, hours=100.0, least=0.0):
    """Return breads of 1 and 2 oven hours and 2 and 3 kg of flour; rye needs a set-up of 4 hours and 5 of money.

    Flour is bought two weeks ahead, in orders of at least ``least`` kg; 300 kg are there, 100 kg come in the second week.
    """
    arriving = np.zeros((3, weeks))
    arriving[FLOUR, :2] = [300.0, 100.0]
    return Network(
        items=Items(
            names=("white", "rye", "flour"),
            sites=("all",) * 3,
            kinds=("product", "product", "material"),
            units=("loaf", "loaf", "kg"),
            product=np.array([0, 1, -1]),
            keeps=np.array([False, False, True]),
            arriving=arriving,
            holding=np.array([0.0, 0.0, 0.01]),
            left=np.zeros(3),
            safety=np.zeros(3),
            safety_cost=np.zeros(3),
            space=np.zeros(3),
        ),
        activities=Activities(
            names=("bake white", "bake rye", "buy flour"),
            kinds=("make", "make", "buy"),
            takes=csr_array(np.array([[0.0, 0, 0], [0, 0, 0], [2, 3, 0]])),
            gives=csr_array(np.eye(3)),
            uses=csr_array(np.array([[1.0, 2, 0]])),
            lead=np.array([lead, lead, 2]),
            cost=np.zeros(3),
            low=np.zeros((3, weeks)),
            high=np.full((3, weeks), np.inf),
            multiple=np.zeros(3),
            before=np.full((3, weeks), np.nan),
            change_cost=np.zeros(3),
        ),
        machines=Machines(("oven",), ("all",), np.full((1, weeks), hours), np.full((1, weeks), 20.0), np.array([3.0])),
        switches=Switches(
            names=("set-up rye", "order flour"),
            kinds=("setup", "order"),
            weight=csr_array(np.array([[0.0, 1, 0], [0, 0, 1]])),
            least=np.array([0.0, least]),
            largest=np.full(2, np.inf),
            most=np.ones(2, dtype=np.int64),
            hours=csr_array(np.array([[4.0, 0.0]])),
            cost=np.array([5.0, 0.0]),
            open=np.ones((2, weeks), dtype=bool),
        ),
    )


def without_switches(network):
    """Return the network without anything that comes only whole."""
    none = Switches(
        (), (), csr_array((0, 3)), np.zeros(0), np.zeros(0), np.zeros(0, np.int64), csr_array((1, 0)), np.zeros(0),
        np.zeros((0, network.weeks), dtype=bool),
    )  # fmt: skip
    return replace(network, switches=none)


def poisson(past, weeks, rng):
    """Forecast every week alike: Poisson with the mean of the past."""
    return rng.poisson(past.mean(axis=1)[:, None], (20, len(past), weeks)).astype(float)


def build_bakery(weeks=12, *, network=None, demand=None, backorder=(True, False), horizon=4, forecast=poisson):
    """Return a bakery that sells about 20 white and 15 rye a week; white waits, rye is lost."""
    rng = np.random.default_rng(5)
    asked = rng.poisson([[20.0], [15.0]], (2, weeks)).astype(float) if demand is None else np.asarray(demand, dtype=float)
    cost = np.array([6.0, 8.0])
    return Environment(
        products=("white", "rye"),
        first=date(2025, 1, 6),
        terms=Terms(
            np.array([10.0, 15.0]), cost, 0.9 * cost, 0.01 * cost, np.array([1.0, 1.5]), np.full(2, 99), np.array(backorder)
        ),
        network=build_network(weeks) if network is None else network,
        opening=np.array([25.0, 20.0]),
        past=rng.poisson([[20.0], [15.0]], (2, 30)).astype(float),
        demand=asked,
        forecast=forecast,
        horizon=horizon,
    )


@pytest.fixture
def bakery():
    """Return the bakery over twelve weeks."""
    return build_bakery()
