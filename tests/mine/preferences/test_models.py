"""Tests of the models tried, and the choice among them."""

from dataclasses import replace

import numpy as np
import pytest

from lotwise.config.mining import MinePreferences
from lotwise.mine.preferences.models import choose, logit_of
from lotwise.mine.preferences.sets import split

TWO_KINDS = [[1.5, -1.5, -0.4], [-1.5, 1.0, -1.2]]
SETTINGS = MinePreferences()


def rng():
    return np.random.default_rng(1)


def test_customers_of_two_kinds_are_told_apart(drawn):
    """Latent classes win on the last weeks where customers are of two kinds, by what is known of each."""
    trials, model = choose(drawn(TWO_KINDS), SETTINGS, rng())
    assert model.name == "latent classes"
    held = {trial.model.name: trial.held_out for trial in trials}
    assert held["latent classes"] > held["logit"] > held["shares"]


def test_the_simpler_model_wins_where_customers_are_alike(drawn):
    """With one taste for all the logit is chosen."""
    _, model = choose(drawn([0.5, -0.5, -0.5]), SETTINGS, rng())
    assert model.name == "logit"


def test_the_last_weeks_are_not_seen_by_what_foresees_them(drawn):
    """Choices of the last weeks turned around change no model estimated before them."""
    sets = drawn(TWO_KINDS)
    _, after = split(sets)
    turned = np.where(sets.week >= after.week.min(), sets.available[sets.set].argmax(axis=1), sets.chosen)
    one, other = (choose(told, SETTINGS, rng())[0] for told in (sets, replace(sets, chosen=turned)))
    assert [trial.model.log_likelihood for trial in one] == [trial.model.log_likelihood for trial in other]
    assert [trial.held_out for trial in one] != [trial.held_out for trial in other]


def test_nests_are_tried_where_they_are_told(drawn):
    """A nested logit stands among the trials, and its probabilities sum to one."""
    sets = drawn([0.5, -0.5, -0.5])
    trials, _ = choose(sets, SETTINGS, rng(), nests={"n": ["a", "b"]})
    (nested,) = [trial.model for trial in trials if trial.model.name == "nested logit"]
    assert nested.probabilities(sets).sum(axis=1) == pytest.approx(np.ones(40))


def test_the_mixed_logit_foresees_customers_by_their_tastes(drawn):
    """The mixed logit beats the logit on the last weeks where tastes differ."""
    settings = MinePreferences(models=("logit", "mixed logit"), draws=30)
    trials, model = choose(drawn(TWO_KINDS, persons=80), settings, rng())
    assert model.name == "mixed logit"
    assert trials[-1].held_out > trials[-2].held_out
    assert (model.groups[0].spread > 0).any()


def test_perfect_separation_is_said_and_stays_finite(drawn):
    """An alternative chosen whenever it is offered keeps a finite part-worth, by a penalty that the note tells."""
    sets = drawn([0.5, -0.5, -0.5])
    always = replace(sets, chosen=np.where(sets.available[sets.set, 2], 2, sets.chosen))
    model = logit_of(always)
    assert np.isfinite(model.groups[0].part_worths).all()
    assert "penalty" in model.note


def test_one_customer_gives_a_logit(drawn):
    """One customer has no likeness to be compared: the logit stands."""
    _, model = choose(drawn([0.5, -0.5, -0.5], persons=1, each=200), SETTINGS, rng())
    assert model.name == "logit"


def test_few_choices_are_compared_by_bic(drawn):
    """With fewer than 30 choices in the last weeks nothing is held out."""
    trials, _ = choose(drawn([0.5, -0.5, -0.5], persons=20, each=5), SETTINGS, rng())
    assert all(trial.held_out is None for trial in trials)


@pytest.mark.parametrize("chosen", [0, 1])
def test_one_alternative_is_no_choice(drawn, chosen):
    """Where one alternative only was ever chosen there is no model, with the reason."""
    sets = drawn([0.5, -0.5, -0.5])
    assert choose(replace(sets, chosen=np.full(len(sets), chosen)), SETTINGS, rng()) == "only one alternative was ever chosen"
