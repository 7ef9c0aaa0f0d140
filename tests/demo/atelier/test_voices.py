import tomllib
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.demo.atelier import voices
from lotwise.demo.atelier.catalog import CODES

WORDS = files("lotwise.demo.atelier").joinpath("voices.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reviews(atelier_world):
    return atelier_world.tables["reviews"].to_pylist()


@pytest.fixture(scope="module")
def heard(atelier_world):
    return atelier_world.truth.heard


def test_most_unhappy_reviews_of_a_faulty_style_are_about_its_fault(reviews, heard):
    """Of the unhappy reviews of each faulty style, the planted share asks for the change, within three standard errors."""
    for style, change in heard.faults.items():
        unhappy = sum(row["product"] == style and row["stars"] <= 3 for row in reviews)
        share, error = heard.asked[style, change] / unhappy, np.sqrt(voices.FAULTY * (1 - voices.FAULTY) / unhappy)
        assert abs(share - voices.FAULTY) < 3 * error


def test_the_texts_hold_what_the_truth_counts(reviews, heard):
    """As many reviews of a style hold one of the phrases of its fault as the truth says; happy ones hold none."""
    words = tomllib.loads(WORDS)
    for style, change in heard.faults.items():
        phrases = [phrase.lower() for language in ("en", "zh") for phrase in words[language]["faults"][change]]
        blame = [
            phrase.lower() for language in ("en", "zh") for several in words[language]["blame"].values() for phrase in several
        ]
        told = [row for row in reviews if row["product"] == style and any(phrase in row["text"].lower() for phrase in phrases)]
        only = [row for row in told if not any(phrase in row["text"].lower() for phrase in blame)]
        assert all(row["stars"] <= 3 for row in told)
        assert len(only) <= heard.asked[style, change] <= len(told)


def test_phrases_are_many():
    """There are at least ten ways to say each thing in each language."""
    words = tomllib.loads(WORDS)
    for language in ("en", "zh"):
        for group in ("praise", "blame", "faults", "messages"):
            assert min(len(set(several)) for several in words[language][group].values()) >= 10
    assert set(words["names"]) == set(CODES)


def test_messages_are_by_customers_about_styles(atelier_world, heard):
    """Every message has a known customer, an intent, and a style where it is about one; shares are those planted."""
    messages = atelier_world.tables["messages"]
    assert messages.num_rows == len(heard.intents) == 78 * voices.MESSAGES
    assert pc.all(pc.is_in(messages["customer"], value_set=atelier_world.tables["customers"]["email"].combine_chunks())).as_py()
    assert set(messages["product"].drop_null().to_pylist()) == set(CODES)
    assert not any("{" in text for text in messages["text"].to_pylist())
    for intent, share in voices.INTENTS.items():
        found = np.mean([one == intent for one in heard.intents])
        assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / len(heard.intents))


def test_messages_hold_nothing_personal(atelier_world):
    """The personal data that guard must find stand in reviews and notes only."""
    texts = atelier_world.tables["messages"]["text"]
    assert not pc.any(pc.match_substring_regex(texts, r"@|\d{7}|My name is|我叫")).as_py()


def test_words_change_nothing_else(atelier_world):
    """Who reviews what, when and with how many stars is drawn before any word is: a fixed sum of it stays."""
    table = atelier_world.tables["reviews"]
    assert table.num_rows == 2426
    assert pc.sum(table["stars"]).as_py() == STARS
    assert table["time"].cast(pa.int64()).to_numpy().sum() == TIMES


# of the reviews as they were before they had words of their own
STARS = 9311
TIMES = 4_294_131_624_826
