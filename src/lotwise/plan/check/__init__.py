"""An independent checker of published plans, written from the rules alone and not from the planner.

It reads published tables only and shares no code with what made them, so that a fault of the planner is not a fault of
the checker too. ``check`` returns every ``Breach`` of a rule, and ``unchecked`` says what could not be judged and why.
"""

from lotwise.plan.check.breach import Breach
from lotwise.plan.check.rules import READS, RULES, check
from lotwise.plan.check.said import unchecked

__all__ = ["READS", "RULES", "Breach", "check", "unchecked"]
