import numpy as np
import pytest

from lotwise.mine.segments.feature import Feature
from lotwise.mine.segments.features import Behavior
from lotwise.mine.segments.reducing import parallel, reduce
from lotwise.mine.segments.scaling import FARTHEST, scale


def behavior(values, own=None, scale="plain"):
    """Return ready features named a, b, c, ..."""
    features = tuple(Feature(name, f"high {name}", f"low {name}", name, scale) for name in "abcdefghijkl"[: values.shape[1]])
    customers = tuple(f"{place:04d}" for place in range(len(values)))
    return Behavior(customers, features, values, np.ones_like(values) if own is None else own)


def test_constant_and_chance_features_are_left_out_by_name():
    """A feature that is the same for all, and one that is nobody's own, are dropped and said."""
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.normal(size=50), np.full(50, 3.0), rng.normal(size=50)])
    own = np.column_stack([np.ones(50), np.ones(50), np.zeros(50)])
    found = scale(behavior(values, own))
    assert found.kept == (0,)
    assert found.constant == ("b",)
    assert found.chance == ("c",)


def test_a_normal_feature_becomes_standard():
    """The median becomes 0 and the spread 1, and an outlier counts as 4."""
    values = np.append(np.random.default_rng(0).normal(10, 5, 999), 1e6)[:, None]
    points = scale(behavior(values)).points
    assert np.median(points) == pytest.approx(0, abs=0.01)
    assert points.max() == FARTHEST
    assert points[:-1].std() == pytest.approx(1, abs=0.06)


def test_a_half_sure_feature_weighs_half():
    """A difference from the mean counts as far as it is the customer's own."""
    values = np.random.default_rng(0).normal(size=(500, 1))
    whole, half = (scale(behavior(values, np.full_like(values, own))).points.std() for own in (1.0, 0.5))
    assert half / whole == pytest.approx(0.5, abs=0.01)


def test_parallel_analysis_finds_the_planted_components():
    """Three factors behind twelve features are three components; of noise there is none."""
    rng = np.random.default_rng(2)
    factors = rng.normal(size=(600, 3))
    planted = factors[:, np.repeat([0, 1, 2], 4)] + 0.7 * rng.normal(size=(600, 12))
    assert parallel(planted - planted.mean(axis=0), rng) == 3
    assert parallel(rng.normal(size=(600, 12)), rng) <= 1


@pytest.mark.parametrize("method", ["auto", "pca", "factors"])
def test_components_have_equal_spread(method):
    """Every component counts alike, whatever the method."""
    rng = np.random.default_rng(2)
    planted = rng.normal(size=(400, 3))[:, np.repeat([0, 1, 2], 4)] * [5] * 12 + rng.normal(size=(400, 12))
    found = reduce(planted, method, rng)
    assert found.points.shape[1] == 3
    assert found.points.std(axis=0) == pytest.approx(np.ones(3), abs=0.01)
    assert found.explained > 0.9
