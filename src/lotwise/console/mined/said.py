"""Figures, names and remarks as the screens of mining write them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console

Row = dict[str, Any]

WHOLE = 1000
"""From here on decimals stop to matter."""
TENTH = 0.1
"""Percent below which a share is not written out."""
SCOPES = 3
"""Scopes named of one remark."""


def share(value: float | None, digits: int = 0) -> str:
    """Return a share in percent, with a digit more below one percent; nothing where it is absent."""
    if value is None or not math.isfinite(value):
        return ""
    percent = 100 * value
    if 0 < abs(percent) < TENTH / 2:
        return f"< {TENTH} %" if percent > 0 else "0 %"
    return f"{percent:,.{max(digits, int(0 < abs(percent) < 1 - TENTH / 2))}f} %"


def signed(value: float | None) -> str:
    """Return a share in percent with its sign; nothing where it is absent."""
    return "" if value is None or not math.isfinite(value) else f"{round(100 * value):+,d} %"


def figure(value: float | None, digits: int = 2) -> str:
    """Return a number with so many digits behind the point; whole from a thousand on; nothing where it is absent."""
    if value is None or not math.isfinite(value):
        return ""
    if abs(value) >= WHOLE or value == int(value):
        return f"{round(value):,d}"
    return f"{value:.2g}" if digits and abs(value) < 10**-digits else f"{value:,.{digits}f}"


def amount(value: float | None) -> str:
    """Return money for a table whose head names the currency: whole from a hundred on; nothing where it is absent."""
    return figure(value, 0 if value is not None and abs(value) >= WHOLE / 10 else 2)


def money(value: float | None, currency: str = "") -> str:
    """Return money with its currency; nothing where it is absent."""
    return f"{amount(value)} {currency}".rstrip() if amount(value) else ""


def unit(text: str | None, currency: str) -> str:
    """Return a unit with the project's currency in place of the word money."""
    return re.sub(r"\bmoney\b", lambda _: currency or "money", text or "")


def between(low: float | None, high: float | None, write: Callable[[float], str] = figure) -> str:
    """Return an interval, written end by end; nothing where an end is absent."""
    return "" if low is None or high is None else f"{write(low)} .. {write(high)}"


def chance(value: float) -> str:
    """Return a p-value: below a thousandth as such."""
    return "< .001" if value < 0.001 else "1" if value >= 0.9995 else f"{value:.3f}".lstrip("0")  # noqa: PLR2004


def items(names: Iterable[str], called: Callable[[str], str]) -> str:
    """Return items in one line."""
    return " + ".join(called(name) for name in names)


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, singular or plural."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def told(out: Console, *sentences: str) -> None:
    """Write sentences, whatever they hold; nothing where there is none."""
    text = " ".join(sentence for sentence in sentences if sentence)
    if text:
        out.print(escape(text))


def more(out: Console, total: int, shown: int) -> None:
    """Write how many rows were left out, where some were."""
    if total > shown:
        told(out, f"{shown:,} of {total:,}; more with --rows {total}")


def nothing(out: Console, notes: Sequence[Row], what: str) -> None:
    """Write that there is nothing and, where the part of mining was left out, why."""
    reasons = dict.fromkeys(row["note"] for row in notes if row["note"])
    why = f": {'; '.join(reasons)}." if reasons and all(row["ended"] == "left out" for row in notes) else "."
    told(out, f"There are no {what}{why}")


def remarks(out: Console, notes: Sequence[Row], most: int | None = None) -> int:
    """Write each thing there is to know once, with the scopes it is about; return how many are left out beyond ``most``."""
    lines = about(notes)
    for line in lines[:most]:
        told(out, f"- {line}")
    return len(lines) - len(lines[:most])


def about(notes: Sequence[Row]) -> list[str]:
    """Return each thing there is to know once, behind the scopes it is about: first what is said of several."""
    if len(notes) == 1:
        scope = "" if notes[0]["scope"] == "all" else f"{notes[0]['scope']}: "
        return [f"{scope}{notes[0]['note'].removeprefix(scope)}."] if notes[0]["note"] else []
    found: dict[str, list[str]] = {}
    for row in notes:
        for part in (row["note"] or "").split("; "):
            if part:
                found.setdefault(part.removeprefix(f"{row['scope']}: "), []).append(row["scope"])
    alone: dict[str, list[str]] = {}
    for part, scopes in found.items():
        if len(scopes) == 1:
            alone.setdefault(scopes[0], []).append(part)
    several = [f"{_scopes(scopes, len(notes))}: {part}." for part, scopes in found.items() if len(scopes) > 1]
    return [*several, *(f"{scope}: {'; '.join(parts)}." for scope, parts in alone.items())]


def _scopes(scopes: Sequence[str], total: int) -> str:
    if len(scopes) == total:
        return f"all {total}"
    rest = len(scopes) - SCOPES
    return ", ".join(scopes) if rest <= 0 else f"{', '.join(scopes[:SCOPES])} and {rest:,} more"
