"""Assembly after the order is known: components are decided here and now, what is assembled of them once orders are in.

A two-stage program over a few reduced scenarios decides components, purchases, capacity and set-ups. What that plan earns is
measured by carrying assembly out week by week in every scenario, without foresight.
"""

from lotwise.plan.network.pooling.pooled import pool, waiting, without_limits

__all__ = ["pool", "waiting", "without_limits"]
