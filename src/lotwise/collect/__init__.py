"""Collect reads what lies outside: files, folders and frames in memory.

A mapping of ``lotwise.toml`` says which of their columns makes which of ours; what cannot be read is kept as a
fault with file, row, column and reason. ``run`` gives the raw tables, ``propose`` writes a first ``lotwise.toml``.
"""

from lotwise.collect.propose import Proposal, propose
from lotwise.collect.run import run

__all__ = ["Proposal", "propose", "run"]
