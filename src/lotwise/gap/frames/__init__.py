"""Decisions and their ledger on any long frame, without a project.

A frame holds forecasts as quantiles beside what came; decisions are newsvendors, alone or with one capacity shared. The
same words mean the same as in the ledger of a project: regret, base, Shapley value, advice.
"""

from lotwise.gap.frames.decide import decide
from lotwise.gap.frames.information_gap import information_gap
from lotwise.gap.frames.value_ledger import value_ledger

__all__ = ["decide", "information_gap", "value_ledger"]
