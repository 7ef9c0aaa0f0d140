"""Figures and names as the screens of mining write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console

Row = dict[str, Any]


def share(value: float | None, digits: int = 0) -> str:
    """Return a share in percent; nothing where it is absent."""
    return "" if value is None else f"{100 * value:.{digits}f} %"


def signed(value: float | None) -> str:
    """Return a share in percent with its sign; nothing where it is absent."""
    return "" if value is None else f"{100 * value:+.0f} %"


def figure(value: float | None, digits: int = 2) -> str:
    """Return a number with so many digits behind the point; whole from a thousand on; nothing where it is absent."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.{digits}f}"  # noqa: PLR2004


def money(value: float | None, currency: str = "") -> str:
    """Return money; nothing where it is absent."""
    return "" if value is None else f"{value:,.2f} {currency}".rstrip()


def chance(value: float) -> str:
    """Return a p-value: below a thousandth as such."""
    return "< .001" if value < 0.001 else f"{value:.3f}".lstrip("0")  # noqa: PLR2004


def items(names: Iterable[str], called: Callable[[str], str]) -> str:
    """Return items in one line."""
    return " + ".join(called(name) for name in names)


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, singular or plural."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def told(out: Console, *sentences: str) -> None:
    """Write sentences, whatever they hold."""
    out.print(escape(" ".join(sentence for sentence in sentences if sentence)))


def nothing(out: Console, notes: Sequence[Row], what: str) -> None:
    """Write why there is nothing: what the part of mining said of it."""
    reasons = [row["note"] for row in notes if row["note"]]
    told(out, f"There are no {what}" + (f": {'; '.join(reasons)}." if reasons else "."))
