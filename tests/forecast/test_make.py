"""The whole room on small shops: nothing leaks, nothing moves, nothing crashes."""

from datetime import timedelta

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise import tables as contracts
from lotwise.config import Forecast, Source
from lotwise.errors import ContractError
from lotwise.forecast import make
from lotwise.forecast.panel import dense
from lotwise.tables.forecasted import LEVELS, QUANTILES
from tests.forecast.conftest import START

QUICK = Forecast(method="poisson", horizon=4, cutoffs=2, rounds=15, scenarios=20, workers=1)
DECLARED = (
    Source(name="history", tables=["demand"]),
    Source(name="promotions", tables=["promotions"], known="plan"),
    Source(name="people", tables=["demand.unit_price", "orders"], lead=1),
)


def told(shop, params=QUICK, **changed):
    """Return the tables for a shop, some of its tables changed."""
    given = shop | changed
    others = {name: table for name, table in given.items() if name != "demand"}
    return make(given["demand"], tables=others, declared=DECLARED, params=params, seed=5)


def of(table, *, information=None, cutoff=None):
    """Return the rows of a state and cutoff."""
    for name, value in (("information", information), ("cutoff", cutoff)):
        table = table if value is None else table.filter(pc.equal(table[name], value))
    return table


def numbers(table):
    """Return the quantiles of forecast rows; (rows, levels)."""
    return np.column_stack([table[name].to_numpy() for name in QUANTILES])


def after(table, column, cutoff):
    """Return which rows lie at or after a cutoff."""
    return pc.greater_equal(table[column].cast(pa.date32(), safe=False), pa.scalar(cutoff, pa.date32())).to_numpy(
        zero_copy_only=False
    )


@pytest.fixture(scope="module")
def result(promoted_shop):
    """The room's tables for the promoted shop."""
    return told(promoted_shop)


def test_tables_keep_their_contracts_and_are_sorted(result):
    """All pass their contracts' checks and stand in the order of their keys."""
    for name, table in result.items():
        checked = contracts.contract(name).check(table)
        key = [(column, "ascending") for column in contracts.contract(name).key]
        if name != "scores":
            assert checked.equals(checked.sort_by(key))


def test_quantiles_rise_and_are_never_negative(result):
    """Every row of every state is a distribution of demand."""
    found = numbers(result["forecast"])
    assert (np.diff(found, axis=1) >= -1e-9).all()
    assert found.min() >= 0


def test_a_plan_that_matters_is_worth_its_score(result):
    """In a shop driven by its plan, knowing it beats not knowing it by far, and noise adds nothing."""
    total = result["scores"].filter(pc.equal(result["scores"]["cutoff"], "all")).to_pylist()
    scrps = {row["information"]: row["scrps"] for row in total if row["model"] in {"poisson", "history"}}
    assert scrps["now"] < 0.75 * scrps["now-promotions"]
    assert scrps["now"] < 0.75 * scrps["none"]
    assert scrps["placebo"] > 0.95 * scrps["now"]


def test_what_comes_after_a_cutoff_changes_nothing(promoted_shop, result):
    """With all demand, prices and orders after it permuted, the first cutoff's forecasts and draws are the same bytes."""
    first = pc.min(result["forecast"]["cutoff"]).as_py()
    rng = np.random.default_rng(0)
    changed = {}
    for name, column in (("demand", "week"), ("orders", "time")):
        table = promoted_shop[name]
        place = np.arange(table.num_rows)
        later = np.flatnonzero(after(table, column, first))
        place[later] = rng.permutation(later)
        for measure in ("units", "revenue", "unit_price", "discount", "customer"):
            if measure in table.column_names:
                mixed = table[measure].take(pa.array(place))
                table = table.set_column(table.column_names.index(measure), measure, mixed)
        changed[name] = table
    other = told(promoted_shop, **changed)
    for name in ("forecast", "draws"):
        for state in set(result[name]["information"].to_pylist()) - {"perfect"}:
            assert of(result[name], information=state, cutoff=first).equals(of(other[name], information=state, cutoff=first))
    assert not of(result["forecast"], information="perfect").equals(of(other["forecast"], information="perfect"))


