"""One choice in full: how it was modeled and what its values are worth to customers, the classes side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.classes import ONE_MORE, OTHER, PRODUCT, apart, value_called
from lotwise.console.mined.line import instead, line
from lotwise.console.mined.said import Row, amount, between, chance, counted, figure, more, share, told
from lotwise.console.screen import grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console

    Worths = Mapping[tuple[str, str, str], Row]


def one_choice(
    choice: str,
    tables: Mapping[str, Sequence[Row]],
    named: Callable[[str], str],
    *,
    rows: int,
    currency: str,
    out: Console,
) -> None:
    """Write one choice in full.

    Parameters
    ----------
    choice
        Which, as in ``choice_models``.
    tables
        Rows of ``choice_models, preferences, substitutions`` and ``product_lines``.
    named
        Puts a product's name behind its code.
    rows
        Most rows shown of each table.
    currency
        Of all money.
    out
        Where to write.
    """
    of = {name: [row for row in found if row["choice"] == choice] for name, found in tables.items()}
    _models(choice, of["choice_models"], out)
    if of["preferences"]:
        _worths(of["preferences"], named, rows, currency, out)
    instead(of["substitutions"], named, rows, out)
    line(of["product_lines"], named, rows, currency, out)


def _models(choice: str, models: Sequence[Row], out: Console) -> None:
    told(out, f"{choice}: {models[0]['choices']:,} choices among {counted(models[0]['alternatives'], 'alternative')}.")
    numbers = ("parameters", "log-likelihood", "all alike", "bic", "held out")
    shown = grid(("model", *numbers, ""), right=numbers, whole=numbers)
    for row in models:
        shown.add_row(
            row["model"],
            f"{row['parameters']:,}",
            f"{row['log_likelihood']:,.1f}",
            f"{row['null_log_likelihood']:,.1f}",
            f"{row['bic']:,.1f}",
            figure(row["held_out"], 3),
            "used" if row["chosen"] else "",
        )
    out.print(shown)
    for row in models:
        told(out, f"- {row['model']}: {row['note']}." if row["note"] else "")


def _worths(found: Sequence[Row], named: Callable[[str], str], rows: int, currency: str, out: Console) -> None:
    """Write part-worths and what they are worth in money, the classes side by side."""
    segments = list(dict.fromkeys(row["segment"] for row in found))
    by = {(row["segment"], row["attribute"], row["value"]): row for row in found}
    values = sorted(dict.fromkeys((row["attribute"], row["value"]) for row in found), key=lambda key: _place(key, by, segments))
    if len(segments) > 1:
        told(out, "Customers differ:")
        for segment in segments:
            size = next(row["segment_share"] for row in found if row["segment"] == segment)
            told(out, f"- {segment} ({share(size)}): {apart(segment, segments, by, named, currency)}.")
    told(out, "What each value adds to liking (part-worth in logits, +- its standard error):")
    spread = len(segments) == 1 and any(row["spread"] is not None for row in found)
    extra = ("p", *(("spread",) if spread else ())) if len(segments) == 1 else ()
    heads = tuple("part-worth" if name == "all" else name for name in segments)
    shown = grid(("attribute", "value", *heads, *extra, "chosen"), right=(*heads, *extra, "chosen"), whole=(*heads, "chosen"))
    for attribute, value in values[:rows]:
        cells = [by.get((segment, attribute, value)) for segment in segments]
        first = next(cell for cell in cells if cell)
        more_of = (
            chance(first["p_value"]) if first["p_value"] is not None else "",
            *((figure(first["spread"]),) if spread else ()),
        )
        shown.add_row(
            escape(attribute),
            escape(value_called(attribute, value, named, currency)),
            *(_part_worth(cell) for cell in cells),
            *(more_of if extra else ()),
            share(first["share"]),
        )
    out.print(shown)
    more(out, len(values), rows)
    _money(values, by, segments, named, rows, currency, out)
    told(out, f"'{OTHER}' stands for all that sell less, together." if any(value == OTHER for _, value in values) else "")


def _money(
    values: Sequence[tuple[str, str]],
    by: Worths,
    segments: Sequence[str],
    named: Callable[[str], str],
    rows: int,
    currency: str,
    out: Console,
) -> None:
    """Write what values are worth in money, where a price is known to move choices."""
    priced = [segment for segment in segments if any(by[key]["willingness"] is not None for key in by if key[0] == segment)]
    if not priced:
        told(out, "What they are worth in money is not told.")
        return
    told(out, f"What customers would pay more for it ({currency or 'money'}, with its 95 % interval):")
    heads = tuple("all customers" if name == "all" else name for name in priced)
    shown = grid(("attribute", "value", *heads), right=heads, whole=heads)
    worth = [key for key in values if any(_willing(by, segment, key) for segment in priced)]
    for key in worth[:rows]:
        shown.add_row(
            escape(key[0]), escape(value_called(*key, named, currency)), *(_willing(by, segment, key) for segment in priced)
        )
    out.print(shown)
    missing = [segment for segment in segments if segment not in priced]
    told(out, f"{', '.join(missing).capitalize()}: no price is known to move its choices." if missing else "")


def _willing(by: Worths, segment: str, key: tuple[str, str]) -> str:
    row = by.get((segment, *key))
    if row is None or row["willingness"] is None:
        return ""
    return f"{amount(row['willingness'])} ({between(row['willingness_low'], row['willingness_high'], amount)})"


def _part_worth(row: Row | None) -> str:
    if row is None:
        return ""
    if row["standard_error"] is None:
        return "0 (base)" if row["part_worth"] == 0 else _signed(row["part_worth"])
    return f"{_signed(row['part_worth'])} +- {figure(row['standard_error'])}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + figure(value)


def _place(key: tuple[str, str], by: Worths, segments: Sequence[str]) -> tuple[int, str, bool, float, str]:
    """Return where a value stands: price and other amounts, then attributes, then products, liked most first."""
    attribute, value = key
    kind = 0 if attribute == "price" else 1 if value == ONE_MORE else 3 if attribute == PRODUCT else 2
    rows = [by[segment, attribute, value] for segment in segments if (segment, attribute, value) in by]
    liked = sum(row["segment_share"] * row["part_worth"] for row in rows)
    return kind, attribute, value == OTHER, -liked, value
