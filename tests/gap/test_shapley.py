"""Fair shares of a whole."""

import os
import subprocess
import sys
from collections import Counter
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.errors import InputError
from lotwise.gap.shapley import sampled, shares, subsets, weights

WORTH = st.integers(-1000, 1000).map(float)


@st.composite
def games(draw, most=5):
    """Draw some parts and a worth for every subset of them."""
    parts = list("abcdefgh"[: draw(st.integers(1, most))])
    return parts, {some: np.array(draw(WORTH)) for some in subsets(parts)}


def drawn(count, seed):
    """Return parts and random worths of all their subsets, two cells each."""
    parts = list(range(count))
    rng = np.random.default_rng(seed)
    return parts, {some: rng.normal(size=2) for some in subsets(parts)}


def by_formula(parts, values):
    """Return the Shapley values by Shapley's own sum over the subsets without a part."""
    n = len(parts)
    found = {}
    for part in parts:
        others = [other for other in parts if other != part]
        found[part] = sum(
            share * (values[frozenset({*some, part})] - values[frozenset(some)])
            for size in range(n)
            for share in [factorial(size) * factorial(n - size - 1) / factorial(n)]
            for some in combinations(others, size)
        )
    return found


def by_orders(parts, values):
    """Return the mean step of each part over every order whose sets were all measured."""
    steps = {part: [] for part in parts}
    for order in permutations(parts):
        sets = [frozenset(order[:size]) for size in range(len(parts) + 1)]
        if all(some in values for some in sets):
            for part, before, after in zip(order, sets[:-1], sets[1:], strict=True):
                steps[part].append(values[after] - values[before])
    return {part: np.mean(of, axis=0) for part, of in steps.items()}


@pytest.mark.parametrize("count", range(7))
def test_every_subset_once_smaller_ones_first(count):
    """There are 2 to the power of n different subsets, from the empty one to the whole, never smaller than the one before."""
    found = subsets(range(count))
    sizes = [len(some) for some in found]
    assert len(set(found)) == len(found) == 2**count
    assert sizes == sorted(sizes)
    assert (found[0], found[-1]) == (frozenset(), frozenset(range(count)))


@given(games())
def test_shares_add_up_to_the_whole(game):
    """Efficiency: the shares sum to the worth of the whole less that of nothing."""
    parts, values = game
    found = shares(parts, values)
    assert sum(found.values()) == pytest.approx(values[frozenset(parts)] - values[frozenset()], abs=1e-8)


@given(games())
def test_parts_that_bring_the_same_get_the_same(game):
    """Symmetry: if the first two parts can be exchanged in every subset, they have one share."""
    parts, values = game
    if len(parts) < 2:
        return
    exchanged = dict(zip(parts, [parts[1], parts[0], *parts[2:]], strict=True))
    even = {some: values[some] + values[frozenset(exchanged[part] for part in some)] for some in values}
    found = shares(parts, even)
    assert found[parts[0]] == pytest.approx(found[parts[1]], abs=1e-8)


@given(games(), WORTH)
def test_a_part_that_always_brings_its_own_worth_gets_it(game, own):
    """Dummy: a part that adds the same to every subset has that as its share, and nothing where it adds nothing."""
    parts, values = game
    with_it = values | {some | {"z"}: worth + own for some, worth in values.items()}
    found = shares([*parts, "z"], with_it)
    alone = shares(parts, values)
    assert found["z"] == pytest.approx(own, abs=1e-8)
    assert [found[part] for part in parts] == pytest.approx([alone[part] for part in parts], abs=1e-8)


@given(games(4), st.integers(0, 99), st.integers(-3, 3))
def test_the_shares_of_a_sum_are_the_sums_of_shares(game, seed, times):
    """Additivity, cell by cell: the shares of one game plus so many times another are those sums of shares."""
    parts, values = game
    rng = np.random.default_rng(seed)
    other = {some: rng.normal(size=(2, 3)) for some in values}
    both = shares(parts, {some: values[some] + times * other[some] for some in values})
    one, two = shares(parts, values), shares(parts, other)
    for part in parts:
        assert both[part] == pytest.approx(one[part] + times * two[part], abs=1e-8)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_with_every_subset_it_is_the_factorial_formula(count):
    """Measured on all subsets, the shares are Shapley's: |S|! (n - |S| - 1)! / n! on each step."""
    parts, values = drawn(count, seed=count)
    found, expected = shares(parts, values), by_formula(parts, values)
    for part in parts:
        assert found[part] == pytest.approx(expected[part], abs=1e-12)


