"""Tests of choices, part-worths, substitution and the line that earns most as people read them."""

from __future__ import annotations

import math

import pytest

from lotwise.console import preferences
from tests.console.mined.made import cells, note, products, row, shown

CHOICE = "category tea"
NAMES = products(T1="Green tea", T2="Black tea")


def model(name, held_out, **values):
    """Return one model of the choice."""
    known = {"choice": CHOICE, "choices": 40, "alternatives": 3, "log_likelihood": -30.0, "null_log_likelihood": -44.0}
    return row("choice_models", model=name, held_out=held_out, **known | values)


def worth(segment, attribute, value, part_worth, error=0.1, **values):
    """Return one part-worth of a class that holds half of the customers."""
    known = {"choice": CHOICE, "segment_share": 0.5, "standard_error": error}
    return row("preferences", segment=segment, attribute=attribute, value=value, part_worth=part_worth, **known | values)


def kept(alternative, now, then):
    """Return one alternative of a line that earns 110 instead of 100; it is dropped where nothing of it is sold then."""
    known = {"choice": CHOICE, "margin": 2.0, "earned_now": 100.0, "earned_then": 110.0, "outside": 0.3, "steady": 0.5}
    return row("product_lines", alternative=alternative, kept=then > 0, share_now=now, share_then=then, **known)


def away(alternative, instead, diverted, elasticity=None):
    """Return where the buyers of one alternative go."""
    known = {"choice": CHOICE, "alternative": alternative, "instead": instead}
    return row("substitutions", diverted=diverted, elasticity=elasticity, **known)


TABLES = {
    "choice_models": [model("shares", math.log(0.25)), model("latent classes", math.log(0.5), chosen=True)],
    "preferences": [
        worth("class 1", "product", "T1", 0.0, None, share=0.6),
        worth("class 1", "product", "T2", 2.0, share=0.3),
        worth("class 1", "product", "other", 9.0, share=0.1),
        worth("class 1", "price", "1 more", -0.1, willingness=None),
        worth("class 2", "product", "T1", 0.0, None, share=0.6),
        worth("class 2", "product", "T2", -2.0, willingness=-4.0, willingness_low=-5.0, willingness_high=-3.0, share=0.3),
        worth("class 2", "price", "1 more", -0.7),
    ],
    "substitutions": [
        away("other", "T1", 1.0),
        away("T1", "T1", 0.0, -0.75),
        away("T1", "other", 0.6),
        away("T1", "T2", 0.3),
        away("T1", "nothing", 0.1),
        away("T2", "T2", 0.0, -1.5),
        away("T2", "T1", 1.0),
    ],
    "product_lines": [kept("T1", 0.4, 0.5), kept("T2", 0.2, 0.0), kept("other", 0.1, 0.2)],
}


def one(**more):
    """Return the screen of the choice."""
    return shown(preferences, TABLES | more, [], NAMES, choice=CHOICE, rows=9, currency="EUR")


def test_the_overview_tells_how_well_choices_are_foreseen_and_the_line():
    """The model in use gives 50 % to what was chosen, shares 25 %; without T2 the line earns 10 % more, half the time."""
    notes = [note("preferences", CHOICE, text="a sample")]
    text = shown(preferences, TABLES, notes, NAMES, choice=None, rows=9, currency="EUR")
    assert cells(text, CHOICE) == [
        CHOICE, "40", "3", "50.0 %", "25.0 %", "latent classes", "without T2 Black tea, +10 %; in 50 % of other cases",
    ]  # fmt: skip
    assert "- category tea: a sample." in text


def test_classes_stand_side_by_side_price_first_and_other_last():
    """A table has a column a class; the base value is named as such, and a price counts in the project's currency."""
    text = one()
    rows = [line.split("  ")[0].strip() for line in text.splitlines() if line.strip().startswith(("price", "product"))]
    assert rows[:4] == ["price", "product", "product", "product"]
    assert cells(text, "price") == ["price", "1 EUR more", "-0.10 +- 0.10", "-0.70 +- 0.10"]
    assert text.index("T1 Green tea") < text.index("product     other")
    assert "0 (base)" in text
    assert "money" not in text.replace("in money", "")


def test_what_sets_a_class_apart_is_told_in_words():
    """Class 1 likes T2 more than the mean of both classes by 10 standard errors, and T1 as much less; the price by 3."""
    text = one()
    assert "- class 1 (50 %): likes T1 Green tea less, likes T2 Black tea more, minds the price less." in text
    assert "- class 2 (50 %): likes T1 Green tea more, likes T2 Black tea less, minds the price more." in text


def test_worth_in_money_is_told_with_its_interval_where_it_is_known():
    """Class 2 would pay 4 less for T2; of class 1 no price is known to move the choices."""
    text = one()
    assert "What customers would pay more for it (EUR, with its 95 % interval):" in text
    assert "-4 (-5 .. -3)" in text
    assert "Class 1: no price is known to move its choices." in text
    plain = [entry | {"willingness": None} for entry in TABLES["preferences"]]
    assert "What they are worth in money is not told." in one(preferences=plain)


def test_a_single_group_has_p_values_and_spreads():
    """What is told of all customers needs no classes."""
    found = [worth("all", "price", "1 more", -0.5, p_value=0.01, spread=0.2, segment_share=1.0)]
    text = one(preferences=found)
    assert cells(text, "price") == ["price", "1 EUR more", "-0.50 +- 0.10", ".010", "0.20"]
    assert "Customers differ" not in text


def test_products_come_before_what_stands_for_many():
    """The buyers of T1 go to T2, then 'other' and 'nothing'; where those of 'other' go is not told."""
    text = one()
    assert cells(text, "T1 Green tea") == ["T1 Green tea", "T2 Black tea 30 %, other 60 %, nothing 10 %", "-0.75 %"]
    assert not any(line.strip().startswith("other   T1") for line in text.splitlines())


def test_alternatives_beyond_the_first_four_are_added_up():
    """Of six taken instead four are named, and the other two have 3 % and 2 %."""
    shares = (0.4, 0.25, 0.2, 0.1, 0.03, 0.02)
    found = [away("T1", f"X{number}", share) for number, share in enumerate(shares)]
    assert "X3 10 %, 2 more 5 %" in one(substitutions=found)


def test_the_line_tells_its_sums_once_with_what_is_assumed():
    """The sums stand in every row and are not added; 30 % are assumed to buy nothing, and how steady each answer is."""
    text = " ".join(one().split())
    assert "keeps 2 of 3: 110 EUR of margin of 100 who come, 100 with all offered (+10 %)." in text
    assert "That assumes that 30 % of those who come buy nothing with all offered" in text
    assert "T2 Black tea drop 2 20.0 % 0.0 % 50 %" in text


@pytest.mark.parametrize("now", [100.0, 0.0, -5.0])
def test_a_line_that_keeps_all_says_so_whatever_it_earns(now):
    """Nothing is worth dropping; sums of nothing or less make no percentage."""
    lines = [row | {"kept": True, "earned_now": now} for row in TABLES["product_lines"]]
    assert f"No alternative is worth dropping: all 3 earn {now:.0f} EUR" in one(product_lines=lines)


def test_a_choice_with_nothing_but_models_is_told():
    """Tables may be empty, and so may be all of them."""
    empty = {"preferences": [], "substitutions": [], "product_lines": []}
    assert "category tea: 40 choices among 3 alternatives." in one(**empty)
    notes = [note("preferences", ended="left out", rows=0, text="no category has two products")]
    text = shown(preferences, {"choice_models": []} | empty, notes, None, choice=None, rows=9, currency="")
    assert text == "There are no preferences: no category has two products.\n"
