import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, silhouette_score

from lotwise.mine.segments.agreement import adjusted_rand, silhouette

LABELS = st.integers(2, 30).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2))


@given(LABELS)
@settings(max_examples=60, deadline=None)
def test_adjusted_rand_is_that_of_scikit_learn(pair):
    """Our adjusted Rand index equals scikit-learn's on any two divisions."""
    one, other = map(np.array, pair)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)


def test_silhouette_is_that_of_scikit_learn():
    """Our mean silhouette equals scikit-learn's, with segments of one customer too."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 3))
    labels = np.append(rng.integers(0, 4, 59), 7)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    assert silhouette(distances, labels) == pytest.approx(silhouette_score(points, labels), abs=1e-12)


def test_there_is_no_silhouette_of_one_segment():
    """One segment, or as many as customers, has none."""
    assert silhouette(np.zeros((4, 4)), np.zeros(4, dtype=int)) is None
    assert silhouette(np.zeros((4, 4)), np.arange(4)) is None
