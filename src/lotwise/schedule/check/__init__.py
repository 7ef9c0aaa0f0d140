"""An independent checker of schedules, written from the rules alone and not from what makes them.

``breaches`` and ``check`` judge a ``Schedule`` against its ``Shop`` before anything is published; ``check_tables`` judges
published tables against lots, routings and hours. They share no code with decoders and solvers, so that a fault there is no
fault here.
"""

from lotwise.schedule.check.published import READS, RULES, check_tables
from lotwise.schedule.check.rules import breaches, check

__all__ = ["READS", "RULES", "breaches", "check", "check_tables"]
