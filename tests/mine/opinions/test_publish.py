"""The part as the stage runs it."""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.config import Settings
from lotwise.mine.opinions.publish import publish
from lotwise.tables.collected import ORDERS
from lotwise.tables.mined import MINING, OPINIONS, READINGS, REQUESTS, TEXT_SCORES, TOPICS

from .conftest import event, purchase, sayings

GIVEN = {table.name: table for table in (READINGS, OPINIONS, REQUESTS, TOPICS, TEXT_SCORES, MINING)}


@pytest.fixture
def shop(inputs):
    """A shop with 400 rated reviews of one product, and orders of those who wrote them."""
    words, stars = sayings(400)
    events = [
        event(row, text, value=star, customer=f"c{row}") for row, (text, star) in enumerate(zip(words, stars, strict=True))
    ]
    events += [event(500 + row, "Where is my parcel?", kind="chat", product=None) for row in range(5)]
    orders = [purchase(2 * row + step, f"c{row}", 20_094 + row % 150 + 140 * step) for row in range(400) for step in range(2)]
    return inputs(events, ORDERS.check(pa.Table.from_pylist(orders, schema=ORDERS.schema)))


def test_every_table_keeps_its_contract(shop):
    """All five tables and the row of 'mining' pass their contracts, and the texts are all there."""
    found = publish(shop, {})
    assert set(found) == set(GIVEN)
    for name, table in found.items():
        assert GIVEN[name].check(table).equals(table)
    assert found["readings"].num_rows == 405
    assert found["mining"].to_pylist()[0]["ended"] == "whole"


def test_requests_are_counted_and_their_money_explained(shop):
    """As many texts ask for longer sleeves as say so, and a figure stands with its formula."""
    written = sum("sleeves" in text for text in sayings(400)[0])
    rows = {row["change"]: row for row in publish(shop, {})["requests"].to_pylist()}
    assert rows["sleeves: longer"]["texts"] == written
    assert rows["sleeves: longer"]["product"] == "p"
    assert rows["delivery: faster"]["product"] == "all"
    assert rows["sleeves: longer"]["at_stake"] is not None
    assert "margin of a year" in rows["sleeves: longer"]["basis"]


def test_opinions_add_up(shop):
    """For and against make the texts, the sentiment is inside its interval, and the product's fit is worse than its look."""
    rows = publish(shop, {})["opinions"].to_pylist()
    for row in rows:
        assert row["positive"] + row["negative"] == row["texts"]
        assert row["low"] <= row["sentiment"] <= row["high"]
    assert {row["aspect"] for row in rows if row["product"] == "all"} <= {"delivery", "service"}


def test_topic_shares_of_a_week_sum_to_at_most_one(shop):
    """The topics of a week and language share its texts."""
    topics = publish(shop, {})["topics"]
    assert topics.num_rows
    sums = topics.group_by(["week", "language"]).aggregate([("share", "sum")])["share_sum"].to_numpy()
    assert sums.max() <= 1 + 1e-9


def test_messages_have_an_intent_and_reviews_none(shop):
    """Only messages to the service are read for what they want."""
    rows = publish(shop, {})["readings"].to_pylist()
    assert {row["intent"] for row in rows if row["kind"] == "chat"} == {"delivery"}
    assert {row["intent"] for row in rows if row["kind"] == "review"} == {None}


def test_the_same_inputs_give_the_same_tables(shop):
    """Twice published is equal."""
    one, same = publish(shop, {}), publish(shop, {})
    assert all(one[name].equals(same[name]) for name in one)


def test_the_order_of_events_does_not_matter(inputs):
    """Events that come in another order give the same tables."""
    words, stars = sayings(120)
    events = [event(row, text, value=star) for row, (text, star) in enumerate(zip(words, stars, strict=True))]
    one, other = (publish(inputs(rows), {}) for rows in (events, events[::-1]))
    assert all(one[name].equals(other[name]) for name in one)


def test_nothing_to_read_is_left_out(inputs):
    """Without events, without texts and with binary texts alone the part says so and gives empty tables."""
    views = [event(0, None, kind="view")]
    searches = [event(0, "warm coat", kind="search")]
    binary = [event(0, "\x01\x02\x03\x04")]
    for rows, reason in (
        (None, "no events"), ([], "no events"), (views, "holds a text"), (searches, "holds a text"), (binary, "binary data"),
    ):  # fmt: skip
        found = publish(inputs(rows), {})
        told = found["mining"].to_pylist()[0]
        assert told["ended"] == "left out"
        assert reason in told["note"]
        assert found["readings"].num_rows == 0


