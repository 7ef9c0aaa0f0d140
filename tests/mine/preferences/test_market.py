"""Tests of the market: shares and margins of an offer."""

import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.mine.preferences.market import Market, earned, outside_worth, shares

ALL = np.array([[True, True, True]])


def market(**parts):
    told = {
        "names": ("a", "b", "c"),
        "margin": np.array([1.0, 2.0, 3.0]),
        "worth": np.array([[1.0, 2.0, 1.0]]),
        "outside": np.array([1.0]),
        "weight": np.array([1.0]),
    }
    return Market(**(told | parts))


def test_shares_are_worth_over_all_worth():
    """With worths 1, 2, 1 and 1 for nothing, shares are 1/5, 2/5, 1/5, and the margin is (1 + 4 + 3) / 5."""
    assert shares(market(), ALL)[0] == pytest.approx([0.2, 0.4, 0.2])
    assert earned(market(), ALL)[0] == pytest.approx(8 / 5)


def test_groups_are_averaged_by_their_weight():
    """Two groups who each like one thing only give their own shares, weighted."""
    made = market(worth=np.array([[3.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), outside=np.array([1.0, 1.0]), weight=np.array([0.2, 0.8]))
    assert shares(made, ALL)[0] == pytest.approx([0.2 * 3 / 4, 0.8 / 2, 0.0])


def test_nests_of_dissimilarity_one_are_the_logit():
    """A nested logit whose dissimilarities are 1 has the shares of the logit."""
    nested = market(nest=np.array([0, 0, 1]), dissimilarity=np.array([1.0, 1.0]))
    offers = np.array([[True, True, True], [True, False, True], [False, False, True]])
    assert shares(nested, offers) == pytest.approx(shares(market(), offers))


def test_nests_follow_their_formula():
    """Shares of a nest are sum^l / (outside + all sums^l), split by worth^(1/l) (Train, 2009, 4.2)."""
    nested = market(nest=np.array([0, 0, 1]), dissimilarity=np.array([0.5, 1.0]))
    inner = np.array([1.0, 4.0])  # worth^(1 / 0.5)
    whole = 1 + inner.sum() ** 0.5 + 1
    expected = [*(inner / inner.sum() * inner.sum() ** 0.5 / whole), 1 / whole]
    assert shares(nested, ALL)[0] == pytest.approx(expected)


@pytest.mark.parametrize("nested", [False, True])
def test_the_share_that_takes_nothing_is_the_one_asked(nested):
    """With all offered the share of nothing is the one assumed, in every group."""
    worth = np.array([[1.0, 2.0, 1.0], [5.0, 0.1, 2.0]])
    parts = {"nest": np.array([0, 0, 1]), "dissimilarity": np.array([0.4, 1.0])} if nested else {}
    made = market(worth=worth, outside=np.ones(2), weight=np.array([0.5, 0.5]), **parts)
    made = market(worth=worth, outside=outside_worth(worth, 0.3, made), weight=np.array([0.5, 0.5]), **parts)
    assert shares(made, ALL).sum() == pytest.approx(0.7)


def test_every_breach_is_listed():
    """A market that cannot be is refused with all that is wrong with it."""
    with pytest.raises(ContractError) as error:
        market(worth=np.array([[1.0, -2.0, 1.0]]), outside=np.array([0.0]), weight=np.array([0.5]))
    assert all(word in str(error.value) for word in ("'worth'", "'outside'", "'weight'"))


def test_numbers_that_are_not_finite_are_refused():
    """NaN in the margins is a clear error."""
    with pytest.raises(ContractError, match="'margin' holds numbers that are not finite"):
        market(margin=np.array([1.0, np.nan, 1.0]))
