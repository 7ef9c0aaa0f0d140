"""Tables into one page a planner reads: what was lost, why, what to make next, and what to offer to whom.

``write`` gives one HTML file that holds all it needs (style, scripts, data) and asks nothing of any network.
Every figure on the page carries the unrounded value and the address of the table cell it comes from.
"""

from lotwise.report.page import render, write

__all__ = ["render", "write"]
