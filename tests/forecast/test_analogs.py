from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from lotwise.forecast import analogs
from lotwise.forecast.analogs import Analogs, Traits
from lotwise.forecast.panel import Facts, dense


def known(prices=(1.0, 2.0, 4.0)):
    """Return three series: two of one category, one of another."""
    return Traits(np.arange(3), np.array([[0], [0], [1]]), np.log(np.array(prices)))


def test_a_level_is_the_mean_weighed_by_kind_and_price():
    """A product of category 0 and price 2 weighs its analogs 4 k, 4 and k, where k = exp(-1/2): one width away in log price."""
    asked = Traits(np.array([9]), np.array([[0]]), np.log(np.array([2.0])))
    level, spread = Analogs(known(), np.array([10.0, 20.0, 60.0]), 4.0, float(np.log(2))).expect(asked)
    k = np.exp(-0.5)
    weight = np.array([4 * k, 4, k])
    mean = (weight * [10, 20, 60]).sum() / weight.sum()
    deviation = np.sqrt((weight * ([10, 20, 60] - mean) ** 2).sum() / weight.sum())
    assert level[0] == pytest.approx(mean)
    assert spread[0] == pytest.approx(deviation / mean)


def test_an_unknown_price_leaves_the_kinds():
    """Without a price the weights are those of the kinds alone: (4 * 10 + 4 * 20 + 60) / 9 = 20."""
    asked = Traits(np.array([9]), np.array([[0]]), np.array([np.nan]))
    level, _ = Analogs(known(), np.array([10.0, 20.0, 60.0]), 4.0, 0.5).expect(asked)
    assert level[0] == pytest.approx(20.0)


def test_a_left_out_product_does_not_speak_for_itself():
    """Left out, a product is expected to sell what the other two do, whatever it sells itself."""
    for own in (0.0, 1e6):
        level, _ = Analogs(known(), np.array([own, 20.0, 60.0]), 4.0, np.inf).expect(known(), leave=True)
        assert level[0] == pytest.approx((4 * 20 + 60) / 5)


def test_price_counts_only_where_it_foretells():
    """Levels that fall with price give price a width; levels that ignore it give none."""
    rng = np.random.default_rng(1)
    price = rng.uniform(0, 3, 200)
    traits = Traits(np.arange(200), rng.integers(0, 5, (200, 1)), price)
    assert np.isfinite(analogs.fit(traits, np.exp(4 - price)).near)
    assert analogs.fit(traits, np.full(200, 7.0)).near == np.inf


def test_traits_are_those_of_the_tables_and_of_no_later_week(demand_table):
    """Kinds come from products, the price from the weeks so far, and a list price goes before it."""
    table = demand_table([[1, 1, 1], [2, 2, 2]])
    products = pa.table({"product": ["p000", "p001"], "category": ["a", "b"], "unit_price": pa.array([None, 9.0])})
    panel = dense(table)
    panel.measures["unit_price"][:, 2] = 1000.0
    facts = Facts(panel, 4, {"products": products}, lambda _: None)
    found = analogs.traits(facts, 1)
    assert found.kinds[0, 0] != found.kinds[1, 0]
    np.testing.assert_allclose(np.exp(found.price), [2 / 0.9, 9.0])
    blank = analogs.traits(replace(facts, tables={}), 1)
    assert (blank.kinds[0] == blank.kinds[1]).all()
