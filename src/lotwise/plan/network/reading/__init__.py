"""Makes the network of a problem from the tables: items, what makes, buys and moves them, machines, set-ups, orders.

Each kind of activity is one file; ``faults`` looks at the tables first and lists everything that does not fit.
What is only odd, and what was done about it, is said and not refused.
"""

from lotwise.plan.network.reading.assembled import build
from lotwise.plan.network.reading.places import opening

__all__ = ["build", "opening"]
