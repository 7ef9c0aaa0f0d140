"""Texts as they come, in two languages and in none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.opinions.text import LONGEST, clauses, clean, language, sentences


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The sleeves are too short.", "en"),
        ("袖子太短，尺码不准。", "zh"),
        ("这件 coat 的 color 很 nice and warm", "mixed"),
        ("面料柔软 [email]", "zh"),
        ("Это хорошо", "other"),
        ("12345 !!! 😍", "other"),
        ("", "other"),
    ],
)
def test_the_language_follows_the_scripts(text, told):
    """English, Chinese, both and neither are told apart; what guard masked counts for none."""
    assert language(clean(text)) == told


def test_full_width_characters_are_composed():
    """Full-width letters, marks and quotes become the plain ones, and hidden characters go."""
    assert clean("Ｇｏｏｄ！\u200b it\u2019s  fine\t") == "Good! it's fine"


def test_binary_data_are_read_as_empty():
    """A text of which more than a tenth is control characters holds nothing; a stray one is only taken out."""
    assert clean("\x00\x01\x02PNG\x1a") == ""
    assert clean("a good coat, warm and soft\x07") == "a good coat, warm and soft"


def test_a_megabyte_is_cut():
    """Of a text of a million characters the first are read."""
    assert len(clean("好" * 1_000_000)) == LONGEST


def test_nothing_stays_nothing():
    """No text and blanks are empty."""
    assert clean(None) == clean("") == clean(" \u200b ") == ""


@given(st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text):
    """What is clean stays as it is."""
    once = clean(text)
    assert clean(once) == once or len(clean(once)) < len(once)  # composing may bring forth what is cut


def test_sentences_and_clauses_are_cut_in_both_languages():
    """Sentences end at their marks, clauses at commas; numbers stay whole."""
    assert sentences(clean("很好。下次再买！ok? It costs 3.5 yuan. Fine")) == [
        "很好。",
        "下次再买!",
        "ok?",
        "It costs 3.5 yuan.",
        "Fine",
    ]
    assert clauses("it is warm, soft, and 1,000 times worn") == ["it is warm,", "soft,", "and 1,000 times worn"]
    assert clauses(clean("质量好，物流慢、包装差")) == ["质量好,", "物流慢、", "包装差"]
