"""The forecast, for people: what will be asked for, how good that was in the past, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

LOW, HIGH = "q050", "q950"
LEVELS = ("total", "department", "region", "category", "product")
MEASURES = {
    "money": "money",
    "scrps": "scrps",
    "rmse": "rmse",
    "mae": "mae",
    "rmsse": "rmsse",
    "mase": "mase",
    "r2_within": "r2w",
    "coverage50": "in 50%",
    "coverage90": "in 90%",
    "bias": "bias",
    "value_added": "added",
}
"""Scores shown, and what heads them."""


def outlook(known: pa.Table, totals: pa.Table, products: pa.Table | None, *, rows: int, stream: TextIO | None = None) -> None:
    """Write the next weeks: the total, the largest categories and the best sellers, with the band nine weeks in ten stay in.

    Bands of the total and of categories come from joint draws, not from adding up bands.
    """
    weeks = sorted(set(known["week"].to_pylist()))
    names = _column(products, "name")
    current = pc.and_(pc.equal(totals["information"], "now"), pc.equal(totals["cutoff"], known["cutoff"][0]))
    above: dict[str, list[dict[str, Any]]] = {}
    for row in totals.filter(current).to_pylist():
        above.setdefault(row["level"], []).append(row)
    sellers = _groups(known.to_pylist(), "product")
    found = grid(("units a week", *(str(week) for week in weeks)), right=[str(week) for week in weeks])
    for name in LEVELS:
        lines = known.to_pylist() if name == "product" else above.get(name, [])
        groups = _groups(lines, "product" if name == "product" else "group")
        for group in sorted(groups, key=lambda one: (-sum(row["mean"] for row in groups[one]), one))[:rows]:
            called = {"total": "total", "product": _called(group, names)}.get(name, group)
            found.add_row(escape(called), *_bands(groups[group], weeks))
        found.add_section()
    out = console(stream)
    out.print(found)
    left = len(sellers) - rows
    more = f"; {left:,} more products: lotwise forecast PRODUCT" if left > 0 else ""
    out.print("expected units (from .. to in nine weeks of ten)" + more)


def product_outlook(known: pa.Table, products: pa.Table | None, stream: TextIO | None = None) -> None:
    """Write one product's next weeks in each region."""
    names = _column(products, "name")
    columns = ("region", "week", "expected", "half the time", "nine times in ten")
    found = grid(columns, right=columns[2:])
    for row in known.sort_by([("region", "ascending"), ("week", "ascending")]).to_pylist():
        half, nine = (f"{row[low]:,.1f} .. {row[high]:,.1f}" for low, high in (("q250", "q750"), (LOW, HIGH)))
        found.add_row(escape(row["region"]), str(row["week"]), f"{row['mean']:,.1f}", half, nine)
    out = console(stream)
    out.print(escape(_called(known["product"][0].as_py(), names)))
    out.print(found)


def used_method(candidates: pa.Table, stream: TextIO | None = None) -> None:
    """Write which method made the forecast."""
    chosen = [row for row in candidates.to_pylist() if row["chosen"]]
    tried = sum(row["scrps"] is not None for row in candidates.to_pylist())
    for row in chosen:
        among = f", the best of {tried} on the weeks before the first past plan: lotwise methods" if tried > 1 else ""
        console(stream).print(f"method: {escape(row['method'])} ({escape(row['meaning'])}){among}")


def scores(table: pa.Table, stream: TextIO | None = None) -> None:
    """Write the record of past accuracy, the best scaled CRPS first."""
    measures = [name for name in MEASURES if name in table.column_names and table[name].null_count < table.num_rows]
    heads = [MEASURES[name] for name in measures]
    found = grid(("method", "information", "cells", *heads), right=("cells", *heads), whole=("method", "information"))
    order = sorted(
        table.to_pylist(), key=lambda row: (row["scrps"] is None, row["scrps"] or 0.0, row["model"], row["information"])
    )
    for row in order:
        numbers = ["" if row[name] is None else f"{row[name]:,.3f}" for name in measures]
        found.add_row(escape(row["model"]), escape(row["information"]), f"{row['cells']:,}", *numbers)
    out = console(stream)
    out.print(found)
    out.print(
        "scrps scores the whole distribution, lower is better; 'in 50%' should be at least .5 and 'in 90%' .9 (whole units"
    )
    out.print(
        "widen narrow bands); 'added' is the share of the naive forecast's error removed. All measures: lotwise tables scores"
    )


