"""A shop as arrays of records: everything given is there, and nothing is shared between decoders."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.schedule.search.pack import FAR, pack
from tests.schedule.shops import make_shop, previous_of, random_shop


@pytest.mark.parametrize("seed", range(5))
def test_every_link_is_there_from_both_ends(seed):
    """What an operation follows and what follows it are the same pairs, with their lags."""
    shop = random_shop(np.random.default_rng(seed), orders=6, steps=4)
    p, given = pack(shop), shop.operations
    later = np.repeat(np.arange(shop.size), np.diff(given.before_offsets))
    pairs = sorted(zip(given.before.tolist(), later.tolist(), given.lag.tolist(), strict=True))
    forth = [
        (o, int(link["operation"]), int(link["lag"]))
        for o, own in enumerate(p.operations)
        for link in p.links[own["after_from"] : own["after_to"]]
    ]
    back = [
        (int(link["operation"]), o, int(link["lag"]))
        for o, own in enumerate(p.operations)
        for link in p.links_before[own["before_from"] : own["before_to"]]
    ]
    assert sorted(forth) == pairs
    assert sorted(back) == pairs


def test_a_calendar_gets_an_opening_that_never_closes():
    """After its last closing a calendar is open for good, one without openings is open from the start of time."""
    p = pack(make_shop([[(0, 1)], [(1, 1)]], calendars=[[(0, 10), (20, 30, 0)], []], machine_calendar=[0, 1]))
    rows = [tuple(map(int, row)) for row in p.openings]
    assert rows == [(0, 10, -1), (20, 30, 0), (30, FAR, -1), (-FAR, FAR, -1)]
    assert p.machines["open_from"].tolist() == [0, 3]
    assert p.modes["open_to"].tolist() == [3, 4]


def test_releases_tools_and_orders_are_told():
    """An operation waits for its order and its material; each tool has a unit for each piece; orders know their free ones."""
    shop = make_shop(
        [[(0, 1), (0, 1)], [(0, 1)]], release=[5, 0], ready=[2, 9, 4], weight=[0, 3], tools=[2, 3],
        tool_needs=[[], [(1, 2)], [(0, 1)]], previous=previous_of(3, fixed={0: (0, -3, -1)}),
    )  # fmt: skip
    p = pack(shop)
    assert p.operations["release"].tolist() == [5, 9, 4]
    assert [tuple(map(int, need)) for need in p.needs] == [(2, 5, 2), (0, 2, 1)]
    assert len(p.units) == 5
    assert p.orders["own_from"].tolist() == [0, 1]
    assert p.orders["own_to"].tolist() == [1, 2]
    assert p.orders["minute"].tolist() == [3.0, 3.0]  # an order without a weight counts as the mean of those with one
    assert p.fixed.tolist() == [0]


def test_fixed_operations_come_by_their_start():
    """They are taken in the order they start in, on the machine they are on."""
    previous = previous_of(3, fixed={0: (1, 7, 9), 1: (0, -4, 2), 2: (1, 0, 7)})
    shop = make_shop([[[(0, 5), (1, 3)]], [[(0, 5)]], [[(0, 5), (1, 9)]]], previous=previous)
    p = pack(shop)
    assert p.fixed.tolist() == [1, 2, 0]
    assert p.operations["mode"].tolist() == [1, 2, 4]
    assert p.operations["start"].tolist() == [7, -4, 0]


def test_a_copy_shares_nothing():
    """What one decoder notes down, another does not see."""
    p = pack(random_shop(np.random.default_rng(1)))
    assert not any(np.shares_memory(mine, its) for mine, its in zip(p, p.copy(), strict=True) if mine.size)
