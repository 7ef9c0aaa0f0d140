"""Planning week after week while demand comes, simulated: what a planner earns out of sample, and how nervous it is.

An ``Environment`` is a factory and the demand that will come; a planner is any function from a ``State`` to a ``Decision``;
``simulate`` lets it run. Planners by whole plans (``planned``) and by stock policies (``stocked``) stand side by side.
"""

from lotwise.plan.rolling.changes import Changes, changes
from lotwise.plan.rolling.environment import Decision, Environment, State
from lotwise.plan.rolling.planners import mean, perfect, planned, quantile, revised, scenarios
from lotwise.plan.rolling.policies import base_stock, ddmrp, min_max, stocked
from lotwise.plan.rolling.ration import ration
from lotwise.plan.rolling.simulate import Rolled, simulate
from lotwise.plan.rolling.use import Use

__all__ = [
    "Changes",
    "Decision",
    "Environment",
    "Rolled",
    "State",
    "Use",
    "base_stock",
    "changes",
    "ddmrp",
    "mean",
    "min_max",
    "perfect",
    "planned",
    "quantile",
    "ration",
    "revised",
    "scenarios",
    "simulate",
    "stocked",
]
