"""Personal data in plain text: what it looks like, and how it is masked.

Precision comes before recall: a product code, an invoice number or a date that is masked by mistake is
lost for good. Numbers count as an identity or a card only when their check digit says so, and as a phone
only when they are written like one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FREE = ("email", "id_number", "card", "phone", "name", "address")
"""Kinds looked for in what people write."""

LABEL = ("email", "id_number", "card", "phone")
"""Kinds looked for in names and descriptions of things: there a bare number is an article number."""

CODE = ("email",)
"""Kinds looked for in codes, which other tables refer to."""

CANDIDATE = {
    FREE: r"@|[0-9][0-9 ().+-]{5,}[0-9xX]|(?i:my name is|full name:)|姓名|我叫|收件人|路|街|巷|道"
    r"|(?i:street|road|avenue|lane|drive|boulevard| (?:st|rd|ave|ln|dr|blvd)\b)",
    LABEL: r"@|[0-9][0-9 ().+-]{5,}[0-9xX]",
    CODE: r"@",
}
"""What an engine looks for first; only values that match are searched (RE2 and Java read it alike)."""

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_CARD = re.compile(
    r"(?<![0-9A-Za-z.-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3[47]\d{2}([ -])\d{6}\2\d{5}|\d{15,16}|62\d{17})(?![0-9A-Za-z-])"
)
_CARD_PREFIX = re.compile(r"4\d{15}|(?:5[1-5]|2[2-7]|6[025])\d{14}|3[47]\d{13}|62\d{17}")
_PHONE = re.compile(
    r"(?<![0-9A-Za-z.+-])(?:"
    r"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}"  # +44 20 7946 0958
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"  # (555) 123-4567
    r"|0\d{2,3}-\d{7,8}"  # 010-12345678
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}"  # 138 0013 8000
    r")(?![0-9A-Za-z-])"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z.+-])(?:86)?1[3-9]\d{9}(?![0-9A-Za-z-])")
_NUMBERED = re.compile(
    r"(?:order|invoice|basket|article|item|sku|ean|ref|no\.?|nr\.?|#|订单号?|发票号?|编号|货号)\s*[::#]?\s*$", re.IGNORECASE
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
_NAME = re.compile(
    r"(?:(?i:my name is|full name:)\s*|姓名[::]\s*|我叫|收件人[::]?\s*)"
    rf"((?:[A-Z][a-z'’-]+)(?: [A-Z][a-z'’-]+){{0,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
)
_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z.])\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b\.?"
    r"|[\u4e00-\u9fff]{2,10}[省市区县][\u4e00-\u9fff]{1,12}[路街巷道]\s?\d{1,5}\s?号"
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


class Find(NamedTuple):
    """One piece of personal data: its kind, and where it begins and ends."""

    kind: str
    start: int
    end: int


def find(text: str, kinds: Iterable[str] = FREE) -> list[Find]:
    """Return the personal data in a text, in order and without overlap.

    Parameters
    ----------
    text
        What is searched.
    kinds
        ``FREE`` for what people write, ``LABEL`` for names of things, ``CODE`` for codes.
    """
    wanted = tuple(kinds)
    found: list[Find] = []
    for kind in FREE:
        if kind in wanted:
            spans = (Find(kind, *span) for span in _spans(kind, text, free="name" in wanted))
            found += [new for new in spans if not any(new.start < old.end and old.start < new.end for old in found)]
    return sorted(found, key=lambda one: one.start)


def mask(text: str, found: Iterable[Find]) -> str:
    """Return the text with each piece replaced by its kind in brackets."""
    parts, place = [], 0
    for one in found:
        parts += [text[place : one.start], f"[{one.kind}]"]
        place = one.end
    return "".join([*parts, text[place:]])


def is_identity_number(text: str) -> bool:
    """Whether the last of 18 characters checks the first 17 (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    return _ID_CHECKS[total % 11] == text[17].upper()


def is_card_number(digits: str) -> bool:
    """Whether digits begin and end as a card's do: issuer and Luhn check digit (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return bool(_CARD_PREFIX.fullmatch(digits)) and sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _spans(kind: str, text: str, *, free: bool) -> Iterator[tuple[int, int]]:
    if kind == "email":
        yield from (match.span() for match in _EMAIL.finditer(text))
    elif kind == "id_number":
        yield from (match.span() for match in _IDENTITY.finditer(text) if is_identity_number(match.group()))
    elif kind == "card":
        yield from (match.span() for match in _CARD.finditer(text) if _is_card(match.group(), free=free))
    elif kind == "phone":
        yield from (match.span() for match in _PHONE.finditer(text))
        if free:
            yield from (match.span() for match in _MOBILE.finditer(text) if not _NUMBERED.search(text[: match.start()]))
    elif kind == "name":
        yield from (match.span(1) for match in _NAME.finditer(text))
    else:
        yield from (match.span() for match in _ADDRESS.finditer(text))


def _is_card(text: str, *, free: bool) -> bool:
    """Whether it is a card; on labels only where it is written in groups, as no article number is."""
    digits = re.sub(r"[ -]", "", text)
    return (free or digits != text) and is_card_number(digits)
