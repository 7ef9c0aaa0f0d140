import numpy as np

from lotwise.forecast import task
from lotwise.forecast.features.history import level


def test_demand_that_was_always_whole_stays_whole():
    """Quantiles of a series counted in pieces are rounded; those of one weighed in kilograms are not."""
    units = np.array([[1.0, 0.0, np.nan], [0.5, 2.0, 1.0]])
    np.testing.assert_array_equal(task.whole(units), [True, False])
    np.testing.assert_array_equal(task.counted(np.array([[0.4, 1.6], [0.4, 1.6]]), units), [[0, 2], [0.4, 1.6]])


def test_the_level_of_what_hardly_sells_fades():
    """One unit in the first of 24 weeks: (1 + 0.5) / 24 a week."""
    units = np.zeros((1, 24))
    units[0, 0] = 1
    assert level(units)[0, -1] == 1.5 / 24
