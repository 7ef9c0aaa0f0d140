"""Aspects by our words, and words of the project's own that prove right."""

import numpy as np

from lotwise.mine.opinions.aspects import Words, judge, learn


def test_an_aspect_that_is_only_named_takes_the_texts_side(texts):
    """'About the fabric' is for or against as the whole text is, and neither where that is unsure."""
    given = texts(["the fabric"] * 3)
    told = judge(given, np.array([0.9, 0.1, 0.5]), Words({}, ()))
    assert told == ({"material": True}, {"material": False}, {})


def test_own_words_are_used_only_where_they_prove_right(texts):
    """A word that stands beside 'color' in every text is taken for it; one that stands anywhere is not."""
    rng = np.random.default_rng(1)
    subject = rng.choice(["color", "delivery"], 600)
    rows = []
    for row, one in enumerate(subject):
        own = "glimmo" if one == "color" and rng.random() < 0.5 else "plain"
        any_ = "wozzle" if rng.random() < 0.5 else ""
        rows.append(f"the {one} {own} {any_} no{chr(97 + row % 26)}{chr(97 + row // 26)}x")
    words = learn(texts(rows))
    assert words.aspects.get(" glimmo") == "color"
    assert " wozzle" not in words.aspects
    assert words.scores[0].task == "aspect"
    assert words.scores[0].accuracy >= 0.8
    told = judge(texts(["glimmo"]), np.array([0.9]), words)
    assert told == ({"color": True},)


def test_few_texts_teach_no_words(texts):
    """Below so many clauses nothing is learned."""
    assert learn(texts(["the color glimmo"] * 50)).aspects == {}
