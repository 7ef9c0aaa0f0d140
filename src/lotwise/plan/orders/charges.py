"""What the current plan costs above standard, by cause and week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lotwise.plan.network.charges import NOT_PAID
from lotwise.plan.orders.current import DIGITS

if TYPE_CHECKING:
    from lotwise.plan.orders.current import Current, Row


def charge_rows(current: Current) -> list[Row]:
    """Return the rows of the table ``charges``: each cause in each week it costs or saves anything.

    What only steers the plan, such as a change against the plan before, is nobody's cost and is left out.
    """
    return [
        {"cause": cause, "week": day, "money": float(money[week])}
        for cause, money in sorted(current.flow.charges.items())
        if cause not in NOT_PAID
        for week, day in enumerate(current.problem.weeks)
        if round(float(money[week]), DIGITS)
    ]
