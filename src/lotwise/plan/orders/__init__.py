"""What the current plan tells people: work orders, purchases, shipments and deliveries, and why they are what they are.

``rows`` turns a plan over a network into the published tables; ``why`` reads those tables alone and answers questions
about them.
"""

from lotwise.plan.orders.rows import rows
from lotwise.plan.orders.why import Why, why

__all__ = ["Why", "rows", "why"]
