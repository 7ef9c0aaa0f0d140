"""Cents, intervals and verdicts of the ledger."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lotwise.config import Gap, Source
from lotwise.gap import measure
from lotwise.tables.ledger import GAP, GAP_PRODUCTS

PROMOTIONS, WEATHER = (Source(name=name, tables=[name]) for name in ("promotions", "weather"))
STATES = ("ideal", "perfect", "now", "none", "method", "upto-promotions", "executed", "placebo")
profits = st.fixed_dictionaries({state: arrays(float, (3, 4), elements=st.floats(-1e4, 1e4)) for state in STATES})


def whole(amounts):
    """Return money in whole cents."""
    return np.rint(np.asarray(amounts, dtype=float) * 100).astype(int)


@settings(deadline=None, max_examples=60)
@given(profits, st.floats(0, 10))
def test_the_accounts_sum_to_the_cent(build_tables, profit, slack):
    """Ideal less every counted line is the actual; steps sum to all; base less all is what stays; in printed cents."""
    gap, products = measure(
        build_tables(profit, slack), sources=(PROMOTIONS, WEATHER), settings=Gap(resamples=10, block_weeks=2)
    )
    rows = {row["line"]: row | {"cents": whole(row["money"] or 0)} for row in gap.to_pylist()}
    by_account = {account: [r["cents"] for r in rows.values() if r["account"] == account] for account in ("ideal", "actual")}
    counted = sum(row["cents"] for row in rows.values() if row["counted"])
    assert by_account["ideal"][0] - counted == by_account["actual"][0]
    steps = sum(rows[name]["cents"] for name in ("method, no source", "promotions", "weather"))
    assert steps == rows["all sources together"]["cents"]
    stays = rows["not known in time"]["cents"] + rows["solver's own gap"]["cents"]
    assert rows["history alone (base)"]["cents"] - steps == stays
    sums = {account: whole(products[account]).sum() for account in ("ideal", "unknown", "unmade", "undone", "actual")}
    assert sums == {account: sum(r["cents"] for r in rows.values() if r["account"] == account) for account in sums}
    across = whole(products["ideal"]) - whole(products["unknown"]) - whole(products["unmade"]) - whole(products["undone"])
    assert (across == whole(products["actual"])).all()


def test_order_of_rows_does_not_matter(build, rng):
    """Shuffled money gives identical tables, intervals included."""
    money = build.money({state: rng.normal(scale=99, size=(20, 8)) for state in STATES}, horizon=4)
    shuffled = money.take(pa.array(rng.permutation(money.num_rows)))
    first, second = (measure({"money": rows}, sources=(PROMOTIONS, WEATHER)) for rows in (money, shuffled))
    assert first[0].equals(second[0])
    assert first[1].equals(second[1])


def noisy(rng, *, promotions):
    """Return profits of 60 products in 16 weeks: promotions bring their worth, everything else is noise around it."""
    base = 100 + rng.normal(scale=10, size=(60, 1)) + rng.normal(scale=2, size=(1, 16))
    added = base + promotions * rng.uniform(0.5, 1.5, size=(60, 16))
    chance = {state: rng.normal(scale=1, size=(60, 16)) for state in ("method", "now", "placebo")}
    return {
        "ideal": base + 40,
        "perfect": base + 30,
        "none": base,
        "method": base + chance["method"],
        "upto-promotions": added + chance["method"],
        "now": added + chance["method"] + chance["now"],
        "placebo": added + chance["method"] + chance["now"] + chance["placebo"],
    }


def test_noise_is_never_sold_as_value(build, rng):
    """A source and a placebo of pure noise are not distinguishable from 0; one that brings 5 a cell is worth it."""
    gap, _ = measure({"money": build.money(noisy(rng, promotions=5), horizon=4)}, sources=(PROMOTIONS, WEATHER))
    verdicts = dict(zip(gap["line"].to_pylist(), gap["verdict"].to_pylist(), strict=True))
    assert verdicts["placebo"] == verdicts["weather"] == "not distinguishable from 0"
    assert verdicts["promotions"] == verdicts["all sources together"] == "worth it"
    assert verdicts["not known in time"] == "lost"


def test_a_source_is_weighed_against_its_price(build, rng):
    """16 weeks of a source that costs 52,000 a year cost 16,000, more than the 4,800 or so it brings."""
    dear = Source(name="promotions", tables=["promotions"], yearly_cost=52_000)
    gap, _ = measure({"money": build.money(noisy(rng, promotions=5), horizon=4)}, sources=(dear, WEATHER))
    row = next(row for row in gap.to_pylist() if row["line"] == "promotions")
    assert row["verdict"] == "not worth its price"
    assert "Net of its cost of 16,000.00 over these weeks: -11" in row["note"]


def test_intervals_hold_their_money(build, rng):
    """Every measured line has an interval, around its money."""
    gap, _ = measure({"money": build.money(noisy(rng, promotions=5), horizon=4)}, sources=(PROMOTIONS, WEATHER))
    rows = [row for row in gap.to_pylist() if row["money"] is not None]
    assert len(rows) == 11
    assert all(row["low"] - 0.01 <= row["money"] <= row["high"] + 0.01 for row in rows)


def test_few_weeks_have_no_interval(build):
    """With fewer than two blocks of weeks money stands without an interval, and the ledger says why."""
    gap, _ = measure({"money": build.money({"ideal": [[9]], "perfect": [[8]], "now": [[7]], "none": [[5]]})})
    assert gap["low"].null_count == gap.num_rows
    assert "fewer than 8 settled weeks" in gap["note"][0].as_py()
    assert GAP.check(gap)["money"].to_pylist()[:4] == [9, 1, 1, None]


def test_tables_keep_their_contracts(build, rng):
    """Both tables pass the door."""
    gap, products = measure({"money": build.money(noisy(rng, promotions=5), horizon=4)}, sources=(PROMOTIONS, WEATHER))
    assert GAP.check(gap).num_rows == 13
    assert GAP_PRODUCTS.check(products).num_rows == 60
