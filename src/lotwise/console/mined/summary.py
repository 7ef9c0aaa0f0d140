"""What each part of mining came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, counted, remarks, told
from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

PARTS = {
    "segments": ("segment", "customers", "lotwise segments"),
    "rules": ("rule", "orders, lines or customers", "lotwise rules"),
    "profiles": ("feature", "customers", "lotwise profile"),
    "propensity": ("chance", "customers on past days", "lotwise propensity"),
    "preferences": ("figure", "choices", "lotwise preferences"),
    "opinions": ("reading", "texts", "lotwise opinions"),
    "trends": ("change", "series", "lotwise trends"),
    "drivers": ("driver", "rows", "lotwise drivers"),
    "market": ("comparison", "weeks", "lotwise market"),
}
"""Part -> what it finds, what it finds it in, and the command that shows it."""
REMARKS = 3
"""Caps told of a part unless all are wanted."""


def mining(table: pa.Table, *, everything: bool = False, stream: TextIO | None = None) -> None:
    """Write what each part found, in how much, what was capped or left out, and where to read it.

    Parameters
    ----------
    table
        The table ``mining``.
    everything
        Whether each scope has its row and its remarks; else one row a part, and what was capped or left out.
    """
    out = console(stream)
    rows = table.to_pylist()
    parts = {part: [row for row in rows if row["part"] == part] for part in dict.fromkeys(row["part"] for row in rows)}
    if everything:
        _scopes(parts, out)
        return
    shown = grid(("part", "found", "in", "finished", "see"), whole=("part", "found", "see"))
    for part, mine in parts.items():
        one, where, see = PARTS.get(part, ("row", "rows", ""))
        found = sum(row["rows"] for row in mine)
        most = max(row["evidence"] for row in mine)
        upto = "up to " if len({row["evidence"] for row in mine}) > 1 else ""
        shown.add_row(part, counted(found, one), f"{upto}{most:,} {where}" if most else "", _ended(mine), see if found else "")
    out.print(shown)
    for part, mine in parts.items():
        cut = [row for row in mine if row["ended"] != "whole" and row["note"]]
        if cut:
            told(out, f"{part}:")
            left = remarks(out, cut, REMARKS)
            told(out, f"  and {left:,} more, with --all" if left else "")


def _ended(rows: Sequence[Row]) -> str:
    """Return whether a part was finished, and in how many of its scopes it was not."""
    if len(rows) == 1:
        return str(rows[0]["ended"])
    parts = [f"{sum(row['ended'] == end for row in rows)} {end}" for end in ("capped", "left out")]
    parts = [part for part in parts if not part.startswith("0 ")]
    return f"{len(rows)} scopes" + (f", {', '.join(parts)}" if parts else ", whole")


def _scopes(parts: dict[str, list[Row]], out: Console) -> None:
    for part, mine in parts.items():
        one, where, see = PARTS.get(part, ("row", "rows", ""))
        told(out, f"{part} ({see})" if see else part)
        found = grid(("scope", f"{one}s", where, "finished"), right=(f"{one}s", where))
        for row in mine:
            found.add_row(escape(row["scope"]), f"{row['rows']:,}", f"{row['evidence']:,}", row["ended"])
        out.print(found)
        remarks(out, mine)
        out.print()
