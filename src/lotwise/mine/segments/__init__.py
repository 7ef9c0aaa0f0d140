"""Groups of customers who are alike in how they buy, named by what sets them apart.

Each customer is described by features from the order lines; like features become few, customers are divided several ways,
and the way that holds best under resampling is kept. Every way tried is told, and what moved between segments since last time.
"""