def test_one_text_is_read(inputs):
    """A single review gives its reading, and no more than it says."""
    found = publish(inputs([event(0, "袖子太短", value=2.0)]), {})
    assert found["readings"].to_pylist()[0]["aspects"] == ["-fit"]
    assert found["topics"].num_rows == 0
    request = found["requests"].to_pylist()[0]
    assert (request["change"], request["at_stake"]) == ("sleeves: longer", None)
    assert "no table 'orders'" in request["basis"]


def test_odd_texts_are_read_or_left_out(inputs):
    """Empty, mixed, huge and foreign texts among others neither end the part nor count for what they are not."""
    texts = ["", None, "很好 but the delivery was slow", "x" * 1_000_000, "Отлично", "\x00\x01", "😍", "a\x00 good coat, warm"]
    found = publish(inputs([event(row, text) for row, text in enumerate(texts)]), {})
    told = {row["event"]: row["language"] for row in found["readings"].to_pylist()}
    assert told == {"e00002": "mixed", "e00003": "en", "e00004": "other", "e00006": "other", "e00007": "en"}
    assert found["mining"].to_pylist()[0]["note"] == "2 texts are in other languages or hold no words"


def test_the_latest_texts_come_first_where_there_are_too_many(inputs):
    """With a cap of 10 the last ten are read, and the part says it was capped."""
    opinions = msgspec.structs.replace(Settings().mine.opinions, texts=10)
    settings = msgspec.structs.replace(Settings(), mine=msgspec.structs.replace(Settings().mine, opinions=opinions))
    found = publish(inputs([event(row, f"good coat {row}") for row in range(25)], settings=settings), {})
    assert found["readings"]["event"].to_pylist() == [f"e{row:05d}" for row in range(15, 25)]
    assert found["mining"].to_pylist()[0]["ended"] == "capped"


def test_change_over_time_is_told(inputs):
    """An aspect praised at first and blamed in the last quarter falls by 2."""
    events = [event(row, "The fabric is soft" if row < 75 else "The fabric is scratchy") for row in range(100)]
    rows = publish(inputs(events), {})["opinions"].to_pylist()
    assert next(row["change"] for row in rows if row["aspect"] == "material") == pytest.approx(-2)


def test_questions_ask_for_no_change(inputs):
    """'Does it run small?' to the service is a question, not a request; a complaint is one."""
    asked = [event(row, "Does the coat run small? Which size should I take?", kind="chat") for row in range(3)]
    complaint = [event(9, "I am very angry, the seam came apart, this is unacceptable", kind="chat")]
    found = publish(inputs([*asked, *complaint]), {})
    assert [row["change"] for row in found["requests"].to_pylist()] == ["seams: sturdier"]
    assert pc.unique(found["readings"]["intent"]).to_pylist() == ["product question", "complaint"]


def test_labels_of_the_settings_are_read(inputs, tmp_path):
    """The file named in the settings lies in the project's folder, and is scored apart."""
    rows = "".join(f"please engrave {name},engraving\n" for name in "ABCDEFGH")
    (tmp_path / "own.csv").write_text(f"text,intent\n{rows}", "utf-8")
    opinions = msgspec.structs.replace(Settings().mine.opinions, labels="own.csv")
    settings = msgspec.structs.replace(Settings(), mine=msgspec.structs.replace(Settings().mine, opinions=opinions))
    found = publish(inputs([event(0, "please engrave my name", kind="chat")], settings=settings, folder=tmp_path), {})
    assert found["readings"]["intent"].to_pylist() == ["engraving"]
    assert "labels given by you" in found["text_scores"]["basis"].to_pylist()


def test_certainty_is_honest(inputs):
    """Held-out certainty of the sentiment and the share read right are close."""
    words, stars = sayings(400, seed=3)
    rng = np.random.default_rng(4)
    noisy = [6 - star if rng.random() < 0.15 else star for star in stars]
    events = [event(row, text, value=star) for row, (text, star) in enumerate(zip(words, noisy, strict=True))]
    found = {row["model"]: row for row in publish(inputs(events), {})["text_scores"].to_pylist()}
    learned = found.get("character sequences and our words, linear", found["word lists"])
    assert 0.75 < learned["accuracy"] < 0.93
    assert learned["calibration_error"] < 0.1
