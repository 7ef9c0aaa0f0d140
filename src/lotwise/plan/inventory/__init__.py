"""How much to hold: classical stock policies, on arrays, and what service they give when simulated.

``newsvendor``, ``base_stock``, ``min_max`` and ``guaranteed`` are optimal for what each assumes; ``ddmrp`` is a baseline
of practice; ``search`` sets levels by simulation where no formula holds. Every policy is frozen data that says what it
orders at a position, and ``simulate`` judges them all by one rule.
"""

from lotwise.plan.inventory import base_stock, ddmrp, guaranteed, min_max, newsvendor, search
from lotwise.plan.inventory.base_stock import BaseStock
from lotwise.plan.inventory.ddmrp import Buffer
from lotwise.plan.inventory.guaranteed import Network, Placement
from lotwise.plan.inventory.min_max import MinMax
from lotwise.plan.inventory.newsvendor import Choice
from lotwise.plan.inventory.simulate import Policy, Service, simulate

__all__ = [
    "BaseStock",
    "Buffer",
    "Choice",
    "MinMax",
    "Network",
    "Placement",
    "Policy",
    "Service",
    "base_stock",
    "ddmrp",
    "guaranteed",
    "min_max",
    "newsvendor",
    "search",
    "simulate",
]
