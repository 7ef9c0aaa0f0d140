"""What mining found, for people: each screen begins with a sentence, and every figure stands with its evidence."""

from lotwise.console.mined.causes import drivers
from lotwise.console.mined.chances import propensities
from lotwise.console.mined.changes import trends
from lotwise.console.mined.choices import preferences
from lotwise.console.mined.groups import segments
from lotwise.console.mined.patterns import rules
from lotwise.console.mined.persons import LISTED, profile, profiles
from lotwise.console.mined.rivals import market
from lotwise.console.mined.summary import mining
from lotwise.console.mined.voices import opinions

__all__ = [
    "LISTED",
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
