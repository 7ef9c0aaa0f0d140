"""What is on its way or decided: which receipts arrive by themselves, and which stand for something still to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lotwise.plan.network.labels import Receipt
    from lotwise.plan.orders.current import Current


def divided(current: Current) -> tuple[list[Receipt], list[Receipt]]:
    """Return the receipts that arrive without any activity, and those that stand for one that is decided."""
    receipts = sorted(current.labels.receipts, key=lambda receipt: (receipt.kind == "lot", receipt.number))
    return [receipt for receipt in receipts if receipt.begun], [receipt for receipt in receipts if not receipt.begun]
