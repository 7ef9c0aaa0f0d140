"""Drivers: what moves a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, between, counted, figure, nothing, remarks, share, told
from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from rich.console import Console

HARDLY = 0.02
"""Share explained up to which what is told is little more than noise."""


def drivers(found: Sequence[Row], models: Mapping[str, Row], notes: Sequence[Row], *, stream: TextIO | None = None) -> None:
    """Write what moves each target, most moved first, with how much of it is explained at all.

    Parameters
    ----------
    found
        Rows of the table ``drivers``.
    models
        Target -> its row of ``driver_models``.
    notes
        Rows of ``mining`` about them.
    """
    out = console(stream)
    if not found:
        nothing(out, notes, "drivers")
        return
    for target in dict.fromkeys(row["target"] for row in found):
        told(out, *_explained(models[target]))
        _table([row for row in found if row["target"] == target], out)
    told(
        out,
        "Share: of all that the features carry. Lost: of the explained part, when the feature is shuffled; where the interval "
        "holds 0 it is not needed. Coefficient: for one standard deviation more.",
        "What goes along with a target need not cause it.",
    )
    remarks(out, [row for row in notes if row["note"]])


def _explained(model: Row) -> tuple[str, ...]:
    mean = share(model["mean"], 1) if model["unit"].startswith("share") else figure(model["mean"])
    mean = "" if "against" in model["unit"] else f", {mean} in the mean"
    same = model["unit"] in {model["target"], model["target"].partition(".")[2]}
    of = "" if same else f" ({model['unit']}{mean})"
    explained, linear = max(model["explained"], 0.0), max(model["linear"], 0.0)
    said = (
        f"What moves {model['target']}{of or mean}: {share(explained, 1)} of its ups and downs is explained in rows kept "
        f"apart, by a linear model {share(linear, 1)}; learned from {counted(model['rows'], 'row')}."
    )
    return (
        said,
        "That is hardly any: what follows is little more than noise." if explained <= HARDLY else "",
    )


def _table(mine: Sequence[Row], out: Console) -> None:
    numbers = ("share", "lost", "90 %", "coefficient")
    shown = grid(("feature", "what it does", *numbers), right=numbers, whole=numbers)
    for row in mine:
        linear = "" if row["coefficient"] is None else f"{row['coefficient']:+.3f}"
        error = "" if row["coefficient_error"] is None else f" +- {row['coefficient_error']:.3f}"
        shown.add_row(
            escape(row["feature"]),
            escape(row["words"]),
            share(row["share"]),
            share(row["permutation"]),
            between(row["permutation_low"], row["permutation_high"], share),
            linear + error,
        )
    out.print(shown)
