import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.plan.inventory import MinMax, base_stock, law, min_max, service, simulate


@pytest.mark.parametrize("review", [1, 3])
@pytest.mark.parametrize("lead", [0, 2])
@pytest.mark.parametrize("gap", [None, 17.0])
def test_a_long_simulation_agrees(gap, lead, review):
    """Cycle and fill of the levels are what 400,000 simulated periods give, within half a point."""
    demand = law.of("negative_binomial", 6.0, 5.0)
    found = service.least(demand, 0.9, gap=gap, lead=lead, review=review)
    paths = demand.draw((200, 2_000), np.random.default_rng(1))
    policy = MinMax(np.full(200, found.reorder), np.full(200, found.up_to))
    shown = simulate(policy, paths, lead=lead, review=review, warmup=100)
    assert shown.fill.mean() == pytest.approx(found.fill, abs=0.005)
    assert shown.cycle.mean() == pytest.approx(found.cycle, abs=0.005)


@pytest.mark.parametrize("measure", ["cycle", "fill"])
def test_normal_base_stock_is_the_formula(measure):
    """For normal demand the level is that of the closed form, to a step of it."""
    demand = law.of("normal", 100.0, 20.0)
    found = service.least(demand, 0.95, lead=3, review=2, measure=measure)
    expected = base_stock.normal(100.0, 20.0, 0.95, lead=3, review=2, measure=measure).level
    assert found.up_to == pytest.approx(float(expected), abs=3 * demand.step)


@pytest.mark.parametrize("measure", ["cycle", "fill"])
def test_one_step_less_misses_the_target(measure):
    """The level is the least: it reaches the target and one step below does not."""
    found = service.least(law.of("poisson", 3.0, 0.0), 0.9, gap=5, lead=1, measure=measure)
    assert getattr(found, measure) >= 0.9 > found.below


def test_cheapest_levels_at_a_service_are_those_of_the_penalty_that_asks_for_it():
    """Zheng and Federgruen's pair serves at least its critical ratio of periods less one step, and `least` finds the same s."""
    demand = law.of("poisson", 8.0, 0.0)
    item = min_max.Item(demand.chances, order_cost=40.0, holding=1.0, penalty=19.0, lead=2)
    policy, _ = min_max.best(item)
    gap = float(policy.up_to - policy.reorder)
    shown = service.least(demand, 0.95, gap=gap, lead=2, measure="cycle")
    # s is best where one more step pays no longer: the share of periods in stock is p / (p + h) = 0.95 to a step
    assert abs(shown.up_to - float(policy.up_to)) <= 1.0


def test_bad_input_is_refused():
    """No demand, a target that is no share and a gap of too many steps are refused."""
    some = law.of("poisson", 3.0, 0.0)
    for asked, target, gap in ((law.of("poisson", 0.0, 0.0), 0.9, None), (some, 1.0, None), (some, 0.9, 1e9)):
        with pytest.raises(InputError, match="found"):
            service.least(asked, target, gap=gap)
