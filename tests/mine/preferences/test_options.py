"""Tests of the choice sets of options."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config.mining import MinePreferences
from lotwise.demo.atelier import choose as atelier
from lotwise.demo.atelier.catalog import STYLES, choices
from lotwise.mine.preferences.models import choose, logit_of
from lotwise.mine.preferences.options import of_product, together
from lotwise.mine.preferences.sold import Chosen, Sold

UNITS = 5000


def rules(*told):
    names = ("product", "kind", "if_option", "if_value", "then_option", "then_value")
    return pa.Table.from_pylist([dict(zip(names, one, strict=True)) for one in told])


def lines(picks, extra=None, price=None):
    """Return sale lines of product A, and the options on them: ``picks`` has an option's values, one a line."""
    count = len(next(iter(picks.values())))
    alone, blank, one = np.arange(count), np.zeros(count, dtype=np.int64), np.ones(count)
    sold = Sold(("A",), ("all",), blank, blank, blank, alone, alone, one if price is None else price, one, one)
    options, values = tuple(picks), tuple(sorted({value for told in picks.values() for value in told}))
    value = np.array([values.index(v) for told in picks.values() for v in told])
    line, option = np.tile(alone, len(options)), np.repeat(np.arange(len(options)), count)
    added = np.zeros(len(line)) if extra is None else np.array([extra.get(values[v], 0.0) for v in value])
    return sold, Chosen(options, values, line, option, value, added)


def by_option(picks, *told, **more):
    return {next(iter(sets.base)): sets for sets in of_product("A", *lines(picks, **more), rules(*told) if told else None)}


PICKS = {"color": ["red", "blue", "red", "blue"], "cloth": ["silk", "silk", "wool", "wool"]}


def test_without_rules_every_value_is_on_offer():
    """There is one set, with all values that were ever chosen; the base is the one chosen most."""
    sets = by_option(PICKS | {"color": ["red", "red", "red", "blue"]})["color"]
    assert sets.alternatives == ("red", "blue")
    assert sets.available.tolist() == [[True, True]]
    assert sets.base == {"color": "red"}


def test_a_value_excluded_by_another_choice_is_not_on_offer():
    """Silk excludes blue: of lines in silk blue is no alternative, and of lines in blue silk is none."""
    told = by_option({"color": ["red", "red", "blue", "red"], "cloth": ["silk", "wool", "wool", "silk"]},
                     ("A", "excludes", "cloth", "silk", "color", "blue"))  # fmt: skip
    color, cloth = told["color"], told["cloth"]
    blue, silk = color.alternatives.index("blue"), cloth.alternatives.index("silk")
    assert [bool(color.available[at, blue]) for at in color.set] == [False, True, True, False]
    assert [bool(cloth.available[at, silk]) for at in cloth.set] == [True, True, False, True]


def test_a_value_that_is_required_leaves_no_other():
    """Silk requires red: lines in silk could take red only, and lines in blue could not take silk."""
    told = by_option({"color": ["red", "red", "blue", "red"], "cloth": ["silk", "wool", "wool", "silk"]},
                     ("A", "requires", "cloth", "silk", "color", "red"))  # fmt: skip
    color, cloth = told["color"], told["cloth"]
    assert [int(color.available[at].sum()) for at in color.set] == [1, 2, 2, 1]
    assert not cloth.available[cloth.set[2], cloth.alternatives.index("silk")]


def test_a_choice_against_the_rules_stays_what_it_was():
    """A line that breaks a rule keeps its choice among the alternatives."""
    sets = by_option(PICKS, ("A", "excludes", "cloth", "silk", "color", "blue"))["color"]
    assert sets.available[sets.set[1], sets.chosen[1]]


def test_extra_prices_count_where_discounts_make_them_vary():
    """With lines at half price the extra price of 10 stands as 10 and as 5; without discounts it is no attribute."""
    varied = by_option(PICKS, extra={"silk": 10.0}, price=np.array([1.0, 0.5, 1.0, 0.5]))["cloth"]
    assert varied.names[-1] == "price"
    assert set(varied.offered[:, varied.alternatives.index("silk"), -1]) == {10.0, 5.0}
    assert "price" not in by_option(PICKS, extra={"silk": 10.0})["cloth"].names


def test_one_value_is_no_choice():
    """An option chosen in one way only gives no sets, and a product not sold gives none."""
    assert list(by_option(PICKS | {"color": ["red"] * 4})) == ["cloth"]
    assert of_product("B", *lines(PICKS)) == []


@pytest.mark.parametrize("style", [STYLES[0], STYLES[6]], ids=lambda style: style.code)
def test_shares_of_the_demo_are_found_again(style):
    """The fitted shares of each value lie within 4 standard errors of the exact ones, rules and all."""
    picks = atelier.draw(np.random.default_rng(5), style, UNITS)
    names = {option: np.array(list(values)) for option, values in choices(style).items()}
    exact = atelier.take(style)
    told = lines({option: names[option][picks[option]].tolist() for option in names})
    for sets in of_product("A", *told, rules(("A", "requires", "none", "x", "none", "y"))):
        weight = sets.counts().sum(axis=1)
        shares = weight @ logit_of(sets).probabilities(sets) / weight.sum()
        for value, share in zip(sets.alternatives, shares, strict=True):
            truth = exact[next(iter(sets.base)), value]
            assert abs(share - truth) < 4 * np.sqrt(truth * (1 - truth) / UNITS)


def test_classes_of_customers_show_over_options():
    """Customers who take red and silk, or blue and wool, in every order are told apart over both options together."""
    rng = np.random.default_rng(3)
    kind = np.repeat(rng.random(200) < 0.6, 6)
    red, silk = rng.random(1200) < np.where(kind, 0.9, 0.2), rng.random(1200) < np.where(kind, 0.8, 0.1)
    sold, chosen = lines({"color": np.where(red, "red", "blue").tolist(), "cloth": np.where(silk, "silk", "wool").tolist()})
    week, person = np.tile(np.arange(6), 200), np.repeat(np.arange(200), 6)
    whole = together("A", of_product("A", replace(sold, week=week, person=person), chosen))
    assert len(whole) == 2400
    assert whole.base == {"cloth": "silk", "color": "red"}
    _, model = choose(whole, MinePreferences(), rng)
    assert model.name == "latent classes"
    assert model.groups[0].share == pytest.approx(0.6, abs=0.1)
    wool, blue = (model.names.index(name) for name in ("cloth: wool", "color: blue"))
    assert model.groups[0].part_worths[[wool, blue]] == pytest.approx([np.log(0.2 / 0.8), np.log(0.1 / 0.9)], abs=0.5)


def test_options_together_have_the_logit_of_each():
    """With one taste for all, the part-worths of all options together are those of each alone."""
    told = of_product("A", *lines({"color": ["red", "red", "blue"] * 9, "cloth": ["silk", "wool", "wool"] * 9}))
    whole = logit_of(together("A", told))
    alone = np.concatenate([logit_of(sets).groups[0].part_worths for sets in told])
    assert whole.groups[0].part_worths == pytest.approx(alone)
