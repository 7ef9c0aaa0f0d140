"""What sources bring and cost, and whether to keep them."""

import numpy as np
import pytest

from lotwise.config import Source
from lotwise.gap import settle, states, verdict
from lotwise.gap.worth import table, worths

MAILER = Source(name="mailer", tables=["promotions"], known="plan", yearly_cost=520.0)
WEATHER = Source(name="weather", tables=["weather"])
PROFITS = {
    "ideal": [[100, 100]],
    "perfect": [[90, 90]],
    "none": [[10, 10]],
    "method": [[15, 15]],
    "upto-mailer": [[35, 35]],
    "now": [[40, 40]],
    "now-mailer": [[22, 22]],
    "now-weather": [[35, 35]],
    "past-mailer": [[30, 31]],
    "placebo": [[39, 40]],
    "again-1": [[43, 36]],
}


@pytest.fixture
def value(build):
    """Return two settled weeks of one product, each a window of its own."""
    return settle(build.money(PROFITS))


def rows(value, ends=None, how="shapley"):
    """Return the rows of the table by source; the two weeks are a tenth of a year."""
    made = table(value, worths(value, (MAILER, WEATHER)), ends or {}, years=0.1, how=how)
    return {row["source"]: row for row in made.to_pylist()}


def test_every_figure_by_hand(value):
    """Two weeks each: mailer in order 40, alone 40, Shapley 38, last in 36, in advance 19; weather 10, 14, 12, 10."""
    found = rows(value)
    figures = ("ordered", "first_in", "shapley", "last_in", "in_advance")
    assert [found["mailer"][name] for name in figures] == [40, 40, 38, 36, 19]
    assert [found["weather"][name] for name in figures] == [10, 14, 12, 10, None]
    assert found["placebo"]["last_in"] == -1


def test_shapley_values_add_up_to_what_the_sources_bring(value):
    """38 + 12 = 80 - 30."""
    assert sum(row["shapley"] or 0 for row in rows(value).values()) == 50


def test_the_price_is_taken_off(value):
    """520 a year cost 52 in a tenth of it: 38 less 52."""
    assert (rows(value)["mailer"]["cost"], rows(value)["mailer"]["net"]) == (52, -14)


@pytest.mark.parametrize(
    ("interval", "advice", "said"),
    [
        ((60.0, 90.0), "keep", verdict.WORTH),
        ((10.0, 40.0), "drop", verdict.TOO_DEAR),
        ((-9.0, -1.0), "drop", verdict.HARMFUL),
        ((40.0, 70.0), "cannot tell yet", verdict.AS_PRICE),
        ((-5.0, 60.0), "cannot tell yet", verdict.ZERO),
        (None, "cannot tell yet", verdict.OPEN),
    ],
)
def test_advice_follows_from_the_interval(value, interval, advice, said):
    """Keep what is surely worth its price, drop what surely is not, wait with the rest."""
    ends = {} if interval is None else {("mailer", "shapley"): interval, ("placebo", "last_in"): (-5.0, 5.0)}
    assert (rows(value, ends)["mailer"]["advice"], rows(value, ends)["mailer"]["verdict"]) == (advice, said)


def test_without_shapley_values_a_source_is_judged_by_what_it_adds_last(build):
    """What it shares with others counts for none; the note says where all is measured."""
    ordered = settle(build.money({name: profit for name, profit in PROFITS.items() if name != "now-mailer"}))
    found = rows(ordered, how="ordered")
    assert (found["weather"]["shapley"], found["weather"]["net"], found["mailer"]["net"]) == (None, 10, 40 - 52)
    assert "--shapley" in found["weather"]["note"]


def test_noise_of_a_fit_by_hand(value):
    """The second fit earned 3 more in one window and 4 less in the other: the root of 9 + 16 is 5."""
    assert states.noise(value) == pytest.approx(5.0)
    assert rows(value)["mailer"]["noise"] == 5.0


def test_a_source_told_twice_shares_its_worth(build, rng):
    """Two sources that say the same have the same Shapley value, and together what one of them had alone."""
    base, more = rng.normal(50, 9, (3, 8)), rng.normal(9, 3, (3, 8))
    told = dict.fromkeys(("upto-mailer", "now-mailer", "now-weather", "now"), base + more)
    both = settle(build.money({"ideal": base + 40, "perfect": base + 30, "none": base, "method": base} | told))
    found = worths(both, (MAILER, WEATHER))
    shares = [states.combined(both.profit, one.figures["shapley"]) for one in found]
    assert np.allclose(shares[0], shares[1])
    assert np.allclose(shares[0] + shares[1], more)
