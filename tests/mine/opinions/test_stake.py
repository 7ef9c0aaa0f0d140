"""The money at stake, against sums by hand and a planted truth."""

import numpy as np
import pyarrow as pa
import pytest

from lotwise.mine.customers import gather
from lotwise.mine.opinions import stake
from lotwise.tables.collected import ORDERS

from .conftest import purchase

TODAY = 20_365


def book(rows):
    return gather(ORDERS.check(pa.Table.from_pylist(rows, schema=ORDERS.schema)))


def test_yearly_margins_by_hand():
    """Two buyers in 365 days: 3 units at 10 that cost 4 make 18, one at 10 makes 6; 'everybody' sums them."""
    bought = book(
        [purchase(1, "a", TODAY - 365, 2.0, 20.0), purchase(2, "a", TODAY - 10, 1.0, 10.0), purchase(3, "b", TODAY - 1)]
    )
    margins, buyers, why = stake.yearly(bought, np.array([10.0]), np.array([4.0]))
    assert margins == pytest.approx({"p": 24.0, "": 24.0})
    assert buyers == {"p": 2, "": 2}
    assert why == ""


def test_a_short_history_gives_no_yearly_margin():
    """Fewer days than it takes, and no costs, are said."""
    bought = book([purchase(1, "a", TODAY - 30), purchase(2, "a", TODAY - 1)])
    assert "reach back 30 days" in stake.yearly(bought, np.array([10.0]), np.array([4.0]))[2]
    bought = book([purchase(1, "a", TODAY - 200), purchase(2, "a", TODAY - 1)])
    assert "costs" in stake.yearly(bought, np.array([10.0]), np.array([np.nan]))[2]


def planted(happy_rate, unhappy_rate, seed=0, writers=400):
    """Return orders of writers who write on one day and order at their rate in the 180 days after, and what they wrote."""
    rng = np.random.default_rng(seed)
    written = TODAY - 185
    chance = np.where(np.arange(writers) % 2 == 0, 0.9, 0.1)
    rows = [purchase(row, f"c{row:04d}", written - 1) for row in range(writers)]
    for row, side in enumerate(chance):
        count = rng.poisson(180 * (happy_rate if side > 0.5 else unhappy_rate))
        days = written + 1 + rng.integers(0, 180, count)
        rows += [purchase(10_000 + 100 * row + number, f"c{row:04d}", day) for number, day in enumerate(days)]
    rows.append(purchase(999_999, "last", TODAY - 1))
    return book(rows), np.array([f"c{row:04d}" for row in range(writers)]), np.full(writers, written), chance


def test_a_planted_fall_is_found():
    """Unhappy writers who order at half the rate of happy ones: the fall is 0.5, inside the resamples' interval."""
    fall = stake.falls(*planted(0.02, 0.01), np.random.default_rng(1))
    low, high = np.percentile(fall.resampled, [5, 95])
    assert fall.fall == pytest.approx(0.5, abs=0.1)
    assert low < 0.5 < high
    assert (fall.unhappy, fall.happy) == (200, 200)


def test_no_fall_puts_nothing_at_stake():
    """Where both order alike the interval begins at 0, and what is reckoned is little."""
    fall = stake.falls(*planted(0.02, 0.02, seed=3), np.random.default_rng(1))
    told = stake.reckon(10, 100, 10_000.0, 50, fall, np.random.default_rng(2))
    assert told.low == 0
    assert told.money <= told.high < 250  # 10 % of 10,000 x at most some 20 % of chance


def test_money_is_margin_times_share_times_fall():
    """10,000 x 20 of 100 texts x 0.5 is 1,000, within its interval; the words say so."""
    fall = stake.Fall(0.5, np.full(400, 0.5), 40, 60)
    told = stake.reckon(20, 100, 10_000.0, 50, fall, np.random.default_rng(2))
    assert told.money == pytest.approx(1000)
    assert told.low < 1000 < told.high
    assert "20.0%" in told.basis
    assert "50.0%" in told.basis


def test_few_writers_are_no_ground():
    """With fewer writers than it takes there is no figure, but a reason."""
    fall = stake.falls(*planted(0.02, 0.01, writers=40), np.random.default_rng(1))
    told = stake.reckon(1, 10, 100.0, 5, fall, np.random.default_rng(2))
    assert told.money is None
    assert told.basis == "not reckoned: 20 unhappy and 20 happy writers seen for 28 days after; it takes 30 of each"


def test_what_comes_before_a_text_does_not_count():
    """Orders up to the day of the text, and those of others, change nothing."""
    bought, writer, day, chance = planted(0.02, 0.01)
    fall = stake.falls(bought, writer, day, chance, np.random.default_rng(1))
    earlier = bought.day <= day[0]
    moved = np.where(earlier, bought.day - 3, bought.day)
    from dataclasses import replace

    again = stake.falls(replace(bought, day=moved), writer, day, chance, np.random.default_rng(1))
    assert again.fall == fall.fall
