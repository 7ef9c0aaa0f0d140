"""What mining found, for people: each screen begins with a sentence, and every figure stands with its evidence."""

from lotwise.console.mined.choices import preferences
from lotwise.console.mined.customers import profile, profiles, propensities, segments
from lotwise.console.mined.patterns import drivers, market, rules, trends
from lotwise.console.mined.summary import mining
from lotwise.console.mined.voices import opinions

__all__ = [
    "drivers",
    "market",
    "mining",
    "opinions",
    "preferences",
    "profile",
    "profiles",
    "propensities",
    "rules",
    "segments",
    "trends",
]
