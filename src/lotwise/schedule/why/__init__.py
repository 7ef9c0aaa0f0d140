"""Why an order is late, and what would help.

``reasons`` walks back from the last operation of each late order along what made it start when it did; ``remedies`` changes one
thing at a time and times the sequence again; ``lateness_rows`` says both in sentences, as columns of table ``lateness``.
"""

from lotwise.schedule.why.reasons import Reason, reasons
from lotwise.schedule.why.remedies import Remedy, remedies
from lotwise.schedule.why.rows import lateness_rows

__all__ = ["Reason", "Remedy", "lateness_rows", "reasons", "remedies"]
