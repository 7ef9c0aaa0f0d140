"""Preferences: what customers choose, over all choices that were modeled, and the line that earns most of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.choice import one_choice
from lotwise.console.mined.said import Row, more, nothing, remarks, share, signed, told
from lotwise.console.screen import called, console, grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa
    from rich.console import Console

SHARES = "shares"
DROPPED = 3
"""Alternatives named that the line that earns most does without."""


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
        Rows of ``mining`` about these choices.
    products
        The products, for their names.
    choice
        Which choice; None: all that ``choice_models`` holds, in one table.
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
    if choice is not None:
        one_choice(choice, tables, named, rows=rows, currency=currency, out=out)
        remarks(out, notes)
        return
    _overview(models, tables["product_lines"], named, rows, out)
    remarks(out, notes)


def _overview(models: Sequence[Row], lines: Sequence[Row], named: Callable[[str], str], rows: int, out: Console) -> None:
    names = list(dict.fromkeys(row["choice"] for row in models))
    numbers = ("choices", "of", "foreseen", "by shares")
    shown = grid(("choice", *numbers, "model", "the line that earns most"), right=numbers, whole=numbers)
    for name in names[:rows]:
        mine = {row["model"]: row for row in models if row["choice"] == name}
        used = next((row for row in mine.values() if row["chosen"]), next(iter(mine.values())))
        shown.add_row(
            escape(name),
            f"{used['choices']:,}",
            f"{used['alternatives']:,}",
            _foreseen(used),
            _foreseen(mine[SHARES]) if SHARES in mine else "",
            used["model"],
            escape(_line([row for row in lines if row["choice"] == name], named)),
        )
    out.print(shown)
    more(out, len(names), rows)
    told(
        out,
        "Foreseen: the chance given to what was chosen in the last weeks, kept apart (geometric mean); by shares: to each what "
        "it had before. Other cases: the same line under other shares of those who buy nothing. What is liked, what it is "
        "worth and what is taken instead: lotwise preferences CHOICE",
    )


def _foreseen(row: Row) -> str:
    return "" if row["held_out"] is None else share(math.exp(row["held_out"]), 1)


def _line(rows: Sequence[Row], named: Callable[[str], str]) -> str:
    """Return what the line that earns most does without, and what it earns more; the sums stand in every row."""
    if not rows:
        return ""
    dropped = [named(row["alternative"]) for row in rows if not row["kept"]]
    if not dropped:
        return f"all {len(rows)}"
    rest = len(dropped) - DROPPED
    names = ", ".join(dropped[:DROPPED]) + (f" and {rest} more" if rest > 0 else "")
    first = rows[0]
    gain = f", {signed(first['earned_then'] / first['earned_now'] - 1)}" if first["earned_now"] > 0 else ""
    steady = min(row["steady"] for row in rows if not row["kept"])
    doubt = "" if steady >= 1 else f"; in {share(steady)} of other cases"
    return f"without {names}{gain}{doubt}"
