"""What each part of mining came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from typing import TextIO

    import pyarrow as pa

SEE = {
    "segments": "lotwise segments",
    "rules": "lotwise rules",
    "profiles": "lotwise profile",
    "propensity": "lotwise propensity",
    "preferences": "lotwise preferences",
    "opinions": "lotwise opinions",
    "trends": "lotwise trends",
    "drivers": "lotwise drivers",
    "market": "lotwise market",
}
"""Part -> the command that shows what it found."""


def mining(table: pa.Table, stream: TextIO | None = None) -> None:
    """Write what each part found, in what, and where to read it."""
    found = grid(("part", "of", "found", "in", "", "see"), right=("found", "in"), whole=("part", "see"))
    for row in table.to_pylist():
        note = row["note"] or ("" if row["ended"] == "whole" else row["ended"])
        see = SEE.get(row["part"], "") if row["rows"] else ""
        found.add_row(row["part"], escape(row["scope"]), f"{row['rows']:,}", f"{row['evidence']:,}", escape(note), see)
    console(stream).print(found)
