from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lotwise.mine.propensity.classifiers import Budget
from lotwise.mine.propensity.learn import Target, foresee
from lotwise.mine.propensity.scores import auc, log_loss
from lotwise.mine.propensity.windows import windows
from tests.mine.propensity.conftest import DAYS, START, history_of, shoppers, shuffled_after

TARGETS = [Target("buys bread", "bread"), Target("buys anything", None), Target("leaves", None, absent=True)]
QUICK = ("logistic", "boosting", "blend")


def found_in(past, models=QUICK, targets=TARGETS, most=20_000):
    days = windows(past.start, past.today, 28, step=28)
    return foresee(past, targets, days, models, np.random.default_rng(0), Budget(most))


@pytest.fixture(scope="module")
def found(past):
    return found_in(past)


def test_each_target_is_foreseen_better_than_by_its_share(found):
    """On the weeks kept apart the chosen chances lose less than the base rate, which is always there, and rank well."""
    for one in found:
        said = one.said[one.chosen]
        assert next(iter(one.said)) == "base rate"
        assert log_loss(one.happened, said) < log_loss(one.happened, one.said["base rate"])
        assert auc(one.happened, said) > 0.7


def test_every_known_customer_gets_a_chance(found, past):
    """Those who had bought before today, and nobody else; chances lie between 0 and 1."""
    for one in found:
        assert np.array_equal(one.customers, past.known(past.today))
        assert ((one.chance >= 0) & (one.chance <= 1)).all()


def test_leaving_and_buying_anything_add_up(found):
    """Over the same days one happens where the other does not, so that the shares add up to 1."""
    assert np.array_equal(found[1].happened, 1 - found[2].happened)
    assert found[1].base + found[2].base == pytest.approx(1)


def test_chances_come_near_the_truth():
    """In the simulation the true chance of coming within four weeks is known: the stated one correlates with it above .8."""
    bought = shoppers()
    rng = np.random.default_rng(1)
    rate = rng.gamma(1.5, 1 / 15, 250) + 0.004  # the first draw of ``shoppers``
    truth = 1 - (1 - np.clip(rate, 0, 1)) ** 28
    (one,) = found_in(history_of(bought), targets=TARGETS[1:2])
    assert np.corrcoef(one.chance, truth[one.customers])[0, 1] > 0.8


def test_what_comes_after_the_check_begins_changes_nothing_said_of_it(bought):
    """Other purchases in the last window leave what each classifier said of it as it is: only the outcomes differ."""
    check = START + DAYS - 28
    one, other = (found_in(history_of(some), QUICK, TARGETS[:2]) for some in (bought, shuffled_after(bought, check)))
    for before, after in zip(one, other, strict=True):
        assert not np.array_equal(before.happened, after.happened)
        for name, said in before.said.items():
            assert np.array_equal(said, after.said[name])


def test_what_comes_after_today_changes_nothing(bought):
    """Told to stand ten days earlier, later purchases are as if they were not there."""
    today = bought.today - 10
    one, other = (
        found_in(history_of(replace(some, today=today)), ("logistic",), TARGETS[:1])[0]
        for some in (bought, shuffled_after(bought, today))
    )
    assert np.array_equal(one.chance, other.chance)


def test_the_same_seed_gives_the_same_bytes(past, found):
    """A second run says exactly the same."""
    for one, two in zip(found, found_in(past), strict=True):
        assert one.chosen == two.chosen
        assert np.array_equal(one.chance, two.chance)


def test_without_weeks_kept_apart_the_choice_uses_the_last_window(past):
    """Chances are told all the same, and near those with a check: the same customers rank alike."""
    days = windows(past.start, past.today, 28, step=28, checked=False)
    one, other = (
        foresee(past, TARGETS[:1], some, ("logistic",), np.random.default_rng(0), Budget())[0].chance
        for some in (days, windows(past.start, past.today, 28, step=28))
    )
    assert np.corrcoef(one, other)[0, 1] > 0.95


def test_a_sample_of_customers_suffices(past):
    """With a tenth of the rows everybody known still gets a chance."""
    (one,) = found_in(past, ("logistic",), TARGETS[:1], most=200)
    assert len(one.chance) == len(past.known(past.today))


def test_what_nobody_does_gets_the_base_rate(bought):
    """An item that one customer bought once cannot be learned: the share stands, with the reason."""
    rare = replace(bought, product=np.where(bought.product == 0, 2, bought.product))
    rare.product[0] = 0
    (one,) = found_in(history_of(rare), targets=TARGETS[:1])
    assert one.chosen == "base rate"
    assert "10 who did" in one.reason
    assert np.ptp(one.chance) == 0
    assert list(one.said) == ["base rate"]
