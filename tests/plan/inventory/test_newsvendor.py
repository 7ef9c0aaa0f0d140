import numpy as np
import pytest
from scipy import stats

from lotwise.errors import InputError
from lotwise.plan.inventory import newsvendor


def test_normal_gives_the_textbook_figures():
    """N(120, 10) with h = 2 and p = 18 gives 132.8155 units at 35.0997."""
    # z at 18/20 = 1.281552; 120 + 10 z = 132.8155; (2 + 18) * 10 * phi(z) = 200 * 0.175498 = 35.0997
    found = newsvendor.normal(120, 10, 2, 18)
    assert found.quantity == pytest.approx(132.8155, abs=5e-5)
    assert found.cost == pytest.approx(35.0997, abs=5e-5)


def test_certain_demand_costs_nothing():
    """Where demand does not vary, the quantity is the demand and the cost is 0, row by row."""
    found = newsvendor.normal([5.0, 7.0], [0.0, 0.0], 1, [2.0, 3.0])
    assert found.quantity.tolist() == [5.0, 7.0]
    assert found.cost.tolist() == [0.0, 0.0]


def test_sample_is_the_best_of_all_quantities():
    """No quantity costs less on the sample than the one found, and no smaller one as little."""
    rng = np.random.default_rng(1)
    demand, weights = rng.poisson(9, (4, 30)).astype(float), rng.uniform(0, 1, (4, 30))
    found = newsvendor.sample(demand, 1.0, [0.5, 1.0, 4.0, 30.0], weights)
    for row, penalty in enumerate([0.5, 1.0, 4.0, 30.0]):
        tried = np.arange(0, 40)[:, None]
        over, short = np.maximum(tried - demand[row], 0), np.maximum(demand[row] - tried, 0)
        cost = ((over + penalty * short) * weights[row]).sum(axis=1) / weights[row].sum()
        assert found.cost[row] == pytest.approx(cost.min())
        assert found.quantity[row] == np.argmax(cost <= cost.min() + 1e-12)


def test_sample_takes_the_smallest_optimal_quantity():
    """With ratio 1/2 and four equal samples every quantity from the second to the third is optimal; the second is given."""
    # cost at 2: (1 + 0 + 2 + 6) / 4 with h = p = 1
    found = newsvendor.sample([1.0, 2.0, 4.0, 8.0], 1, 1)
    assert (found.quantity, found.cost) == (2.0, 9 / 4)


def test_quantile_function_agrees_with_closed_forms():
    """Normal demand gives the normal's figures; exponential demand of mean 1 costs ``h ln((h + p) / h)``."""
    normal = newsvendor.quantile(lambda share: stats.norm.ppf(share, 120, 10), [2.0, 1.0], [18.0, 1.0])
    closed = newsvendor.normal(120, 10, [2.0, 1.0], [18.0, 1.0])
    assert normal.quantity == pytest.approx(closed.quantity)
    assert normal.cost == pytest.approx(closed.cost, rel=1e-10)
    # F(Q) = 1 - e^-Q = p/(h+p): Q = ln((h+p)/h); cost = h (Q - 1 + e^-Q) + p e^-Q = h Q, as (h + p) e^-Q = h
    exponential = newsvendor.quantile(stats.expon.ppf, 2.0, 18.0)
    assert exponential.cost == pytest.approx(2 * np.log(10), rel=1e-10)


def test_quantile_function_that_jumps_is_near():
    """For Poisson demand the quadrature is within 1 % of the exact cost, and the quantity is exact."""
    units = np.arange(100)
    exact = newsvendor.sample(units, 2, 18, stats.poisson.pmf(units, 20))
    found = newsvendor.quantile(lambda share: stats.poisson.ppf(share, 20), 2, 18)
    assert found.quantity == exact.quantity
    assert found.cost == pytest.approx(exact.cost, rel=0.01)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: newsvendor.normal(1, -1, 1, 1), "sd: found -1"),
        (lambda: newsvendor.normal(1, 1, 0, 1), "holding: found 0"),
        (lambda: newsvendor.normal(np.nan, 1, 1, 1), "mean: found nan; expected a finite number"),
        (lambda: newsvendor.sample([[1, 2], [3, -4]], 1, 1), r"demand: found -4 at \[1, 1\]"),
        (lambda: newsvendor.sample([], 1, 1), "no sample"),
        (lambda: newsvendor.sample([1, 2], 1, 1, [0, 0]), "row of zeros"),
        (lambda: newsvendor.quantile(lambda share: -share, 1, 1), "falls"),
    ],
)
def test_bad_input_is_named(act, message):
    """Whatever cannot be is refused with what was found."""
    with pytest.raises(InputError, match=message):
        act()
