"""What rises, what falls, and what has changed for good: weekly series of sales, options, words and prices.

``levels`` finds weeks from which a level is another one, ``slopes`` what rises or falls in the last weeks, and
``publish`` tells those that are not chance among all the series that were looked at.
"""
