"""What is assembled once orders are known."""

import numpy as np
import pytest

from lotwise.plan.network.pooling.assembly import assembly_of
from lotwise.plan.network.pooling.serving import Room, serve

EDGE = 1e-9


def room_of(network, stock, hours, overtime, prices=1.0):
    items, machines = (len(part.names) for part in (network.items, network.machines))
    weeks = network.weeks
    there = np.zeros((items, weeks))
    there[items - len(stock) :] = stock
    return Room(
        there, np.array([hours]), np.array([overtime]), np.ones((0, weeks), dtype=bool),
        np.where(network.items.keeps, prices, 0.0)[:, None] * np.ones(weeks), np.zeros((machines, weeks)),
    )  # fmt: skip


def by_hand(demand, bill, stock, hours, overtime, terms):
    """Return units assembled in each scenario, product and week, one order after the other, in plain Python."""
    scenarios, products, weeks = demand.shape
    found = np.zeros(demand.shape)
    margin = [terms.price[p] - terms.cost[p] for p in range(products)]
    order = sorted(range(products), key=lambda p: (-margin[p] / sum(bill[:, p]), -margin[p], p))
    for s in range(scenarios):
        drawn, waiting = [0.0] * len(bill), [0.0] * products
        for t in range(weeks):
            want = [waiting[p] + demand[s, p, t] for p in range(products)]
            regular, extra = hours[t], overtime[t]
            for uses_overtime in (False, True):
                for p in order:
                    there = [(min(stock[i, t:]) - drawn[i]) / bill[i, p] for i in range(len(bill)) if bill[i, p]]
                    units = max(min(want[p], *there, extra if uses_overtime else regular), 0.0)
                    found[s, p, t] += units
                    want[p] -= units
                    drawn = [drawn[i] + bill[i, p] * units for i in range(len(bill))]
                    regular, extra = (regular, extra - units) if uses_overtime else (regular - units, extra)
            waiting = [want[p] if terms.backorder[p] and t < weeks - 1 else 0.0 for p in range(products)]
    return found


@pytest.mark.parametrize("backorder", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_assembly_is_what_the_rule_gives_by_hand(shop, seed, backorder):
    """Week by week in every scenario: the most money for what is taken first, then overtime; the same in plain loops."""
    rng = np.random.default_rng(seed)
    demand, bill = rng.poisson(6.0, (5, 3, 4)).astype(float), rng.integers(1, 3, (2, 3)).astype(float)
    problem, network = shop(demand, bill, each=1.0, price=[10.0, 12.0, 13.0], backorder=backorder, overtime=(3.0, 1.0))
    stock = np.cumsum(rng.uniform(5, 25, (2, 4)), axis=1) - np.array([0.0, 0.0, 0.0, 9.0])
    hours, overtime = rng.uniform(8, 16, 4), np.full(4, 3.0)

    served = serve(assembly_of(problem, network), room_of(network, stock, hours, overtime))

    expected = by_hand(demand, bill, stock, hours, overtime, problem.terms).mean(axis=0)
    assert served.sold == pytest.approx(expected, abs=1e-6)
    assert served.sold.sum() + served.lost.sum() == pytest.approx(demand.sum(axis=(1, 2)).mean())


def test_what_is_needed_later_is_not_touched(shop):
    """Of 10 components of which something decided now leaves 4 in the second week, only 4 are assembled in the first."""
    problem, network = shop(np.full((1, 1, 2), 20.0), [[1]])

    served = serve(assembly_of(problem, network), room_of(network, [[10.0, 4.0]], np.full(2, 99.0), np.zeros(2)))

    assert served.sold.tolist() == [[4.0, 0.0]]


def test_a_price_not_met_is_refused_where_it_is_asked_for(shop):
    """At a price of 7 for the component a product that earns 6 gets none with the whole price asked, and all with none."""
    problem, network = shop(np.full((1, 1, 1), 5.0), [[1]])
    assembly, room = assembly_of(problem, network), room_of(network, [[9.0]], np.full(1, 99.0), np.zeros(1), prices=7.0)

    assert serve(assembly, room, reserve=1.0).sold.sum() == 0.0
    assert serve(assembly, room).sold.sum() == 5.0
