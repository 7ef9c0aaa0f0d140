"""What each source is worth, from forecasts made with and without it."""

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import norm

from lotwise.config import Gap
from lotwise.errors import ContractError, SettingsError
from lotwise.gap import information_gap, value_ledger
from lotwise.tables.forecasted import LEVELS

MARGINS = {"price": 10.0, "cost": 4.0, "salvage": 2.0}
QUICK = Gap(resamples=200)
SHAPE = (20, 16)


@pytest.fixture
def shop(long_frame, rng):
    """Return a maker of backtests: 'price' knows variance 100, 'weather' 25, 'copy' what price knows, 'noise' nothing."""
    price, weather = rng.normal(0, 10, SHAPE), rng.normal(0, 5, SHAPE)
    y = np.maximum(200 + price + weather + rng.normal(0, 5, SHAPE), 0)
    moved = rng.normal(0, 0.3, SHAPE)

    class Shop:
        def __init__(self):
            self.asked = []

        def __call__(self, names):
            self.asked.append(names)
            knows_price, knows_weather = not {"price", "copy"}.isdisjoint(names), "weather" in names
            mean = 200 + price * knows_price + weather * knows_weather + moved * ("noise" in names)
            sd = (25 + 100 * (not knows_price) + 25 * (not knows_weather)) ** 0.5
            return long_frame(np.maximum(mean[..., None] + sd * norm.ppf(LEVELS), 0), y)

        def history(self):
            series = [f"s{number:03}" for number in range(SHAPE[0])]
            day = np.datetime64("2024-06-03") + 7 * np.arange(60).astype("timedelta64[D]")
            past = np.maximum(np.random.default_rng(5).normal(200, 150**0.5, 60 * len(series)), 0)
            return pa.table({"unique_id": np.repeat(series, 60), "ds": np.tile(day, len(series)), "y": past})

    return Shop()


def lines(table):
    return {row["line"]: row for row in table.to_pylist()}


def test_rows_sum_to_the_total_to_the_cent(shop):
    """Method and sources add up to V(all) - V(base) in cents, ordered and Shapley alike; profit runs from base to total."""
    sources = ["price", "weather", "noise"]
    found = lines(value_ledger(shop, sources, MARGINS | {"price": 9.99}, history=shop.history(), params=QUICK))
    whole = round(100 * (found["total"]["profit"] - found["base"]["profit"]))
    for measure in ("ordered", "shapley"):
        assert sum(round(100 * found[line][measure]) for line in ("method, no source", *sources)) == whole
        assert round(100 * found["total"][measure]) == whole
    assert found["noise"]["profit"] == found["total"]["profit"]


def test_the_ledger_subtracts_what_information_gap_settles(shop):
    """Its profits are those of each forecast alone: leaving a source out changes the settlement of no other set."""
    found = lines(value_ledger(shop, ["price", "weather"], MARGINS, history=shop.history(), params=QUICK))
    alone = lines(value_ledger(shop, ["price"], MARGINS, history=shop.history(), params=QUICK))
    gaps = {
        names: {row["measure"]: row["value"] for row in information_gap(shop(names), MARGINS, params=QUICK).to_pylist()}
        for names in ((), ("price",), ("price", "weather"))
    }
    assert found["method, no source"]["profit"] == gaps[()]["profit, forecast"]
    assert found["price"]["profit"] == pytest.approx(gaps["price",]["profit, forecast"], abs=0.011)
    assert found["total"]["profit"] == gaps["price", "weather"]["profit, forecast"]
    assert alone["total"]["profit"] == gaps["price",]["profit, forecast"]
    assert alone["price"]["shapley"] == pytest.approx(found["price"]["first_in"], abs=0.011)


def test_two_sources_share_by_hand(shop):
    """With two sources the Shapley value is the mean of first in and last in."""
    found = lines(value_ledger(shop, ["price", "weather"], MARGINS, params=QUICK))
    for name in ("price", "weather"):
        mean = (found[name]["first_in"] + found[name]["last_in"]) / 2
        assert found[name]["shapley"] == pytest.approx(mean, abs=0.011)


def test_a_source_told_twice_shares_its_credit(shop):
    """A copy takes half of what the source had, instead of doubling it, and both are worth nothing last in."""
    once = lines(value_ledger(shop, ["price", "weather"], MARGINS, params=QUICK))
    twice = lines(value_ledger(shop, ["price", "copy", "weather"], MARGINS, params=QUICK))
    assert twice["price"]["shapley"] == pytest.approx(twice["copy"]["shapley"], abs=0.011)
    assert twice["price"]["last_in"] == twice["copy"]["last_in"] == 0
    assert twice["total"]["profit"] == once["total"]["profit"]
    assert twice["price"]["shapley"] < once["price"]["shapley"]


def test_a_source_is_judged_net_of_its_cost(shop):
    """16 weeks cost 16/52 of a year: price is kept, weather at ten times its worth dropped, and noise is like the placebo."""
    worth = lines(value_ledger(shop, ["price", "weather"], MARGINS, params=QUICK))["weather"]["shapley"]
    cost = {"weather": 10 * worth * 52 / 16}
    found = lines(value_ledger(shop, ["price", "weather"], MARGINS, yearly_cost=cost, placebo="noise", params=QUICK))
    assert (found["price"]["advice"], found["price"]["verdict"]) == ("keep", "worth it")
    assert (found["weather"]["advice"], found["weather"]["verdict"]) == ("drop", "not worth its price")
    assert found["weather"]["cost"] == pytest.approx(10 * worth, abs=0.01)
    assert found["weather"]["net"] == pytest.approx(-9 * worth, abs=0.02)
    assert found["weather"]["net_high"] == pytest.approx(found["weather"]["shapley_high"] - 10 * worth, abs=0.02)
    assert found["placebo"]["verdict"] == "not distinguishable from 0"
    assert found["placebo"]["last_in_low"] <= 0 <= found["placebo"]["last_in_high"]