def test_a_past_cutoff_is_what_would_have_been_forecast_then(promoted_shop, result):
    """Cutting the data off at a past cutoff gives, as its current forecast, what the backtest says of that cutoff."""
    first = pc.min(result["forecast"]["cutoff"]).as_py()
    demand = promoted_shop["demand"]
    then = told(promoted_shop, demand=demand.filter(pc.less(demand["week"], first)))["forecast"]
    assert of(then, information="now", cutoff=first).equals(of(result["forecast"], information="now", cutoff=first))


def test_workers_change_no_byte(promoted_shop, result):
    """One worker or three, the tables are equal."""
    other = told(promoted_shop, msgspec.structs.replace(QUICK, workers=3))
    assert all(result[name].equals(other[name]) for name in result)


def test_another_seed_draws_other_scenarios(promoted_shop, result):
    """The seed is used."""
    others = {name: table for name, table in promoted_shop.items() if name != "demand"}
    other = make(promoted_shop["demand"], tables=others, declared=DECLARED, params=QUICK, seed=6)
    assert not result["draws"].equals(other["draws"])


def test_states_differ_by_cutoff(result):
    """The current cutoff has no state but none and now; past ones have all, perfect included."""
    cutoffs = sorted(set(result["forecast"]["cutoff"].to_pylist()))
    assert set(of(result["forecast"], cutoff=cutoffs[-1])["information"].to_pylist()) == {"none", "now"}
    assert set(of(result["forecast"], cutoff=cutoffs[0])["information"].to_pylist()) == {
        "none", "recent", "method", "upto-history", "upto-promotions", "now", "now-history", "now-promotions",
        "now-people", "placebo", "again-1", "past-promotions", "foresight", "perfect",
    }  # fmt: skip


def test_no_information_is_own_history(promoted_shop, result):
    """The state none is numpy's quantiles of the product's own history in whole units, at every horizon."""
    first = pc.min(result["forecast"]["cutoff"]).as_py()
    units = dense(promoted_shop["demand"]).units[:, :36]
    found = numbers(of(result["forecast"], information="none", cutoff=first)).reshape(30, 4, -1)
    expected = np.rint(np.quantile(units, LEVELS, axis=1)).T[:, None].repeat(4, axis=1)
    np.testing.assert_array_equal(found, expected)


def test_perfect_knowledge_is_the_demand_that_came(promoted_shop, result):
    """Every quantile and the one scenario of perfect are the units sold."""
    first = pc.min(result["forecast"]["cutoff"]).as_py()
    came = dense(promoted_shop["demand"]).units[:, 36:40].ravel()
    perfect = of(result["forecast"], information="perfect", cutoff=first)
    np.testing.assert_array_equal(numbers(perfect), came[:, None].repeat(len(LEVELS), axis=1))
    assert of(result["draws"], information="perfect", cutoff=first)["units"].to_pylist() == [[units] for units in came]


def test_draws_have_the_forecasts_quantiles(result):
    """The median of a cell's draws lies between its 40 % and 60 % quantiles, in every state."""
    for state in ("none", "now", "placebo"):
        drawn = np.array(of(result["draws"], information=state)["units"].to_pylist())
        quantiles = numbers(of(result["forecast"], information=state))
        middle = np.median(drawn, axis=1)
        assert (middle >= quantiles[:, LEVELS.index(0.4)] - 1e-3).all()
        assert (middle <= quantiles[:, LEVELS.index(0.6)] + 1e-3).all()


def test_scores_say_which_sources_each_state_knew(result):
    """The rows of the method in use name their sources in the order they were added; a model of history alone knows none."""
    names = [source.name for source in DECLARED]
    rows = result["scores"].to_pylist()
    told = {row["information"]: row["sources"] for row in rows if row["model"] == "poisson"}
    assert told["now"] == " + ".join(names)
    assert (told["method"], told["placebo"]) == ("", " + ".join([*names, "placebo"]))
    assert told[f"upto-{names[0]}"] == names[0]
    assert told[f"now-{names[0]}"] == " + ".join(names[1:])
    assert {row["sources"] for row in rows if row["model"] != "poisson"} == {None}


def test_a_target_without_a_pattern_gives_no_skill(demand_table, promotions_table):
    """Where demand is the same law every week, no source beats own history by more than noise."""
    rng = np.random.default_rng(11)
    units = rng.poisson(rng.uniform(3, 30, 40)[:, None], (40, 44))
    promotions = promotions_table((rng.random((40, 48)) < 0.3).astype(float))
    found = make(demand_table(units), tables={"promotions": promotions}, params=QUICK)["scores"]
    rows = found.filter(pc.equal(found["cutoff"], "all")).to_pylist()
    scrps = {row["information"]: row["scrps"] for row in rows if row["model"] in {"poisson", "history"}}
    assert scrps["now"] > 0.95 * scrps["none"]


