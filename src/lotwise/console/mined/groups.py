"""Segments: groups of customers who are alike."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, amount, counted, figure, more, nothing, remarks, share, told
from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from rich.console import Console

APART = 3
"""Features told of each segment."""


def segments(
    tables: Mapping[str, Sequence[Row]], notes: Sequence[Row], *, rows: int, currency: str, stream: TextIO | None = None
) -> None:
    """Write the segments: how many customers, what they bring, what sets them apart, and who went from one to another.

    Parameters
    ----------
    tables
        Rows of ``segments, segment_features, segment_trials`` and ``migrations``.
    notes
        Rows of ``mining`` about them.
    rows
        Most rows shown of who went where.
    currency
        Of all money.
    """
    out = console(stream)
    if not tables["segments"]:
        nothing(out, notes, "segments")
        return
    _groups(tables, currency, out)
    _moved(tables["migrations"], rows, out)
    remarks(out, notes)


def _groups(tables: Mapping[str, Sequence[Row]], currency: str, out: Console) -> None:
    members = tables["segments"]
    groups: dict[str, list[Row]] = {}
    for row in members:
        groups.setdefault(row["segment"], []).append(row)
    chosen = next((row for row in tables["segment_trials"] if row["chosen"]), None)
    by = f" by {chosen['method']}" if chosen else ""
    told(out, f"{counted(len(members), 'customer')} in {counted(len(groups), 'segment')}{by}.", _trust(chosen))
    revenue = sum(row["revenue"] for row in members) or 1.0
    each = f"{currency or 'money'} each"
    numbers = ("customers", "of all", "of revenue", "orders each", each, "last order")
    shown = grid(("", "segment", *numbers, "what sets it apart (all)"), right=numbers, whole=("", "customers", "of all"))
    for segment in sorted(groups, key=lambda name: (len(name), name)):
        mine = groups[segment]
        shown.add_row(
            segment,
            escape(mine[0]["name"]),
            f"{len(mine):,}",
            share(len(mine) / len(members)),
            share(sum(row["revenue"] for row in mine) / revenue),
            figure(sum(row["orders"] for row in mine) / len(mine), 1),
            amount(sum(row["revenue"] for row in mine) / len(mine)),
            f"{median(row['recency_days'] for row in mine):,.0f} days ago",
            escape(_apart(segment, tables["segment_features"])),
        )
    out.print(shown)


def _moved(migrations: Sequence[Row], rows: int, out: Console) -> None:
    moved = [row for row in migrations if row["before"] != row["after"]]
    if not moved:
        told(out, "Nobody went to another segment since the run before." if migrations else "")
        return
    told(out, "Since the run before:")
    went = grid(("from", "to", "customers", "of them"), right=("customers", "of them"))
    for row in sorted(moved, key=lambda row: (-row["customers"], row["before"], row["after"]))[:rows]:
        went.add_row(escape(row["before"]), escape(row["after"]), f"{row['customers']:,}", share(row["share"]))
    out.print(went)
    more(out, len(moved), rows)


def _trust(chosen: Row | None) -> str:
    if chosen is None:
        return ""
    said = []
    if chosen["silhouette"] is not None:
        said.append(f"silhouette {chosen['silhouette']:.2f} (1: far apart, 0: touching)")
    if chosen["stability"] is not None:
        said.append(f"agreement of resamples {chosen['stability']:.2f} (1: the same segments each time)")
    text = ", ".join(said)
    return f"{text[:1].upper()}{text[1:]}; all that was tried: lotwise segments --trials" if said else ""


def _apart(segment: str, features: Sequence[Row]) -> str:
    mine = sorted(
        (row for row in features if row["segment"] == segment and row["difference"]),
        key=lambda row: (-abs(row["difference"]), row["feature"]),
    )
    return "; ".join(_beside(row) for row in mine[:APART])


def _beside(row: Row) -> str:
    write = share if row["feature"].startswith("share ") else figure
    return f"{row['feature']} {write(row['mean'])} ({write(row['overall'])})"
