"""Public holidays of any country: how many, how far away, and the feasts that move from year to year."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    from holidays import HolidayBase

    from lotwise.forecast.panel import Array, Days, Mask

FEASTS = {
    "Easter": ("easter", "good friday"),
    "Christmas": ("christmas",),
    "Thanksgiving": ("thanksgiving",),
    "Lunar New Year": ("lunar new year", "chinese new year", "korean new year"),
    "Eid al-Fitr": ("eid al-fitr",),
    "Eid al-Adha": ("eid al-adha",),
    "Diwali": ("diwali", "deepavali"),
}
"""Feasts around which people buy differently, and what their days are called in English."""
FASTING_DAYS = 30
"""Days before Eid al-Fitr."""


def refusal(country: str) -> str | None:
    """Return why the holidays of a country are not known, or None where they are.

    Parameters
    ----------
    country
        ISO 3166 code such as ``DE``, with a subdivision where it has one, such as ``DE-BY``.
    """
    import holidays  # noqa: PLC0415  only where a country is named

    code, _, part = country.partition("-")
    supported = holidays.list_supported_countries()
    if code not in supported:
        return f"'{country}' is no country whose holidays are known; give an ISO 3166 code such as DE, US-CA or CN"
    if part and part not in supported[code]:
        parts = ", ".join(supported[code]) or "none"
        return f"'{country}' names a subdivision that is not known; those of {code} are: {parts}"
    return None


def weekly(country: str, weeks: Days) -> dict[str, Array]:
    """Return how many public holidays, working days and make-up workdays each week holds; ``(n_weeks,)`` each.

    Make-up workdays (weekend days on which a country works for a day off elsewhere, as in China) are those the
    package ``holidays`` knows; without any, there is no such feature.
    """
    kept = _holidays(country, *_years(weeks), every=False)
    days = _days(weeks)
    made_up = set(getattr(kept, "weekend_workdays", ()))
    found = {
        "public holidays": np.array([[day in kept for day in week] for week in days]),
        "working days": np.array([[kept.is_working_day(day) for day in week] for week in days]),
    }
    if any(day in made_up for day in chain(*days)):
        found["make-up workdays"] = np.array([[day in made_up for day in week] for week in days])
    return {name: marks.sum(axis=1).astype(float) for name, marks in found.items()}


def feasts(country: str, weeks: Days) -> dict[str, Mask]:
    """Return which weeks hold each feast the country keeps, and the days of its fast; ``(n_weeks,)`` each."""
    names = _holidays(country, *_years(weeks), every=True)
    days = _days(weeks)
    found: dict[str, Mask] = {}
    for feast, words in FEASTS.items():
        kept = {day for day, name in names.items() if any(word in name.lower() for word in words)}
        holds = np.array([any(day in kept for day in week) for week in days], dtype=bool)
        if holds.any():
            found[feast] = holds
    return found


def fasting(country: str, weeks: Days) -> Array | None:
    """Return the days of Ramadan in each week where its end is a public holiday, else None; ``(n_weeks,)``."""
    names = _holidays(country, *_years(weeks), every=False)
    ends = np.array(sorted(day for day, name in names.items() if "eid al-fitr" in name.lower()), "datetime64[D]")
    number = ends.astype(np.int64)
    first = number[np.diff(number, prepend=-FASTING_DAYS) >= FASTING_DAYS]
    if len(first) == 0:
        return None
    away = first[:, None, None] - (weeks[:, None] + np.arange(7)).astype("datetime64[D]").astype(np.int64)
    return np.asarray(((away > 0) & (away <= FASTING_DAYS)).any(axis=0).sum(axis=1), np.float64)


@cache
def _holidays(country: str, first: int, last: int, *, every: bool) -> HolidayBase:
    import holidays  # noqa: PLC0415  only where a country is named

    code, _, part = country.partition("-")
    years = range(first, last + 1)
    plain = holidays.country_holidays(code, subdiv=part or None, years=years, language="en_US")
    if not every:
        return plain
    kinds = type(plain).supported_categories
    return holidays.country_holidays(code, subdiv=part or None, years=years, language="en_US", categories=kinds)


def _years(weeks: Days) -> tuple[int, int]:
    return int(str(weeks[0])[:4]), int(str(weeks[-1] + np.timedelta64(6, "D"))[:4]) + 1


def _days(weeks: Days) -> list[list[date]]:
    found: list[list[date]] = (weeks[:, None] + np.arange(7)).astype("datetime64[D]").tolist()
    return found
