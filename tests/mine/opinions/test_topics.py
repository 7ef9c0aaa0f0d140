"""Topics of texts."""

import numpy as np
import pytest

from lotwise.mine.opinions import topics

THEMES = {
    "en": (
        ["sleeves jacket button", "jacket collar sleeves", "button collar jacket"],
        ["courier parcel late", "parcel tracking courier", "tracking late parcel"],
    ),
    "zh": (["袖子短，外套扣子", "外套领口袖子", "扣子领口外套"], ["快递晚，包裹", "包裹单号快递", "单号快递晚"]),
}  # fmt: skip


def written(language, count=200):
    rng = np.random.default_rng(1)
    side = rng.integers(0, 2, count)
    return [" ".join(rng.choice(THEMES[language][one], 2)) for one in side], side


@pytest.mark.parametrize("language", ["en", "zh"])
def test_planted_themes_are_found(language):
    """Two themes that share no word are two topics, nearly without mistake, told by their own words."""
    texts, side = written(language)
    found = topics.find(texts, language, 2)
    share = (found.of == side).mean()
    assert max(share, 1 - share) > 0.98
    parcel = found.words[int(np.bincount(found.of[side == 1]).argmax())]
    assert ("courier" if language == "en" else "快递") in parcel
    assert ("jacket" if language == "en" else "外套") not in parcel


def test_the_same_texts_give_the_same_topics():
    """Nothing is drawn anew."""
    texts, _ = written("en")
    one, same = (topics.find(texts, "en", 3) for _ in range(2))
    assert one.words == same.words
    assert (one.of == same.of).all()


def test_few_texts_have_few_topics():
    """There are no topics in a handful of texts, nor in texts without words, and never more than texts allow."""
    texts, _ = written("en")
    assert topics.find(texts[:20], "en", 8).words == ()
    assert topics.find(["!!"] * 100, "en", 8).words == ()
    assert topics.find(["..."] * 100, "zh", 8).words == ()
    assert len(topics.find(texts[:90], "en", 8).words) <= 3


def test_a_string_inside_another_is_no_word():
    """Of '快递' that always stands in '快递公司' only the longer tells a topic."""
    found = topics.find(["快递公司好"] * 30 + ["衣服"] * 40 + ["大小"] * 40, "zh", 3)
    assert sorted(found.words) == ["大小", "快递公司", "衣服"]
