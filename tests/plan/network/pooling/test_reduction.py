"""A few scenarios stand for many."""

import numpy as np
import pytest

from lotwise.plan.network.pooling.reduction import reduce


def left(scenarios, chosen):
    """Return the mean distance to the nearest of the chosen, in plain loops."""
    return np.mean([min(np.abs(one - scenarios[kept]).sum() for kept in chosen) for one in scenarios])


@pytest.mark.parametrize("seed", range(5))
def test_each_scenario_is_the_best_one_to_add(seed):
    """Every scenario kept is the one that leaves the least distance when added to those before: by trying all."""
    scenarios = np.random.default_rng(seed).gamma(2.0, 5.0, (12, 4))
    kept = set()
    for count in range(1, 6):
        chosen = set(reduce(scenarios, count)[0].tolist())
        best = min(left(scenarios, [*kept, one]) for one in range(12) if one not in kept)
        assert kept < chosen
        assert left(scenarios, chosen) == pytest.approx(best, rel=1e-12)
        kept = chosen


def test_probabilities_are_those_of_the_scenarios_nearest():
    """Of 0, 0, 1, 10 and 11 the median 1 is kept, then 10 (as good as 11): for three of five, and for two."""
    chosen, probability = reduce(np.array([[0.0], [0.0], [1.0], [10.0], [11.0]]), 2)

    assert chosen.tolist() == [2, 3]
    assert probability.tolist() == pytest.approx([0.6, 0.4])


def test_as_many_as_there_are_stay_as_they_are():
    """With room for all scenarios each is kept, equally likely."""
    chosen, probability = reduce(np.arange(6.0).reshape(3, 2), 5)

    assert chosen.tolist() == [0, 1, 2]
    assert probability.tolist() == pytest.approx([1 / 3] * 3)
