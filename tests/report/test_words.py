import re

from lotwise.report.words import PLACE, Words, catalog


def test_both_languages_have_the_same_words():
    """Every word exists in both languages."""
    assert set(catalog("en")) == set(catalog("zh"))


def test_both_languages_fill_the_same_places():
    """A sentence has the same places in both languages, save in dates."""
    for key, text in catalog("en").items():
        if not key.startswith("dates."):
            assert set(PLACE.findall(text)) == set(PLACE.findall(catalog("zh")[key])), key


def test_chinese_words_are_chinese():
    """No English word is left in the Chinese catalog besides names of things and of people."""
    allowed = {"lotwise", "data", "value", "cell", "JavaScript", "Bertsimas", "Kallus", "P", "m", "d"}
    found = {key: set(re.findall(r"[A-Za-z]+", PLACE.sub("", text))) - allowed for key, text in catalog("zh").items()}
    assert not {key: words for key, words in found.items() if words}


def test_fixed_vocabulary_is_translated():
    """A verdict of the ledger is shown in the page's language."""
    assert Words("zh").phrase("not distinguishable from 0") == "与 0 无法区分"
    assert Words("en").phrase("not distinguishable from 0") == "not distinguishable from 0"


def test_phrases_keep_what_stands_in_their_places():
    """What a phrase says of one thing is carried over, escaped and marked as not to be translated."""
    shown = Words("zh").phrase("Bought with <b>, which you buy")
    assert shown == '常与您购买的 <span translate="no">&lt;b&gt;</span> 一起买'


def test_notes_are_translated_sentence_by_sentence():
    """A sentence nobody foresaw stays English and is marked so, beside one that is known."""
    shown = Words("zh").phrase("The plan that knows demand and has no limits. Something new.")
    assert shown == '知道需求且没有限制的计划。<span lang="en">Something new.</span>'


def test_the_last_place_of_a_phrase_holds_no_further_sentence():
    """A sentence that ends in a place is told from those after it, which are phrases of their own."""
    shown = Words("zh").phrase("oven has no hours in the week of 2024-07-29. Also short: flour.").striptags()
    assert shown == "2024-07-29 当周 oven 没有工时。同样短缺：flour。"


def test_a_sentence_may_begin_with_a_name_in_small_letters():
    """A machine named in small letters begins a sentence of its own, and its name may hold a full stop."""
    shown = Words("zh").phrase("Orders: A/1. oven has no hours in the week of 2024-07-29.").striptags()
    assert shown == "订单：A/1。2024-07-29 当周 oven 没有工时。"
    assert Words("zh").phrase("oven No. 2 has no hours in the week of W.").striptags() == "W 当周 oven No. 2 没有工时。"


def test_units_of_measure_that_are_ours_are_translated():
    """Hours, units and room are words of lotwise; a unit of the user's stays as it is."""
    assert Words("zh").phrase("Making what is cut takes 5 hours more.").striptags() == "补足削减的部分还需 5 小时。"
    assert Words("zh").phrase("Making what is cut takes 5 kg more.").striptags() == "补足削减的部分还需 5 kg。"
    assert str(Words("en").unit("units")) == "units"


def test_free_text_is_marked_as_english():
    """A text outside the vocabulary stays as it is, escaped, and says its language."""
    assert Words("zh").phrase("Oven <2> is full") == '<span lang="en">Oven &lt;2&gt; is full</span>'


def test_lists_are_translated_word_by_word():
    """A segment's name is told where each of its words is known, also where a word holds a name."""
    assert Words("zh").phrase("large orders, many categories") == "订单大、类别多"
    assert Words("zh").phrase("much soft drinks, low prices").striptags() == "soft drinks 多、买价低"
    assert Words("zh").phrase("large orders, something else") == '<span lang="en">large orders, something else</span>'


def test_names_beside_known_words_are_kept():
    """In a list of terms, what mining does not say itself is a name of the user's."""
    assert Words("zh").terms("few categories, fabric cotton") == '类别少、<span translate="no">fabric cotton</span>'
    assert Words("en").term("many categories") == "many categories"


def test_words_within_a_phrase_are_translated():
    """A place that holds words of a stage holds them in the page's language."""
    shown = Words("zh").phrase("left out, the same for all: orders, share of discount, share of coats")
    assert shown.striptags() == "略去对所有人都相同的：订单数、折扣占比、coats 占比"
    assert Words("zh").phrase("sleeves: longer") == "袖子：更长"


def test_a_count_is_one_word():
    """What ends like a count of products is none where several words come before."""
    assert Words("zh").phrase("much milk products").striptags() == "milk products 多"


def test_every_phrase_finds_itself():
    """An English phrase, its places filled, is found as itself and not as another one."""
    for key, text in catalog("en").items():
        if key.startswith("phrases."):
            marked = '<span translate="no">7</span>'
            assert Words("zh").phrase(PLACE.sub("7", text)) == PLACE.sub(marked, catalog("zh")[key]), key
