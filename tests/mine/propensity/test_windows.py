from __future__ import annotations

import numpy as np
import pytest

from lotwise.mine.propensity.history import History
from lotwise.mine.propensity.streams import stream
from lotwise.mine.propensity.windows import needed, silence, windows


def test_windows_follow_one_another_up_to_today():
    """Learned windows end where the earlier begins, then later and check, each 28 days; the check ends today."""
    found = windows(0, 400, 28, step=28)
    assert (found.earlier, found.later, found.check) == (316, 344, 372)
    assert found.learned[-1] + 28 == found.earlier
    assert found.latest[-1] == found.check
    assert np.diff(found.learned).tolist() == [28] * (len(found.learned) - 1)


def test_without_a_check_the_last_window_is_the_one_chosen_by():
    """One more window is learned from, and none is kept apart."""
    found = windows(0, 400, 28, step=28, checked=False)
    assert (found.earlier, found.later, found.check) == (344, 372, 372)
    assert found.learned[-1] == 316


@pytest.mark.parametrize("ahead", [7, 28, 70])
def test_history_is_enough_from_the_days_said(ahead):
    """One day less than ``needed`` gives no windows, that many give one day to learn from."""
    assert windows(100, 100 + needed(ahead) - 1, ahead, step=7) is None
    assert len(windows(100, 100 + needed(ahead), ahead, step=7).learned) == 1


def history(gaps, today):
    day = np.concatenate([[0, *np.cumsum(own)] for own in gaps])
    who = np.repeat(np.arange(len(gaps)), [len(own) + 1 for own in gaps])
    every = stream(len(gaps), who, day, np.ones(len(day)), np.zeros(len(day)))
    return History(tuple(map(str, range(len(gaps)))), today, every, {}, ())


def test_silence_is_as_long_as_nearly_all_gaps_of_nearly_all_customers():
    """Ten customers with gaps of 7 days, one of them 45: the ninth of ten has 7, at least the 4 weeks foreseen; with two 45."""
    regular, slow = [7] * 10, [45] * 10
    assert silence(history([regular] * 19 + [slow], 2000), 4) == (28, False)
    assert silence(history([regular] * 17 + [slow] * 3, 2000), 4) == (49, False)  # 45 days are 7 whole weeks


def test_silence_is_no_longer_than_the_history_allows():
    """In 280 days five windows of 8 weeks fit, so a rhythm of 90 days is cut to that, and said to be."""
    assert silence(history([[90] * 3] * 20, 280), 4) == (56, True)
