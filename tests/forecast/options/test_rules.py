import numpy as np
import pytest

from lotwise.errors import ContractError
from lotwise.forecast.options import tree
from lotwise.forecast.options.choices import Levels
from lotwise.forecast.options.rules import keep, rules

LEVELS = Levels(("fabric", "lining", "size"), (("linen", "wool"), ("none", "silk"), ("L", "M", "S")))
WARM = {"kind": "requires", "if_option": "fabric", "if_value": "wool", "then_option": "lining", "then_value": "silk"}
SMALL = {"kind": "excludes", "if_option": "size", "if_value": "S", "then_option": "lining", "then_value": "silk"}
BASE = tree.independent([np.array([0.6, 0.4]), np.array([0.5, 0.5]), np.array([0.2, 0.3, 0.5])])


def test_rules_say_what_can_be_built():
    """Wool needs silk; small takes no silk; so small wool cannot be."""
    found = rules(LEVELS, [WARM, SMALL])
    rows = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 2], [0, 0, 2], [1, 1, 2]])
    assert found.kept(rows).tolist() == [True, False, False, True, False]


def test_probabilities_of_what_keeps_the_rules_sum_to_one():
    """12 configurations: those that break a rule have none, the others the whole (to the accuracy of 20,000 draws)."""
    kept = keep(BASE, rules(LEVELS, [WARM, SMALL]), seed=0)
    every = np.stack(np.meshgrid(range(2), range(2), range(3), indexing="ij"), axis=-1).reshape(-1, 3)
    chance = np.exp(kept.log_prob(every))
    assert chance[~rules(LEVELS, [WARM, SMALL]).kept(every)].sum() == 0
    assert chance.sum() == pytest.approx(1, abs=0.03)
    # linen-none: .3, linen-silk not small: .15, wool-silk not small: .1; wool among them: .1 / .55
    assert kept.marginals()[0][1] == pytest.approx(0.1 / 0.55, abs=0.02)
    assert kept.pair(0, 1)[1, 0] == 0


def test_samples_never_break_a_rule():
    """Neither samples nor samples of draws counted anew hold a configuration that cannot be built."""
    found = rules(LEVELS, [WARM, SMALL])
    kept, rng = keep(BASE, found, seed=0), np.random.default_rng(1)
    drawn = kept.sample(5000, rng)
    assert len(drawn) == 5000
    assert found.kept(drawn).all()
    again = kept.redrawn(drawn, np.ones((3, len(drawn))), [np.ones((3, len(alone))) for alone in LEVELS.values])
    assert found.kept(again.sample(np.repeat([0, 1, 2], 500), rng)).all()
    assert [alone.sum(axis=1) for alone in again.marginals()] == [pytest.approx([1, 1, 1])] * 3


def test_rule_that_requires_what_is_not_offered_rules_its_first_choice_out():
    """Wool requires fur, fur is not offered: no wool. A rule on what is not offered says nothing."""
    fur = WARM | {"then_value": "fur"}
    tweed = WARM | {"if_value": "tweed"}
    rows = np.array([[1, 1, 0], [0, 1, 0]])
    assert rules(LEVELS, [fur]).kept(rows).tolist() == [False, True]
    assert rules(LEVELS, [tweed]).kept(rows).all()


def test_rules_that_leave_nothing_are_refused():
    """Both fabrics ruled out: the message says where to look."""
    never = [WARM | {"then_value": "fur"}, WARM | {"if_value": "linen", "then_value": "fur"}]
    with pytest.raises(ContractError, match="exclude each other"):
        keep(BASE, rules(LEVELS, never), seed=0)


def test_unknown_rules_are_refused():
    """Another kind of rule, or an option that does not exist, is named."""
    with pytest.raises(ContractError, match="kind 'allows'"):
        rules(LEVELS, [WARM | {"kind": "allows"}])
    with pytest.raises(ContractError, match="option 'collar'"):
        rules(LEVELS, [WARM | {"then_option": "collar"}])
