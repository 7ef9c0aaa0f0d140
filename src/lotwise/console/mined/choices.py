"""Preferences: what customers choose, what it is worth to them, what they take instead, and the line that earns most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, counted, figure, nothing, share, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa


def preferences(
    tables: Mapping[str, Sequence[Row]],
    notes: Sequence[Row],
    products: pa.Table | None,
    *,
    choice: str | None,
    rows: int,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write the models of choice, or one of them with part-worths, substitution and the line that earns most.

    Parameters
    ----------
    tables
        Rows of ``choice_models, preferences, substitutions`` and ``product_lines``.
    notes
        Rows of ``mining`` about them.
    products
        The products, for their names.
    choice
        Which choice; None: all of them, in one table.
    rows
        Most rows shown of each table.
    currency
        Of all money.
    """
    out, named = console(stream), called(products)
    models = [row for row in tables["choice_models"] if choice in {None, row["choice"]}]
    if not models:
        nothing(out, notes, "preferences")
        return
    numbers = ("choices", "alternatives", "log-likelihood", "of alike", "held out")
    shown = grid(("choice", "model", *numbers, "", "note"), right=numbers, whole=numbers)
    for row in models:
        if choice is None and not row["chosen"]:
            continue
        shown.add_row(
            escape(row["choice"]),
            row["model"],
            f"{row['choices']:,}",
            f"{row['alternatives']:,}",
            f"{row['log_likelihood']:,.1f}",
            f"{row['null_log_likelihood']:,.1f}",
            figure(row["held_out"], 3),
            "used" if row["chosen"] else "",
            escape(row["note"] or ""),
        )
    out.print(shown)
    if choice is None:
        told(out, "One of them: lotwise preferences CHOICE")
        return
    _worths([row for row in tables["preferences"] if row["choice"] == choice], named, rows, currency, out)
    _instead([row for row in tables["substitutions"] if row["choice"] == choice], named, rows, out)
    _line([row for row in tables["product_lines"] if row["choice"] == choice], named, currency, out)


def _worths(found, named, rows, currency, out) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for segment in dict.fromkeys(row["segment"] for row in found):
        mine = [row for row in found if row["segment"] == segment]
        told(out, f"{segment} ({share(mine[0]['segment_share'])} of customers):")
        numbers = ("part-worth", "+-", f"worth {currency}".rstrip(), "95 %", "chosen")
        shown = grid(("attribute", "value", *numbers), right=numbers, whole=numbers)
        for row in mine[:rows]:
            band = (
                ""
                if row["willingness_low"] is None
                else f"{figure(row['willingness_low'])} .. {figure(row['willingness_high'])}"
            )
            shown.add_row(
                escape(row["attribute"]),
                escape(named(row["value"])),
                f"{row['part_worth']:+.2f}",
                figure(row["standard_error"]),
                figure(row["willingness"]),
                band,
                share(row["share"]),
            )
        out.print(shown)


def _instead(found, named, rows, out) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    pairs = sorted((row for row in found if row["alternative"] != row["instead"]), key=lambda row: -row["diverted"])
    if not pairs:
        return
    told(out, "When one is not to be had:")
    numbers = ("of its buyers", "elasticity")
    shown = grid(("missing", "taken instead", *numbers), right=numbers)
    for row in pairs[:rows]:
        shown.add_row(
            escape(named(row["alternative"])), escape(named(row["instead"])), share(row["diverted"]), figure(row["elasticity"])
        )
    out.print(shown)


def _line(found, named, currency, out) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if not found:
        return
    kept = sum(row["kept"] for row in found)
    now, then = (sum(row[name] for row in found) for name in ("earned_now", "earned_then"))
    told(
        out,
        f"The line that earns most keeps {kept} of {counted(len(found), 'alternative')}: {figure(then)} {currency} a hundred "
        f"choices, {figure(now)} with all of them.",
    )
    numbers = ("margin", "share now", "share then")
    shown = grid(("alternative", "", *numbers), right=numbers)
    for row in sorted(found, key=lambda row: (-row["earned_then"], -row["earned_now"])):
        shown.add_row(
            escape(named(row["alternative"])),
            "keep" if row["kept"] else "drop",
            figure(row["margin"]),
            share(row["share_now"], 1),
            share(row["share_then"], 1),
        )
    out.print(shown)
