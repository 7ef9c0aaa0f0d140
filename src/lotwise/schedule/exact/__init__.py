"""CP-SAT for classical shops, small windows and proofs: the shop as a constraint program, solved in a process of its own.

``exact`` gives the best schedule found and a proved bound, ``fits`` whether a shop can be taken, ``polish`` improves a
window of a schedule.
"""

from lotwise.schedule.exact.solve import exact, fits, obstacles, polish

__all__ = ["exact", "fits", "obstacles", "polish"]
