"""Rules: what is bought or chosen together, and what is bought next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, amount, chance, counted, figure, items, more, nothing, remarks, share, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

KINDS = {"together": "In one order", "option": "On one order line", "next": "In a later order of the same customer"}
UNITS = {"together": "orders", "option": "lines", "next": "customers"}
FIRST = {"margin": "most margin", "lift": "highest lift", "confidence": "surest"}
"""What rules can be sorted by -> which come first, in words."""


def rules(
    found: Sequence[Row],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    rows: int,
    currency: str,
    by: str = "margin",
    stream: TextIO | None = None,
) -> None:
    """Write rules, a table a kind.

    Parameters
    ----------
    found
        Rows of the table ``rules``.
    notes
        Rows of ``mining`` about them.
    products
        The products, for their names.
    rows
        Most rules shown of a kind.
    currency
        Of all money.
    by
        What they are sorted by: ``margin`` (of the second that goes with the first above chance), ``lift`` or ``confidence``.
    """
    out, named = console(stream), called(products)
    if not found:
        nothing(out, notes, "such rules")
        told(
            out,
            "Those that are not usable or may be chance are shown with --all, those within a segment or period with --scope.",
        )
        return
    for kind, title in KINDS.items():
        mine = [row for row in found if row["kind"] == kind]
        if not mine:
            continue
        usable = sum(row["verdict"] == "usable" for row in mine)
        all_usable = "all usable" if usable == len(mine) else f"{usable:,} usable" if usable else "none usable"
        told(out, f"{title} ({_scope(mine)}): {counted(len(mine), 'rule')}, {all_usable}; {FIRST[by]} first.")
        _table(sorted(mine, key=lambda row: _place(row, by)), named, rows, currency, out)
        more(out, len(mine), rows)
    told(out, "Lift: how many times as often as by chance. Margin: of the second, sold with the first beyond chance.")
    told(out, "p: chance of as much without a connection, corrected for all rules tried.")
    scopes = {(row["kind"], row["scope"]) for row in found}
    remarks(out, [row for row in notes if any(row["scope"] == f"{kind}, {scope}" for kind, scope in scopes)])


def _table(mine: Sequence[Row], named: Callable[[str], str], rows: int, currency: str, out: Console) -> None:
    kind, doubtful = mine[0]["kind"], any(row["verdict"] != "usable" for row in mine)
    days = ("days",) if kind == "next" else ()
    numbers = ("confidence", "lift", UNITS[kind], "support", *days, f"margin {currency}".rstrip(), "p")
    of = ("product",) if any(row["product"] for row in mine) else ()
    heads = (*of, "who has", "also has" if kind != "next" else "next buys", *numbers, *(("verdict",) if doubtful else ()))
    shown = grid(heads, right=numbers, whole=numbers)
    for row in mine[:rows]:
        cells = [
            *((escape(row["product"] or ""),) if of else ()),
            escape(items(row["antecedent"], named)),
            escape(items(row["consequent"], named)),
            share(row["confidence"]),
            f"x {row['lift']:.2f}",
            f"{row['count']:,}",
            share(row["support"], 1),
            *((figure(row["days"], 0),) if days else ()),
            amount(row["margin"]),
            chance(row["p_value"]),
            *((row["verdict"],) if doubtful else ()),
        ]
        shown.add_row(*cells)
    out.print(shown)


def _place(row: Row, by: str) -> tuple[bool, float, str]:
    value = row[by]
    return value is None, -(value or 0.0), row["rule"]


def _scope(mine: Sequence[Row]) -> str:
    scopes = sorted({row["scope"] for row in mine})
    total = f"{max(row['total'] for row in mine):,} {UNITS[mine[0]['kind']]}"
    level = {row["level"] for row in mine} - {"option"}
    of = f"{', '.join(sorted(level))}s, " if level else ""
    return f"{of}{', '.join(scopes)}: {total}".replace("categorys", "categories").replace("all: ", "")
