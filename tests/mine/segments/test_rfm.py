import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.segments import rfm

NUMBERS = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=40).map(np.array)


def test_ten_values_fall_into_fifths_of_two():
    """Ten different values are two to a fifth, the largest in the fifth one."""
    assert rfm.fifth(np.arange(10.0)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_equal_values_share_the_middle_fifth():
    """Where all values are equal, and where there is one only, it is the third."""
    assert rfm.fifth(np.full(7, 4.0)).tolist() == [3] * 7
    assert rfm.fifth(np.array([9.0])).tolist() == [3]


def test_ties_take_the_fifth_of_their_middle():
    """Of 1, 1, 1, 2, 3 the ones have less 0 and equal 3: 1 + floor(5 * 1.5 / 5) = 2; 2 has 1 + floor(3.5) = 4, 3 has 5."""
    assert rfm.fifth(np.array([1.0, 1, 1, 2, 3])).tolist() == [2, 2, 2, 4, 5]


@given(NUMBERS)
def test_fifths_keep_the_order(values):
    """A higher value never falls in a lower fifth, and fifths lie between 1 and 5."""
    found = rfm.fifth(values)
    assert (np.diff(found[np.argsort(values, kind="stable")]) >= 0).all()
    assert found.min() >= 1
    assert found.max() <= 5


@given(NUMBERS, st.randoms())
def test_the_order_of_customers_changes_nothing(values, random):
    """A customer's fifth does not depend on where the customer stands."""
    order = np.array(random.sample(range(len(values)), len(values)))
    assert (rfm.fifth(values[order]) == rfm.fifth(values)[order]).all()


def test_groups_are_named_for_their_scores():
    """5-5-5 is the best group, 1-1-1 the worst, and 3-3-3 lies in the middle of both."""
    names = [rfm.GROUPS[place] for place in rfm.group(np.array([[5, 5, 5], [1, 1, 1], [3, 3, 3], [4, 1, 2]]))]
    assert names == [
        "lately, often and much", "long ago, seldom and little", "a while ago, now and then", "lately, seldom and little",
    ]  # fmt: skip


def test_few_days_since_the_last_order_score_high():
    """The customer of the latest order has the highest recency score."""
    scored = rfm.scores(np.array([1.0, 50, 100, 200, 300]), np.ones(5), np.arange(5.0))
    assert scored[:, 0].tolist() == [5, 4, 3, 2, 1]
    assert rfm.words(scored)[0] == "5-3-1"
