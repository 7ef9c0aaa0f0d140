"""Which products can wait for their orders, and how they are assembled."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from lotwise.plan.network.pooling.footprints import footprints
from lotwise.plan.network.pooling.ways import ways_of

BILL = [[1, 1, 2], [0, 3, 0]]
DEMAND = np.ones((2, 3, 2))


def changed(network, name, activity, value):
    array = getattr(network.activities, name).copy()
    array[activity] = value
    return replace(network, activities=replace(network.activities, **{name: array}))


def test_a_way_takes_what_the_bill_says(shop):
    """Each product has one way, with the units of its bill and the hours of its machine."""
    ways = ways_of(*shop(DEMAND, BILL, each=[0.5, 1.0, 2.0]))

    assert ways.product.tolist() == [0, 1, 2]
    assert ways.takes.toarray()[3:].tolist() == BILL
    assert ways.uses.toarray()[0].tolist() == [0.5, 1.0, 2.0]
    assert ways.open.all()


@pytest.mark.parametrize(("name", "value"), [("lead", 1), ("multiple", 5.0), ("low", 1.0), ("high", 9.0)])
def test_what_cannot_wait_is_planned_ahead(shop, name, value):
    """A lead time, lots of a size, a decided or a limited level keep a product from waiting for its orders."""
    problem, network = shop(DEMAND, BILL)

    assert ways_of(problem, changed(network, name, 1, value)).products.tolist() == [0, 2]


def test_units_under_way_and_perishing_stock_are_planned_ahead(shop):
    """A product with units under way, or stock that goes off within the plan, does not wait."""
    problem, network = shop(DEMAND, BILL, opening=np.array([5.0, 0.0, 5.0]))
    arriving = network.items.arriving.copy()
    arriving[1, 1] = 3.0
    network = replace(network, items=replace(network.items, arriving=arriving))
    shelf = np.array([99, 1, 1])
    problem = replace(problem, terms=replace(problem.terms, shelf=shelf))

    assert ways_of(problem, network).products.tolist() == [0]


def test_a_component_that_is_chosen_gives_a_way_each(shop):
    """Where either component stands for a part that is not kept, a product has a way with each, at the cost of each."""
    problem, network = shop(DEMAND[:, :1], [[0], [0]])  # A takes a part p; c0 or c1 becomes p
    old = network.activities
    items = replace(
        network.items,
        **{name: (*getattr(network.items, name), "p") for name in ("names", "sites", "kinds", "units")},
        product=np.append(network.items.product, -1),
        keeps=np.append(network.items.keeps, False),
        arriving=np.zeros((4, 2)),
        **{
            name: np.append(getattr(network.items, name), 0.0) for name in ("holding", "left", "safety", "safety_cost", "space")
        },
    )
    takes, gives = np.zeros((4, 5)), np.eye(4, 5)
    takes[3, 0], takes[1, 3], takes[2, 4] = 2.0, 1.0, 3.0
    gives[3, 3] = gives[3, 4] = 1.0
    activities = replace(
        old,
        names=(*old.names, "use c0", "use c1"),
        kinds=(*old.kinds, "replace", "replace"),
        takes=csr_array(takes),
        gives=csr_array(gives),
        uses=csr_array((1, 5)),
        lead=np.zeros(5, dtype=np.int64),
        cost=np.array([0.0, 0.0, 0.0, 0.0, 0.5]),
        **{name: np.full((5, 2), value) for name, value in (("low", 0.0), ("high", np.inf), ("before", np.nan))},
        **{name: np.zeros(5) for name in ("multiple", "change_cost")},
    )
    switches = replace(network.switches, weight=csr_array((0, 5)))
    ways = ways_of(problem, replace(network, items=items, activities=activities, switches=switches))

    assert ways.takes.toarray()[1:3].T.tolist() == [[2.0, 0.0], [0.0, 6.0]]
    assert ways.cost.tolist() == [0.0, 1.0]
    assert ways.levels.toarray().T.tolist() == [[1, 0, 0, 2, 0], [1, 0, 0, 0, 2]]


def test_products_are_one_where_use_and_money_are(shop):
    """Of four products with two bills the two of one bill and price are one; another price or another use is another."""
    problem, network = shop(np.ones((2, 4, 2)), [[1, 1, 1, 2]], price=[9.0, 10.0, 9.0, 9.0])

    assert [group.tolist() for group in footprints(ways_of(problem, network), problem.terms)] == [[0, 2], [1], [3]]
