"""Propensities: what customers will do, and how well that was foreseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.said import Row, counted, more, nothing, remarks, share, told
from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from rich.console import Console

BASE = "base rate"
METRICS = ("log_loss", "brier", "auc", "calibration_error", "precision", "recall", "f1")
TWICE = 2.0


def propensities(
    scores: Sequence[Row], chances: Sequence[Row], notes: Sequence[Row], *, rows: int, stream: TextIO | None = None
) -> None:
    """Write how well each target was foreseen and the customers most likely to; of one target, every classifier too.

    Parameters
    ----------
    scores
        Rows of ``propensity_scores``.
    chances
        Rows of ``propensities``.
    notes
        Rows of ``mining`` about them.
    rows
        Customers shown of one target.
    """
    out = console(stream)
    if not scores:
        nothing(out, notes, "propensities")
        return
    targets = list(dict.fromkeys(row["target"] for row in scores))
    if len(targets) == 1:
        _one(scores, chances, rows, out)
    else:
        _overview(targets, scores, chances, out)
    told(
        out,
        "AUC: how often one who did was ranked above one who did not.",
        "Off by, or calibration error: how far chances are from what came true.",
    )
    remarks(out, notes)


def _overview(targets: Sequence[str], scores: Sequence[Row], chances: Sequence[Row], out: Console) -> None:
    numbers = ("all", "2 x as likely", "log loss", "by the share", "auc", "off by")
    shown = grid(("target", *numbers, "model", "likeliest customer", ""), right=(*numbers, ""), whole=("target", *numbers))
    weeks: dict[str, list[str]] = {}
    for target in targets:
        mine = [row for row in scores if row["target"] == target]
        used = next((row for row in mine if row["chosen"]), mine[0])
        base = next((row for row in mine if row["model"] == BASE), None)
        best = _likeliest(chances, target)
        twice = sum(row["probability"] >= TWICE * row["base"] > 0 for row in best)
        shown.add_row(
            escape(target),
            share(best[0]["base"]) if best else "",
            f"{twice:,}" if best else "",
            f"{used['log_loss']:.3f}",
            f"{base['log_loss']:.3f}" if base else "",
            _decimals(used["auc"]),
            _decimals(used["calibration_error"]),
            used["model"],
            escape(best[0]["customer"]) if best else "",
            share(best[0]["probability"]) if best else "",
        )
        period = f"{counted(used['customers'], 'customer')} from {used['from_day']} to {used['to_day']}"
        weeks.setdefault(period, []).append(target)
    out.print(shown)
    scored = "; ".join(f"{', '.join(of)}: {period}" for period, of in weeks.items())
    told(out, f"Scored on what was not learned from: {scored}.")
    told(out, "2 x as likely: customers with at least twice the chance of all. By the share: log loss of the share alone.")
    told(out, "All customers and classifiers of one target: lotwise propensity TARGET")


def _one(scores: Sequence[Row], chances: Sequence[Row], rows: int, out: Console) -> None:
    first, best = scores[0], _likeliest(chances, scores[0]["target"])
    told(
        out,
        f"{first['target']}: scored on what {counted(first['customers'], 'customer')} did from {first['from_day']} to "
        f"{first['to_day']}, which was not learned from.",
    )
    heads = tuple(name.replace("_", " ") for name in METRICS)
    shown = grid(("model", *heads, ""), right=heads, whole=heads)
    for row in scores:
        shown.add_row(row["model"], *(_decimals(row[name]) for name in METRICS), "used" if row["chosen"] else "")
    out.print(shown)
    if best:
        told(out, f"The likeliest (all customers: {share(best[0]['base'])}):")
        who = grid(("customer", "chance"), right=("chance",))
        for row in best[:rows]:
            who.add_row(escape(row["customer"]), share(row["probability"]))
        out.print(who)
        more(out, len(best), rows)


def _likeliest(chances: Sequence[Row], target: str) -> list[Row]:
    return sorted((row for row in chances if row["target"] == target), key=lambda row: (-row["probability"], row["customer"]))


def _decimals(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
