"""Rules, trends, drivers and the market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, chance, counted, figure, items, money, nothing, share, signed, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

KINDS = {"together": "In one order", "option": "On one order line", "next": "In a later order of the same customer"}
UNITS = {"together": "orders", "option": "lines", "next": "customers"}


def rules(
    found: Sequence[Row],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write rules, those worth most first, a table a kind.

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
    """
    out, named = console(stream), called(products)
    if not found:
        nothing(out, notes, "rules")
    for kind, title in KINDS.items():
        mine = [row for row in found if row["kind"] == kind]
        if not mine:
            continue
        usable = sum(row["verdict"] == "usable" for row in mine)
        told(out, f"{title}: {counted(len(mine), 'rule')}, {usable:,} usable.")
        numbers = (
            "lift",
            "confidence",
            UNITS[kind],
            *(("days",) if kind == "next" else ()),
            f"margin {currency}".rstrip(),
            "p",
        )
        shown = grid(("who has", "also has", *numbers, "verdict"), right=numbers, whole=numbers)
        for row in mine[:rows]:
            of = f"{row['product']}: " if row["product"] else ""
            days = (figure(row["days"], 0),) if kind == "next" else ()
            shown.add_row(
                escape(of + items(row["antecedent"], named)),
                escape(items(row["consequent"], named)),
                f"x {row['lift']:.2f}",
                share(row["confidence"]),
                f"{row['count']:,}",
                *days,
                figure(row["margin"], 0),
                chance(row["p_value"]),
                row["verdict"],
            )
        out.print(shown)
    cut = [row for row in notes if row["ended"] == "capped" and row["note"]]
    for row in cut:
        told(out, f"{row['scope']}: {row['note']}.")


def trends(
    found: Sequence[Row],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write what rises, falls or has changed, a table a kind of series, with dates and sources."""
    out, named = console(stream), called(products)
    if not found:
        nothing(out, notes, "changes beyond chance")
    for kind in dict.fromkeys(row["kind"] for row in found):
        mine = [row for row in found if row["kind"] == kind]
        told(out, f"{kind} ({mine[0]['unit']}, from {mine[0]['source']}): {counted(len(mine), 'change')}.")
        numbers = ("before", "after", "change", "90 %", f"{currency} a week".strip(), "p")
        shown = grid(("since", "until", "series", "", *numbers), right=numbers, whole=("since", "until", *numbers))
        for row in mine[:rows]:
            as_share = row["unit"].startswith("share")
            before, after = (share(row[end], 1) if as_share else figure(row[end], 1) for end in ("before", "after"))
            band = "" if row["low"] is None else f"{signed(row['low'])} .. {signed(row['high'])}"
            series = named(row["series"]) if kind in {"product", "opinion"} else row["series"]
            shown.add_row(
                str(row["start"]),
                str(row["end"]),
                escape(series),
                row["change"],
                before,
                after,
                signed(row["relative"]),
                band,
                figure(row["money"], 0),
                chance(row["p_value"]),
            )
        out.print(shown)


def drivers(found: Sequence[Row], models: Mapping[str, Row], notes: Sequence[Row], *, stream: TextIO | None = None) -> None:
    """Write what moves each target, most moved first, with how much of it is explained at all."""
    out = console(stream)
    if not found:
        nothing(out, notes, "drivers")
    for target in dict.fromkeys(row["target"] for row in found):
        model = models[target]
        trust = "" if model["explained"] > 0.02 else "Hardly any: what follows is little more than noise."  # noqa: PLR2004
        told(
            out,
            f"{target} ({model['unit']}; mean {figure(model['mean'], 4)}; {model['rows']:,} rows): "
            f"{share(max(model['explained'], 0.0), 1)} explained in weeks kept apart, by a linear model "
            f"{share(max(model['linear'], 0.0), 1)}.",
            trust,
        )
        numbers = ("share", "lost if shuffled", "90 %", "coefficient")
        shown = grid(("feature", "what it does", *numbers), right=numbers, whole=numbers)
        for row in (row for row in found if row["target"] == target):
            error = row["coefficient_error"]
            linear = "" if row["coefficient"] is None else f"{row['coefficient']:+.3f} +- {error:.3f}"
            shown.add_row(
                escape(row["feature"]),
                escape(row["words"]),
                share(row["share"]),
                share(row["permutation"]),
                f"{share(row['permutation_low'])} .. {share(row['permutation_high'])}",
                linear,
            )
        out.print(shown)
    if found:
        told(out, "What goes along with a target need not cause it. Coefficients are for one standard deviation more.")


def market(
    rivals: Sequence[Row],
    shares: Sequence[Row],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write where products stand beside others by price, and shares of the categories by segment."""
    out, named = console(stream), called(products)
    if not rivals and not shares:
        nothing(out, notes, "prices or shares to compare")
    if rivals:
        numbers = ("price", "theirs", "index", "change", "moves with", "likeness", "weeks")
        shown = grid(("product", "beside", *numbers), right=numbers, whole=numbers)
        for row in rivals[:rows]:
            rival = row["rival"] if row["kind"] == "competitor" else named(row["rival"])
            shown.add_row(
                escape(named(row["product"])),
                escape(rival),
                figure(row["price"]),
                figure(row["rival_price"]),
                f"{row['index']:.2f}",
                signed(row["change"]),
                figure(row["moves_with"]),
                share(row["likeness"]),
                f"{row['weeks']:,}",
            )
        told(out, f"Prices in {currency or 'money'} of the last weeks; an index above 1 is dearer than the other.")
        out.print(shown)
    if shares:
        figures = ("share", "against all", "revenue")
        shown = grid(("category", "of", "", "segment", *figures), right=figures, whole=figures)
        for row in shares[:rows]:
            name = named(row["name"]) if row["kind"] == "product" else row["name"]
            shown.add_row(
                escape(row["category"]),
                row["kind"],
                escape(name),
                row["segment"],
                share(row["share"]),
                "" if row["index"] is None else f"x {row['index']:.2f}",
                money(row["revenue"], currency),
            )
        out.print(shown)
