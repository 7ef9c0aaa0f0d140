from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError
from lotwise.forecast import totals
from lotwise.tables import contract
from lotwise.tables.forecasted import LEVELS, QUANTILES

MONDAY = date(2024, 1, 1)


def drawn(units, *, information="now", products=("milk", "bread", "cheese"), regions=("all",)):
    """Return rows of table draws from units of shape (series, weeks, scenarios)."""
    rows = [
        {
            "information": information,
            "cutoff": MONDAY,
            "product": products[series % len(products)],
            "region": regions[series // len(products)],
            "week": MONDAY + timedelta(weeks=week),
            "units": list(map(float, units[series, week])),
        }
        for series in range(units.shape[0])
        for week in range(units.shape[1])
    ]
    return pa.Table.from_pylist(rows, schema=contract("draws").schema)


def test_totals_are_the_quantiles_of_summed_scenarios():
    """Each group's sum is taken scenario by scenario; 100 of them stand at (k - 1/2) / 100."""
    rng = np.random.default_rng(0)
    units = rng.gamma(2, 5, (4, 3, 100))
    mean, quantiles = totals.totals(units, np.array([0, 1, 0, 1]))
    sums = units[0] + units[2]
    np.testing.assert_allclose(mean[0], sums.mean(axis=1))
    expected = [np.interp(LEVELS, (np.arange(100) + 0.5) / 100, np.sort(row)) for row in sums]
    np.testing.assert_allclose(quantiles[0], expected)


def test_bands_of_a_total_hold_when_products_move_together():
    """A shock shared by 50 products: the band of the total holds 90 % of fresh totals, that of independent sums far less."""
    rng = np.random.default_rng(1)

    def demand(count):
        return 20 * np.exp(0.3 * rng.normal(size=(1, 1, count)) + 0.1 * rng.normal(size=(50, 1, count)))

    units, fresh = demand(1000), demand(4000).sum(axis=0)[0]
    low, high = LEVELS.index(0.05), LEVELS.index(0.95)
    shares = []
    for joint in (units, rng.permuted(units, axis=2)):
        band = totals.totals(joint, np.zeros(50, np.int64))[1][0, 0]
        shares.append(((fresh >= band[low]) & (fresh <= band[high])).mean())
    assert shares[0] == pytest.approx(0.9, abs=0.03)
    assert shares[1] < 0.3


def test_rows_of_categories_and_the_total():
    """Milk and cheese make dairy; a product without category is in 'unknown'; the total is all three."""
    units = np.arange(12.0).reshape(3, 2, 2)
    table = drawn(units)
    products = pa.table({"product": ["milk", "cheese"], "category": ["dairy", "dairy"]})
    found = totals.above(table, totals.levels(table, products))
    assert found.select(["level", "group", "horizon"]).to_pylist() == [
        {"level": level, "group": group, "horizon": ahead}
        for level, group in (("total", "all"), ("category", "dairy"), ("category", "unknown"))
        for ahead in (1, 2)
    ]
    # milk 0, 1 | 2, 3; bread 4, 5 | 6, 7; cheese 8, 9 | 10, 11
    np.testing.assert_allclose(found["mean"].to_numpy(), [13.5, 19.5, 9, 13, 4.5, 6.5])
    np.testing.assert_allclose(found["q500"].to_numpy(), [13.5, 19.5, 9, 13, 4.5, 6.5])
    np.testing.assert_allclose(found[QUANTILES[-1]].to_numpy()[:2], [15, 21])


def test_states_of_information_keep_their_own_number_of_scenarios():
    """'perfect' has one scenario: all its quantiles are what came; the others keep theirs."""
    rng = np.random.default_rng(2)
    came = rng.poisson(9, (3, 2, 1)).astype(float)
    table = pa.concat_tables([drawn(rng.gamma(2, 5, (3, 2, 20))), drawn(came, information="perfect")])
    found = totals.above(table, totals.levels(table))
    perfect = found.filter(pa.compute.equal(found["information"], "perfect"))
    for name in ("mean", *QUANTILES):
        np.testing.assert_allclose(perfect[name].to_numpy(), came.sum(axis=(0, 2)))
    assert found["information"].to_pylist() == ["now", "now", "perfect", "perfect"]


def test_order_of_rows_changes_nothing():
    """Shuffled rows of draws give the same table."""
    rng = np.random.default_rng(3)
    table = drawn(rng.gamma(2, 5, (6, 3, 10)), regions=("north", "south"))
    products = pa.table({"product": ["milk", "bread", "cheese"], "category": ["d", "b", "d"], "department": ["f", "f", "f"]})
    shuffled = table.take(pa.array(rng.permutation(table.num_rows)))
    found = totals.above(table, totals.levels(table, products))
    other = totals.above(shuffled, totals.levels(shuffled, products))
    assert set(found["level"].to_pylist()) == {"total", "department", "category", "region"}
    assert found.drop_columns(["mean", *QUANTILES]).equals(other.drop_columns(["mean", *QUANTILES]))
    for name in ("mean", *QUANTILES):
        np.testing.assert_allclose(found[name].to_numpy(), other[name].to_numpy())


def test_no_draws_give_no_rows():
    """An empty table of draws is an empty table of totals, with its columns."""
    empty = contract("draws").schema.empty_table()
    found = totals.above(empty, totals.levels(empty))
    assert found.num_rows == 0
    assert found.column_names[:2] == ["level", "group"]


def test_unequal_numbers_of_scenarios_are_refused():
    """Rows of one state with 2 and 3 scenarios cannot be summed, and the message says so."""
    table = pa.concat_tables([drawn(np.ones((3, 1, 2))), drawn(np.ones((3, 1, 3)))])
    with pytest.raises(ContractError, match=r"rows of \[2, 3\] scenarios"):
        totals.above(table, totals.levels(table))
