"""What was known of each customer on one day, as numbers: nothing of that day or later, but for what was planned."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.propensity.rhythm import expected, logit, renewal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lotwise.mine.propensity.history import History
    from lotwise.mine.propensity.streams import Floats, Stream

WEEK = 7
YEAR = 364
HALF_LIVES = (14.0, 42.0, 120.0)
"""Days after which a purchase counts half: the last weeks, the season, the habit."""
LIKE = 5
"""Related categories of each category."""
COMPARED = 20_000
"""Customers by whom categories are compared, at most."""
UNSEEN = 30.0
"""Days that the time since the last purchase exceeds a customer's whole history by when there was none."""

Named = dict[str, "Floats"]


class Features:
    """Features of customers as of any day.

    Parameters
    ----------
    history
        What customers did; only what lies before the day asked for is looked at.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self._related: dict[str, tuple[str, ...]] = {}
        self._kept: dict[tuple[int, int], tuple[Named, dict[str, tuple[Floats, Floats]]]] = {}
        self._counts: dict[tuple[str, int], Floats] = {}

    def of(self, category: str | None, day: int, ahead: int) -> Named:
        """Return the features of every customer for what happens in the days ahead of one.

        Parameters
        ----------
        category
            Category whose purchase is foreseen; None for any purchase.
        day
            First day that is not known, counted from 1970-01-01.
        ahead
            Days of the window.

        Returns
        -------
        dict
            ``(n_customers,)`` by name of the feature; the names are the same for every category and day.
        """
        overall, plans = self._shared(day, ahead)
        found = dict(overall)
        found.update(_bought(self.history.stream(category), self.history, day, ahead))
        like = self.related(category) if category is not None else ()
        found["related categories"] = sum((self._count(name, day) for name in like), np.zeros(self.history.every.customers))
        eager = self.history.interest.get(category or "")
        if eager is not None:
            found.update(_interested(eager, day))
        if plans:
            found["promoted soon"], found["in a campaign soon"] = plans[category or ""]
        return found

    def related(self, category: str) -> tuple[str, ...]:
        """Return the categories whose buyers buy this one more than others do, by the first half of the history."""
        if category not in self._related:
            own = self._early[category]
            scores = {name: _correlation(values, own) for name, values in self._early.items() if name != category}
            self._related[category] = tuple(sorted(scores, key=lambda name: (-scores[name], name))[:LIKE])
        return self._related[category]

    @cached_property
    def _early(self) -> dict[str, Floats]:
        """How often each category was bought in the first half of the history, by the customers compared."""
        middle = (self.history.start + self.history.today) // 2
        return {name: _purchases(stream, middle)[:COMPARED] for name, stream in self.history.categories.items()}

    def _count(self, category: str, day: int) -> Floats:
        """Return how often a category was bought before a day; kept for the other targets of the day."""
        if (category, day) not in self._counts:
            self._counts[category, day] = _purchases(self.history.categories[category], day)
        return self._counts[category, day]

    def _shared(self, day: int, ahead: int) -> tuple[Named, dict[str, tuple[Floats, Floats]]]:
        """Return what is the same for all categories, kept for the next of them."""
        if (day, ahead) not in self._kept:
            planned = self.history.planned
            plans = planned.meets(day, ahead) if planned is not None else {}
            self._kept = {(day, ahead): (_visiting(self.history, day, ahead), plans)}
            self._counts = {}
        return self._kept[day, ahead]


def _purchases(stream: Stream, day: int) -> Floats:
    """Return how often customers bought before a day, decayed, as a logarithm."""
    return np.asarray(np.log1p(stream.decayed(np.ones(len(stream.day)), np.array([day]), HALF_LIVES[1])[0]))


def _visiting(history: History, day: int, ahead: int) -> Named:
    """Return how a customer comes and spends, whatever is bought."""
    every, days = history.every, np.array([day])
    visits = {span: every.count(day, span) for span in HALF_LIVES}
    lines, money, cut = (every.decayed(values, days, HALF_LIVES[1])[0] for values in (every.lines, every.money, every.cut))
    found = {f"visits, half-life {span:.0f} days": np.log1p(values) for span, values in visits.items()}
    found["money"] = np.log1p(np.maximum(money, 0.0))
    found["lines a visit"] = np.log1p(lines) - np.log1p(visits[HALF_LIVES[1]])
    found["days since a visit"] = np.log(_since(every, history, day))
    found["own rhythm of visits"] = _told(renewal(every, days, ahead)[0])
    found["visits expected"] = logit(expected(every, every.first, days, ahead, 60.0)[0])
    found["days known"] = np.log(np.maximum(_age(history, day), 1.0))
    found["share off the list price"] = np.clip(cut, 0.0, None) / np.maximum(np.clip(cut, 0.0, None) + np.abs(money), 1e-6)
    weeks = np.array([every.visits(days - WEEK * (back + 1), days - WEEK * back)[0] for back in range(8)], dtype=float)
    found |= {f"visits {back + 1} weeks ago": weeks[back] for back in range(3)}
    found["share of weeks with a visit"] = (weeks > 0).mean(axis=0)
    return found | dict(_told_of_themselves(history))


def _bought(stream: Stream, history: History, day: int, ahead: int) -> Named:
    """Return how a customer buys what is foreseen."""
    every, days = history.every, np.array([day])
    counts = {span: stream.count(day, span) for span in HALF_LIVES}
    money, cut = (stream.decayed(values, days, HALF_LIVES[1])[0] for values in (stream.money, stream.cut))
    found = {f"purchases, half-life {span:.0f} days": np.log1p(values) for span, values in counts.items()}
    found["money for it"] = np.log1p(np.maximum(money, 0.0))
    found["lines of it"] = np.log1p(stream.decayed(stream.lines, days, HALF_LIVES[1])[0])
    found["days since it was bought"] = np.log(_since(stream, history, day))
    ever = expected(stream, every.first, days, ahead)[0]
    rhythm = renewal(stream, days, ahead)[0]
    found["own rhythm of it"] = logit(np.where(np.isnan(rhythm), np.minimum(ever, 0.3), rhythm))
    found["expected by all purchases"] = logit(ever)
    for span in (30.0, 60.0, 120.0):
        found[f"expected, half-life {span:.0f} days"] = logit(expected(stream, every.first, days, ahead, span)[0])
    visits = every.count(day, HALF_LIVES[2])
    usual = counts[HALF_LIVES[2]].sum() / max(visits.sum(), 1e-9)
    share = (counts[HALF_LIVES[2]] + 2 * usual) / (visits + 2)
    rate = every.count(day, 30.0) * np.log(2) / 30.0 * ahead
    found["share of visits with it"] = logit(share)
    found["expected by visits"] = logit(-np.expm1(-np.clip(rate * share, 1e-4, 9.0)))
    found["share off its list price"] = np.clip(cut, 0.0, None) / np.maximum(np.clip(cut, 0.0, None) + np.abs(money), 1e-6)
    return found | _windows(stream, history, day, ahead)


def _windows(stream: Stream, history: History, day: int, ahead: int) -> Named:
    """Return in which windows of the past, as long as the one ahead, it happened, and how usual that is by season."""
    days = np.array([day])
    age = _age(history, day)
    past = np.array([stream.visits(days - ahead * (back + 1), days - ahead * back)[0] > 0 for back in range(6)], dtype=float)
    whole = np.clip(np.floor(age / ahead), 0, len(past))
    hits = (past * (np.arange(len(past))[:, None] < whole)).sum(axis=0)
    base = hits.sum() / max(whole.sum(), 1.0)
    found = {f"bought {back + 1} windows ago": past[back] for back in range(3)}
    found["share of windows with it"] = logit((hits + 2 * base) / (whole + 2))
    now = _level(stream, history, day, ahead)
    then = [_level(stream, history, day - YEAR + forward, ahead) for forward in (0, ahead)]
    season = then[1] - then[0] if day - YEAR - ahead >= history.start else 0.0
    found["level of the last window"] = np.full(len(age), now)
    found["change a year ago"] = np.full(len(age), season)
    return found


def _level(stream: Stream, history: History, day: int, ahead: int) -> float:
    """Return the log odds of the share of known customers with a purchase in the window that ends on a day."""
    known = history.known(day - ahead)
    hit = stream.visits(np.array([day - ahead]), np.array([day]))[0][known] > 0
    return float(logit(np.array((hit.sum() + 1.0) / (len(known) + 2.0))))


def _interested(stream: Stream, day: int) -> Named:
    """Return how often a customer looked, lately and before."""
    days = np.array([day])
    return {f"looked, half-life {span:.0f} days": np.log1p(stream.decayed(stream.lines, days, span)[0]) for span in (7.0, 28.0)}


def _told_of_themselves(history: History) -> Iterator[tuple[str, Floats]]:
    if history.bands is None:
        return
    for place, values in enumerate(history.bands.T):
        known = np.isfinite(values)
        yield f"band {place + 1}", np.where(known, values, values[known].mean() if known.any() else 0.0)
    yield "told of themselves", np.isfinite(history.bands).any(axis=1).astype(float)


def _age(history: History, day: int) -> Floats:
    return np.maximum(day - np.nan_to_num(history.every.first, nan=np.inf), 0.0)


def _since(stream: Stream, history: History, day: int) -> Floats:
    """Return the days since the last purchase; where there is none, the customer's whole history and a month."""
    last = stream.last(np.array([day]))[0]
    return np.maximum(np.where(np.isnan(last), _age(history, day) + UNSEEN, day - last), 1.0)


def _told(chance: Floats) -> Floats:
    return np.nan_to_num(logit(chance), nan=0.0)


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0


def stacked(named: Mapping[str, Floats]) -> Floats:
    """Return features as one matrix in single precision, ``(n_customers, n_features)``."""
    return np.column_stack([np.asarray(values, dtype=np.float32) for values in named.values()])
