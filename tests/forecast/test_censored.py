import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from lotwise.forecast import censored
from lotwise.forecast.panel import dense


def shop(law, rng, *, series=300, weeks=60):
    """Return true demand, sales under random stocks in three weeks of ten, and which weeks were cut."""
    level = 12 * rng.uniform(0.5, 1.5, (series, 1)) * np.ones((1, weeks))
    demand = rng.poisson(level if law == "poisson" else rng.gamma(4.0, level / 4.0)).astype(float)
    stock = np.floor(level * rng.uniform(0.2, 1.1, demand.shape))
    out = (rng.random(demand.shape) < 0.3) & (demand >= stock)
    return demand, np.where(out, stock, demand), out


@pytest.mark.parametrize("law", ["poisson", "negative binomial"])
def test_unconstrained_demand_has_the_true_mean(law):
    """Sales that lack more than a tenth of demand come within 3 % of it; leaving weeks out does not."""
    demand, sales, out = shop(law, np.random.default_rng(4))
    found, _ = censored.unconstrain(sales, out)
    late = slice(8, None)
    true = demand[:, late].mean()
    assert sales[:, late].mean() < 0.9 * true
    assert abs(found[:, late].mean() / true - 1) < 0.03
    assert abs(found[:, late].mean() - true) < abs(np.where(out, np.nan, sales)[:, late][~out[:, late]].mean() - true)


def test_a_promoted_week_is_unconstrained_to_its_own_level():
    """Where promotion triples demand, its censored weeks come within 10 % of the truth, given its lift."""
    rng = np.random.default_rng(5)
    promoted = rng.random((300, 60)) < 0.25
    demand = rng.poisson(10 * np.where(promoted, 3, 1)).astype(float)
    out = promoted & (rng.random(demand.shape) < 0.4) & (demand >= 12)
    sales = np.where(out, 12.0, demand)
    found, _ = censored.unconstrain(sales, out, lift=censored.lifts(sales, out, promoted))
    late = out & (np.arange(60) >= 12)
    assert sales[late].mean() < 0.45 * demand[late].mean()
    assert found[late].mean() == pytest.approx(demand[late].mean(), rel=0.1)


def test_weeks_in_stock_stay_bit_for_bit():
    """Without a censored week the very same values come back, and nothing is said."""
    units = np.random.default_rng(1).poisson(3, (5, 20)).astype(float)
    units[0, :4] = np.nan
    found, said = censored.unconstrain(units, np.zeros(units.shape, bool))
    assert found.tobytes() == units.tobytes()
    assert said == ""


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.floats(0.05, 1.0), st.booleans())
def test_laws_of_unconstraining(seed, week, share, fractions):
    """No week falls, no week in stock changes, absent ones stay absent, and later weeks change nothing before them."""
    rng = np.random.default_rng(seed)
    units = rng.gamma(0.8, 9.0, (4, 13)) if fractions else rng.poisson(rng.choice([0.2, 3.0, 40.0]), (4, 13)).astype(float)
    units[0, :3] = np.nan
    out = rng.random(units.shape) < share
    found, _ = censored.unconstrain(units, out)
    known = np.isfinite(units)
    assert (np.isfinite(found) == known).all()
    assert (found[known] >= units[known]).all()
    assert (found[known & ~out] == units[known & ~out]).all()
    early, _ = censored.unconstrain(units[:, :week], out[:, :week])
    np.testing.assert_allclose(found[:, :week], early, rtol=1e-9)


def test_a_series_never_in_stock_keeps_its_sales_and_says_so():
    """Without a week in stock there is no level: two such weeks, and a first week, keep what was sold."""
    units = np.array([[5.0, 7.0, 9.0], [4.0, 6.0, 4.0]])
    out = np.array([[True, True, True], [True, False, False]])
    found, said = censored.unconstrain(units, out)
    np.testing.assert_array_equal(found, units)
    assert "4 of them keep what was sold" in said


def test_counts_stay_counts_and_keep_their_total():
    """A slow seller out of stock half the time, 0.3 a week, gets whole units that come within 15 % of its demand."""
    rng = np.random.default_rng(6)
    demand = rng.poisson(0.3, (400, 80)).astype(float)
    out = rng.random(demand.shape) < 0.5
    found, _ = censored.unconstrain(np.where(out, 0.0, demand), out)
    assert (found == np.rint(found)).all()
    late = slice(20, None)
    assert found[:, late].mean() == pytest.approx(demand[:, late].mean(), rel=0.15)


@pytest.mark.parametrize("sold", [0, 1, 2, 7, 40])
def test_the_mean_above_a_bound_is_that_of_the_law(sold):
    """Mean and mean square given at least so many equal sums over the negative binomial probabilities."""
    mean, spread = 8.0, 0.4
    size = 1 / spread
    values = np.arange(sold, 5000)
    chance = nbinom.pmf(values, size, size / (size + mean))
    expected, square = censored.above(np.array([float(sold)]), np.array([mean]), np.array([spread]))
    assert expected[0] == pytest.approx((values * chance).sum() / chance.sum(), rel=1e-8)
    assert square[0] == pytest.approx((values.astype(float) ** 2 * chance).sum() / chance.sum(), rel=1e-8)


def test_a_bound_far_above_the_level_stays_near_it():
    """Where the law gives the bound no chance at all, a little more than it is expected, never less and never absurdly more."""
    expected, _ = censored.above(np.array([100_000.0]), np.array([0.5]), np.array([1e-4]))
    assert 100_000 <= expected[0] <= 100_010


def test_flags_are_read_from_the_demand_table(demand_table):
    """The column stands where its rows stand; null and a table without it mean in stock."""
    table = demand_table(np.ones((2, 3)))
    flags = pa.array([True, None, False, False, True, False])
    marked = table.set_column(table.column_names.index("censored"), "censored", flags)
    panel = dense(marked)
    assert censored.flags(marked, panel).tolist() == [[True, False, False], [False, True, False]]
    assert not censored.flags(table.drop_columns(["censored"]), panel).any()


def test_a_lower_bound_is_no_outcome():
    """A censored week is absent from what scores are made of."""
    found = censored.settled(np.array([[1.0, 2.0]]), np.array([[False, True]]))
    np.testing.assert_array_equal(found, [[1.0, np.nan]])
