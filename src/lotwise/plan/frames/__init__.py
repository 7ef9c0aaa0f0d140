"""Stock, semi-finished stock, the range, batches and promises on any frame, without a project.

Each function takes frames of pandas, Polars, Arrow or the like and gives Arrow tables. The mathematics are on arrays, in
``lotwise.plan.inventory``, ``lotwise.plan.generic`` and ``lotwise.plan.promising``.
"""

from lotwise.plan.frames.assort import assort
from lotwise.plan.frames.batch import batch, batch_sizes
from lotwise.plan.frames.postpone import postpone
from lotwise.plan.frames.promise import promise
from lotwise.plan.frames.safety_stock import safety_stock
from lotwise.plan.frames.stock_policy import stock_policy

__all__ = ["assort", "batch", "batch_sizes", "postpone", "promise", "safety_stock", "stock_policy"]
