from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.errors import SettingsError
from lotwise.mine.itemsets.baskets import Baskets
from lotwise.mine.itemsets.caps import Caps
from lotwise.mine.itemsets.frequent import METHODS, frequent

SEARCHES = [method for method in METHODS if method != "pairs"]


def baskets_of(rows, weights=None):
    """Return baskets of rows of small numbers, named by themselves."""
    lines = [(number, item) for number, row in enumerate(rows) for item in row]
    places = np.array(lines, dtype=np.int64).reshape(-1, 2)
    names = [str(n) for n in range(int(places[:, 1].max(initial=-1)) + 1)]
    weights = np.ones(len(rows), dtype=np.int64) if weights is None else weights
    return Baskets.of(places[:, 0], places[:, 1], names, weights)


def by_brute_force(rows, minimum, longest=None, weights=None):
    """Return every frequent set with its count, by looking at each set of each basket."""
    counts = {}
    for row, weight in zip(rows, weights or [1] * len(rows), strict=True):
        items = sorted(set(row))
        for size in range(1, min(len(items), longest or len(items)) + 1):
            for chosen in combinations(items, size):
                counts[chosen] = counts.get(chosen, 0) + weight
    return {chosen: count for chosen, count in counts.items() if count >= minimum}


def as_dict(found):
    """Return sets of places with their counts."""
    return {tuple(found.places(n).tolist()): int(found.counts[n]) for n in range(len(found))}


ROWS = st.lists(st.lists(st.integers(0, 14), max_size=13), max_size=14)


@given(rows=ROWS, minimum=st.integers(1, 4), longest=st.sampled_from([None, 1, 2, 3, 4]), data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_method_finds_what_brute_force_finds_in_the_same_order(rows, minimum, longest, data):
    """On any small baskets, weighted or not, all methods give the sets and counts of brute force, in one order."""
    weights = data.draw(st.one_of(st.none(), st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows))))
    expected = by_brute_force(rows, minimum, longest, weights)
    first = None
    for method in SEARCHES if longest not in {1, 2} else METHODS:
        found = frequent(baskets_of(rows, weights), minimum=minimum, longest=longest, method=method)
        assert as_dict(found) == expected, method
        first = first or found
        np.testing.assert_array_equal(found.items, first.items, err_msg=method)
        np.testing.assert_array_equal(found.counts, first.counts, err_msg=method)
        assert found.ended == "whole"


@pytest.mark.parametrize("method", SEARCHES)
def test_an_item_in_every_basket_is_found_alone_too(method):
    """In [[1, 2], [1, 3], [1, 2]] item 1 is in all three baskets; a well-known miner loses the set of it alone."""
    found = frequent(baskets_of([[1, 2], [1, 3], [1, 2]]), minimum=1, method=method)
    assert as_dict(found) == {(1,): 3, (2,): 2, (3,): 1, (1, 2): 2, (1, 3): 1}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", [[], [[]], [[0], [0], [1]]])
def test_baskets_of_one_item_or_none_have_no_pairs(method, rows):
    """No baskets, empty ones and baskets of one item are searched without a fault."""
    found = frequent(baskets_of(rows), minimum=1, longest=2, method=method)
    assert as_dict(found) == by_brute_force(rows, 1)


@pytest.mark.parametrize("method", SEARCHES)
def test_heavy_weights_add_up_exactly(method):
    """Weights whose sum is far beyond 32 bits are added without loss."""
    heavy = 2**50 + 1
    rows = [[0, 1, 2], [0, 1], [1, 2], [0, 1, 2, 3]]
    found = frequent(baskets_of(rows, [heavy, 1, 0, 3]), minimum=3, method=method)
    assert as_dict(found) == by_brute_force(rows, 3, None, [heavy, 1, 0, 3])


def crowded(rows=400, items=60, seed=3):
    """Return baskets with so many frequent sets that every cap is reached."""
    rng = np.random.default_rng(seed)
    there = rng.random((rows, items)) < 0.6
    basket, item = np.nonzero(there)
    return Baskets.of(basket, item, [str(n) for n in range(items)]), there


def counts_are_right(found, there):
    """Return whether every set's count is that of the baskets that hold all of its items."""
    return all(there[:, found.places(n)].all(axis=1).sum() == found.counts[n] for n in range(0, len(found), 97))


@pytest.mark.parametrize("method", SEARCHES)
@pytest.mark.parametrize("most", [1, 40, 3000])
def test_the_cap_of_sets_leaves_so_many_true_ones(method, most):
    """A search that its cap of sets ends has that many sets, their counts are right, and it says so."""
    baskets, there = crowded()
    found = frequent(baskets, minimum=40, method=method, caps=Caps(itemsets=most))
    assert len(found) == most
    assert found.ended == "itemsets"
    assert f"ended at its cap of {most:,} sets" in found.sentence
    assert counts_are_right(found, there)
    assert len(set(as_dict(found))) == most


@pytest.mark.parametrize("method", ["auto", "lcm", "eclat", "fp-growth"])
def test_what_a_cap_leaves_is_the_beginning_of_the_whole(method):
    """Sets stand after their subsets in one order for all methods, of which a cap leaves the beginning."""
    baskets, _ = crowded(items=16)
    whole = frequent(baskets, minimum=40, longest=5, method="lcm")
    cut = frequent(baskets, minimum=40, longest=5, method=method, caps=Caps(itemsets=500))
    assert as_dict(cut) == {tuple(whole.places(n).tolist()): int(whole.counts[n]) for n in range(500)}