@pytest.mark.parametrize("law", ["poisson", "negative binomial"])
def test_intervals_cover_a_known_law(demand_table, law):
    """End to end, 90 % intervals hold 84 to 96 % and 50 % intervals 43 to 60 % of demand from a known law."""
    rng = np.random.default_rng(12)
    mean = rng.uniform(8, 60, 60)[:, None] * np.ones(44)
    units = rng.poisson(mean if law == "poisson" else rng.gamma(4.0, mean / 4.0))
    found = make(demand_table(units), params=Forecast(method="poisson", cutoffs=3, rounds=30, placebo=False))["scores"]
    rows = found.filter(pc.and_(pc.equal(found["cutoff"], "all"), pc.equal(found["information"], "now"))).to_pylist()
    assert 0.84 < rows[0]["coverage90"] < 0.96
    assert 0.43 < rows[0]["coverage50"] < 0.60
    assert abs(rows[0]["bias"]) < 0.05


SMALL = {
    "one product": (np.random.default_rng(1).poisson(9, (1, 40)), {}),
    "all zero": (np.zeros((5, 40)), {}),
    "one series all zero": (np.vstack([np.zeros(40), np.random.default_rng(1).poisson(9, (6, 40))]), {}),
    "three weeks": (np.random.default_rng(1).poisson(9, (3, 3)), {}),
    "one week": (np.random.default_rng(1).poisson(9, (3, 1)), {}),
    "ten weeks": (np.random.default_rng(1).poisson(9, (8, 10)), {}),
    "long horizon": (np.random.default_rng(1).poisson(9, (5, 45)), {"horizon": 13}),
    "no past cutoffs": (np.random.default_rng(1).poisson(9, (5, 40)), {"cutoffs": 0}),
    "horizon beyond history": (np.random.default_rng(1).poisson(9, (5, 6)), {"horizon": 8}),
}


@pytest.mark.parametrize("name", SMALL)
def test_small_and_strange_shops_are_forecast(demand_table, name):
    """Whatever its size, a shop gets whole tables that keep their contracts."""
    units, changed = SMALL[name]
    params = Forecast(**({"method": "poisson", "cutoffs": 2, "rounds": 10, "scenarios": 7, "workers": 1} | changed))
    found = make(demand_table(units), params=params)
    for table, rows in found.items():
        contracts.contract(table).check(rows)
    now = of(found["forecast"], information="now", cutoff=pc.max(found["forecast"]["cutoff"]).as_py())
    assert now.num_rows == len(units) * params.horizon
    assert {len(drawn) for drawn in of(found["draws"], information="now")["units"].to_pylist()} == {7}


def test_regions_that_start_late_are_forecast_from_their_own_weeks(demand_table):
    """A region opened after the first cutoff knows nothing there, and its own weeks later."""
    units = np.random.default_rng(2).poisson(12, (10, 40))
    found = make(demand_table(units, regions=("north", "south"), first=[0, 34] * 5), params=QUICK)["forecast"]
    south = found.filter(pc.and_(pc.equal(found["region"], "south"), pc.equal(found["information"], "none")))
    medians = dict(zip(south["cutoff"].to_pylist(), south["q500"].to_pylist(), strict=True))
    first, _, last = sorted(medians)
    assert medians[first] == 0
    assert 6 < medians[last] < 20


def test_too_short_a_history_is_said_and_falls_back(demand_table):
    """Three weeks teach no model: own history stands in, and the user is told."""
    said = []
    units = np.random.default_rng(1).poisson(9, (3, 3))
    found = make(demand_table(units), params=QUICK, progress=lambda message, _: said.append(message))["forecast"]
    assert of(found, information="now")["q500"].equals(of(found, information="none")["q500"])
    assert any("0 of 2 past cutoffs" in message for message in said)
    assert any("own history stands in" in message for message in said)


def test_no_rows_are_refused(demand_table):
    """Zero products left is an error with the next step, not a crash."""
    with pytest.raises(ContractError, match="no row to forecast from"):
        make(demand_table(np.zeros((0, 5))))


