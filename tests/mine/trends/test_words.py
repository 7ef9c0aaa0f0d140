"""Words of texts in both languages."""

import numpy as np

from lotwise.mine.trends.words import spoken


def test_words_are_counted_once_a_text():
    """A word that stands twice in a text counts once, plain words and short ones not at all, and weeks outside not."""
    words, count = spoken(["Zipper, zipper!", "the zipper of it", "zipper"], np.array([0, 1, -1]), 2, most=9, fewest=0.5)
    assert words == ("zipper",)
    assert count.tolist() == [[1, 1]]


def test_the_longest_chinese_word_is_told():
    """A run of characters that stands only within a longer one is left out; one that stands alone too is not."""
    texts = ["拉链坏了", "拉链坏了", "拉链很好"]
    words, _ = spoken(texts, np.zeros(3, dtype=int), 1, most=9, fewest=2)
    assert set(words) == {"拉链", "拉链坏了"}


def test_no_texts_have_no_words():
    """Without texts, or with empty and very long ones, nothing is lost and nothing fails."""
    assert spoken([], np.empty(0, dtype=int), 3, most=5, fewest=1)[0] == ()
    words, count = spoken(["", "x" * 10**6, "\x00\x01"], np.zeros(3, dtype=int), 1, most=5, fewest=1)
    assert count.shape == (len(words), 1)
