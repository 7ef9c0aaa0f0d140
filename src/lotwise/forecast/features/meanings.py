"""What a feature means: each family says it beside its features, once for every pattern of names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def meaning(feature: str, patterns: Mapping[str, str]) -> str | None:
    """Return what a feature means, or None where no pattern fits its name.

    Parameters
    ----------
    feature
        Name, without its source.
    patterns
        Pattern such as ``"lag {n}"`` -> sentence such as ``"demand {n} weeks before"``: what stands in the name
        in place of ``{n}`` stands in the sentence too. The longest pattern that fits counts.
    """
    for pattern in sorted(patterns, key=len, reverse=True):
        found = _expression(pattern).fullmatch(feature)
        if found:
            return patterns[pattern].format(**found.groupdict())
    return None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", pattern)
    return re.compile("".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))
