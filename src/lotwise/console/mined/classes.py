"""Classes of customers who choose alike: what sets each apart, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lotwise.console.mined.said import Row

    Worths = Mapping[tuple[str, str, str], Row]

OTHER = "other"
"""Alternative that stands for all that are not told apart."""
ONE_MORE = "1 more"
"""Value of an attribute that is an amount."""
PRODUCT = "product"
CLEAR = 2.0
"""Standard errors from which a class is told to differ from the mean of all."""
APART = 3
"""Differences told of each class."""


def apart(
    segment: str,
    segments: Sequence[str],
    by: Worths,
    named: Callable[[str], str],
    currency: str,
) -> str:
    """Return in words what a class likes more or less than all customers do in the mean, the surest first."""
    sure: dict[tuple[str, str], float] = {}
    for own, attribute, value in by:
        if own == segment and value != OTHER:
            distances = {one: _distance(one, attribute, value, by) for one in segments}
            total = sum(by[one, attribute, value]["segment_share"] for one in segments if (one, attribute, value) in by)
            mean = sum(
                by[one, attribute, value]["segment_share"] * distance
                for one, distance in distances.items()
                if (one, attribute, value) in by
            )
            error = _error(segment, attribute, value, by)
            sure[attribute, value] = (distances[segment] - mean / total) / error if error else 0.0
    first = sorted((key for key in sure if abs(sure[key]) >= CLEAR), key=lambda key: (-abs(sure[key]), key))[:APART]
    words = [_differs(*key, sure[key] > 0, named, currency) for key in first]
    return ", ".join(words) if words else "much like all customers"


def _distance(segment: str, attribute: str, value: str, by: Worths) -> float:
    """Return a part-worth beside the mean of its attribute's values, so that no base value stands out."""
    row = by.get((segment, attribute, value))
    if row is None:
        return 0.0
    if value == ONE_MORE:
        return float(row["part_worth"])
    worths = [one["part_worth"] for key, one in by.items() if key[:2] == (segment, attribute) and key[2] != OTHER]
    return float(row["part_worth"] - sum(worths) / len(worths))


def _error(segment: str, attribute: str, value: str, by: Worths) -> float:
    """Return the standard error of a part-worth; of a base value the mean of the others'."""
    if own := by[segment, attribute, value]["standard_error"]:
        return float(own)
    errors = [one["standard_error"] for key, one in by.items() if key[:2] == (segment, attribute) and one["standard_error"]]
    return sum(errors) / len(errors) if errors else 0.0


def _differs(attribute: str, value: str, likes: bool, named: Callable[[str], str], currency: str) -> str:  # noqa: FBT001
    if attribute == "price":
        return "minds the price less" if likes else "minds the price more"
    if value == ONE_MORE:
        return f"moved {'more' if likes else 'less'} by {attribute}"
    return f"likes {value_called(attribute, value, named, currency)} {'more' if likes else 'less'}"


def value_called(attribute: str, value: str, named: Callable[[str], str], currency: str) -> str:
    """Return a value as people call it: a product with its name, one more of the price in its currency."""
    if value == ONE_MORE:
        return f"1 {currency or 'unit of money'} more" if attribute == "price" else value
    return named(value) if attribute == PRODUCT else value
