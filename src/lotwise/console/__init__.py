"""What the command line shows: progress, tables, the ledger and the forecast, for people and for machines.

A screen is where people read; every other file here writes one kind of thing to it.
"""

from lotwise.console.forecasts import features, methods, outlook, product_outlook, scores, used_method, why
from lotwise.console.ledger import ledger
from lotwise.console.progress import Bars, JsonLines, Lines
from lotwise.console.screen import console, rows_of
from lotwise.console.tables import contracts, show

__all__ = [
    "Bars",
    "JsonLines",
    "Lines",
    "console",
    "contracts",
    "features",
    "ledger",
    "methods",
    "outlook",
    "product_outlook",
    "rows_of",
    "scores",
    "show",
    "used_method",
    "why",
]
