"""What else could be promised: fewer units sooner and the rest later, or another value of an option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lotwise.plan.promising import configuration
from lotwise.plan.promising.promised import last_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lotwise.plan.promising.book import Book
    from lotwise.plan.promising.promised import Promise

LEAST = 1.0
"""Fewest units worth a delivery of their own."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else that could be promised.

    Parameters
    ----------
    kind
        ``"split"``: some of the units sooner, the rest in the promised week; ``"fewer"``: some within the weeks planned, the
        rest not; ``"option"``: all of them sooner with another value of an option.
    units, day
        How many then, and when.
    option, value
        Which option, and its other value; empty for the other kinds.
    """

    kind: str
    units: float
    day: date
    option: str = ""
    value: str = ""


def alternatives(book: Book, promise: Promise) -> list[Alternative]:
    """Return what else could be promised, the soonest first; nothing where nothing is sooner.

    Parameters
    ----------
    book
        That gave the promise.
    promise
        To be bettered.
    """
    found = [*_options(book, promise), *_fewer(book, promise)]
    return sorted(found, key=lambda one: (one.day, -one.units, one.option, one.value))


def _options(book: Book, promise: Promise) -> Iterator[Alternative]:
    """Yield every value of an option asked for that makes it sooner, the others as they are."""
    chosen = dict(promise.options)
    known = configuration.values(book.facts, promise.product)
    for option, value in promise.options:
        for other in known.get(option, ()):
            if other == value or [*configuration.broken(book.facts, promise.product, chosen | {option: other})]:
                continue
            offer = book.promise(promise.product, promise.units, options=chosen | {option: other}, region=promise.region)
            if offer.day is not None and (promise.day is None or offer.day < promise.day):
                yield Alternative("option", promise.units, offer.day, option, other)


def _fewer(book: Book, promise: Promise) -> Iterator[Alternative]:
    """Yield the most units, in whole ones, of the earliest week that has any and is sooner than all of them."""
    step = max(book.facts.multiples.get(promise.product, 0.0), LEAST)
    days = book.days(promise.region)
    for week, units in enumerate(promise.by_week):
        some = float(np.floor(units / step + 1e-9) * step)
        if some >= step and some < promise.units and week >= book.facts.now:
            yield Alternative("fewer" if promise.week is None else "split", some, last_day(book.facts.weeks[week], days))
            return
