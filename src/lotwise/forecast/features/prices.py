"""What was paid: past prices and discounts off the list price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lotwise.forecast import windows

if TYPE_CHECKING:
    from lotwise.config import Source
    from lotwise.forecast.panel import Array, Facts

DEEP = 0.05
"""A smaller share off the list price is no discount."""


def features(facts: Facts, source: Source) -> dict[str, Array]:
    """Return the price paid against its usual one, and how often and how lately it was discounted."""
    absent = np.full(facts.panel.shape, np.nan)
    paid = windows.filled(facts.panel.measures.get("unit_price", absent))
    off = np.nan_to_num(windows.filled(facts.panel.measures.get("discount", absent)))
    usual = windows.mean(paid)
    usual = np.where(usual > 0, usual, np.nan)
    found = {
        "price": np.log(usual),
        "price over usual": paid / usual,
        "price of 4 weeks over usual": windows.mean(paid, 4) / usual,
        "discount, mean of 8": windows.mean(off, 8),
        "discount, mean": windows.mean(off),
        "discount, deviation": windows.deviation(off),
        "weeks since a discount": windows.since(off > DEEP),
    }
    found |= {f"discount {lag}": windows.delay(off, lag - 1) for lag in range(1, 5)}
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}
