"""What no schedule can do better than: lower bounds of the makespan, of each order's end, and of the total in money.

Each bound leaves something out (set-ups, closed time, that a machine does one thing at a time) and never adds anything,
so it is valid; the difference to a schedule's value is the most that could still be gained.
"""

from lotwise.schedule.bounds.loads import completion_bounds, makespan_bound
from lotwise.schedule.bounds.total import bound

__all__ = ["bound", "completion_bounds", "makespan_bound"]
