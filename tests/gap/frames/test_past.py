"""Own history as a base."""

import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.gap.frames.long import read
from lotwise.gap.frames.past import sample_average
from lotwise.tables.forecasted import LEVELS


def test_each_cutoff_sees_what_was_known(long_frame):
    """Quantiles are those of the rows up to the cutoff: of all, and of the last 13; a series without any has none."""
    rows = read(long_frame(np.ones((3, 2, 23)), np.ones((3, 2))))
    day = np.datetime64("2026-01-05") - 7 * np.arange(30, 0, -1).astype("timedelta64[D]")
    day = np.append(day, np.datetime64("2026-01-05"))
    y = np.random.default_rng(0).permutation(31).astype(float)
    history = {"unique_id": np.repeat(["s000", "s001"], 31), "ds": np.tile(day, 2), "y": np.concatenate([y, y + 5])}
    whole, recent = sample_average(history, rows)
    # Row 0 knows the first 30 rows, row 1 all 31; series s002 has no history.
    assert whole[0] == pytest.approx(np.quantile(y[:30], LEVELS))
    assert whole[1] == pytest.approx(np.quantile(y, LEVELS))
    assert recent[0] == pytest.approx(np.quantile(y[17:30], LEVELS))
    assert recent[3] == pytest.approx(np.quantile(y[18:] + 5, LEVELS))
    assert np.isnan(whole[4:]).all()


def test_what_comes_after_the_cutoff_changes_nothing(long_frame, rng):
    """Demand after the last cutoff may be anything."""
    rows = read(long_frame(np.ones((1, 2, 23)), np.ones((1, 2))))
    day = np.datetime64("2025-12-01") + 7 * np.arange(12).astype("timedelta64[D]")
    y = rng.gamma(2, 5, 12)
    later = np.where(day > np.datetime64("2026-01-05"), 1e6, y)
    first, second = (sample_average({"unique_id": ["s000"] * 12, "ds": day, "y": one}, rows) for one in (y, later))
    assert np.array_equal(first, second)


def test_without_a_cutoff_it_cannot_be_told_what_was_known(long_frame):
    """The message says to add the column or to give a base."""
    rows = read(long_frame(np.ones((1, 2, 23)), np.ones((1, 2))).drop_columns(["cutoff"]))
    with pytest.raises(ContractError, match=r"no column 'cutoff'.* base="):
        sample_average({"unique_id": ["s000"], "ds": np.array(["2025-01-06"], "datetime64[D]"), "y": [1.0]}, rows)
