"""Weeks and cutoffs: the one piece of date arithmetic that stages must agree on.

A week is named by its Monday. A plan is made at a cutoff, the Monday of the first week it plans;
everything before that day is known to it. Past cutoffs go back from the last week of demand in steps
of the horizon, so that the windows they plan do not overlap and are all settled.
"""

from __future__ import annotations

from datetime import date, timedelta

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """Return the Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def current_cutoff(last_week: date) -> date:
    """Return the Monday after the last whole week of demand: where the plan to carry out begins.

    Parameters
    ----------
    last_week
        Monday of the last week in ``demand``.
    """
    return last_week + WEEK


def past_cutoffs(last_week: date, horizon: int, count: int) -> list[date]:
    """Return the Mondays at which past plans are made again, ascending.

    The k-th from the end is ``current_cutoff(last_week) - horizon * k`` weeks, so the windows of
    ``horizon`` weeks do not overlap and the last one ends with ``last_week``.

    Parameters
    ----------
    last_week
        Monday of the last week in ``demand``.
    horizon
        Weeks planned at each cutoff.
    count
        How many past plans are made; 0 gives none.
    """
    return [current_cutoff(last_week) - horizon * k * WEEK for k in range(count, 0, -1)]


def first_cutoff(first_week: date, last_week: date, horizon: int, count: int) -> date:
    """Return the earliest cutoff with a whole week of demand before it.

    What is known before it may be used to choose products, to weigh places and to observe prices;
    anything later would tell the first plan about its future.
    """
    cutoffs = [*past_cutoffs(last_week, horizon, count), current_cutoff(last_week)]
    return next((cutoff for cutoff in cutoffs if cutoff > first_week), cutoffs[-1])
