"""What is on its way or decided: which receipts arrive by themselves, and which stand for something still to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lotwise.plan.network.labels import Receipt
    from lotwise.plan.orders.current import Current

EDGE = 1e-6


def divided(current: Current) -> tuple[list[Receipt], list[Receipt]]:
    """Return the receipts that arrive without any activity, and those that stand for one that is decided.

    A receipt arrives by itself where it fits into what the network says is arriving in its week.
    """
    arriving = current.receipts.copy()
    alone, decided = [], []
    for receipt in sorted(current.labels.receipts, key=lambda receipt: (receipt.kind == "lot", receipt.number)):
        cell = (receipt.item, receipt.week)
        if 0 <= receipt.week < arriving.shape[1] and receipt.units <= arriving[cell] + EDGE:
            arriving[cell] -= receipt.units
            alone.append(receipt)
        else:
            decided.append(receipt)
    return alone, decided
