from __future__ import annotations

import pytest

from lotwise.schedule.tabu.chains import chains
from lotwise.schedule.tabu.loads import load_bound
from tests.schedule.tabu.classical import classical, optimum, random_shop


def test_work_is_shared_evenly():
    """Three jobs of 5 minutes on two like machines load the busier one with at least 7.5 minutes, so 8."""
    assert load_bound(chains(classical([[[(0, 5), (1, 5)]]] * 3, 2))) == 8


def test_no_choice_no_bound():
    """Where nothing can be chosen the linear program is left out."""
    assert load_bound(chains(classical([[[(0, 5)]]], 1))) == 0


@pytest.mark.parametrize("seed", range(10))
def test_no_schedule_beats_the_bound(seed):
    """The bound is not above the smallest makespan of all schedules."""
    shop = random_shop(seed, jobs=3, steps=2, machines=2)
    assert load_bound(chains(shop)) <= optimum(shop)
