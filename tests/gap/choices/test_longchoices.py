"""Regret, surplus and margin of choices in a long frame, checked by hand and on simulated choices."""

from dataclasses import replace

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, InputError
from lotwise.gap.choices import regret
from lotwise.gap.choices.logit import Occasions, fit
from lotwise.gap.choices.longchoices import choice_regret
from lotwise.gap.choices.regret import Offer, measures, resample
from lotwise.tables.ledger import UNSEEN


def values(table, column="value"):
    """Return one column of the table by measure."""
    return dict(zip(table["measure"].to_pylist(), table[column].to_pylist(), strict=True))


@pytest.fixture
def three_products():
    """Return 100 occasions: A (price 1) and B (price 2) are shown, C (price 0) is on sale; 75 choose A, 25 B."""
    return {
        "occasion": np.repeat(np.arange(100), 3),
        "alternative": np.tile(["A", "B", "C"], 100),
        "price": np.tile([1.0, 2.0, 0.0], 100),
        "shown": np.tile([True, True, False], 100),
        "margin": np.tile([0.5, 1.0, 0.2], 100),
        "chosen": np.concatenate([np.tile([1, 0, 0], 75), np.tile([0, 1, 0], 25)]),
    }


def test_three_products_by_hand(three_products):
    """Every measure of the three products, with the part-worth of the price -log 3.

    Shares 3 : 1 at a price difference of 1 give -log 3. In money V(C) - V(A) = 1 and V(C) - V(B) = 2: regret .75 + .50.
    exp(V) is 1/3, 1/9, 1: the log-sums differ by log(13/9) - log(4/9) = log(13/4). From all, C, A, B are chosen with
    9/13, 3/13, 1/13: 4.3 / 13 a choice; of A and B alone .75 x .5 + .25 x 1 = .625. C is never shown: 1 of 3.
    """
    found = UNSEEN.check(choice_regret(three_products))
    assert values(found) == pytest.approx(
        {
            "regret of choices": 1.25,
            "surplus not shown": round(np.log(13 / 4) / np.log(3), 2),
            "occasions whose best product was not shown": 1.0,
            "margin not shown": round(100 * (4.3 / 13 - 0.625), 2),
            "products never shown": round(1 / 3, 6),
            "customer-product pairs never shown": round(1 / 3, 6),
        }
    )


def test_what_stays_had_all_been_shown_is_said(three_products):
    """Taste alone would leave a regret of (3 x 1 + 1 x 2) / 13 = 0.38 of the three products."""
    assert "0.38 of it would stay" in values(choice_regret(three_products), "note")["regret of choices"]


def test_nothing_is_lost_where_all_is_shown(three_products):
    """If the two products shown are all there are, surplus, margin and shares not shown are 0."""
    here = np.flatnonzero(three_products["shown"])
    found = choice_regret({name: column[here] for name, column in three_products.items()})
    lost = values(found)
    assert lost.pop("regret of choices") == pytest.approx(0.25)  # the dearer B was chosen in 25 of 100, 1 too dear
    assert set(lost.values()) == {0.0}
    assert values(found, "verdict")["margin not shown"] == "not distinguishable from 0"


def test_any_frame_and_any_order_give_the_same(three_products):
    """Polars or a dict, rows shuffled or not: the same values."""
    order = np.random.default_rng(1).permutation(300)
    shuffled = pl.DataFrame({name: column[order] for name, column in three_products.items()})
    assert values(choice_regret(shuffled)) == values(choice_regret(three_products))


def simulated(seed, occasions=600, *, price=-0.9):
    """Return choices among 2 to 4 products shown of 6, by price, quality and brand, two occasions a customer."""
    rng = np.random.default_rng(seed)
    brand = np.array(["ash", "birch", "cedar"])[np.arange(6) % 3]
    rows = []
    for occasion in range(occasions):
        prices, quality = rng.uniform(2, 5, 6), rng.normal(size=6)
        utility = price * prices + 0.7 * quality + 0.5 * (brand == "birch")
        shown = np.zeros(6, dtype=bool)
        shown[rng.choice(6, rng.integers(2, 5), replace=False)] = True
        chosen = np.argmax(np.where(shown, utility + rng.gumbel(size=6), -np.inf))
        paid = -price or 1.0
        lost = (utility.max() - utility[chosen]) / paid
        surplus = (np.log(np.exp(utility).sum()) - np.log(np.exp(utility[shown]).sum())) / paid
        rows += [
            (
                occasion,
                place,
                place == chosen,
                shown[place],
                prices[place],
                quality[place],
                brand[place],
                occasion // 2,
                lost,
                surplus,
            )
            for place in range(6)
        ]
    names = ("occasion", "alternative", "chosen", "shown", "price", "quality", "brand", "customer", "regret", "surplus")
    frame = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    truth = {name: frame.pop(name)[::6].mean() for name in ("regret", "surplus")}
    return frame, truth


def test_true_regret_and_surplus_are_recovered():
    """Over 20 seeds the 90 % intervals hold the truth of the drawn occasions in most, and are centered on it.

    Fewer than 14 of 20 at a coverage of .9 have a chance below 1 %.
    """
    held, off = np.zeros(2), []
    for seed in range(20):
        frame, truth = simulated(seed)
        found = choice_regret(frame, resamples=300)
        low, high, value = (values(found, column) for column in ("low", "high", "value"))
        pairs = (("regret of choices", "regret"), ("surplus not shown", "surplus"))
        held += [low[name] <= truth[key] <= high[name] for name, key in pairs]
        off.append([value[name] / truth[key] - 1 for name, key in pairs])
    assert (held >= 14).all()
    assert np.mean(off, axis=0) == pytest.approx(0, abs=0.04)


