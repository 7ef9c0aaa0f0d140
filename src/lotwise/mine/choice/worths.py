"""Part-worths as rows of the table ``preferences``, in logits and in money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.mine.choice.fitted import NORMAL_95, p_values

if TYPE_CHECKING:
    from lotwise.mine.choice.coded import Coded
    from lotwise.mine.choice.fitted import Fitted, Group

CREDIBLE = 2.5758293035489004
"""Standard errors by which the part-worth of the price must lie below 0: its 99 % interval, for money is divided by it."""


def part_worths(fitted: Fitted, coded: Coded, *, choice: str, price: str = "") -> list[dict[str, Any]]:
    """Return the rows of table ``preferences`` of a model, group by group.

    Willingness to pay is the part-worth over the worth of one unit of money, with its 95 % interval by the delta method; of a
    mixed logit it is the ratio of means over persons. It is absent where the price's part-worth is not surely below 0.

    Parameters
    ----------
    fitted
        The model, estimated from the columns of ``coded``.
    coded
        What the columns mean.
    choice
        What is chosen, as the table calls it.
    price
        Column that is money to pay; empty: none.
    """
    found = []
    for group in fitted.groups:
        told = {"choice": choice, "segment": group.name, "segment_share": group.share}
        money = willingness(group, fitted.attributes.index(price)) if price in fitted.attributes else None
        spread = group.spread if fitted.model == "mixed logit" else None
        p_value = p_values(group.part_worths, group.errors)
        for attribute, value in coded.bases:
            row = {"attribute": attribute, "value": value, "part_worth": 0.0, "share": coded.shares[attribute, value]}
            found.append(told | row)
        for place, (attribute, value) in enumerate(coded.means):
            row = {
                "attribute": attribute,
                "value": value,
                "part_worth": float(group.part_worths[place]),
                "standard_error": _known(group.errors[place]),
                "p_value": _known(p_value[place]),
                "spread": None if spread is None else float(spread[place]),
                "share": coded.shares.get((attribute, value)),
            }
            if money is not None and coded.names[place] != price:
                worth, error = float(money[0][place]), float(money[1][place])
                row |= {
                    "willingness": worth,
                    "willingness_low": worth - NORMAL_95 * error,
                    "willingness_high": worth + NORMAL_95 * error,
                }
            found.append(told | row)
    return found


def willingness(group: Group, price: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the money each attribute is worth and its standard error; nothing where the price is not surely disliked.

    Parameters
    ----------
    group
        Tastes.
    price
        Place of the attribute that is money to pay.
    """
    paid, worths = group.part_worths[price], group.part_worths
    if not paid + CREDIBLE * group.errors[price] < 0:
        return None
    slope = -np.eye(len(worths)) / paid
    slope[:, price] += worths / paid**2
    variance = np.einsum("ij,jk,ik->i", slope, group.covariance, slope)
    return -worths / paid, np.sqrt(np.maximum(variance, 0.0))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
