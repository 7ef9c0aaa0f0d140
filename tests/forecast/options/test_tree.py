import numpy as np
import pytest

from lotwise.forecast.options import tree
from lotwise.forecast.options.choices import even

SIZES = np.array([2, 3, 2, 3, 2])


def planted(rng, rows):
    """Return rows of the forest 0 - 1 - 2 and 3 - 4: each child repeats its parent (in its own values) with share 0.8."""
    codes = rng.integers(0, SIZES, (rows, 5))
    for parent, child in ((0, 1), (1, 2), (3, 4)):
        same = rng.random(rows) < 0.8
        codes[same, child] = codes[same, parent] % SIZES[child]
    return codes


def edges(found):
    """Return the edges of a forest, whatever their direction."""
    return {frozenset((child, int(parent))) for child, parent in enumerate(found.parent) if parent != tree.ROOT}


@pytest.fixture
def grown():
    """Return a forest fitted to 3,000 rows."""
    return tree.fit(planted(np.random.default_rng(1), 3000), np.ones(3000), [np.ones(size) / size for size in SIZES])


def test_planted_forest_is_found(grown):
    """Exactly the edges the data were made with; two trees stay apart."""
    assert edges(grown) == {frozenset(edge) for edge in ((0, 1), (1, 2), (3, 4))}


def test_independent_options_get_no_edge():
    """Chance dependence in 500 rows does not pay for its parameters."""
    codes = np.random.default_rng(2).integers(0, SIZES, (500, 5))
    assert edges(tree.fit(codes, np.ones(500), even(SIZES))) == set()


def test_probabilities_of_all_configurations_sum_to_one_and_marginals_and_pairs_are_their_sums(grown):
    """72 configurations enumerated: total 1, shares and joint shares of two options agree with brute force."""
    every = np.stack(np.meshgrid(*(np.arange(size) for size in SIZES), indexing="ij"), axis=-1).reshape(-1, 5)
    chance = np.exp(grown.log_prob(every))
    assert chance.sum() == pytest.approx(1)
    for option, alone in enumerate(grown.marginals()):
        np.testing.assert_allclose(alone, np.bincount(every[:, option], chance))
    for first, second in ((0, 2), (2, 0), (0, 3), (4, 3), (1, 1)):
        brute = np.zeros((SIZES[first], SIZES[second]))
        np.add.at(brute, (every[:, first], every[:, second]), chance)
        np.testing.assert_allclose(grown.pair(first, second), brute, atol=1e-12)


def test_samples_have_the_forests_joint_shares(grown):
    """20,000 samples: every pair's shares within 0.02 (five standard errors of 0.0035)."""
    drawn = grown.sample(20_000, np.random.default_rng(3))
    for first, second in ((0, 1), (0, 2), (3, 4), (1, 4)):
        found = np.zeros((SIZES[first], SIZES[second]))
        np.add.at(found, (drawn[:, first], drawn[:, second]), 1 / len(drawn))
        assert abs(found - grown.pair(first, second)).max() < 0.02


def test_unusable_codes_count_for_nothing():
    """Rows that lack an option still teach about the others, and the result is that of the rest alone."""
    codes = np.array([[0, 0], [1, 1], [0, -1], [-1, 1]] * 20)
    found = tree.fit(codes, np.ones(80), [np.full(2, 0.5)] * 2)
    assert found.tables[1][0, 0] == pytest.approx((20 + 0.25) / 20.5)


def test_tables_counted_anew_with_the_same_weights_are_the_same_tables():
    """One draw whose weights are those of the fit gives the fit's own marginals."""
    codes = planted(np.random.default_rng(1), 3000)
    found = tree.fit(codes, np.ones(3000), [np.bincount(codes[:, o], minlength=size) / 3000 for o, size in enumerate(SIZES)])
    again = found.redrawn(codes, np.ones((1, 3000)), [np.zeros((1, size)) for size in SIZES])
    for one, other in zip(found.marginals(), again.marginals(), strict=True):
        np.testing.assert_allclose(one, other[0])
    drawn = again.sample(np.zeros(4000, np.int64), np.random.default_rng(1))
    assert abs(np.bincount(drawn[:, 2]) / 4000 - found.marginals()[2]).max() < 0.04
