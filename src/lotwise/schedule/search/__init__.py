"""Schedules as sequences: a decoder that places one operation after the other, a rule for the first sequence, and annealing.

``dispatch`` gives a feasible schedule at once, ``search`` the best one found within a budget.
"""

from lotwise.schedule.search.decode import decode
from lotwise.schedule.search.dispatch import dispatch
from lotwise.schedule.search.starts import search

__all__ = ["decode", "dispatch", "search"]
