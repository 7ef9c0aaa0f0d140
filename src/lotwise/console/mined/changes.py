"""Trends: what rises, falls or has changed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import (
    Row,
    amount,
    between,
    chance,
    counted,
    figure,
    more,
    nothing,
    remarks,
    share,
    signed,
    told,
    unit,
)
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

TITLES = {
    "all": "Everything",
    "category": "Categories",
    "product": "Products",
    "option": "Options",
    "word": "Words",
    "search": "Searches",
    "opinion": "Opinions",
    "competitor": "Competitors",
    "signal": "Signals from outside",
}


def trends(
    found: Sequence[Row],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write what rises, falls or has changed, a table a kind of series, with dates and sources.

    Parameters
    ----------
    found
        Rows of the table ``trends``.
    notes
        Rows of ``mining`` about them.
    products
        The products, for their names.
    rows
        Most changes shown of a kind; those of most money, else of least chance, come first.
    currency
        Of all money.
    """
    out, named = console(stream), called(products)
    if not found:
        nothing(out, notes, "changes beyond chance")
        return
    last = max(row["end"] for row in found)
    for kind in dict.fromkeys(row["kind"] for row in found):
        mine = sorted((row for row in found if row["kind"] == kind), key=_place)
        seen = dict.fromkeys(f"{unit(row['unit'], currency)}, from {row['source']}" for row in mine)
        told(out, f"{TITLES.get(kind, kind)} ({'; '.join(seen)}): {counted(len(mine), 'change')}.")
        _table(mine[:rows], named, last, currency, out)
        more(out, len(mine), rows)
    told(
        out,
        f"Weeks begin on the day told; where no end is told, a change lasted until the week of {last}. "
        "p: chance of as much were nothing changed, corrected for all series looked at.",
    )
    remarks(out, notes)


def _table(mine: Sequence[Row], named: Callable[[str], str], last: object, currency: str, out: Console) -> None:
    has_money = any(row["money"] is not None for row in mine)
    earned = (f"{currency or 'money'} a week",) if has_money else ()
    numbers = ("before", "after", "change", "90 %", *earned, "p")
    shown = grid(("since", "until", "series", "what", *numbers), right=numbers, whole=("since", "until", *numbers))
    for row in mine:
        as_share = row["unit"].startswith("share")
        before, after = (share(row[end], 1) if as_share else figure(row[end], 1) for end in ("before", "after"))
        shown.add_row(
            str(row["start"]),
            "" if row["end"] == last else str(row["end"]),
            escape(named(row["series"]) if row["kind"] == "product" else row["series"]),
            row["change"],
            before,
            after,
            signed(row["relative"]),
            between(row["low"], row["high"], signed),
            *((amount(row["money"]),) if has_money else ()),
            chance(row["p_value"]),
        )
    out.print(shown)


def _place(row: Row) -> tuple[float, float, str, object]:
    return -abs(row["money"] or 0.0), row["p_value"], row["series"], row["start"]
