"""Small factories that assemble what is ordered from components."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.sparse import csr_array

from lotwise.plan import Terms, no_resources
from lotwise.plan.network.network import Activities, Items, Machines, Network, Switches
from lotwise.plan.problem import Problem

MONDAY = date(2024, 1, 1)


def build_shop(demand, bill, *, hours=1e6, each=0.0, overtime=(0.0, 0.0), lost_part=0.0, **more):
    """Return products P0, P1, ... that are assembled from components c0, c1, ..., which are bought with no lead time.

    ``demand`` is (scenarios, products, weeks), ``bill`` (components, products); ``each`` hours of one machine for one unit,
    ``lost_part`` money lost on one component left over, ``overtime`` its most hours and the cost of one.
    """
    products, weeks = demand.shape[1:]
    parts = len(bill)
    size = products + parts
    bill = np.asarray(bill, dtype=float)
    price, cost, setup, delay = (
        more.pop(name, value) for name, value in (("price", 10.0), ("cost", 4.0), ("setup", 0.0), ("delay", 0.5))
    )
    holding, backorder = more.pop("holding", 0.0), more.pop("backorder", False)
    own = [np.broadcast_to(np.asarray(value, dtype=float), products).copy() for value in (price, cost, 0.0, 0.1, delay)]
    terms = Terms(*own, np.full(products, 99), np.full(products, backorder))
    takes, gives = np.zeros((size, size)), np.eye(size)
    takes[products:, :products] = bill
    uses = np.zeros((1, size))
    uses[0, :products] = each
    high = np.full((size, weeks), np.inf)
    if "bought" in more:  # the weeks in which components can be had
        high[products:] = np.where(more.pop("bought"), np.inf, 0.0)
    zeros, names = np.zeros(size), tuple(f"P{n}" for n in range(products)) + tuple(f"c{n}" for n in range(parts))
    is_part = np.arange(size) >= products
    network = Network(
        Items(
            names, ("all",) * size, ("product",) * products + ("material",) * parts, ("units",) * size,
            np.where(is_part, -1, np.arange(size)), is_part, np.zeros((size, weeks)),
            np.where(is_part, holding, 0.0), np.where(is_part, lost_part, 0.0), zeros, zeros, zeros,
        ),
        Activities(
            tuple(f"make {name}" for name in names), ("make",) * products + ("buy",) * parts,
            csr_array(takes), csr_array(gives), csr_array(uses), np.zeros(size, dtype=np.int64), zeros,
            np.zeros((size, weeks)), high, zeros, np.full((size, weeks), np.nan), zeros,
        ),
        Machines(
            ("floor",), ("all",), np.broadcast_to(np.asarray(hours, dtype=float), (1, weeks)).copy(),
            np.full((1, weeks), overtime[0]), np.array([overtime[1]]),
        ),
        _set_ups(products, size, weeks, setup),
    )  # fmt: skip
    days = tuple(MONDAY + timedelta(weeks=week) for week in range(weeks))
    given = {"opening": np.zeros(products), "on_order": np.ones(products, dtype=bool), "information": "now"} | more
    problem = Problem(names[:products], days, demand.astype(float), terms, no_resources(products, weeks), **given)
    return problem, network


def _set_ups(products, size, weeks, cost):
    count = products if cost else 0
    return Switches(
        tuple(f"setup {n}" for n in range(count)), ("setup",) * count,
        csr_array(np.eye(count, size)), np.zeros(count), np.full(count, np.inf), np.ones(count, dtype=np.int64),
        csr_array((1, count)), np.full(count, float(cost)), np.ones((count, weeks), dtype=bool),
    )  # fmt: skip


@pytest.fixture
def shop():
    return build_shop
