"""What differs between plans, for people: one table of money and units, then what changes most."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

    from lotwise.whatif import Differences

MOST = 8
"""Products, lots, exceptions and prices shown."""
BESIDE = 3
"""Scenarios that stand side by side in one table."""
LEFT = ("product", "item", "site", "week", "", "what", "which", "resource", "kind", "for one")
"""Columns that hold text."""
SHOWN = 0.005
"""Differences that round to nothing at two digits are not shown."""


def what_if(
    found: Sequence[Differences], *, base: str, currency: str, products: pa.Table | None = None, stream: TextIO | None = None
) -> None:
    """Write the plans side by side, then for each what changes most against the base.

    Parameters
    ----------
    found
        One plan each, all against the same base.
    base
        Name of the base.
    currency
        Of all money.
    products
        Where the names of products stand.
    """
    out, name = console(stream), called(products)
    if not found:
        out.print("No scenario is planned.")
        return
    for start in range(0, len(found), BESIDE):
        out.print(_figures(found[start : start + BESIDE], base, currency))
    for one in found:
        if len(found) > 1:
            out.print(f"[bold]{escape(one.scenario)}[/]")
        _part(
            out,
            "Products that change most",
            one.products,
            partial(_product, name),
            ("product", "units", "change", f"profit ({currency})", "change"),
        )
        _part(out, "Lots that change most", one.lots, partial(_lot, name), ("item", "site", "week", "units", "change"))
        _part(
            out,
            "New to look at, and gone",
            one.exceptions,
            partial(_exception, name),
            ("", "what", "which", "week", f"money ({currency})"),
        )
        _part(
            out,
            "Prices that change most, added up over the weeks",
            one.prices,
            _price,
            ("resource", "kind", f"price ({currency})", "change", "for one"),
        )
    for sentence in dict.fromkeys(sentence for one in found for sentence in one.assumed):
        out.print(escape(f"- {sentence}"))


def what_if_json(found: Sequence[Differences], *, stream: TextIO) -> None:
    """Write one JSON object a line: what is assumed, then every row of every part, all of them."""
    for one in found:
        for sentence in one.assumed:
            print(json.dumps({"scenario": one.scenario, "part": "assumed", "text": sentence}), file=stream)
        for part, table in one.parts.items():
            for row in table.to_pylist():
                said = {"scenario": one.scenario, "part": part, **row}
                print(json.dumps(said, default=str, ensure_ascii=False), file=stream)


def _figures(found: Sequence[Differences], base: str, currency: str) -> Any:  # noqa: ANN401  a table of rich
    named = [name for one in found for name in (one.scenario, "change")]
    table = grid(("", base, *named), right=(base, *named))
    columns = [one.figures.to_pylist() for one in found]
    for rows in zip(*columns, strict=True):
        values = [rows[0]["base"], *(row["value"] for row in rows)]
        if all(value is None for value in values):
            continue
        if not any(abs(value or 0.0) >= SHOWN or (rows[0]["unit"] == "share") for value in values):
            continue
        unit = rows[0]["unit"]
        cells = [_figure(rows[0]["base"], unit)]
        for row in rows:
            cells += [_figure(row["value"], unit), _figure(row["change"], unit, signed=True)]
        shown = {"money": currency, "hours": "hours"}.get(unit, "")
        table.add_row(f"{rows[0]['measure']} {f'({shown})' if shown else ''}".strip(), *cells)
    return table


def _figure(value: float | None, unit: str, *, signed: bool = False) -> str:
    """Return a figure in its unit; one that rounds to nothing has no sign."""
    if value is None:
        return ""
    digits = {"money": 2, "number": 0, "share": 2}.get(unit, 1)
    value = round(value * (100 if unit == "share" else 1), digits) + 0.0
    text = f"{value:+,.{digits}f}" if signed and value else f"{value:,.{digits}f}"
    return f"{text} %" if unit == "share" else text


def _part(
    out: Any,  # noqa: ANN401  rich has many kinds of consoles
    title: str,
    table: pa.Table,
    cells: Callable[[Mapping[str, Any]], Sequence[str]],
    header: Sequence[str],
) -> None:
    if table.num_rows == 0:
        return
    rows = table.slice(0, MOST).to_pylist()
    more = f" ({MOST} of {table.num_rows:,})" if table.num_rows > MOST else ""
    found = grid(header, right=[name for name in header if name not in LEFT])
    for row in rows:
        found.add_row(*map(escape, cells(row)))
    out.print(f"{title}{more}:")
    out.print(found)


def _product(name: Callable[[str], str], row: Mapping[str, Any]) -> Sequence[str]:
    units = (f"{row['units']:,.1f}", f"{row['units_change']:+,.1f}")
    return name(row["product"]), *units, f"{row['profit']:,.2f}", f"{row['profit_change']:+,.2f}"


def _lot(name: Callable[[str], str], row: Mapping[str, Any]) -> Sequence[str]:
    return name(row["item"]), row["site"], str(row["week"]), f"{row['units']:,.1f}", f"{row['change']:+,.1f}"


def _exception(name: Callable[[str], str], row: Mapping[str, Any]) -> Sequence[str]:
    return row["change"], row["kind"], name(row["subject"]), str(row["week"]), f"{row['money']:,.2f}"


def _price(row: Mapping[str, Any]) -> Sequence[str]:
    one = {"hours": "hour"}.get(row["unit"], row["unit"])
    return row["resource"], row["kind"], f"{row['price']:,.2f}", f"{row['change']:+,.2f}", one
