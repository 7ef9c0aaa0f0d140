"""From the pool to patterns: who the customers are, what they want, and what has changed.

Each part is a folder of its own and gives tables; ``publish`` within it turns the pool's tables into them.
On frames of your own the same is done by the functions named here.
"""
