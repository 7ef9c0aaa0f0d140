"""The bootstrap and its intervals."""

import numpy as np
import pytest

from lotwise.gap import bootstrap, interval
from lotwise.gap.interval import MOST_GROUPS, has_blocks, quotient, total


@pytest.mark.parametrize(("blocks", "by_product", "by_week"), [(4, 0.1, 1.0), (4, 1.0, 0.1), (12, 1.0, 0.5)])
def test_the_interval_covers_the_truth_in_about_nine_of_ten(blocks, by_product, by_week):
    """Whether products or blocks of weeks differ, the 90 % interval of the total holds the true one in about 90 %.

    120 repeats have a standard error of .027: .82 is three of them below .90.
    """
    covered = 0
    for seed in range(120):
        rng = np.random.default_rng(seed)
        product, block = rng.normal(size=(40, 1)), np.repeat(rng.normal(size=(1, blocks)), 4, axis=1)
        cells = 3 + by_product * product + by_week * block + 0.3 * rng.normal(size=(40, 4 * blocks))
        low, high = interval(bootstrap(cells[None], rng=rng, resamples=300, block_weeks=4)[:, 0])
        covered += low <= 3 * cells.size <= high
    assert 0.82 <= covered / 120 <= 0.98


def test_lines_share_each_draw(rng):
    """A line and its double stay double in every resample: the draws are paired."""
    cells = rng.normal(size=(6, 8)).round(4)
    sums = bootstrap(np.stack([cells, 2 * cells]), rng=rng, resamples=50, block_weeks=2)
    assert np.allclose(sums[:, 1], 2 * sums[:, 0], atol=1e-6)


def test_equal_cells_have_no_spread(rng):
    """If every cell is the same, every resample has the same total: 3 x 8 x 1.25 = 30."""
    assert bootstrap(np.full((1, 3, 8), 1.25), rng=rng, resamples=20) == pytest.approx(30)


def test_order_of_products_does_not_change_the_total(rng):
    """Sums are exact, whatever the order."""
    cells = rng.normal(scale=1e5, size=(500, 16))
    assert total(cells) == total(cells[rng.permutation(500)])


def test_many_products_are_drawn_in_groups(rng):
    """More products than groups lose no money: with equal cells in full groups the total stays."""
    sums = bootstrap(np.ones((1, 2 * MOST_GROUPS, 4)), rng=rng, resamples=10, block_weeks=2)
    assert sums == pytest.approx(2 * MOST_GROUPS * 4)


@pytest.mark.parametrize(("weeks", "enough"), [(7, False), (8, True)])
def test_two_blocks_are_needed(weeks, enough):
    """With blocks of 4 weeks, 8 weeks are the fewest that differ."""
    assert has_blocks(weeks, 4) is enough


def test_undefined_figures_are_passed_over():
    """A ratio without a denominator does not spoil the interval."""
    assert interval(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert np.isnan(interval(np.array([np.nan]))).all()


def test_noise_of_single_cells_is_counted_twice_not_three_times(rng):
    """Where cells are pure noise the spread of the draws is sqrt(2) of the sum's own: once by product, once by week.

    The sum of 200 x 60 standard normal cells has the standard deviation sqrt(12,000) = 110; Student's factor for 59 degrees of
    freedom adds 2 %, and one history's own spread by week is known within about a tenth.
    """
    cells = rng.normal(size=(200, 60))
    sums = bootstrap(cells[None], rng=rng, resamples=4000, block_weeks=1)[:, 0]
    assert 1.25 <= sums.std() / np.sqrt(cells.size) <= 1.6


def test_a_quotient_is_made_linear_around_what_it_was():
    """Of 30 / 100, a draw of 40 / 120 counts as .3 + (40 - .3 x 120) / 100 = .34; of a whole of 0 nothing is said."""
    part, whole = np.array([40.0, 30.0, -5.0]), np.array([120.0, 100.0, -10.0])
    assert quotient(part, whole, (30.0, 100.0)).tolist() == pytest.approx([0.34, 0.3, 0.28])
    assert np.isnan(quotient(part, whole, (30.0, 0.0))).all()


def test_a_quotient_holds_its_truth():
    """With four blocks, where the whole itself is unsure, the interval of the quotient holds the true one in about 90 %."""
    covered = 0
    for seed in range(120):
        draw = np.random.default_rng(seed)
        block = np.repeat(draw.normal(size=(1, 4)), 4, axis=1)
        whole = 5 + 2 * block + draw.normal(size=(40, 16))
        part = 0.3 * whole + 0.3 * np.repeat(draw.normal(size=(1, 4)), 4, axis=1) + 0.2 * draw.normal(size=(40, 16))
        sums = bootstrap(np.stack([part, whole]), rng=draw, resamples=300, block_weeks=4)
        low, high = interval(quotient(sums[:, 0], sums[:, 1], (part.sum(), whole.sum())))
        covered += low <= 0.3 <= high
    assert 0.82 <= covered / 120 <= 0.99