def test_the_method_is_chosen_before_the_first_past_plan(promoted_shop):
    """Auto tries what is asked for, says what it lost, and nothing after the first cutoff can change its choice."""
    params = msgspec.structs.replace(QUICK, method="auto", methods=["history", "ses", "poisson"])
    found = told(promoted_shop, params)["candidates"].to_pylist()
    assert [row["method"] for row in found] == ["history", "poisson", "ses"]
    assert [row["method"] for row in found if row["chosen"]] == ["poisson"]
    demand = promoted_shop["demand"]
    late = after(demand, "week", START + timedelta(weeks=36))
    changed = demand.set_column(3, "units", pa.array(np.where(late, 999.0, demand["units"].to_numpy())))
    assert told(promoted_shop, params, demand=changed)["candidates"].to_pylist() == found


def test_without_time_the_cheapest_method_is_used(promoted_shop):
    """A budget of nothing tries one method and says why the others were not."""
    found = told(promoted_shop, msgspec.structs.replace(QUICK, method="auto", budget=0.0))["candidates"].to_pylist()
    tried = [row["method"] for row in found if row["skipped"] is None]
    assert tried == ["history"]
    assert all("budget" in row["skipped"] or "lotwise[" in row["skipped"] for row in found if row["skipped"])


def test_reasons_add_up_to_the_forecast(result):
    """In each cell of the current forecast the units of all sources add up to its mean."""
    now = of(result["forecast"], information="now", cutoff=pc.max(result["forecast"]["cutoff"]).as_py())
    keys = ["product", "region", "week"]
    total = result["reasons"].group_by(keys).aggregate([("units", "sum")]).sort_by([(key, "ascending") for key in keys])
    np.testing.assert_allclose(total["units_sum"].to_numpy(), now["mean"].to_numpy(), atol=1e-5)
    assert {"usual level", "base", "history", "promotions", "people"} == set(result["reasons"]["source"].to_pylist())


def test_features_are_listed_with_their_share(result):
    """Every feature has a meaning, and what moved the forecast adds up to all of it."""
    rows = result["features"].to_pylist()
    assert all(row["meaning"] for row in rows)
    assert abs(sum(row["gain"] for row in rows) - 1) < 1e-4
    assert max(rows, key=lambda row: row["gain"])["source"] == "promotions"


def test_totals_are_sums_of_the_draws(result):
    """The total's mean is the sum of the mean draws of all products."""
    cutoff = pc.max(result["draws"]["cutoff"]).as_py()
    drawn = of(result["draws"], information="now", cutoff=cutoff)
    sums = of(result["forecast_totals"], information="now", cutoff=cutoff)
    for week in sorted(set(drawn["week"].to_pylist())):
        units = drawn.filter(pc.equal(drawn["week"], week))["units"].to_pylist()
        shown = sums.filter(pc.and_(pc.equal(sums["week"], week), pc.equal(sums["level"], "total")))["mean"][0].as_py()
        assert shown == pytest.approx(np.sum(units) / 20)


