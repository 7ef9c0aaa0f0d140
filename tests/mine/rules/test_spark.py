"""Spark's FP-growth gives the sets of our own methods: run by ``make test-spark``."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config.mining import MineRules
from lotwise.mine.rules.reading import Bought
from lotwise.mine.rules.search import Search

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # py4j leaves the closing of its sockets to Python
]


@pytest.fixture(scope="module")
def spark():
    """Return an engine that starts a session, kept for all tests of this file."""
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    from lotwise.engine.spark import SparkEngine

    opened = SparkEngine(memory="2GB")
    yield opened
    opened.close()


def bought(seed, *, baskets, items, share):
    """Return random baskets; item 0 is in each of them."""
    rng = np.random.default_rng(seed)
    held = rng.random((baskets, items)) < share * rng.random(items) * 2
    held[:, 0] = True
    basket, item = np.nonzero(held)
    nothing = np.full(len(item), np.nan)
    names = tuple(f"item {number:02}" for number in range(items))
    return Bought(names, basket, item, nothing, np.zeros(baskets, np.int64), np.full(baskets, -1), 1)


@pytest.mark.parametrize("minimum", [1, 7, 40, 500])
def test_spark_gives_our_own_sets_and_rules(spark, minimum):
    """Same sets, counts, order and rules, an item in every basket and minima that no set reaches included."""
    what = bought(minimum, baskets=200, items=9, share=0.3)
    settings = MineRules()
    sets, rules = Search.of(settings, spark).run(what, minimum=minimum)
    own_sets, own_rules = Search.of(settings).run(what, minimum=minimum)
    assert sets.fingerprint() == own_sets.fingerprint()
    for name in ("items", "pointers", "counts"):
        np.testing.assert_array_equal(getattr(sets, name), getattr(own_sets, name))
    assert (rules.antecedents, rules.consequents) == (own_rules.antecedents, own_rules.consequents)
    np.testing.assert_array_equal(rules.p_value, own_rules.p_value)
    assert sets.method == "spark"


def test_spark_keeps_the_same_cap(spark):
    """What the cap of sets leaves is what it leaves of our own search, and it is said."""
    what = bought(3, baskets=100, items=8, share=0.4)
    settings = MineRules(itemsets=20)
    sets, _ = Search.of(settings, spark).run(what, minimum=2)
    assert (len(sets), sets.ended) == (20, "itemsets")


def test_no_baskets_no_sets(spark):
    """An empty table has no sets."""
    empty = pa.table({"basket": pa.array([], pa.int64()), "item": pa.array([], pa.int64())})
    assert spark.frequent_itemsets(empty, 1, 3).num_rows == 0
