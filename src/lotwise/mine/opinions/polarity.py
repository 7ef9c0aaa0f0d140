"""Sentiment by the word lists alone, where a project has too few rated texts to learn from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lotwise.mine.opinions.statements import said

if TYPE_CHECKING:
    from lotwise.mine.opinions.statements import Said

SLOPE, OFFSET = 2.0, -0.2
"""Of the logistic function that makes a sum of opinions a chance.

Fitted (2.03 and -0.19) on 6,000 Chinese shopping reviews in ten categories, none of which is scored in a benchmark. There is no
English set to fit on; the same numbers are used.
"""

LIMIT = 0.98
"""Certainty that words alone never exceed."""


SIGNS = {1: "qzpraise", -1: "qzblame"}
"""What a text that is for or against something by the word lists is marked with for a reader; no word begins so."""

LEVELS = (0.0, 0.5, 1.2)
"""Sums of opinions, over the root of their number, from which it is marked once, twice, three times."""


def score(text: str) -> tuple[float, int]:
    """Return the chance that a clean text is for something, and how many opinions it holds; 0.5 where it holds none."""
    return chance(found := said(text)), found.opinions


def chance(found: Said) -> float:
    """Return the chance that what was said is for something."""
    if not found.opinions or not found.weight:
        return 0.5
    value = 1 / (1 + math.exp(-SLOPE * found.weight / math.sqrt(found.opinions + 1) - OFFSET))
    return min(max(value, 1 - LIMIT), LIMIT)


def signed(text: str, found: Said) -> str:
    """Return a clean text with signs of what the word lists make of it before it, so that a reader can lean on both."""
    value = found.weight / math.sqrt(found.opinions + 1)
    sign = SIGNS[1 if value > 0 else -1]
    return " ".join([*(sign for level in LEVELS if abs(value) > level), text])
