from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.plan.inventory import Network, guaranteed


def cheapest(network, excess):
    """Return the least cost over every combination of service times."""
    longest, best = network.longest(), np.inf
    for quoted in product(*(range(most + 1) for most in longest)):
        cost = 0.0
        for stage, time in enumerate(network.time):
            waits = max([*(quoted[supplier] for supplier in network.suppliers(stage)), network.inbound_of(stage)])
            net = max(waits + time - quoted[stage], 0)  # a stage may wait longer than it must
            promise = network.promise_of(stage)
            cost += network.holding[stage] * excess[stage, net] if promise is None or quoted[stage] <= promise else np.inf
        best = min(best, cost)
    return best


@st.composite
def trees(draw):
    """Return a random tree of up to 5 stages with links either way."""
    count = draw(st.integers(1, 5))
    links = []
    for stage in range(1, count):
        other = draw(st.integers(0, stage - 1))
        links.append((other, stage) if draw(st.booleans()) else (stage, other))
    numbers = [draw(st.lists(st.integers(0, most), min_size=count, max_size=count)) for most in (2, 5, 2, 1)]
    return Network(numbers[0], numbers[1], links, numbers[2], numbers[3])


@settings(max_examples=80, deadline=None)
@given(network=trees(), seed=st.integers(0, 10_000), is_root=st.booleans())
def test_no_service_times_cost_less(network, seed, is_root):
    """On small trees the placement costs what the best of all combinations costs, for any bound that does not fall."""
    rng = np.random.default_rng(seed)
    sd = rng.uniform(0, 5, len(network.time))
    excess = guaranteed.square_root(network, sd, 1.5)
    if not is_root:
        excess = np.cumsum(rng.uniform(0, 3, excess.shape) * (rng.uniform(size=excess.shape) < 0.7), axis=1)
    found = guaranteed.place(network, excess)
    assert found.cost == pytest.approx(cheapest(network, excess))


@settings(max_examples=80, deadline=None)
@given(network=trees())
def test_service_times_keep_the_rules(network):
    """No stage quotes more than it may or can, or waits less than its slowest supplier quotes."""
    found = guaranteed.place(network, guaranteed.square_root(network, np.ones(len(network.time)), 2.0))
    assert (found.net == found.waited + network.time - found.quoted).all()
    assert (found.net >= 0).all()
    for stage in range(len(network.time)):
        promise = network.promise_of(stage)
        assert promise is None or found.quoted[stage] <= promise
        assert found.waited[stage] >= max([*found.quoted[network.suppliers(stage)], network.inbound_of(stage)])


def test_four_stages_of_the_textbook():
    """The four-stage example costs sqrt(6) + 2 sqrt(2) + 3 = 8.2779, and the second end stage holds nothing."""
    # Snyder and Shen, example 6.5: 0 -> 2 -> 1 and 2 -> 3; sd 1 at both ends, sqrt(2) above. Stage 0 waits 1 and takes 2:
    # sqrt(2 * 3); stage 2 takes 1: 2 sqrt(2); stage 1 takes 1 and quotes 0: 3; stage 3 takes 1 and may quote 1: nothing
    network = Network([2, 1, 1, 1], [1, 3, 2, 3], [(0, 2), (2, 1), (2, 3)], [0, 0, 0, 1], [1, 0, 0, 0])
    found = guaranteed.place(network, guaranteed.square_root(network, guaranteed.pooled(network, [0, 1, 0, 1]), 1.0))
    assert found.cost == pytest.approx(np.sqrt(6) + 2 * np.sqrt(2) + 3)
    assert found.quoted.tolist() == [0, 0, 0, 1]
    assert found.net.tolist() == [3, 1, 1, 0]


