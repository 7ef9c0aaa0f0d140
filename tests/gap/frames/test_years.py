"""How much of a year the settled periods are."""

import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.gap.frames.long import read
from lotwise.gap.frames.years import settled_years
from lotwise.tables.forecasted import QUANTILES


def rows(days, cutoffs=None):
    frame = {"unique_id": ["a"] * len(days), "ds": np.array(days), **dict.fromkeys(QUANTILES, np.ones(len(days)))}
    return read(frame if cutoffs is None else frame | {"cutoff": np.array(cutoffs)})


@pytest.mark.parametrize(
    ("days", "cutoffs", "years"),
    [
        (np.arange("2026-01-05", "2026-04-06", 7, "datetime64[D]"), None, 13 / 52),
        (["2026-02-02", "2026-03-02"], ["2026-01-26", "2026-02-23"], 2 / 52),  # each fourth week, one week after its cutoff
        (
            ["2026-02-02", "2026-02-02"],
            ["2026-01-26", "2026-01-19"],
            2 / 52,
        ),  # one week, decided twice: its money is there twice
        (np.arange("2026-01", "2026-07", dtype="datetime64[M]").astype("datetime64[D]"), None, 0.5),
        (["2026-01-01", "2026-04-01", "2026-07-01"], None, 0.75),
        (["2024-01-01", "2025-01-01", "2026-01-01"], None, 3),
        (np.arange("2026-01-01", "2026-01-11", dtype="datetime64[D]"), None, 10 / 365.25),
        (np.arange("2026-01-01T00", "2026-01-02T00", dtype="datetime64[h]").astype("datetime64[s]"), None, 1 / 365.25),
    ],
)
def test_the_length_of_a_period_is_read_from_the_dates(days, cutoffs, years):
    """Weeks count 52 a year, even where some are not settled; months, quarters and years by the calendar, others by time."""
    days = np.array(days, "datetime64[D]") if not isinstance(days, np.ndarray) else days
    cutoffs = None if cutoffs is None else np.array(cutoffs, "datetime64[D]")
    assert settled_years(rows(days, cutoffs)) == pytest.approx(years)


@pytest.mark.parametrize(
    ("days", "said"), [([1, 2, 3], "plain numbers"), (np.array(["2026-01-05"], "datetime64[D]"), "single date")]
)
def test_periods_without_a_length_are_told(days, said):
    """Numbers and a single date say nothing of a year."""
    with pytest.raises(ContractError, match=said):
        settled_years(rows(days))
