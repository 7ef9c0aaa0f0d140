"""What a text says by the word lists: sentiment with negation, aspects, requests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.mine.opinions.lexicon import lexicon, units
from lotwise.mine.opinions.statements import said
from lotwise.mine.opinions.text import clean


def told(text):
    return said(clean(text))


@pytest.mark.parametrize(
    "text",
    [
        "good", "not bad", "never a problem with the seams, great", "I don't think it is bad", "not only warm but also soft",
        "couldn't be happier", "😍", ":)", "No complaints",
        "好", "不错", "不是不好", "没有色差",
        "不起球", "不但便宜而且好看", "没想到这么好",
        "不要太好", "👍",
    ],
)  # fmt: skip
def test_praise_is_for(text):
    """Praise, blame that is negated, and praise that only looks negated count for."""
    assert told(text).weight > 0


@pytest.mark.parametrize(
    "text",
    [
        "bad", "not soft", "not very good", "isn't warm", "no good", "hardly comfortable", "I don't like it", "😡",
        ":(",
        "too short", "could be better", "不好", "不软",
        "不太好", "不是很好", "没有想象中好", "一点都不舒服", "失望", "太短", "👎",
    ],
)  # fmt: skip
def test_blame_is_against(text):
    """Blame, praise that is negated, and faults count against."""
    assert told(text).weight < 0


def test_what_follows_a_but_weighs_more():
    """'Good, but slow' is against, 'slow, but good' for, in both languages."""
    assert told("quality is good but delivery was slow").weight < 0 < told("delivery was slow but quality is good").weight
    assert told("质量好，但是物流慢").weight < 0 < told("物流慢，但是质量好").weight


def test_a_negator_reaches_only_the_next_opinion():
    """In 'not soft, warm' and '不软很舒服' only the first is turned round; 'or' carries the negator on."""
    assert told("不软很舒服").aspects["comfort"] > 0
    assert told("neither soft or warm").weight < told("not soft, warm").weight


def test_degrees_weigh():
    """'Very good' is more than 'good', 'a bit bad' less than 'bad'."""
    assert told("very good").weight > told("good").weight
    assert told("有点慢").weight <= told("慢").weight < 0
    assert told("slightly bad").weight > told("bad").weight


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("The fit is perfect but the delivery was slow", {"fit": 1, "delivery": -1}),
        ("Lovely fabric, rude staff, fair price", {"material": 1, "service": -1, "price": 1}),
        ("Well packed and the color is beautiful", {"packaging": 1, "color": 1}),
        ("It fell apart after the first wash", {"durability": -1}),
        ("面料柔软，客服不理人，价格实惠", {"material": 1, "service": -1, "price": 1}),
        ("颜色很正，但是快递太慢", {"color": 1, "delivery": -1}),
        ("质量太差，包装完好", {"quality": -1, "packaging": 1}),
        ("洗一次就缩水", {"durability": -1}),
    ],
)
def test_each_clause_speaks_of_its_aspect(text, aspects):
    """Every aspect named has the sign of what is said of it."""
    found = {name: (weight > 0) - (weight < 0) for name, weight in told(text).aspects.items() if weight}
    assert {name: found.get(name) for name in aspects} == aspects


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("The sleeves are too short.", "sleeves: longer"),
        ("I wish the sleeves were longer", "sleeves: longer"),
        ("not long enough in the sleeves", "sleeves: longer"),
        ("The fabric feels thin", "fabric: thicker"),
        ("it should be thicker", "fabric: thicker"),
        ("much thinner than expected", "fabric: thicker"),
        ("The color is duller than the picture", "color: brighter"),
        ("not the color in the picture", "color: as pictured"),
        ("It came a week late", "delivery: faster"),
        ("shipping took too long", "delivery: faster"),
        ("Slow delivery", "delivery: faster"),
        ("way too expensive", "price: lower"),
        ("too tight in the waist", "waist: larger"),
        ("runs small", "size: larger"),
        ("wish it had pockets", "pockets: add"),
        ("the wool is scratchy, too scratchy", "fabric: softer"),
        ("袖子太短", "sleeves: longer"),
        ("希望袖子长一点", "sleeves: longer"),
        ("尺码偏小", "size: larger"),
        ("面料不够厚", "fabric: thicker"),
        ("要是厚一点就好了", "fabric: thicker"),
        ("颜色比图片暗", "color: brighter"),
        ("等了很久", "delivery: faster"),
        ("价格太高", "price: lower"),
        ("腰太紧", "waist: larger"),
        ("没有口袋", "pockets: add"),
        ("希望物流快点", "delivery: faster"),
    ],
)
def test_a_change_is_heard(text, change):
    """A fault, a wish and a comparison with what was promised are the change they ask for."""
    assert told(text).changes == (change,)


@pytest.mark.parametrize(
    "text",
    [
        "The sleeves are not too short", "long sleeves, lovely", "nice short sleeves",
        "no pilling at all", "not too expensive",
        "it never faded after washing",
        "no problems with the zipper", "袖子不短", "一点也不薄", "不起球", "没有色差", "不会太大", "裙子很长很好看", "",
    ],
)  # fmt: skip
def test_what_is_denied_asks_for_nothing(text):
    """A fault that is denied, and a plain description, are no request."""
    assert told(text).changes == ()


def test_every_change_belongs_to_an_aspect():
    """Whatever change can be put together, its thing has an aspect."""
    words = lexicon()
    for kinds in words.terms.values():
        for kind, value in kinds:
            if kind.value in {"fault", "wished", "outright", "enough of"}:
                assert value.partition(":")[0] in words.aspects, value
    assert set(words.applies) <= set(words.aspects)


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    """No text ends the reading."""
    assert told(text).opinions >= 0


def test_units_are_words_and_characters():
    """Words of Latin letters have a space before them, Chinese characters and marks stand alone."""
    assert units("Well-made 大衣, isn't") == [" well", " made", "大", "衣", ",", " isn't"]