@pytest.mark.parametrize("method", SEARCHES)
def test_the_cap_of_memory_ends_the_search(method):
    """Two megabytes do not suffice for millions of sets; what was found by then is right."""
    baskets, there = crowded()
    found = frequent(baskets, minimum=20, method=method, caps=Caps(itemsets=10**9, memory_mb=2))
    assert found.ended == "memory"
    assert counts_are_right(found, there)


@pytest.mark.parametrize("method", SEARCHES)
def test_the_cap_of_seconds_ends_the_search(method):
    """A search that would take hours ends with its seconds, and what was found by then is right."""
    baskets, there = crowded()
    found = frequent(baskets, minimum=20, method=method, caps=Caps(itemsets=10**9, seconds=0.1, memory_mb=10_000))
    assert found.ended == "seconds"
    assert "0.1 seconds" in found.sentence
    assert counts_are_right(found, there)


@pytest.mark.parametrize("method", ["auto", "lcm", "eclat", "apriori"])
def test_a_basket_of_a_million_items_is_searched_within_its_caps(method):
    """Where a million items are in one basket and each set of them is frequent, the cap of sets ends the search."""
    items = np.arange(10**6)
    baskets = Baskets.of(np.zeros(len(items), dtype=np.int64), items, [""] * len(items))
    found = frequent(baskets, minimum=1, longest=3, method=method, caps=Caps(itemsets=1000))
    assert (found.ended, len(found)) == ("itemsets", 1000)
    assert len(frequent(baskets, minimum=2, longest=3, method=method)) == 0


@pytest.mark.parametrize("method", ["lcm", "eclat"])
def test_kernels_that_lack_room_or_pause_go_on_where_they_were(method, monkeypatch):
    """With room for next to nothing at first, and a look at the clock after every step, the same sets are found."""
    baskets, there = crowded(rows=200, items=24)
    whole = frequent(baskets, minimum=30, longest=7, method=method)
    monkeypatch.setattr("lotwise.mine.itemsets.lending.START", 1)
    monkeypatch.setattr("lotwise.mine.itemsets.lending.SLICE", 1)
    monkeypatch.setattr("lotwise.mine.itemsets.lcm.LEAST", 1)
    monkeypatch.setattr("lotwise.mine.itemsets.eclat.LEVELS", 0)
    found = frequent(baskets, minimum=30, longest=7, method=method, caps=Caps(seconds=1000))
    assert len(found) > 3000
    assert found.fingerprint() == whole.fingerprint()
    assert found.ended == "whole"
    assert counts_are_right(found, there)


def test_auto_takes_the_method_that_fits():
    """Pairs by matrices, few baskets by Apriori, many by LCM, dense ones by bitsets."""
    baskets, _ = crowded(rows=3000, items=40)
    assert frequent(baskets, minimum=900, longest=2).method == "pairs"
    assert frequent(baskets, minimum=900, longest=3).method == "eclat"
    rng = np.random.default_rng(5)
    sparse = Baskets.of(rng.integers(0, 60_000, 700_000), rng.integers(0, 500, 700_000), [str(n) for n in range(500)])
    assert frequent(sparse, minimum=200, longest=3).method == "lcm"
    few = Baskets.of(rng.integers(0, 600, 2000), rng.integers(0, 50, 2000), [str(n) for n in range(50)])
    assert frequent(few, minimum=5, longest=3).method == "apriori"


def test_the_options_of_real_cars_are_the_same_by_every_method(shared_data):
    """48 attributes of every eighth of 27,088 cars: sets of up to 3 in at least half of them, by all methods."""
    import pyarrow.parquet as pq

    table = pq.read_table(shared_data / "renault" / "renault_small_sales.parquet").drop(["fold"])
    table = table.take(list(range(0, table.num_rows, 8)))
    columns = [column.to_numpy().astype(int) + 1000 * n for n, column in enumerate(table.columns)]
    names, items = np.unique(np.concatenate(columns), return_inverse=True)
    cars = Baskets.of(np.tile(np.arange(table.num_rows), table.num_columns), items, [str(name) for name in names])
    found = {method: frequent(cars, minimum=table.num_rows // 2, longest=3, method=method) for method in SEARCHES}
    assert len({one.fingerprint() for one in found.values()}) == 1
    assert len(found["lcm"]) > 3000


def test_faults_of_the_settings_are_all_told():
    """A count below 1, a longest size below 1, an unknown method and caps out of range are each named."""
    with pytest.raises(SettingsError) as raised:
        frequent(baskets_of([[0, 1]]), minimum=0, longest=0, method="elcat")
    assert all(part in str(raised.value) for part in ("minimum = 0", "longest = 0", "did you mean 'eclat'"))
    with pytest.raises(SettingsError, match="longest = None with method = 'pairs'"):
        frequent(baskets_of([[0, 1]]), minimum=1, method="pairs")
    with pytest.raises(SettingsError) as raised:
        Caps(itemsets=0, seconds=float("nan"), memory_mb=-1)
    assert all(name in str(raised.value) for name in ("itemsets = 0", "seconds = nan", "memory_mb = -1"))
