"""Who a customer is stays outside: everything past this room is nameless.

Customers become keyed pseudonyms, and personal data found in other text columns are masked or dropped.
The key is a file of its own beside the tables; without it a pseudonym cannot be traced back.
"""

from lotwise.guard.personal import Find, find, mask
from lotwise.guard.pseudonym import pseudonym, read_key
from lotwise.guard.run import run

__all__ = ["Find", "find", "mask", "pseudonym", "read_key", "run"]
