"""Where to stop being generic, what to offer, and which personal orders to make together; on arrays.

``postponement`` chooses what is held finished, half-done or not at all; ``variety`` which products are worth their complexity
once customers who miss one take another; ``batching`` which orders share a batch. Each says how far it may be from the best.
"""

from lotwise.plan.generic import batching, postponement, variety

__all__ = ["batching", "postponement", "variety"]
