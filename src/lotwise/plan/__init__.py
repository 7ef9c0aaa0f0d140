"""What to make and buy, what limits it, and what it brings.

``make`` solves one ``Problem`` as a linear program whose size does not grow with the scenarios; ``settle`` says
exactly what any supply earns in any outcome, and every plan is judged by it. ``run`` is the stage: it makes the
plans of every state of information and cutoff, and explains them. Beside the weekly plan, on any frame: ``stock_policy``,
``safety_stock``, ``postpone``, ``assort``, ``batch``, ``promise``.
"""

from lotwise.plan import generic, inventory
from lotwise.plan.bill import Bill, explode, option_shares, uses
from lotwise.plan.explain import conflicts, cuts
from lotwise.plan.frames import assort, batch, batch_sizes, postpone, promise, safety_stock, stock_policy
from lotwise.plan.lots import Plan, make
from lotwise.plan.materials import Materials, arrivals
from lotwise.plan.problem import LotRules, Problem, Resources, Terms, no_resources
from lotwise.plan.run import run
from lotwise.plan.settle import Outcome, expect, settle

__all__ = [
    "Bill",
    "LotRules",
    "Materials",
    "Outcome",
    "Plan",
    "Problem",
    "Resources",
    "Terms",
    "arrivals",
    "assort",
    "batch",
    "batch_sizes",
    "conflicts",
    "cuts",
    "expect",
    "explode",
    "generic",
    "inventory",
    "make",
    "no_resources",
    "option_shares",
    "postpone",
    "promise",
    "run",
    "safety_stock",
    "settle",
    "stock_policy",
    "uses",
]
