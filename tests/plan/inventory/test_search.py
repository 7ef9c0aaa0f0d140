import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.plan.inventory import BaseStock, MinMax, base_stock, search, simulate


def demand_of(seed):
    """Return 40 rows of gamma-Poisson demand, mean 20, 1,000 periods."""
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(4, 5, (40, 1_000))) + 0.0


@pytest.mark.parametrize("measure", ["cycle", "fill"])
def test_lost_sales_levels_give_their_target_on_fresh_demand(measure):
    """With lost sales and a lead time, levels found by simulation serve other demand within 1 point of the target."""
    level = search.base_stock(demand_of(1), 0.92, lead=3, measure=measure).level.mean()
    found = simulate(BaseStock(level), demand_of(2), lead=3, unmet="lost")
    assert getattr(found, measure).mean() == pytest.approx(0.92, abs=0.01)


def test_lost_sales_need_no_more_than_backorders():
    """With a lead time, the level for lost sales is below the one for backorders."""
    owed, lost = (search.base_stock(demand_of(1), 0.9, lead=4, unmet=unmet).level for unmet in ("backorder", "lost"))
    assert (lost < owed).all()


def test_level_is_the_smallest_that_reaches_the_target():
    """A little below the level found, the target is missed."""
    demand = demand_of(3)[:5]
    level = search.base_stock(demand, 0.95, lead=2).level
    assert (simulate(BaseStock(level), demand, lead=2, unmet="lost").fill >= 0.95).all()
    assert (simulate(BaseStock(level - 0.01), demand, lead=2, unmet="lost").fill < 0.95).all()


def test_without_a_lead_time_it_agrees_with_the_formula():
    """With no lead time, the level is the exact one on the same samples."""
    demand = demand_of(4)[:3]
    expected = base_stock.sample(demand, 0.9, measure="fill").level
    assert search.base_stock(demand, 0.9).level == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("target", "more"), [(1.2, {}), (0.9, {"lead": -1}), (0.9, {"measure": "ready"}), (0.9, {"unmet": "gone"})]
)
def test_bad_input_is_refused(target, more):
    """Targets, lead times and names that cannot be are refused."""
    with pytest.raises(InputError, match="found"):
        search.base_stock([1.0, 2.0, 3.0], target, **more)


def test_min_max_on_paths_gives_its_target_on_fresh_demand():
    """With lead times of 1 to 4 weeks, (s, S) found on paths serves other paths within 1 point of the target."""
    rng = np.random.default_rng(5)
    leads = rng.integers(1, 5, (1, 40, 1_000))
    found = search.min_max(demand_of(1)[None], 30.0, 0.93, lead=leads, warmup=50)
    shown = simulate(MinMax(found.reorder, found.up_to), demand_of(2), lead=rng.integers(1, 5, (40, 1_000)), warmup=50)
    assert shown.fill.mean() == pytest.approx(0.93, abs=0.01)
