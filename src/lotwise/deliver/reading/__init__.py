"""A user's frames as a routing problem: every fault of every row in one message.

``read`` puts together what ``stops``, ``vehicles`` and ``roads`` find; ``sheet`` reads one column at a time.
"""

from lotwise.deliver.reading.problem import Rules, read

__all__ = ["Rules", "read"]