def test_one_step_resamples_agree_with_refitting():
    """The part-worths of resampled customers, moved by one step, have the spread that fitting each again gives.

    120 refits have a relative error of 1 / sqrt(240) = 6 %.
    """
    frame, _ = simulated(3)
    attributes = np.column_stack([frame["price"], frame["quality"], frame["brand"] == "birch"])[frame["shown"]]
    occasion, chosen = frame["occasion"][frame["shown"]], np.flatnonzero(frame["chosen"][frame["shown"]])
    start = np.flatnonzero(np.diff(occasion, prepend=-1))
    made = Occasions(("price", "quality", "birch"), attributes, start, chosen)
    model, rng = fit(made), np.random.default_rng(0)
    moved = resample(model, made, np.arange(600) // 2, rng=rng, resamples=1000).moved
    weights = rng.multinomial(300, np.full(300, 1 / 300), size=120).repeat(2, axis=1).astype(float)
    again = [fit(Occasions(made.names, attributes, start, chosen, weight)).part_worths for weight in weights]
    assert moved.std(axis=0) / np.std(again, axis=0) == pytest.approx(1, abs=0.2)


def test_money_is_refused_where_prices_attract():
    """If the price does not deter, regret and surplus stay empty and say why; shares stay measured."""
    frame, _ = simulated(1, price=0.0)
    found = choice_regret(frame)
    assert values(found)["regret of choices"] is None
    assert values(found, "verdict")["surplus not shown"] == "no unit of money"
    assert "does not deter clearly" in values(found, "note")["regret of choices"]
    assert values(found)["occasions whose best product was not shown"] > 0


def test_same_seed_gives_the_same_table():
    """Two calls with one seed agree, and another seed moves the ends only."""
    frame, _ = simulated(2, occasions=200)
    first, again, other = (choice_regret(frame, rng=np.random.default_rng(seed), resamples=200) for seed in (5, 5, 6))
    assert first.equals(again)
    assert values(first) == values(other)
    assert values(first, "low") != values(other, "low")


def test_blocks_do_not_change_the_figures(monkeypatch):
    """Worked off in blocks of 50 rows, the rows are the same."""
    frame, _ = simulated(4, occasions=150)
    whole = choice_regret(frame, resamples=100)
    monkeypatch.setattr("lotwise.gap.choices.logit.BLOCK_ROWS", 50)
    assert choice_regret(frame, resamples=100).equals(whole)


def test_margins_move_as_their_slopes_say():
    """The slopes of regret, surplus and margin in the part-worths are their finite differences."""
    frame, _ = simulated(6, occasions=40)
    attributes = np.column_stack([frame["price"], frame["quality"]])
    whole = Occasions(("price", "quality"), attributes, np.arange(0, 240, 6), np.flatnonzero(frame["chosen"]))
    offer = Offer(whole, frame["shown"], frame["alternative"], np.arange(40), margin=frame["price"] ** 2)
    model = fit(offer.seen())
    here = regret._figures(offer, model)  # noqa: SLF001  the slopes are what intervals rest on
    moved = model.part_worths + np.array([1e-6, 0])
    there = regret._figures(offer, replace(model, part_worths=moved))  # noqa: SLF001  as above
    for name in ("regret", "surplus", "margin"):
        step = (getattr(there, name) - getattr(here, name)) / 1e-6
        assert step == pytest.approx(getattr(here, f"{name}_slopes")[:, 0], abs=1e-4)
    assert {row["measure"] for row in measures(offer, rng=np.random.default_rng(0), resamples=50)} >= {"margin not shown"}


def test_few_customers_give_no_interval(three_products):
    """The same choices of four customers have the same values and no interval."""
    found = choice_regret(three_products | {"customer": np.arange(300) // 3 % 4})
    assert values(found) == values(choice_regret(three_products))
    assert set(values(found, "low").values()) == {None}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"chosen": np.zeros(300)}, "100 occasions have no chosen alternative"),
        ({"chosen": np.tile([1, 1, 0], 100)}, "100 occasions have two chosen"),
        ({"chosen": np.tile([0, 0, 1], 100)}, "have a chosen alternative that was not shown: 0, 1, 2"),
        ({"chosen": np.full(300, 2)}, "column 'chosen' holds 2"),
        ({"price": np.tile([1.0, 1.0, 3.0], 100)}, "'price' is the same for all alternatives shown"),
        ({"price": np.where(np.arange(300) == 7, np.nan, 1.0)}, "'price' has 1 empty or infinite values, first in row 8"),
        ({"alternative": np.tile(["A", "A", "B"], 100)}, "have an alternative twice"),
        ({"customer": np.arange(300)}, "have more than one customer"),
        ({"occasion": np.append(np.repeat(np.arange(100), 3)[:-1], 100)}, "have a single alternative"),
    ],
)
def test_bad_choices_are_named(three_products, change, text):
    """Each fault of the frame is named with what was expected."""
    with pytest.raises(ContractError, match=text):
        choice_regret(three_products | change)


def test_missing_columns_are_named(three_products):
    """A column with a slip in its name is pointed at; no frame at all is refused."""
    three_products["choosen"] = three_products.pop("chosen")
    with pytest.raises(ContractError, match="did you mean 'choosen'"):
        choice_regret(pa.table(three_products))
    with pytest.raises(ContractError, match="found a list; expected pandas"):
        choice_regret([1, 2])


def test_a_separating_attribute_is_named(three_products):
    """An attribute that only what was chosen has is refused by name."""
    with pytest.raises(InputError, match="perfectly: 'badge'"):
        choice_regret(three_products | {"badge": three_products["chosen"]})
