import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.demo.atelier import choose
from lotwise.demo.atelier.catalog import RULES, STYLES, Rule, choices

BY_CODE = {style.code: style for style in STYLES}


@given(seed=st.integers(0, 2**32), rule=st.sampled_from(RULES))
def test_every_choice_keeps_the_rules(seed, rule: Rule):
    """Where the first choice of a rule holds, the second is the required one, or not the excluded one."""
    style = BY_CODE[rule.style]
    picks = choose.draw(np.random.default_rng(seed), style, 50)
    values = {option: np.array(list(choices(style)[option]))[picks[option]] for option in picks}
    then = values[rule.then_option][values[rule.if_option] == rule.if_value]
    assert (then == rule.then_value).all() if rule.kind == "requires" else (then != rule.then_value).all()


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.code)
def test_take_rates_of_an_option_sum_to_one(style):
    """Each unit has exactly one value of each option."""
    taken = choose.take(style)
    for option in choices(style):
        assert sum(share for (name, _), share in taken.items() if name == option) == pytest.approx(1)


def test_a_rule_moves_its_share():
    """Cashmere wool coats are all navy: navy takes its 0.28 of the other two thirds, and the whole third of cashmere."""
    # falling(2) = 2/3, 1/3; 0.28 * 2/3 + 1/3 = 0.52
    assert choose.take(BY_CODE["COAT-WOOL"])["color", "navy"] == pytest.approx(0.52)


def test_rules_name_what_there_is():
    """Both choices of every rule are options and values of its style."""
    for rule in RULES:
        options = choices(BY_CODE[rule.style])
        assert rule.if_value in options[rule.if_option]
        assert rule.then_value in options[rule.then_option]
