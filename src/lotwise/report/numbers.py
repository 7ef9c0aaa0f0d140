"""Numbers as people read them, each with the cell it comes from.

A figure's ``data-value`` is the unrounded value; ``data-cell``, ``data-sum`` or ``data-count`` is its address,
such as ``gap.money?account=unknown&line=total``: the table, the column, and the values that pick the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from markupsafe import Markup

from lotwise.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING = "–"
MINUS = "−"
WHOLE_FROM = 100
"""From this size on, money and units are shown without decimals."""


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from.

    Parameters
    ----------
    kind
        ``"cell"`` for one cell, ``"sum"`` and ``"count"`` over the rows the address picks, ``"quantile"`` of
        their summed draws.
    address
        ``table.column?key=value&...``.
    """

    kind: Literal["cell", "sum", "count", "quantile"]
    address: str


@dataclass(frozen=True)
class Figure:
    """A number as it is shown, with its unrounded value and its origin."""

    text: str
    value: float | None
    origin: Origin | None = None
    tone: str = ""

    def __html__(self) -> str:
        """Return the figure as an element that keeps its value and its origin."""
        if self.value is None:
            return Markup('<span class="n none">{}</span>').format(NOTHING)
        where = Markup(' data-{}="{}"').format(self.origin.kind, self.origin.address) if self.origin else ""
        return Markup('<span class="n{}" data-value="{}"{}>{}</span>').format(
            f" {self.tone}" if self.tone else "", repr(self.value), where, self.text
        )

    def __str__(self) -> str:
        """Return the text alone."""
        return NOTHING if self.value is None else self.text


def cell(table: str, column: str, row: Mapping[str, Any]) -> Origin:
    """Return the origin of one cell: the row is named by the key of the table's contract."""
    return Origin("cell", _address(table, column, {name: row[name] for name in contract(table).key}))


def total(table: str, column: str, where: Mapping[str, Any]) -> Origin:
    """Return the origin of a sum over the rows whose columns have these values."""
    return Origin("sum", _address(table, column, where))


def count(table: str, where: Mapping[str, Any]) -> Origin:
    """Return the origin of a number of rows."""
    return Origin("count", _address(table, "", where))


def _address(table: str, column: str, where: Mapping[str, Any]) -> str:
    return f"{table}.{column}?{urlencode({name: _plain(value) for name, value in where.items()})}"


def _plain(value: Any) -> str:  # noqa: ANN401  any value of a table
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def spell(value: float, decimals: int) -> str:
    """Return digits in groups of three, with a true minus sign where any digit is left to carry it."""
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return MINUS + text if value < 0 and not is_zero else text


def span(low: float | None, high: float | None, decimals: int) -> str:
    """Return an interval as text, empty where an end is absent."""
    return "" if low is None or high is None else f"[{spell(low, decimals)}, {spell(high, decimals)}]"


def between(low: Figure, high: Figure) -> Markup:
    """Return an interval as two figures, or a dash where an end is absent."""
    if low.value is None or high.value is None:
        return Markup("{}").format(Figure("", None))
    return Markup('<span class="between">[{}, {}]</span>').format(low, high)


def amount(value: float) -> int:
    """Return the decimals an amount of money is shown with: cents only where they matter."""
    return 0 if abs(value) >= WHOLE_FROM else 2


class Numbers:
    """Figures in one currency.

    Parameters
    ----------
    currency
        As it is shown after an amount.
    """

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def money(
        self, value: float | None, origin: Origin | None = None, *, bare: bool = True, like: float | None = None
    ) -> Figure:
        """Return an amount of money.

        Parameters
        ----------
        value
            The amount; nothing gives a dash.
        origin
            Where it comes from.
        bare
            Whether the currency is left to the table's heading.
        like
            The largest amount of the same column, so that all of it has the same decimals; the value itself by default.
        """
        if value is None:
            return Figure("", None)
        text = spell(value, amount(value if like is None else like))
        return Figure(text if bare else f"{text}\u00a0{self.currency}", value, origin, _tone(value))

    def units(self, value: float | None, origin: Origin | None = None) -> Figure:
        """Return a quantity: whole where it is large or whole, one decimal otherwise."""
        if value is None:
            return Figure("", None)
        decimals = 0 if abs(value) >= WHOLE_FROM or float(value).is_integer() else 1
        return Figure(spell(value, decimals), value, origin, _tone(value))

    def share(self, value: float | None, origin: Origin | None = None, *, decimals: int = 1) -> Figure:
        """Return a share in percent."""
        if value is None:
            return Figure("", None)
        return Figure(f"{spell(100 * value, decimals)}\u00a0%", value, origin)

    def score(self, value: float | None, origin: Origin | None = None, *, decimals: int = 3) -> Figure:
        """Return a measure without a unit."""
        return Figure("", None) if value is None else Figure(spell(value, decimals), value, origin)

    def whole(self, value: float | None, origin: Origin | None = None) -> Figure:
        """Return a count."""
        return Figure("", None) if value is None else Figure(spell(value, 0), value, origin)


def largest(rows: Iterable[Mapping[str, Any]], *columns: str) -> float:
    """Return the largest size of the values in some columns; 0 where there are none."""
    return max((abs(row[column]) for row in rows for column in columns if row[column] is not None), default=0.0)


def _tone(value: float) -> str:
    return "zero" if value == 0 else ""
