"""Customers: segments, one customer's profile, and what customers will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, counted, figure, money, nothing, share, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

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
    members = tables["segments"]
    if not members:
        nothing(out, notes, "segments")
        return
    chosen = next((row for row in tables["segment_trials"] if row["chosen"]), None)
    if chosen:
        told(
            out,
            f"{counted(len(members), 'customer')} in {counted(chosen['segments'], 'segment')} by {chosen['method']}.",
            _trust(chosen),
        )
    revenue = sum(row["revenue"] for row in members) or 1.0
    numbers = ("customers", "of all", "of revenue", "orders each", f"{currency} each".strip(), "days since")
    shown = grid(("", "segment", *numbers, "what sets it apart"), right=numbers, whole=numbers)
    for segment in sorted({row["segment"] for row in members}, key=lambda name: (len(name), name)):
        mine = [row for row in members if row["segment"] == segment]
        count = len(mine)
        days = sorted(row["recency_days"] for row in mine)[count // 2]
        shown.add_row(
            segment,
            escape(mine[0]["name"]),
            f"{count:,}",
            share(count / len(members)),
            share(sum(row["revenue"] for row in mine) / revenue),
            figure(sum(row["orders"] for row in mine) / count, 1),
            money(sum(row["revenue"] for row in mine) / count),
            figure(days, 0),
            escape(_apart(segment, tables["segment_features"])),
        )
    out.print(shown)
    moved = [row for row in tables["migrations"] if row["before"] != row["after"]]
    if moved:
        told(out, "Since the run before:")
        went = grid(("from", "to", "customers", "of them"), right=("customers", "of them"))
        for row in sorted(moved, key=lambda row: -row["customers"])[:rows]:
            went.add_row(escape(row["before"]), escape(row["after"]), f"{row['customers']:,}", share(row["share"]))
        out.print(went)


def _trust(chosen: Row) -> str:
    said = []
    if chosen["silhouette"] is not None:
        said.append(f"silhouette {chosen['silhouette']:.2f}")
    if chosen["stability"] is not None:
        said.append(f"agreement of resamples {chosen['stability']:.2f} (1: the same segments each time)")
    return f"{', '.join(said).capitalize()}." if said else ""


def _apart(segment: str, features: Sequence[Row]) -> str:
    mine = sorted(
        (row for row in features if row["segment"] == segment), key=lambda row: (-abs(row["difference"]), row["feature"])
    )
    return "; ".join(f"{row['feature']} {figure(row['mean'])} (all {figure(row['overall'])})" for row in mine[:APART])


def profile(
    customer: str,
    tables: Mapping[str, Sequence[Row]],
    products: pa.Table | None,
    *,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write what is known of one customer: segment, features with their evidence, what they will do, and offers.

    Parameters
    ----------
    customer
        The pseudonym.
    tables
        The customer's rows of ``segments, profiles, propensities`` and ``offers``.
    products
        The products, for their names.
    currency
        Of all money.
    """
    out, named = console(stream), called(products)
    told(out, f"Customer {customer}")
    for row in tables["segments"]:
        told(out, f"Segment {row['segment']} ({row['name']}), certain to {share(row['certainty'])}.")
    shown = grid(("what", "value", "90 %", "from"), right=("value", "90 %"), whole=("value", "90 %"))
    for row in tables["profiles"]:
        shown.add_row(escape(row["feature"]), escape(_value(row, currency)), _band(row), escape(row["evidence"]))
    out.print(shown)
    if tables["propensities"]:
        told(out, "In the coming weeks:")
        will = grid(("what", "chance", "all customers"), right=("chance", "all customers"))
        for row in sorted(tables["propensities"], key=lambda row: (-row["probability"], row["target"])):
            will.add_row(escape(row["target"]), share(row["probability"]), share(row["base"]))
        out.print(will)
    for row in tables["offers"][:APART]:
        told(out, f"Offer {row['rank']}: {named(row['product'])}. {row['why']}")


def _value(row: Row, currency: str) -> str:
    if row["value"] is None:
        return row["text"] or ""
    value = share(row["value"]) if row["unit"] == "share" else figure(row["value"])
    unit = currency if row["unit"] == "money" else "" if row["unit"] in {None, "share"} else row["unit"]
    text = f" ({row['text']})" if row["text"] else ""
    return f"{value} {unit}".rstrip() + text


def _band(row: Row) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    write = share if row["unit"] == "share" else figure
    return f"{write(row['low'])} .. {write(row['high'])}"


def profiles(rows: Sequence[Row], notes: Sequence[Row], *, most: int, currency: str, stream: TextIO | None = None) -> None:
    """Write the customers of whom most margin is expected.

    Parameters
    ----------
    rows
        Rows of the table ``profiles``.
    notes
        Rows of ``mining`` about them.
    most
        Customers shown.
    currency
        Of all money.
    """
    out = console(stream)
    if not rows:
        nothing(out, notes, "profiles")
        return
    known: dict[str, dict[str, Row]] = {}
    for row in rows:
        known.setdefault(row["customer"], {})[row["feature"]] = row
    first = "expected margin" if any("expected margin" in mine for mine in known.values()) else "expected orders"
    columns = [
        name
        for name in ("orders", "recency", "alive", "expected orders", "expected margin")
        if any(name in mine for mine in known.values())
    ]
    shown = grid(("customer", *columns, "favorite"), right=columns, whole=("customer",))
    order = sorted(known, key=lambda name: (-(known[name].get(first, {}).get("value") or 0.0), name))
    told(out, f"{counted(len(known), 'customer')}; first those with most {first}. One of them: lotwise profile CUSTOMER")
    for name in order[:most]:
        mine = known[name]
        favorite = mine.get("favorite category 1", {}).get("text") or ""
        shown.add_row(
            escape(name), *(_value(mine[column], currency) if column in mine else "" for column in columns), escape(favorite)
        )
    out.print(shown)


def propensities(
    scores: Sequence[Row], chances: Sequence[Row], notes: Sequence[Row], *, rows: int, stream: TextIO | None = None
) -> None:
    """Write how well each classifier foresaw each target, and the customers most likely to."""
    out = console(stream)
    if not scores:
        nothing(out, notes, "propensities")
        return
    first = scores[0]
    told(
        out,
        f"Scored on what {counted(first['customers'], 'customer')} did from {first['from_day']} to {first['to_day']}, unseen.",
    )
    numbers = ("log loss", "brier", "auc", "calibration error", "precision", "recall", "f1")
    shown = grid(("target", "model", *numbers, ""), right=numbers, whole=numbers)
    for row in scores:
        found = (
            row["log_loss"],
            row["brier"],
            row["auc"],
            row["calibration_error"],
            row["precision"],
            row["recall"],
            row["f1"],
        )
        shown.add_row(
            escape(row["target"]),
            row["model"],
            *("" if value is None else f"{value:.3f}" for value in found),
            "used" if row["chosen"] else "",
        )
    out.print(shown)
    for target in dict.fromkeys(row["target"] for row in scores):
        best = sorted(
            (row for row in chances if row["target"] == target), key=lambda row: (-row["probability"], row["customer"])
        )
        if best:
            names = ", ".join(f"{row['customer']} {share(row['probability'])}" for row in best[:rows])
            told(out, f"{target} (all: {share(best[0]['base'])}): {names}")
