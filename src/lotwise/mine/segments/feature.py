"""What one feature of customers says, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Feature:
    """One column of features.

    Parameters
    ----------
    name
        What it is, in words.
    more, less
        What a customer is called who has more, or less, of it than others.
    theme
        What it is about; a segment's name takes one word of a theme.
    scale
        ``log`` for amounts, ``root`` for shares, ``plain`` for what has neither floor nor long tail.
    divides
        Whether customers are divided by it; otherwise it only describes.
    """

    name: str
    more: str
    less: str
    theme: str
    scale: Literal["log", "root", "plain"]
    divides: bool = True