def methods(table: pa.Table, stream: TextIO | None = None) -> None:
    """Write the methods: the one in use first, then those tried, then those that were not."""
    found = grid(
        ("method", "money lost", "scrps", "reckoned s", "what it is, or why it was not tried"),
        right=("money lost", "scrps", "reckoned s"),
    )
    order = sorted(
        table.to_pylist(),
        key=lambda row: (not row["chosen"], row["scrps"] is None, row["money"] or 0.0, row["scrps"] or 0.0, row["method"]),
    )
    for row in order:
        name = f"[bold]{escape(row['method'])}[/] (in use)" if row["chosen"] else escape(row["method"])
        money = "" if row["money"] is None else f"{row['money']:,.0f}"
        scrps = "" if row["scrps"] is None else f"{row['scrps']:.4f}"
        found.add_row(name, money, scrps, f"{row['seconds']:.1f}", escape(row["skipped"] or row["meaning"]))
    console(stream).print(found)


def features(table: pa.Table, stream: TextIO | None = None) -> None:
    """Write the features of each source, those that moved the forecasts most first."""
    found = grid(("source", "feature", "share of gain", "absent", "meaning"), right=("share of gain", "absent"))
    last = ""
    totals: dict[str, float] = {}
    for row in table.to_pylist():
        totals[row["source"]] = totals.get(row["source"], 0.0) + (row["gain"] or 0.0)
    for row in sorted(
        table.to_pylist(), key=lambda row: (-totals[row["source"]], row["source"], -(row["gain"] or 0.0), row["feature"])
    ):
        if last and row["source"] != last:
            found.add_section()
        shown = "" if row["source"] == last else row["source"]
        last = row["source"]
        gain = "" if row["gain"] is None else f"{row['gain']:.1%}"
        found.add_row(escape(shown), escape(row["feature"]), gain, f"{row['missing']:.0%}", escape(row["meaning"]))
    console(stream).print(found)


def why(
    row: Mapping[str, Any],
    reasons: Sequence[Mapping[str, Any]],
    meanings: Mapping[tuple[str, str], str],
    stream: TextIO | None = None,
) -> None:
    """Write what one forecast is made of."""
    out = console(stream)
    where = "" if row["region"] == "all" else f" in {row['region']}"
    out.print(
        f"[bold]{escape(row['product'])}[/]{escape(where)}, week of {row['week']}: {row['mean']:,.1f} units expected, "
        f"{row[LOW]:,.1f} .. {row[HIGH]:,.1f} nine times in ten"
    )
    if not reasons:
        out.print("The method in use looks at the product's own past only, and cannot say more: lotwise methods")
        return
    found = grid(("because of", "units", "most of it"), right=("units",))
    first = {"usual level": 0, "base": 1, "after the model": 3}
    for reason in sorted(reasons, key=lambda one: (first.get(one["source"], 2), -abs(one["units"]), one["source"])):
        most = ""
        if reason["feature"] is not None:
            meaning = meanings.get((reason["source"], reason["feature"]), reason["feature"])
            value = "not known" if reason["value"] is None else f"{reason['value']:,.2f}"
            most = f"{reason['feature_units']:+,.2f} as {meaning} is {value}"
        sign = "" if reason["source"] == "usual level" else "+"
        found.add_row(escape(reason["source"]), f"{reason['units']:{sign},.2f}", escape(most))
    found.add_section()
    found.add_row("expected", f"{sum(reason['units'] for reason in reasons):,.2f}", "")
    out.print(found)


def _groups(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _bands(rows: Sequence[Mapping[str, Any]], weeks: Sequence[Any]) -> list[str]:
    """Return each week's mean and band; of a product in several regions the mean of their sum, whose band is not kept."""
    found = []
    for week in weeks:
        here = [row for row in rows if row["week"] == week]
        band = f" ({here[0][LOW]:,.0f} .. {here[0][HIGH]:,.0f})" if len(here) == 1 else ""
        found.append(f"{sum(row['mean'] for row in here):,.0f}{band}" if here else "")
    return found


def _column(products: pa.Table | None, name: str) -> dict[str, Any]:
    if products is None or name not in products.column_names:
        return {}
    return dict(zip(products["product"].to_pylist(), products[name].to_pylist(), strict=True))


def _called(product: str, names: Mapping[str, Any]) -> str:
    return f"{product} {names[product]}" if names.get(product) else product
