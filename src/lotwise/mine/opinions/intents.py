"""What the writer of a service message wants: a reader learned from our own seed messages, and from the user's labels.

Seeds and what fills their slots lie in ``words/intents.toml``. A small grammar writes each seed in a few ways: another filling,
an opening, a close. It draws nothing at random. A message is read together with the cues it holds: words of ours that point to
an intent, a question, blame.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from lotwise.mine.opinions.reader import fit
from lotwise.mine.opinions.statements import said
from lotwise.mine.opinions.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.mine.opinions.reader import Learned

INTENTS = ("order", "delivery", "return", "complaint", "product question", "other")
WAYS = 3
"""Ways each seed is written in."""

BARE = 2
"""The way that is learned without its cues, so that the reader leans on more than them."""

REPEATS = 3
"""How many times a label of the user's own counts."""

LANGUAGES = ("en", "zh")
SIGN = "qz"
"""What the signs of cues begin with: no word does."""

MOST = 2
"""Most signs for one intent."""

LONGEST = 800
"""Characters of a message that are read beside its cues."""

_ASKING = "what|when|where|which|who|why|how|is|are|do|does|did|can|could|will|would|has|have|may"
_QUESTION = re.compile(rf"\?|^(?:{_ASKING})\b|吗|呢|怎么|多少|什么|几", re.IGNORECASE)


def messages(language: str) -> list[tuple[str, str, str]]:
    """Return (message, intent, seed) of one language, as the grammar writes them."""
    words = _words()[language]
    slots: dict[str, list[str]] = words["slots"]
    found = []
    for intent, seeds in words["intents"].items():
        for seed in seeds:
            for way in range(WAYS):
                turn = zlib.crc32(f"{way}{seed}".encode())
                fillings = {name: several[(turn // 7 + way) % len(several)] for name, several in slots.items()}
                opening, close = (
                    slots[name][(turn // part) % len(slots[name])] if way else "" for name, part in (("open", 3), ("close", 11))
                )
                found.append((clean(opening + seed.format(**fillings) + close), intent, f"{language} {intent} {seed}"))
    return found


def train(language: str, own: Sequence[tuple[str, str]] = ()) -> Learned:
    """Return a reader of intents for one language, and what it said of each message when its seed was held out.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    own
        (text, intent) of the user's own in that language; each counts ``REPEATS`` times. Their intents may be others.

    Returns
    -------
    Learned
        The user's texts come last, each once in every ``REPEATS`` rows.
    """
    return _train(language, tuple((clean(text), intent) for text, intent in own))


@cache
def _train(language: str, own: tuple[tuple[str, str], ...]) -> Learned:
    rows = messages(language) + [(text, intent, f"own {text}") for text, intent in own for _ in range(REPEATS)]
    read = [row[0] if number % WAYS == BARE else cued(row[0]) for number, row in enumerate(rows)]
    return fit(read, [row[1] for row in rows], groups=[row[2] for row in rows])


def cued(text: str) -> str:
    """Return the head of a clean message with a sign for each cue it holds, at its end."""
    found = said(text)
    signs = [f"{SIGN}{intent.split()[0]}" for intent, pattern in _cues().items() for _ in pattern.findall(text.lower())[:MOST]]
    signs += [f"{SIGN}blame"] * (found.weight < 0) + [f"{SIGN}praise"] * (found.weight > 0)
    signs += [f"{SIGN}question"] * bool(_QUESTION.search(text))
    return " ".join([text[:LONGEST], *signs])


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    """Return intent -> pattern of the words of both languages that point to it."""
    found = {}
    for intent in INTENTS:
        latin, han = (sorted(_words()[language]["cues"][intent], key=lambda cue: (-len(cue), cue)) for language in LANGUAGES)
        words = rf"\b(?:{'|'.join(map(re.escape, latin))})\b"
        found[intent] = re.compile(f"{words}|{'|'.join(map(re.escape, han))}")
    return found


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words", "intents.toml").read_text(encoding="utf-8"))
