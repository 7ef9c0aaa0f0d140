import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.forecast.options import Mix
from lotwise.forecast.options.explode import allot, believe


def two_colors(rows, share=0.5, seed=1):
    """Return a mix of units with a color and a size, chosen independently."""
    rng = np.random.default_rng(seed)
    frame = {"color": np.where(rng.random(rows) < share, "red", "blue"), "size": rng.choice(["S", "M", "L"], rows)}
    return Mix.fit(pa.table(frame))


MIX = two_colors(300)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 60), min_size=1, max_size=20), st.booleans())
def test_units_of_the_values_of_each_option_sum_to_the_total_in_every_draw(totals, in_lots):
    """Whole and broken totals, none at all, one unit at a time or in lots of up to five: nothing is lost."""
    totals = np.array(totals)
    rng = np.random.default_rng(1)
    found = allot(believe(MIX, len(totals), rng), totals, rng, lots=np.array([1.0, 2, 5]) if in_lots else None)
    for units in found.by_value(MIX.levels, len(totals)):
        np.testing.assert_allclose(units.sum(axis=1), totals, atol=1e-9)
        assert units.min() >= 0


def test_large_totals_are_allotted_whole_and_in_proportion():
    """A million units in 20 draws: each keeps its total; shares are the draw's within the spread of 2,000 lots, 3.5 x 0.011."""
    rng = np.random.default_rng(2)
    totals = np.full(20, 1e6)
    belief = believe(MIX, 20, rng)
    units = allot(belief, totals, rng).by_value(MIX.levels, 20)
    for came, share in zip(units, belief.shares(), strict=True):
        np.testing.assert_array_equal(came.sum(axis=1), totals)
        assert abs(came / 1e6 - share).max() < 0.04


def test_drawn_shares_spread_as_a_dirichlet_of_the_units_sold():
    """300 units, share about a half: standard deviation of the drawn share is sqrt(p q / 301), within a tenth."""
    drawn = believe(MIX, 4000, np.random.default_rng(3)).shares()[0][:, 1]
    share = MIX.marginals()["color"]["red"]
    assert drawn.mean() == pytest.approx(share, abs=0.002)
    assert drawn.std() == pytest.approx(np.sqrt(share * (1 - share) / 301), rel=0.1)


def test_less_evidence_spreads_the_shares():
    """Where each line takes four units of one configuration, the spread doubles."""
    one, quarter = (believe(MIX, 2000, np.random.default_rng(4), evidence=e).shares()[0][:, 0].std() for e in (1, 0.25))
    assert quarter == pytest.approx(2 * one, rel=0.15)


def test_lots_make_demand_for_a_value_lumpy():
    """Lots of four units at a known share: variance of a value's units is four times that of single units."""
    mix = two_colors(200_000)
    rng = np.random.default_rng(5)
    belief, totals = believe(mix, 3000, rng), np.full(3000, 80.0)
    single = allot(belief, totals, rng).by_value(mix.levels, 3000)[0][:, 0]
    lumpy = allot(belief, totals, rng, lots=np.array([4.0])).by_value(mix.levels, 3000)[0][:, 0]
    assert single.var() == pytest.approx(80 / 4, rel=0.1)
    assert lumpy.var() == pytest.approx(4 * 80 / 4, rel=0.1)


def test_component_shared_by_two_options_needs_29_percent_less_safety_stock():
    """Two iid options: separate stocks 2 sigma, the shared one sqrt(2) sigma, so 1 - 1/sqrt(2) = 29 % less.

    Totals of two products are independent Poisson of 100, each of which takes one option half the time.
    """
    mix = two_colors(200_000)
    rng = np.random.default_rng(6)
    halves = []
    for _ in range(2):
        totals = rng.poisson(100, 6000).astype(float)
        halves.append(allot(believe(mix, 6000, rng), totals, rng).by_value(mix.levels, 6000)[0][:, 0])
    separate = sum(np.quantile(units, 0.95) - units.mean() for units in halves)
    shared = np.quantile(sum(halves), 0.95) - sum(halves).mean()
    assert 1 - sum(halves).std() / sum(units.std() for units in halves) == pytest.approx(0.29, abs=0.02)
    assert 1 - shared / separate == pytest.approx(0.29, abs=0.06)
