"""Frequent itemsets: which items come together in enough baskets.

``Baskets`` are searched by ``frequent`` within ``Caps`` and give ``Itemsets``; ``condense`` tells which of them are closed
or maximal. Every method gives the same sets in the same order.
"""
