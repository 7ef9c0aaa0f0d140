"""Numbers in text: thousands marks, decimal commas, currencies, trailing minus signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis

PLAIN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
GROUPED = {
    ".": r"^[+-]?([0-9]{1,3}([, '’\x{a0}\x{202f}][0-9]{3})+|[0-9]+)?(\.[0-9]*)?-?$",
    ",": r"^[+-]?([0-9]{1,3}([. '’\x{a0}\x{202f}][0-9]{3})+|[0-9]+)?(,[0-9]*)?-?$",
}
"""A number as people write it, by its decimal mark."""
BEFORE = r"^([$€£¥￥₹]|[A-Z]{3}\b)[ \x{a0}]*"
AFTER = r"[ \x{a0}]*([$€£¥￥₹元]|\b[A-Z]{3}|\bkr|\bzł)$"
CURRENCY = f"{BEFORE}|{AFTER}"
"""Marks of a currency before and after an amount; ``marks`` says what they mean."""


def read_number(text: ibis.StringValue, decimal: str) -> ibis.FloatingValue:
    """Return the number in trimmed text, null where there is none.

    Parameters
    ----------
    text
        Such as ``1234.5``, ``1,234.50``, ``$ 12``, ``100.00-`` or, with a decimal comma, ``1.234,5 €``.
    decimal
        Decimal mark: ``"."`` or ``","``. Where a mark stands in a place it cannot have
        (``12,50`` with a decimal point), nothing is guessed: the value cannot be read.
    """
    bare = text.re_replace(CURRENCY, "")
    mark = bare.replace(",", ".") if decimal == "," else bare
    grouping = "." if decimal == "," else ","
    digits = bare.re_replace(rf"[{grouping} '’\x{{a0}}\x{{202f}}+-]", "")
    digits = digits.replace(",", ".") if decimal == "," else digits
    size = digits.try_cast("float64")
    signed = mark.contains("-").ifelse(-size, size)
    written = bare.re_search(GROUPED[decimal]).ifelse(signed, None)
    if decimal == ",":
        return written
    return text.re_search(PLAIN).ifelse(text.try_cast("float64"), written)


def looks_like_number(text: str, decimal: str) -> bool:
    """Whether text reads as a number with this decimal mark, as ``read_number`` would read it."""
    bare = re.sub(_python(CURRENCY), "", text.strip())
    plain = decimal == "." and re.search(PLAIN, text.strip()) is not None
    return plain or (re.search(_python(GROUPED[decimal]), bare) is not None and any(sign.isdigit() for sign in bare))


def _python(pattern: str) -> str:
    """Return a pattern of the engines in Python's spelling."""
    return re.sub(r"\\x\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), pattern)
