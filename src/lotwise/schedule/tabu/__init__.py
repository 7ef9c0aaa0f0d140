"""The makespan of classical shops by tabu search on the disjunctive graph.

``fits`` says which shops are classical, ``tabu`` schedules them: walks through critical neighbors (``walk``, ``neighbors``),
begun between good schedules (``elite``, ``blend``), every schedule a set of sequences on machines (``graph``).
"""

from lotwise.schedule.tabu.chains import fits
from lotwise.schedule.tabu.search import tabu

__all__ = ["fits", "tabu"]