def test_each_set_is_asked_for_once(shop):
    """Three sources and a placebo are ten sets: 2^3, the placebo alone and beside all."""
    value_ledger(shop, ["price", "copy", "weather"], MARGINS, placebo="noise", params=QUICK)
    assert len(shop.asked) == len(set(shop.asked)) == 10
    assert ("price", "copy", "weather", "noise") in shop.asked


def test_a_mapping_of_frames_gives_the_same(shop):
    """Frames by tuples, frozensets or one name give the ledger that asking gives."""
    frames = {(): shop(()), "price": shop(("price",)), frozenset({"weather"}): shop(("weather",))}
    frames["weather", "price"] = shop(("weather", "price"))
    asked = value_ledger(shop, ["price", "weather"], MARGINS, params=QUICK)
    assert value_ledger(frames, ["price", "weather"], MARGINS, params=QUICK).equals(asked)


def test_one_order_alone_gives_its_steps(shop):
    """Where only the sets of one order are there, Shapley stands for that order's steps, and last in is absent."""
    names = [(), ("price",), ("price", "weather")]
    found = lines(value_ledger({some: shop(some) for some in names}, ["price", "weather"], MARGINS, params=QUICK))
    assert found["weather"]["shapley"] == found["weather"]["ordered"]
    assert found["weather"]["first_in"] is None
    assert found["price"]["last_in"] is None


def test_where_the_order_given_was_not_measured_it_is_left_open(shop):
    """Sets of the order weather, price say nothing of price, weather: 'ordered' and the running profit stay empty."""
    names = [(), ("weather",), ("weather", "price")]
    found = lines(value_ledger({some: shop(some) for some in names}, ["price", "weather"], MARGINS, params=QUICK))
    for line in ("price", "weather", "total"):
        assert (found[line]["ordered"], found[line]["ordered_low"]) == (None, None)
    assert found["price"]["profit"] is None
    assert found["price"]["shapley"] + found["weather"]["shapley"] == pytest.approx(found["total"]["shapley"])


def test_many_sources_are_sampled(shop):
    """Beyond eight sources sets along sampled orders are asked for; rows still sum, and idle sources get nothing."""
    sources = ["price", "weather", *(f"idle {number}" for number in range(8))]
    found = lines(value_ledger(shop, sources, MARGINS, orders=4, params=QUICK))
    assert len(shop.asked) < 100
    assert sum(round(100 * found[name]["shapley"]) for name in sources) == round(100 * found["total"]["shapley"])
    assert found["idle 3"]["shapley"] == 0


def test_a_capacity_is_shared_in_every_set(shop):
    """With little capacity all are worth less, since what is known cannot be made."""
    free = lines(value_ledger(shop, ["price", "weather"], MARGINS, params=QUICK))
    scarce = lines(value_ledger(shop, ["price", "weather"], MARGINS, capacity=2000.0, params=QUICK))
    assert 0 <= scarce["total"]["shapley"] < 0.5 * free["total"]["shapley"]


@pytest.mark.parametrize(
    ("sources", "options", "said"),
    [
        (["price", "price"], {}, "source 'price' stands twice"),
        ([], {}, "expected names, one at least"),
        (["price"], {"yearly_cost": {"prices": 3.0}}, "which is no source; did you mean 'price'"),
        (["price"], {"yearly_cost": {"price": -3.0}}, "expected 0 or more a year"),
        (["price"], {"placebo": "price"}, "both a source and the placebo"),
        (["total"], {}, "'total' is a line of the ledger"),
        (["price"], {"orders": 0}, "orders = 0"),
    ],
)
def test_sources_that_make_no_sense_are_refused(shop, sources, options, said):
    """Names and costs are checked before anything is asked for."""
    with pytest.raises(SettingsError, match=said):
        value_ledger(shop, sources, MARGINS, **options)
    assert not shop.asked


def test_frames_of_other_decisions_are_refused(shop):
    """Sets must be settled on the same decisions and the same demand; a mapping needs the empty set and the whole."""
    frames = {(): shop(()), ("price",): shop(("price",))}
    other = frames[()]
    for broken, said in (
        (other.slice(1), "319 rows; expected the 320"),
        (other.set_column(3, "y", pa.array(np.array(other["y"]) + 1)), "'y' differs .* in 320 rows"),
    ):
        with pytest.raises(ContractError, match=f"(?s)backtest of no source breaks its contract.*{said}"):
            value_ledger(frames | {(): broken}, ["price"], MARGINS)
    with pytest.raises(ContractError, match="no frame of price"):
        value_ledger({(): other}, ["price"], MARGINS)


def test_a_yearly_cost_needs_dates(shop):
    """Where periods are numbered nothing is known of a year, and it is said."""
    numbered = [number for _ in range(SHAPE[0]) for number in range(SHAPE[1])]

    def backtest(names):
        return shop(names).set_column(1, "ds", pa.array(numbered)).set_column(2, "cutoff", pa.array([n - 1 for n in numbered]))

    with pytest.raises(ContractError, match="plain numbers"):
        value_ledger(backtest, ["price"], MARGINS, yearly_cost={"price": 1.0}, params=QUICK)
    assert value_ledger(backtest, ["price"], MARGINS, params=QUICK).num_rows == 3
