"""Tests of how late promises were kept."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise import InputError
from lotwise.plan.promising import from_work, learn
from lotwise.tables import contract


def test_new_promises_are_kept_by_the_days_learned():
    """Over 400 pasts of 60 delays, new ones of the same law are within the days learned half and nine times in ten."""
    rng = np.random.default_rng(7)
    kept = np.zeros(2)
    for past in rng.gamma(2.0, 20.0, (400, 60)):
        kept += [(rng.gamma(2.0, 20.0, 50) <= days).mean() for days in learn(past).together]
    assert (kept / 400 >= [0.49, 0.89]).all()  # a standard error is below 0.005
    assert (kept / 400 <= [0.53, 0.92]).all()  # whole days and (n + 1) make it at most 1/61 and a day's share more


def test_weeks_ahead_with_few_promises_use_all():
    """40 promises a week ahead have days of their own; 5 two weeks ahead do not."""
    found = learn([1.0] * 40 + [9.0] * 5, [1] * 40 + [2] * 5)
    assert found.after(1) == (1, 1)
    assert found.after(2) == found.together


def test_promises_never_kept_count_as_later_than_all():
    """With a fifth not kept yet, nine in ten are not within any number of days known: the largest known is told."""
    assert learn([1.0, 2.0, 3.0, 4.0, np.inf]).together == (3, 4)


@pytest.mark.parametrize("late", [[], [np.nan], [1.0, np.nan]])
def test_no_past_is_refused(late):
    """Nothing can be learned of nothing, or of what is no number."""
    with pytest.raises(InputError, match="at least one, all numbers"):
        learn(late)


def test_the_floor_says_how_late_it_is():
    """40 lots done on the Monday after their week are 3 days after its Friday; fewer than 30 say nothing."""
    monday = date(2024, 1, 1)
    names = ("lot", "item", "week", "planned", "made", "finished")
    rows = [(f"l{n}", "chair", monday, 1.0, 1.0, monday + timedelta(days=7)) for n in range(40)]
    work = contract("work").check(
        pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=_schema(names))
    )
    assert from_work(work).together == (3, 3)
    assert from_work(work.slice(0, 29)) is None


def _schema(names):
    return pa.schema([contract("work").schema.field(name) for name in names])
