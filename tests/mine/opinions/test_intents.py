"""What the writers of service messages want."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lotwise.mine.opinions import intents
from lotwise.mine.opinions.text import clean, language

BY_HAND = tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("tongue", intents.LANGUAGES)
def test_messages_by_hand_are_read(tongue):
    """Of at least 60 messages that no seed gave, written after the seeds, well above chance (1/6) are read right.

    Measured: 0.70 in English and 0.75 in Chinese; see the benchmark 'intents'.
    """
    texts = [clean(text) for several in BY_HAND[tongue].values() for text in several]
    truth = [intent for intent, several in BY_HAND[tongue].items() for _ in several]
    assert len(texts) >= 60
    told, _ = intents.train(tongue).reader.predict([intents.cued(text) for text in texts])
    assert np.mean([one == other for one, other in zip(told, truth, strict=True)]) >= 0.65


@pytest.mark.parametrize("tongue", intents.LANGUAGES)
def test_the_grammar_writes_each_seed_the_same_ways(tongue):
    """At least 40 seeds an intent are each written in three ways without a slot left open, the same every time."""
    written = intents.messages(tongue)
    assert written == intents.messages(tongue)
    for intent in intents.INTENTS:
        seeds = {seed for _, one, seed in written if one == intent}
        assert len(seeds) >= 40
        assert sum(one == intent for _, one, _ in written) == intents.WAYS * len(seeds)
    assert not any("{" in text or "}" in text for text, _, _ in written)
    # words such as 'ok' or 'S' may stand in a Chinese message
    assert np.mean([language(text) in {tongue, "mixed"} for text, _, _ in written]) > 0.95


def test_messages_scored_are_not_those_learned_from():
    """No message by hand is one that the grammar writes."""
    for tongue in intents.LANGUAGES:
        learned = {text for text, _, _ in intents.messages(tongue)}
        assert not learned & {clean(text) for several in BY_HAND[tongue].values() for text in several}


def test_labels_of_your_own_count():
    """An intent that only the user's labels have is told where they point to it."""
    own = [(f"please engrave the initials {a}{b} on it", "engraving") for a in "ABCDE" for b in "XYZ"]
    told, sure = intents.train("en", own).reader.predict([intents.cued("please engrave the initials QR on my ring")])
    assert told == ["engraving"]
    assert sure[0] > 0.5
