"""A project from frePPLe's JSON: its fixture (a Django dump of models and fields) as files of our tables.

What no table of ours holds is counted with its reason, row by row, so that nothing is lost unsaid. What frePPLe's
fields mean is taken from its model reference (frepple.com/docs, "Model reference").
"""

from lotwise.collect.frepple.model import translate
from lotwise.collect.frepple.project import convert
from lotwise.collect.frepple.reading import read
from lotwise.collect.frepple.translation import Translation

__all__ = ["Translation", "convert", "read", "translate"]
