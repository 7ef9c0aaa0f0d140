"""The ledger, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from typing import TextIO

    import pyarrow as pa


def ledger(gap: pa.Table, *, currency: str, stream: TextIO | None = None) -> None:
    """Write the ledger for people: the accounts that add up, then what each source brings."""
    out = console(stream)
    numbers = (currency, "90 % interval", "share")
    rows = grid(("account", "line", *numbers, "verdict"), right=numbers)
    last = ""
    for row in sorted(gap.to_pylist(), key=lambda row: row["order"]):
        if last and row["account"] != last:
            rows.add_section()
        shown = "" if row["account"] == last else row["account"]
        last = row["account"]
        interval = "" if row["low"] is None else " .. ".join(f"{round(row[end]):,}" for end in ("low", "high"))
        money = "" if row["money"] is None else f"{row['money']:,.2f}"
        share = "" if row["share"] is None else f"{row['share']:.1%}"
        rows.add_row(shown, escape(row["line"]), money, interval, share, escape(row["verdict"]))
    out.print(rows)
