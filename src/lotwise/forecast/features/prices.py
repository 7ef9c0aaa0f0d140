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

MEANINGS = {
    "price": "logarithm of the mean price paid so far",
    "price over usual": "price last paid, over its mean so far",
    "price of 4 weeks over usual": "mean price of the last 4 weeks, over its mean so far",
    "price against its category, over usual": "log price over the mean of its category's other products, less the same so far",
    "discount {n}": "share off the list price {n} weeks before the first week ahead",
    "discount, mean of 8": "mean share off the list price of the last 8 weeks",
    "discount, mean": "mean share off the list price so far",
    "discount, deviation": "standard deviation of the share off the list price so far",
    "weeks since a discount": "weeks since more than 5 % was off the list price",
}


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
    against = category(facts, paid)
    if against is not None:
        found["price against its category, over usual"] = against - windows.mean(against)
    found |= {f"discount {lag}": windows.delay(off, lag - 1) for lag in range(1, 5)}
    if source.known == "plan":
        return _to_come(facts, paid, usual, off)
    return {name: windows.delay(values, source.lead)[:, :, None] for name, values in found.items()}


def _to_come(facts: Facts, paid: Array, usual: Array, off: Array) -> dict[str, Array]:
    """Return price and discount of the target week as they came: what nobody could know, to see what it would be worth.

    A week in which nothing was sold has the price before it, so that it does not tell that nothing was sold.
    """
    weeks, horizon = facts.panel.shape[1], facts.horizon
    later = np.full((len(paid), horizon), np.nan)
    target, deal = (windows.ahead(np.concatenate([values, later], axis=1), weeks, horizon) for values in (paid, off))
    return {"price to come, over usual": target / usual[:, :, None], "discount to come": deal}


def category(facts: Facts, paid: Array) -> Array | None:
    """Return the log price less the mean of the category's other products; None where no product has a price beside it."""
    group = facts.groups("category")
    logs = np.log(np.where(paid > 0, paid, np.nan))
    count, sums = (np.zeros((group.max() + 1, logs.shape[1])) for _ in range(2))
    np.add.at(count, group, np.isfinite(logs).astype(float))
    np.add.at(sums, group, np.nan_to_num(logs))
    others = count[group] - np.isfinite(logs)
    against = np.where(others > 0, logs - (sums[group] - np.nan_to_num(logs)) / np.maximum(others, 1), np.nan)
    return against if "products" in facts.tables and np.isfinite(against).any() else None
