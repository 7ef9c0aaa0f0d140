"""The market: products beside competitors and one another, and shares of the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, amount, figure, more, nothing, remarks, share, signed, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

KINDS = {"brand": "brands", "product": "products", "price tier": "price tiers"}
OTHER = "other products"
LEADING = 3
"""Brands, products and price tiers told of a category."""


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
    """Write where products stand beside others by price, and who has how much of each category.

    Parameters
    ----------
    rivals
        Rows of the table ``market``.
    shares
        Rows of ``market_shares``; those of one category are shown by segment, those of several by what leads them.
    notes
        Rows of ``mining`` about them.
    products
        The products, for their names.
    rows
        Most rows shown of each table; products and categories with most revenue come first.
    currency
        Of all money.
    """
    out, named = console(stream), called(products)
    if not rivals and not shares:
        nothing(out, notes, "prices or shares to compare")
        return
    if rivals:
        _prices(rivals, _revenue(shares), named, rows, currency, out)
    if len({row["category"] for row in shares}) == 1:
        _segments(shares, named, rows, currency, out)
    elif shares:
        _leaders(shares, named, rows, currency, out)
    remarks(out, notes)


def _prices(
    rivals: Sequence[Row],
    revenue: Mapping[str, float],
    named: Callable[[str], str],
    rows: int,
    currency: str,
    out: Console,
) -> None:
    numbers: tuple[str, ...] = ("price", "theirs", "index", "change", "moves with", "likeness", "weeks")
    alike = any(row["likeness"] is not None for row in rivals)
    numbers = numbers if alike else tuple(name for name in numbers if name != "likeness")
    shown = grid(("product", "beside", *numbers), right=numbers, whole=numbers)
    order = sorted(
        rivals, key=lambda row: (row["kind"] != "competitor", -revenue.get(row["product"], 0.0), row["product"], row["rival"])
    )
    for row in order[:rows]:
        shown.add_row(
            escape(named(row["product"])),
            escape(row["rival"] if row["kind"] == "competitor" else named(row["rival"])),
            amount(row["price"]),
            amount(row["rival_price"]),
            f"{row['index']:.2f}",
            signed(row["change"]),
            figure(row["moves_with"]),
            *((share(row["likeness"]),) if alike else ()),
            f"{row['weeks']:,}",
        )
    told(out, f"Prices ({currency or 'money'}, mean of the last weeks), competitors first, then our own most alike:")
    out.print(shown)
    more(out, len(order), rows)
    told(out, "Index: our price over theirs, and its change since the data begin. Moves with: our units with their price.")


def _leaders(shares: Sequence[Row], named: Callable[[str], str], rows: int, currency: str, out: Console) -> None:
    everybody = [row for row in shares if row["segment"] == "all"]
    sums = {name: _total(everybody, name) for name in dict.fromkeys(row["category"] for row in everybody)}
    kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in everybody)]
    money = f"revenue {currency}".rstrip()
    shown = grid(("category", money, *(KINDS[kind] for kind in kinds)), right=(money,), whole=(money,))
    for category in sorted(sums, key=lambda name: (-sums[name], name))[:rows]:
        mine = [row for row in everybody if row["category"] == category]
        cells = []
        for kind in kinds:
            first = sorted(
                (row for row in mine if row["kind"] == kind), key=lambda row: (row["name"] == OTHER, -row["share"], row["name"])
            )
            names = (f"{_named(row, named)} {share(row['share'])}" for row in first[:LEADING])
            cells.append(escape(", ".join(names)))
        shown.add_row(escape(category), amount(sums[category]), *cells)
    told(out, "Who has how much of a category's revenue:")
    out.print(shown)
    more(out, len(sums), rows)
    told(out, "By segment: lotwise market CATEGORY")


def _segments(shares: Sequence[Row], named: Callable[[str], str], rows: int, currency: str, out: Console) -> None:
    segments = sorted({row["segment"] for row in shares} - {"all"})
    by = {(row["kind"], row["name"], row["segment"]): row for row in shares}
    everybody = sorted(
        (row for row in shares if row["segment"] == "all"),
        key=lambda row: (list(KINDS).index(row["kind"]), row["name"] == OTHER, -row["share"], row["name"]),
    )
    told(out, f"Of the revenue of {everybody[0]['category'] if everybody else shares[0]['category']}, by segment:")
    money = f"revenue {currency}".rstrip()
    numbers = (money, "all", *segments)
    shown = grid(("of", "name", *numbers), right=numbers, whole=numbers)
    for row in everybody[:rows]:
        cells = [by.get((row["kind"], row["name"], segment)) for segment in segments]
        shown.add_row(
            row["kind"],
            escape(_named(row, named)),
            amount(row["revenue"]),
            share(row["share"]),
            *(share(cell["share"]) if cell else "" for cell in cells),
        )
    out.print(shown)
    more(out, len(everybody), rows)


def _named(row: Row, named: Callable[[str], str]) -> str:
    return named(row["name"]) if row["kind"] == "product" else str(row["name"])


def _total(everybody: Sequence[Row], category: str) -> float:
    """Return a category's revenue: any one kind of shares adds up to it."""
    sums: dict[str, float] = {}
    for row in everybody:
        if row["category"] == category:
            sums[row["kind"]] = sums.get(row["kind"], 0.0) + row["revenue"]
    return max(sums.values())


def _revenue(shares: Sequence[Row]) -> dict[str, float]:
    return {row["name"]: row["revenue"] for row in shares if (row["kind"], row["segment"]) == ("product", "all")}
