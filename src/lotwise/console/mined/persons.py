"""Profiles: what is known of customers, of all in a list and of one in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, amount, between, counted, figure, more, nothing, remarks, share, told, unit
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

LISTED = {
    "orders so far": "orders",
    "days since last order": "days since",
    "days overdue": "overdue",
    "chance of having left": "left",
    "expected orders": "orders ahead",
    "expected revenue": "revenue",
    "expected margin": "margin",
    "favorite category 1": "likes",
    "favorite product 1": "likes most",
}
"""Feature of ``profiles`` -> its column in the list of customers."""
BEST = ("expected margin", "expected revenue", "expected orders", "orders so far")
"""What customers are listed by: the first of these that is known."""
OFFERED = 3
"""Offers told of a customer."""


def profiles(rows: Sequence[Row], notes: Sequence[Row], *, most: int, currency: str, stream: TextIO | None = None) -> None:
    """Write the customers of whom most margin is expected.

    Parameters
    ----------
    rows
        Rows of the table ``profiles``; of the features in ``LISTED`` at least.
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
    units = {row["feature"]: unit(row["unit"], currency) for row in rows}
    best = next((name for name in BEST if name in units), BEST[-1])
    features = [name for name in LISTED if name in units]
    heads = [
        f"{LISTED[name]} {currency}".strip() if units[name].startswith(currency or "money") else LISTED[name]
        for name in features
    ]
    words = [head for head, name in zip(heads, features, strict=True) if name.startswith("favorite")]
    numbers = [head for head in heads if head not in words]
    order = sorted(known, key=lambda name: (-((known[name].get(best) or {}).get("value") or 0.0), name))
    told(out, f"{counted(len(known), 'customer')}, first those with most {best}:")
    shown = grid(("customer", *heads), right=numbers, whole=("customer",))
    for name in order[:most]:
        cells = (known[name].get(feature) for feature in features)
        shown.add_row(escape(name), *(escape(_cell(cell)) for cell in cells))
    out.print(shown)
    more(out, len(order), most)
    ahead = units.get("expected orders", "").partition(" in ")[2]
    told(out, f"Orders ahead, revenue and margin: what is expected in {ahead}." if ahead else "")
    told(
        out,
        "Overdue: days beyond the usual time between two orders." if "days overdue" in features else "",
        "Left: chance of having left for good." if "chance of having left" in features else "",
    )
    told(out, "All that is known of one of them: lotwise profile CUSTOMER")
    remarks(out, notes)


def _cell(row: Row | None) -> str:
    if row is None:
        return ""
    if row["feature"].startswith("favorite") or row["value"] is None:
        return f"{row['text'] or ''} {share(row['value'])}".strip()
    if row["unit"] == "share":
        return share(row["value"])
    return amount(row["value"]) if (row["unit"] or "").startswith("money") else figure(row["value"], 1)


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
    segment = tables["segments"]
    told(
        out,
        f"Customer {customer}.",
        *(f"Segment {row['segment']} ({row['name']}), certain to {share(row['certainty'])}." for row in segment),
    )
    shown = grid(("what", "value", "", "90 %", "from"), right=("value", "90 %"), whole=("what", "90 %"))
    for row in tables["profiles"]:
        value, of = _value(row, named, currency)
        shown.add_row(
            escape(row["feature"]), escape(value), escape(of), _band(row), escape(_sentence(row["evidence"], currency))
        )
    out.print(shown)
    _ahead(tables["propensities"], out)
    for row in sorted(tables["offers"], key=lambda row: row["rank"])[:OFFERED]:
        told(out, f"Offer {row['rank']}: {named(row['product'])}. {row['why']}")


def _ahead(propensities: Sequence[Row], out: Console) -> None:
    if not propensities:
        return
    told(out, "In the coming weeks:")
    will = grid(("what", "chance", "all customers", "beside all"), right=("chance", "all customers", "beside all"))
    for row in sorted(propensities, key=lambda row: (-row["probability"], row["target"])):
        times = f"x {row['probability'] / row['base']:.1f}" if row["base"] else ""
        will.add_row(escape(row["target"]), share(row["probability"]), share(row["base"]), times)
    out.print(will)


def _value(row: Row, named: Callable[[str], str], currency: str) -> tuple[str, str]:
    """Return a feature's value and its unit; of a favorite its name and how often it is taken."""
    text = row["text"] or ""
    text = named(text) if row["feature"].startswith("favorite product") else text
    if row["value"] is None:
        return text, ""
    value = share(row["value"]) if row["unit"] == "share" else _number(row)
    of = "" if row["unit"] in {None, "share"} else unit(row["unit"], currency)
    return (text, value) if text else (value, of)


def _number(row: Row) -> str:
    return amount(row["value"]) if (row["unit"] or "").startswith("money") else figure(row["value"])


def _band(row: Row) -> str:
    of = row["unit"] or ""
    return between(row["low"], row["high"], share if of == "share" else amount if of.startswith("money") else figure)


def _sentence(evidence: str, currency: str) -> str:
    """Return what a feature rests on, with the currency in place of an amount's unit."""
    return evidence.replace("money per order", f"{currency} per order") if currency else evidence
