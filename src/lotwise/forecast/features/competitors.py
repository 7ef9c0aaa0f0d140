"""What competitors ask for the same thing, against our price and against what is usual for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows
from lotwise.forecast.features import plans

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts

MEANINGS = {
    "competing price over usual": "mean price competitors last asked, over its mean so far",
    "competing price over ours": "mean price competitors last asked, over the price last paid to us",
    "competing price planned over usual": "price competitors announced for the target week, over its mean so far",
}


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the mean competing price over its usual one and over ours; the target week's where it is a plan."""
    weeks = facts.panel.shape[1]
    theirs = facts.panel.spread(facts.tables["competitors"], "price", facts.axis)
    theirs = np.where(theirs > 0, theirs, np.nan)
    lead = plans.delay_of(source)
    past = windows.filled(theirs[:, :weeks])
    usual = windows.delay(windows.mean(past), lead)
    paid = windows.filled(facts.panel.measures.get("unit_price", np.full(facts.panel.shape, np.nan)))
    paid = windows.delay(np.where(paid > 0, paid, np.nan), lead)
    now = windows.delay(past, lead)
    found = {"competing price over usual": (now / usual)[:, :, None], "competing price over ours": (now / paid)[:, :, None]}
    if source.known == "plan":
        found["competing price planned over usual"] = plans.target(facts, source, theirs, now) / usual[:, :, None]
    return found