@given(st.permutations(list("abcde")), st.integers(0, 99))
def test_one_order_gives_its_own_steps(order, seed):
    """If only one order was measured, each part's share is the step it made there."""
    rng = np.random.default_rng(seed)
    sets = [frozenset(order[:size]) for size in range(6)]
    values = {some: np.array(rng.normal()) for some in sets}
    found = shares("abcde", values)
    for part, before, after in zip(order, sets[:-1], sets[1:], strict=True):
        assert found[part] == pytest.approx(values[after] - values[before], abs=1e-12)


@given(st.sets(st.sampled_from(subsets("abcd"))), st.permutations(list("abcd")), st.integers(0, 99))
def test_it_is_the_mean_over_all_orders_that_were_measured(some, order, seed):
    """On any subsets along which at least one order can be walked, a share is the mean step over all such orders."""
    rng = np.random.default_rng(seed)
    measured = some | {frozenset(order[:size]) for size in range(5)}
    values = {one: np.array(rng.normal()) for one in sorted(measured, key=sorted)}
    found, expected = shares("abcd", values), by_orders("abcd", values)
    for part in "abcd":
        assert found[part] == pytest.approx(expected[part], abs=1e-12)
    assert sum(found.values()) == pytest.approx(values[frozenset("abcd")] - values[frozenset()], abs=1e-12)


@given(games(4))
def test_a_part_given_twice_shares_credit(game):
    """The copy of a part and the part itself get the same; a third that is worth its own keeps it.

    The copy brings nothing beside its original, the third adds 7 to every subset: its share stays 7, and the credit of
    all others together stays what it was.
    """
    parts, values = game
    copied, third = parts[0], "z"
    twice = {}
    for some in subsets([*parts, "copy", third]):
        plain = frozenset(copied if part == "copy" else part for part in some - {third})
        twice[some] = values[plain] + 7.0 * (third in some)
    found = shares([*parts, "copy", third], twice)
    assert found["copy"] == pytest.approx(found[copied], abs=1e-8)
    assert found[third] == pytest.approx(7.0, abs=1e-8)
    assert sum(found.values()) - 7 == pytest.approx(sum(shares(parts, values).values()), abs=1e-8)


def test_a_lone_part_and_its_copy_have_half_each():
    """Worth 10 under two names: (10 + 0) / 2 = 5 for each, for each is the first in one of two orders."""
    values = {some: np.array(10.0 * bool(some)) for some in subsets("ab")}
    assert shares("ab", values) == {"a": 5.0, "b": 5.0}


def test_no_part_has_no_share():
    """Of nothing there are no shares."""
    assert shares([], {frozenset(): np.zeros(3)}) == {}


@pytest.mark.parametrize("count", [1, 4, 6])
def test_weights_sum_to_0_over_subsets_and_over_parts(count):
    """For a part the weights sum to 0; for a subset too, but to 1 for the whole and to -1 for the empty one."""
    parts = list(range(count))
    found = weights(parts, subsets(parts))
    for of in found.values():
        assert sum(of.values()) == pytest.approx(0, abs=1e-12)
    for some in subsets(parts):
        expected = (len(some) == count) - (len(some) == 0)
        assert sum(of.get(some, 0.0) for of in found.values()) == pytest.approx(expected, abs=1e-12)


