"""What leaves for other systems: work orders, purchase orders and shipments as files an ERP takes.

``orders`` gives the current plan documented columns, ``write`` makes a CSV, Excel or JSON file of them, all at once.
"""

from lotwise.export.orders import KINDS, Kind, orders
from lotwise.export.write import FORMS, write

__all__ = ["FORMS", "KINDS", "Kind", "orders", "write"]
