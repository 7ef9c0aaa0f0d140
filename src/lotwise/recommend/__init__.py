"""Offers: which products to show to which customer, in which order, and why.

What customers bought tells what they will buy: a closed-form item model, what they buy again, and what
sells lately, blended and turned into chances on weeks kept apart. The plan's prices then put first what
the factory can make with hours to spare, without giving up more liking than the settings allow.
"""

from lotwise.recommend.interactions import Purchases, gather
from lotwise.recommend.offers import make
from lotwise.recommend.rank import Ranking, rank
from lotwise.recommend.run import run

__all__ = ["Purchases", "Ranking", "gather", "make", "rank", "run"]