def test_weights_of_measured_orders_sum_likewise():
    """The same sums hold where only sampled orders were measured, and subsets of other parts are passed over."""
    parts = list(range(7))
    measured = sampled(parts, 3, np.random.default_rng(5))
    found = weights(parts, [*measured, frozenset({0, "other"})])
    for some in measured:
        expected = (len(some) == 7) - (len(some) == 0)
        assert sum(of.get(some, 0.0) for of in found.values()) == pytest.approx(expected, abs=1e-12)
    assert all(sum(of.values()) == pytest.approx(0, abs=1e-12) and set(of) <= set(measured) for of in found.values())


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_sampled_orders_run_from_nothing_to_everything_beside_their_reverse(count, orders, seed):
    """The empty set and the whole are there; a set along an order is there with what the reverse had before it."""
    parts = list(range(count))
    found = sampled(parts, orders, np.random.default_rng(seed))
    assert (found[0], found[-1]) == (frozenset(), frozenset(parts))
    assert set(found) == {frozenset(parts) - some for some in found}
    assert len(found) == len(set(found)) <= 2 + (orders + orders % 2) * (count - 1)


@pytest.mark.parametrize("orders", [1, 2])
def test_one_order_is_drawn_beside_its_reverse(orders):
    """One pair of 6 parts: nothing, everything, and between them two sets of a size, or one where order and reverse meet."""
    found = sampled("abcdef", orders, np.random.default_rng(3))
    sizes = Counter(len(some) for some in found)
    assert sizes[0] == sizes[6] == 1
    assert all(1 <= sizes[size] <= 2 for size in range(1, 6))
    assert sizes[1] == sizes[5] == 2  # the first of an order is the last of its reverse


def test_one_pair_of_orders_gives_the_mean_step_over_all_orders_on_its_sets():
    """An order and its reverse give the mean over every order that can be walked on their sets, by listing all 120."""
    parts, values = drawn(5, seed=1)
    known = {some: values[some] for some in sampled(parts, 2, np.random.default_rng(8))}
    found, expected = shares(parts, known), by_orders(parts, known)
    for part in parts:
        assert found[part] == pytest.approx(expected[part], abs=1e-12)


@pytest.mark.parametrize("orders", [2, 6])
def test_sampled_shares_are_unbiased(orders):
    """Over many draws the mean of the sampled shares is the Shapley value, within four standard errors.

    All parts' labels are alike to the draw, so the mean weight of a step depends on its size alone; as the weights of each
    draw are a mean over orders, so is theirs, and it is Shapley's.
    """
    parts, values = drawn(5, seed=2)
    exact = shares(parts, values)
    rng = np.random.default_rng(20261121)
    found = {part: [] for part in parts}
    for _ in range(1500):
        known = sampled(parts, orders, rng)
        for part, share in shares(parts, {some: values[some] for some in known}).items():
            found[part].append(share)
    for part in parts:
        mean, error = np.mean(found[part], axis=0), np.std(found[part], axis=0) / np.sqrt(1500)
        assert np.all(np.abs(mean - exact[part]) < 4 * error)


def test_the_same_seed_draws_the_same_orders():
    """What is measured depends on the seed alone."""
    draws = [sampled(range(10), 7, np.random.default_rng(11)) for _ in range(2)]
    assert draws[0] == draws[1]


def test_shares_are_the_same_to_the_last_bit_whatever_the_hashes_of_names():
    """Two processes that hash names differently sum in the same order: the shares are equal byte for byte."""
    program = (
        "import numpy as np; from lotwise.gap.shapley import shares, subsets; draw = np.random.default_rng(1).normal; "
        "found = shares('abcdef', {some: draw(size=4) for some in subsets('abcdef')}); "
        "print(b''.join(found[part].tobytes() for part in 'abcdef').hex())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(
    "measured",
    [
        [],
        [frozenset()],
        [frozenset("ab")],
        [frozenset(), frozenset("ab")],
        [frozenset("a"), frozenset("ab")],
        [frozenset(), frozenset("a"), frozenset("b")],
    ],
)
def test_without_a_complete_order_it_says_so(measured):
    """If no order of adding the parts was measured at every step, there is no share, and the message says what is missing."""
    with pytest.raises(InputError, match="No order of adding 2 parts has every step measured"):
        shares("ab", dict.fromkeys(measured, np.zeros(1)))
