"""Where our products stand on the market: beside competitors, beside one another, and in each segment of customers.

Prices and weekly units come from the pool; a product's place is told by price and by the attributes it shares with others.
"""
