"""One clean pool from everything that was collected, with a reason for each row left out.

Rows are typed, repaired by rule, rejected with reasons and freed of duplicates, and nothing is lost on the way.
From the clean orders come the weekly demand panel, the promotions by region and the economics of each product.
"""

from lotwise.pool.cancelled import match_returns
from lotwise.pool.clean import clean
from lotwise.pool.quality import Book
from lotwise.pool.run import run
from lotwise.pool.weekly import panel, span_of

__all__ = ["Book", "clean", "match_returns", "panel", "run", "span_of"]
