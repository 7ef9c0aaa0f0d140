"""From the pool to patterns: who the customers are, what they want, and what has changed.

Each part is a folder of its own and gives tables; ``publish`` within it turns the pool's tables into them, and ``run`` is the
stage. On frames of your own: ``find_itemsets, find_rules, find_next``; ``segment, segment_features, segment_tables,
migrations``; ``profile, customer_value``; ``foresee``; ``fit_choices, read_sales, find_preferences, shares, line``;
``read_texts``; ``find_trends``; ``find_drivers``.
"""

from lotwise.mine.choice.frames import fit_choices
from lotwise.mine.drivers.frames import find_drivers
from lotwise.mine.itemsets.frames import find_itemsets
from lotwise.mine.opinions.frames import TextModel, read_texts
from lotwise.mine.preferences.frames import find_preferences, line, read_sales, shares
from lotwise.mine.profiles.frames import customer_value, profile
from lotwise.mine.propensity.frames import foresee
from lotwise.mine.rules.frames import find_next, find_rules
from lotwise.mine.run import run
from lotwise.mine.segments.frames import migrations, segment, segment_features, segment_tables
from lotwise.mine.trends.frames import find_trends

__all__ = [
    "TextModel",
    "customer_value",
    "find_drivers",
    "find_itemsets",
    "find_next",
    "find_preferences",
    "find_rules",
    "find_trends",
    "fit_choices",
    "foresee",
    "line",
    "migrations",
    "profile",
    "read_sales",
    "read_texts",
    "run",
    "segment",
    "segment_features",
    "segment_tables",
    "shares",
]
