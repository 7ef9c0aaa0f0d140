"""Currencies as people write them: marks beside amounts, codes in a column of their own, and names of such columns."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from lotwise.collect.amounts import AFTER, BEFORE
from lotwise.collect.words import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis

NAMES = {"waerk", "waers", "currency", "waehrung", "devise", "moneda", "币种", "货币", "currencycode"}
"""What a column that says the currency of each row is called."""
MEANINGS = {
    "$": ("USD",),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "元": ("CNY",),
    "RMB": ("CNY",),
    "₹": ("INR",),
    "KR": ("SEK", "NOK", "DKK"),
    "ZŁ": ("PLN",),
}
"""Mark -> the currencies it may stand for (ISO 4217); a code of three letters stands for itself."""
DOLLARS = frozenset({"USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP"})
"""Currencies that are written with ``$`` where they are at home."""
CODE = 3
"""Letters of a code."""
SIGNS = r"[A-Zkz$€£¥￥₹元]"
"""What text with a mark holds; plain numbers hold none of it."""
AMOUNT = rf"^({BEFORE})?[-+0-9., '’\x{{a0}}\x{{202f}}]*[0-9][-0-9., '’\x{{a0}}\x{{202f}}]*({AFTER})?$"
"""An amount with any decimal mark: money says its currency, also where its number cannot be read."""
ALONE = r"^([A-Z]{3}|[$€£¥￥₹元]|KR|ZŁ)$"
NOTHING = ("NAN", "NIL", "TBD", "XXX")
"""What stands for no currency and looks like a code."""


def names_currency(column: str) -> bool:
    """Whether a column of this name says the currency of each row."""
    return "".join(tokens(column)) in NAMES


def meaning(mark: str) -> frozenset[str]:
    """Return the codes of the currencies a mark may stand for; none where it is no mark."""
    word = mark.strip().upper()
    itself = (word,) if len(word) == CODE and word.isascii() and word.isalpha() else ()
    return frozenset(MEANINGS.get(word, itself))


def agree(marks: Iterable[str]) -> bool:
    """Whether all marks may stand for one currency, as ``$`` and ``USD``, or ``¥`` and ``JPY``; two of them is no proof."""
    meanings = [meaning(mark) for mark in marks]
    return not meanings or bool(reduce(and_, meanings))


def may_be(mark: str, currency: str) -> bool:
    """Whether a mark may stand for the project's currency; so does any where that is a word of the user's own."""
    known = meaning(currency)
    return not known or bool(known & (DOLLARS if mark == "$" else meaning(mark)))


def has_sign(text: ibis.StringValue) -> ibis.BooleanValue:
    """Return whether text may hold a mark: quicker than to look for one."""
    return text.re_search(SIGNS)


def beside(text: ibis.StringValue) -> ibis.StringValue:
    """Return the mark beside the amount in trimmed text, null where there is none; the one after it where there are two."""
    before, after = text.re_extract(BEFORE, 1).nullif(""), text.re_extract(AFTER, 1).nullif("")
    return text.re_search(AMOUNT).ifelse(after.coalesce(before), None)


def alone(text: ibis.StringValue) -> ibis.StringValue:
    """Return the mark that is all of the trimmed text, null where it is none."""
    word = text.upper()
    return (word.re_search(ALONE) & word.notin(NOTHING)).ifelse(text, None)