def test_a_chain_holds_all_or_nothing():
    """In a chain every stage quotes 0 or its whole replenishment time, and the best such choice is found (Simpson)."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        time, holding = rng.integers(1, 6, 6), np.sort(rng.uniform(1, 10, 6))
        network = Network(time, holding, [(stage, stage + 1) for stage in range(5)])
        found = guaranteed.place(network, guaranteed.square_root(network, np.ones(6), 1.0))
        costs = []
        for keeps in product([True, False], repeat=5):
            wait, cost = 0, 0.0
            for stage, kept in enumerate([*keeps, True]):
                wait += time[stage]
                cost, wait = (cost + holding[stage] * np.sqrt(wait), 0) if kept else (cost, wait)
            costs.append(cost)
        assert found.cost == pytest.approx(min(costs))
        assert all(net in (0, waited + own) for net, waited, own in zip(found.net, found.waited, time, strict=True))


def test_assembly_by_hand():
    """Two cheap parts of 4 and 9 periods feed one dear product of none: each part covers its own time."""
    # the product takes 0 periods and must quote 0: where parts quote 0 they cost 1 * 2 + 1 * 3 = 5 and it holds nothing; any
    # part that quotes more makes the product, at 100 a unit, cover at least 1 period
    network = Network([4, 9, 0], [1, 1, 100], [(0, 2), (1, 2)])
    found = guaranteed.place(network, guaranteed.square_root(network, [1, 1, 1], 1.0))
    assert (found.cost, found.safety_stock.tolist()) == (5.0, [2.0, 3.0, 0.0])


def test_a_cheap_end_stage_holds_for_all():
    """Where stock costs the same everywhere, one pile at the end of a chain is cheaper than one at each stage."""
    # sqrt(4 + 5) = 3 against sqrt(4) + sqrt(5) = 4.24
    network = Network([4, 5], [1, 1], [(0, 1)])
    found = guaranteed.place(network, guaranteed.square_root(network, [1, 1], 1.0))
    assert (found.cost, found.quoted.tolist()) == (3.0, [4, 0])


def test_pooling_by_hand():
    """Customers of 3 and 4 make 5 where they are independent and 7 where they move together."""
    network = Network([1, 1, 1], [1, 1, 1], [(0, 1), (0, 2)])
    assert guaranteed.pooled(network, [0, 3, 4]).tolist() == [5, 3, 4]
    assert guaranteed.pooled(network, [0, 3, 4], pooling=1.0).tolist() == [7, 3, 4]


def test_a_thousand_stages_are_placed():
    """A tree of 1,000 stages is placed, and costs no more than stock at every stage."""
    rng = np.random.default_rng(1)
    links = [(int(rng.integers(max(0, stage - 40), stage)), stage) for stage in range(1, 1_000)]
    network = Network(rng.integers(0, 4, 1_000), rng.uniform(1, 9, 1_000), links)
    excess = guaranteed.square_root(network, np.ones(1_000), 1.6)
    everywhere = (network.holding * excess[np.arange(1_000), network.time]).sum()
    assert guaranteed.place(network, excess).cost <= everywhere


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: Network([1, -1], [1, 1], [(0, 1)]), r"time: found -1 at \[1\]"),
        (lambda: Network([1, 1], [1, -2], [(0, 1)]), r"holding: found -2 at \[1\]"),
        (lambda: Network([1, 1], [1], [(0, 1)]), "holding has shape"),
        (lambda: Network([1, 1], [1, 1], [(0, 2)]), "names a stage that is not there"),
        (lambda: Network([1, 1], [1, 1], [(0, 1), (1, 0)]), "closes a ring"),
        (lambda: Network([1, 1, 1], [1, 1, 1], [(0, 1)]), r"stages \[2\] are not linked"),
        (lambda: guaranteed.place(Network([1], [1], []), [[0.0]]), "excess: found shape"),
        (lambda: guaranteed.place(Network([1], [1], []), [[2.0, 1.0]]), "excess: found a stage where it falls"),
        (lambda: guaranteed.square_root(Network([1], [1], []), [1, 2], 1), "sd: found shape"),
        (lambda: guaranteed.square_root(Network([10**9], [1], []), [1], 1), "Count in longer periods"),
        (lambda: guaranteed.pooled(Network([1], [1], []), [1], pooling=3), "pooling: found 3"),
    ],
)
def test_bad_input_is_named(act, message):
    """Whatever cannot be is refused with what was found."""
    with pytest.raises(InputError, match=message):
        act()
