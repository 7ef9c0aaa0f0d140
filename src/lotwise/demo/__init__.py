"""Whole projects to try lotwise on: each writes a folder with ``lotwise.toml`` and data.

``own_brand`` is a real year of a grocer's own-brand products. ``atelier`` is a simulated workshop that makes
clothing to order, whose true demand is known, so that every estimate can be compared with the truth.
"""

from lotwise.demo import atelier, own_brand

__all__ = ["atelier", "own_brand"]
