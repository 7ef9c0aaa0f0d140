"""Permutation flow shops by iterated greedy search: one sequence of orders for all machines.

``fits`` says which shops these are, ``flow`` schedules them. A sequence is judged by its insertions (``insert``), the search is
in ``greedy``; set-ups between orders, releases and due times count.
"""

from lotwise.schedule.flow.line import fits
from lotwise.schedule.flow.search import flow

__all__ = ["fits", "flow"]
