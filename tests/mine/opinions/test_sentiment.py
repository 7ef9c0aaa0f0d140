"""Where the sentiment of a project's texts comes from."""

import numpy as np

from lotwise.mine.opinions import polarity
from lotwise.mine.opinions.sentiment import ENOUGH, judge
from lotwise.mine.opinions.statements import said


def sayings(count, seed=0):
    rng = np.random.default_rng(seed)
    words = (["slow and rough", "dull, too tight", "zorb"], ["soft and fast", "bright, fits", "quib"])
    side = rng.integers(0, 2, count)
    return [f"{words[one][rng.integers(3)]} n{row}" for row, one in enumerate(side)], [5.0 if one else 1.0 for one in side]


def test_rated_texts_teach_words_that_no_list_holds(texts):
    """With enough rated texts of both sides, words of the project's own are for and against, and the score says how well."""
    words, stars = sayings(300)
    given = texts([*words, "quib", "zorb"], [*stars, np.nan, np.nan])
    chances, basis, found = judge(given)
    assert chances[-2] > 0.8
    assert chances[-1] < 0.2
    assert set(basis) == {"model"}
    model, lists = found
    assert (model.task, model.language, model.texts) == ("sentiment", "en", 300)
    assert model.accuracy > 0.95 > lists.accuracy


def test_few_rated_texts_are_read_by_the_word_lists(texts):
    """Below so many of a side nothing is learned."""
    words, stars = sayings(ENOUGH)
    _, basis, found = judge(texts(words, stars))
    assert "model" not in basis
    assert [one.model for one in found] == ["word lists"]


def test_stars_stand_in_for_words(texts):
    """A rating without words, and one whose words say nothing, are told by their stars."""
    chances, basis, _ = judge(texts(["", "the parcel", "lovely"], [1, 4, 1]))
    assert basis == ("stars", "stars", "words")
    assert chances[:2].tolist() == [0.0, 0.75]
    assert chances[2] > 0.5


def test_all_stars_equal(texts):
    """Where every rating is the same there is nothing to learn from or to score."""
    words, _ = sayings(200)
    _, basis, found = judge(texts(words, [5.0] * 200))
    assert set(basis) <= {"words", "stars"}
    assert found == []


def test_labels_of_ones_own_teach(texts):
    """Labeled texts are learned from beside the stars."""
    words, stars = sayings(240)
    labels = [(f"flumm {number}", "en", False) for number in range(30)]
    chances, _, _ = judge(texts([*words, "flumm"], [*stars, np.nan]), labels)
    assert chances[-1] < 0.4


def test_what_words_say_is_never_certain():
    """The word lists give chances within 2 and 98 of 100, and 50 where they find nothing."""
    assert polarity.score("")[0] == 0.5
    assert 0.9 < polarity.score("perfect, lovely, wonderful, great, amazing")[0] <= polarity.LIMIT
    assert polarity.signed("bad", said("bad")).startswith("qzblame")
