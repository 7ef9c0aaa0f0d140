"""Promises: the earliest week for any product or configuration, what it costs, what binds, and what is reserved.

A ``Book`` holds what the plan leaves free and answers in microseconds; ``exact`` asks the linear program again; the ``Ledger``
keeps reservations that survive the process; ``Delays`` say how well promises were kept.
"""

from lotwise.plan.promising.book import Book
from lotwise.plan.promising.delays import Delays, from_work, learn
from lotwise.plan.promising.facts import Facts, Line, Rule, Value, Way
from lotwise.plan.promising.promised import Promise
from lotwise.plan.promising.read import TAKEN, read

__all__ = ["TAKEN", "Book", "Delays", "Facts", "Line", "Promise", "Rule", "Value", "Way", "from_work", "learn", "read"]