def test_weeks_out_of_stock_are_learned_as_more_and_scored_as_nothing(promoted_shop):
    """A product out of stock in every fourth week is expected to sell more than its mean; those weeks score nothing."""
    demand = promoted_shop["demand"]
    week = np.array([(day - START).days // 7 for day in demand["week"].to_pylist()])
    out = week % 4 == 3
    units = np.where(out, 0.0, demand["units"].to_numpy())
    censored = demand.set_column(3, "units", pa.array(units)).set_column(9, "censored", pa.array(out))
    raw = censored.set_column(9, "censored", pa.array(np.zeros(len(out), bool)))
    known, blind = (told(promoted_shop, demand=table) for table in (censored, raw))
    last = pc.max(known["forecast"]["cutoff"]).as_py()
    mean = [pc.mean(of(found["forecast"], information="now", cutoff=last)["mean"]).as_py() for found in (known, blind)]
    assert mean[0] > 1.15 * mean[1]
    cells = [found["scores"].filter(pc.equal(found["scores"]["cutoff"], "all"))["cells"][0].as_py() for found in (known, blind)]
    assert cells[0] < cells[1]


def test_an_override_changes_now_and_not_what_is_known_without_it(promoted_shop):
    """A planner's number holds where overrides are known; the state without them is as it was."""
    last = pc.max(promoted_shop["demand"]["week"]).as_py()
    week = last + timedelta(weeks=1)
    overrides = contracts.contract("overrides").check(
        pa.Table.from_pylist(
            [
                {
                    "product": "p003", "region": "all", "week": week, "owner": "o1", "reason": "fair in town", "made": last,
                    "expiry": week, "kind": "units", "value": 500.0,
                }
            ],
            schema=contracts.contract("overrides").schema,
        )
    )  # fmt: skip
    shop = {name: table for name, table in promoted_shop.items() if name != "demand"} | {"overrides": overrides}
    declared = (*DECLARED, Source(name="planners", tables=["overrides"], known="plan"))
    made = make(promoted_shop["demand"], tables=shop, declared=declared, params=QUICK, seed=5)
    row = of(made["forecast"], information="now", cutoff=week)
    row = row.filter(pc.and_(pc.equal(row["product"], "p003"), pc.equal(row["week"], week))).to_pylist()[0]
    assert row["mean"] == 500.0
    reasons = [one for one in made["reasons"].to_pylist() if (one["product"], one["week"]) == ("p003", week)]
    assert {one["source"]: one["units"] for one in reasons}["after the model"] != 0
    assert "now-planners" in set(made["forecast"]["information"].to_pylist())


def test_a_product_that_is_announced_is_forecast_from_its_launch_on(demand_table):
    """Nothing is asked for in the week before the launch; from it on, about what products like it sell."""
    units = np.random.default_rng(7).poisson(16, (30, 44))
    rows = [{"product": f"p{number:03d}", "category": "a", "unit_price": 2.0} for number in range(30)]
    rows.append({"product": "new", "category": "a", "unit_price": 2.0, "launched": START + timedelta(weeks=45)})
    products = pa.Table.from_pylist(rows, schema=contracts.contract("products").schema)
    found = make(demand_table(units), tables={"products": products}, params=QUICK, seed=1)["forecast"]
    new = of(found.filter(pc.equal(found["product"], "new")), information="now", cutoff=START + timedelta(weeks=44))
    before, *after_launch = new["mean"].to_pylist()
    assert before == 0
    assert all(12 < mean < 20 for mean in after_launch)


def test_what_is_asked_beside_the_ledger(promoted_shop):
    """Every subset, notice and earlier decision is forecast; one decided a week before looks at nothing of that week."""
    params = msgspec.structs.replace(QUICK, cutoffs=1, rounds=5, shapley=True, notice=True)
    found = told(promoted_shop, params)["forecast"]
    cutoff = pc.min(found["cutoff"]).as_py()
    states = set(of(found, cutoff=cutoff)["information"].to_pylist())
    assert {"with-promotions", "with-people", "now-history", "notice-0", "notice-3", "late-4"} <= states
    demand = promoted_shop["demand"]
    last = pc.equal(demand["week"], pa.scalar(cutoff - timedelta(weeks=1)))
    units = pc.if_else(last, pc.add(demand["units"], 40.0), demand["units"])
    place = demand.schema.get_field_index("units")
    again = told(promoted_shop, params, demand=demand.set_column(place, demand.schema.field(place), units))["forecast"]
    for state, same in (("late-1", True), ("now", False)):
        before, later = (of(table, information=state, cutoff=cutoff) for table in (found, again))
        assert before.equals(later) is same


def test_a_short_history_has_no_earlier_decisions(demand_table):
    """Where a decision so long before would have had next to no history, it is left out, and nothing breaks."""
    units = np.random.default_rng(0).poisson(9, (12, 13)).astype(float)
    params = msgspec.structs.replace(QUICK, horizon=4, cutoffs=1, rounds=3, notice=True)
    found = make(demand_table(units), declared=[DECLARED[0]], params=params, seed=5)["forecast"]
    first = of(found, cutoff=pc.min(found["cutoff"]).as_py())
    assert "now" in set(first["information"].to_pylist())


def test_a_method_that_is_told_nothing_has_no_foresight(promoted_shop):
    """What the facts of the target weeks are worth cannot be said by a method that looks at none of them."""
    found = told(promoted_shop, msgspec.structs.replace(QUICK, method="ses"))["forecast"]
    states = set(found["information"].to_pylist())
    assert "now-promotions" in states
    assert not states & {"foresight", "past-promotions"}
