import numpy as np
import pytest

from lotwise.config import Forecast
from lotwise.errors import SettingsError
from lotwise.forecast import registry
from lotwise.forecast.design import bare
from lotwise.forecast.task import Task


def test_own_history_is_the_same_at_every_horizon():
    """The base knows no week from another: mean 2 of 1, 2, 3 and its median, three weeks ahead."""
    found = registry.history(Task(bare(np.array([[1.0, 2.0, 3.0]]), 3), 2, (), Forecast()))
    np.testing.assert_allclose(found.mean, [[2, 2, 2]])
    np.testing.assert_allclose(found.quantiles[0, :, 11], 2)


def test_an_unknown_method_is_named_with_the_closest_one():
    """A slip of the keyboard is met with what was meant."""
    with pytest.raises(SettingsError, match="did you mean 'poisson'"):
        registry.method_named("poison")


def test_recent_history_forgets():
    """Of fourteen weeks the first, which was the highest, counts no more; draws are from the last thirteen too."""
    units = np.array([[99.0, *range(1, 14)]])
    found = registry.recent(Task(bare(units, 2), 13, (), Forecast()))
    np.testing.assert_allclose(found.mean, [[7, 7]])
    assert found.quantiles.max() <= 13
    assert found.span == 13
