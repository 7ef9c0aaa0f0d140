"""What is taken instead of an alternative, and the line of alternatives that earns most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from lotwise.console.mined.classes import OTHER
from lotwise.console.mined.said import Row, amount, figure, more, share, signed, told
from lotwise.console.screen import grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

LAST = (OTHER, "nothing")
"""What is taken instead that is not one alternative."""
TAKEN = 4
"""Alternatives named that are taken instead of one."""


def instead(found: Sequence[Row], named: Callable[[str], str], rows: int, out: Console) -> None:
    """Write for each alternative where its buyers go without it, and what a dearer one does."""
    away: dict[str, list[Row]] = {}
    own = {row["alternative"]: row["elasticity"] for row in found if row["alternative"] == row["instead"]}
    for row in found:
        if row["alternative"] not in {row["instead"], OTHER}:
            away.setdefault(row["alternative"], []).append(row)
    if not away:
        return
    told(out, "When one is not to be had:")
    priced = any(value is not None for value in own.values())
    numbers = ("1 % dearer",) if priced else ()
    shown = grid(("missing", "its buyers take", *numbers), right=numbers, whole=numbers)
    for alternative, pairs in list(away.items())[:rows]:
        elasticity = own.get(alternative)
        cells = ("" if elasticity is None else f"{elasticity:+.2f} %",) if priced else ()
        shown.add_row(escape(named(alternative)), escape(_taken(pairs, named)), *cells)
    out.print(shown)
    more(out, len(away), rows)
    told(out, "1 % dearer: how much more or less often it is chosen then." if priced else "")


def _taken(pairs: Sequence[Row], named: Callable[[str], str]) -> str:
    """Return what is taken instead, most first; what stands for many alternatives, or for none, comes last."""
    first = sorted(
        (row for row in pairs if row["instead"] not in LAST and row["diverted"] > 0),
        key=lambda row: (-row["diverted"], row["instead"]),
    )
    parts = [f"{named(row['instead'])} {share(row['diverted'])}" for row in first[:TAKEN]]
    rest = first[TAKEN:]
    parts += [f"{len(rest)} more {share(sum(row['diverted'] for row in rest))}"] if rest else []
    parts += [f"{row['instead']} {share(row['diverted'])}" for row in pairs if row["instead"] in LAST and row["diverted"] > 0]
    return ", ".join(parts)


def line(found: Sequence[Row], named: Callable[[str], str], rows: int, currency: str, out: Console) -> None:
    """Write the line that earns most; its sums stand in every row."""
    if not found:
        return
    first, kept = found[0], sum(row["kept"] for row in found)
    now, then = first["earned_now"], first["earned_then"]
    gain = f" ({signed(then / now - 1)})" if now > 0 else ""
    earns = (
        f"No alternative is worth dropping: all {len(found)} earn {figure(now)} {currency} of margin of 100 who come."
        if kept == len(found)
        else f"The line that earns most keeps {kept} of {len(found)}: {figure(then)} {currency} of margin of 100 who come, "
        f"{figure(now)} with all offered{gain}."
    )
    told(
        out,
        earns,
        f"That assumes that {share(first['outside'])} of those who come buy nothing with all offered, which sales do not show "
        "(mine.preferences.outside). Steady: of other assumptions, from 10 % to 70 %, the share with the same answer.",
    )
    numbers = (f"margin {currency}".rstrip(), "share now", "share then", "steady")
    shown = grid(("alternative", "", *numbers), right=numbers, whole=numbers)
    order = sorted(found, key=lambda row: (row["kept"], row["alternative"] == OTHER, -row["share_now"], row["alternative"]))
    for row in order[:rows]:
        shown.add_row(
            escape(named(row["alternative"])),
            "keep" if row["kept"] else "drop",
            amount(row["margin"]),
            share(row["share_now"], 1),
            share(row["share_then"], 1),
            share(row["steady"]),
        )
    out.print(shown)
    more(out, len(found), rows)
