"""How much to hold: classical stock policies, on arrays, and what service they give when simulated.

``newsvendor``, ``base_stock``, ``min_max`` and ``guaranteed`` are optimal for what each assumes; ``ddmrp`` is a baseline
of practice; ``search`` sets levels by simulation where no formula holds, ``service`` exactly for a demand ``law``, and
``levels`` whichever it takes for many items. Every policy is frozen data that says what it
orders at a position, and ``simulate`` judges them all by one rule.
"""

from lotwise.plan.inventory import base_stock, ddmrp, guaranteed, law, min_max, newsvendor, search, service
from lotwise.plan.inventory.base_stock import BaseStock
from lotwise.plan.inventory.ddmrp import Buffer
from lotwise.plan.inventory.guaranteed import Network, Placement
from lotwise.plan.inventory.law import Law
from lotwise.plan.inventory.levels import POLICIES, Item, Levels, levels
from lotwise.plan.inventory.min_max import MinMax
from lotwise.plan.inventory.newsvendor import Choice
from lotwise.plan.inventory.simulate import Policy, Service, simulate

__all__ = [
    "POLICIES",
    "BaseStock",
    "Buffer",
    "Choice",
    "Item",
    "Law",
    "Levels",
    "MinMax",
    "Network",
    "Placement",
    "Policy",
    "Service",
    "base_stock",
    "ddmrp",
    "guaranteed",
    "law",
    "levels",
    "min_max",
    "newsvendor",
    "search",
    "service",
    "simulate",
]
