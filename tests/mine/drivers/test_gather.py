"""Targets from tables, hand-checked."""

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, InputError
from lotwise.mine.drivers.columns import coded, target_of
from lotwise.mine.drivers.explain import enough
from lotwise.mine.drivers.frames import find_drivers
from lotwise.mine.drivers.gather import _matched, gather, targets
from lotwise.mine.drivers.weekly import _carried
from lotwise.tables import TABLES

MONDAY = date(2026, 1, 5)
NINE = datetime(2026, 1, 5, 9)  # noqa: DTZ001  times are in the project's zone


def reader(**tables):
    return tables.get


@pytest.fixture
def demand():
    """Two products over 40 weeks; 'a' sells double at half its price, every fourth week; 'b' has a week without sales."""
    weeks = [MONDAY + timedelta(weeks=week) for week in range(40)]
    rows = []
    for product, usual in (("a", 20.0), ("b", 5.0)):
        for place, week in enumerate(weeks):
            is_cheap = product == "a" and place % 4 == 0
            units = 0.0 if product == "b" and place == 7 else usual * (2 if is_cheap else 1)
            rows.append(
                {
                    "product": product, "region": "all", "week": week, "units": units, "revenue": 0.0,
                    "unit_price": None if units == 0 else 5.0 if is_cheap else 10.0, "discount": None, "orders": 1,
                    "customers": 1, "censored": False,
                }
            )  # fmt: skip
    return TABLES["demand"].check(pa.Table.from_pylist(rows))


def test_units_are_told_against_the_products_own(demand):
    """The target is log(units + .5) less the log of the mean, and the price is against the series' median."""
    cases = gather("units", reader(demand=demand))
    price = next(feature for feature in cases.features if feature.name == "price against its usual one")
    # a: 30 weeks of 20 and 10 of 40 make a mean of 25
    assert cases.values[0] == pytest.approx(np.log(40.5) - np.log(25.5))
    assert price.values[:4] == pytest.approx([0.5, 1, 1, 1])
    assert np.isfinite(price.values).all()


def test_a_week_without_sales_keeps_the_price_before():
    """A missing price would tell that nothing was sold; the last known one stands in, and none before the first."""
    price = np.array([np.nan, 2.0, np.nan, 3.0, np.nan])
    found = _carried(price, np.array([0, 0, 0, 1, 1]), np.array([0, 7, 14, 0, 7]))
    assert np.isnan(found[0])
    assert found[1:].tolist() == [2, 2, 3, 3]


def test_slow_sellers_alone_tell_nothing(demand):
    """Where no product sells one unit a week, there are no rows, and the reason is too few of them."""
    slow = demand.set_column(3, "units", pa.array(np.full(demand.num_rows, 0.1)))
    assert enough(gather("units", reader(demand=slow))) == "0 rows; 20 at least are needed"


def test_each_return_takes_one_sale_back():
    """A return takes the last sale of the same customer and product that is not taken back yet; one too many takes none."""
    key = np.array([1, 1, 2, 1, 1, 1, 3])
    is_return = np.array([False, False, False, True, True, True, True])
    assert _matched(key, is_return).tolist() == [True, True, False, False, False, False, False]


def test_words_are_places_by_frequency():
    """The most frequent word is place 0; absent ones stay absent; rare ones of many are 'another'."""
    place, levels = coded(pa.chunked_array([["b", "a", "b", None]]))
    assert levels == ("b", "a")
    assert place[:3].tolist() == [0, 1, 0]
    assert np.isnan(place[3])
    place, levels = coded(pa.chunked_array([[f"w{number:03d}" for number in range(100)]]))
    assert levels[-1] == "another"
    assert (place == 60).sum() == 40


def test_targets_are_numbers_or_yes_or_no():
    """True and false, 0 and 1 and two words are yes or no; three words are no target."""
    assert target_of(pa.chunked_array([[True, False]]), "x")[1] == "yes or no"
    assert target_of(pa.chunked_array([[0.0, 1.0]]), "x")[1] == "yes or no"
    assert target_of(pa.chunked_array([[0.0, 2.0]]), "x")[1] == "number"
    assert target_of(pa.chunked_array([["no", "yes", "no"]]), "x")[0].tolist() == [0, 1, 0]
    with pytest.raises(InputError, match="3 different words"):
        target_of(pa.chunked_array([["a", "b", "c"]]), "x")


def test_unknown_targets_are_answered(demand):
    """A misspelt target, a missing table and column are each answered with what there is."""
    read = reader(demand=demand)
    assert targets(read) == ("units",)
    with pytest.raises(InputError, match="did you mean 'units'"):
        gather("unitz", read)
    with pytest.raises(InputError, match="there is for: units"):
        gather("scrap", read)
    with pytest.raises(InputError, match="There is no table 'nothing'"):
        gather("nothing.x", read)
    with pytest.raises(InputError, match="did you mean 'units'"):
        gather("demand.unit", read)


def test_any_column_can_be_a_target(demand):
    """Other columns are features; those that never vary or are the target by another name are left out, and said."""
    table = demand.set_column(4, "revenue", pa.array(np.asarray(demand["units"]) * 3.0))
    cases = gather("demand.units", reader(demand=table))
    assert "revenue: it is the target by another name" in cases.left_out
    assert "region: never varies" in cases.left_out
    assert {"product", "unit_price", "month of week"} <= {feature.name for feature in cases.features}


def test_stars_and_scrap_and_returns_have_their_rows():
    """Each named target takes the rows it speaks of."""
    events = pa.Table.from_pylist(
        [
            {"event": str(k), "time": NINE + timedelta(days=k), "customer": "c", "product": "ab"[k % 2],
             "kind": "review" if k < 30 else "view", "value": float(1 + k % 5) if k < 30 else None, "text": None}
            for k in range(40)
        ]
    )  # fmt: skip
    cases = gather("stars", reader(events=TABLES["events"].check(events)))
    assert len(cases.values) == 30
    orders = pa.Table.from_pylist(
        [
            {"order": str(k), "line": 1, "time": NINE + timedelta(days=k), "customer": f"c{k // 2}",
             "product": "ab"[k // 2 % 2], "location": "all", "region": "all", "units": -1.0 if k % 2 and k < 20 else 1.0,
             "kind": "return" if k % 2 and k < 20 else "sale"}
            for k in range(40)
        ]
    )  # fmt: skip
    cases = gather("returns", reader(orders=TABLES["orders"].check(orders)))
    assert len(cases.values) == 30  # 20 orders of which 10 came back, and 10 pairs of sales of one customer less 0
    assert cases.values.sum() == 10


def test_a_frame_tells_what_moves_its_column():
    """A planted frame gives its mover first, whatever frame it is; faults are listed together."""
    import pandas as pd
    import polars as pl

    rng = np.random.default_rng(1)
    data = {"x": rng.normal(size=400), "w": list("abcd") * 100, "z": rng.normal(size=400)}
    data["y"] = 2 * data["x"] + rng.normal(0, 0.2, 400)
    tables = [find_drivers(frame(data), "y", seed=3) for frame in (pa.table, pd.DataFrame, pl.DataFrame)]
    assert tables[0]["feature"][0].as_py() == "x"
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])
    with pytest.raises(ContractError, match=r"column 'q' is missing[\s\S]*column 't' is missing"):
        find_drivers(data, "y", features=["x", "q"], time="t")
    with pytest.raises(ContractError, match="the target is the same in every row"):
        find_drivers(data | {"y": [1.0] * 400}, "y")
    with pytest.raises(ContractError, match="infinity"):
        find_drivers(data | {"y": [float("inf"), *[1.0] * 399]}, "y")


def test_weeks_out_of_stock_do_not_count(demand):
    """What could not be had was not asked for less: censored weeks are no rows."""
    is_out = pa.array([week < MONDAY + timedelta(weeks=5) for week in demand["week"].to_pylist()])
    cases = gather("units", reader(demand=demand.set_column(9, demand.schema.field("censored"), is_out)))
    assert len(cases.values) == 70


def test_a_feast_counts_in_its_region(demand):
    """A holiday of another region is none; one of all regions is one everywhere."""
    rows = [{"day": MONDAY + timedelta(weeks=4, days=3), "region": region, "name": "feast"} for region in ("north", "all")]
    for given, weeks in ((rows[:1], 0), (rows, 1)):
        calendar = TABLES["calendar"].check(pa.Table.from_pylist(given))
        cases = gather("units", reader(demand=demand, calendar=calendar))
        names = [feature.name for feature in cases.features]
        feast = "holiday or event in the week"
        count = cases.matrix()[:, names.index(feast)].sum() if feast in names else 0
        assert count == 2 * weeks  # two products


def test_nobodys_lines_tell_nothing_of_returns():
    """Whether an unknown customer's line came back is not known; it is no row."""
    rows = [
        {"order": str(k), "line": 1, "time": NINE + timedelta(days=k), "customer": None if k < 10 else "c", "product": "a",
         "location": "all", "region": "all", "units": -1.0 if k % 10 == 5 else 1.0, "kind": "return" if k % 10 == 5 else "sale"}
        for k in range(20)
    ]  # fmt: skip
    cases = gather("returns", reader(orders=TABLES["orders"].check(pa.Table.from_pylist(rows))))
    assert np.sort(cases.values) == pytest.approx([0] * 8 + [1])


def test_a_column_that_ranks_as_the_target_is_the_target():
    """Twice the target, and a curve that only bends it, are left out; one with noise is not."""
    rng = np.random.default_rng(2)
    y = rng.normal(size=200)
    table = pa.table(
        {"y": y, "twice": 2 * y, "bent": np.exp(3 * y), "near": y + rng.normal(size=200), "z": rng.normal(size=200)}
    )
    assert set(find_drivers(table, "y")["feature"].to_pylist()) == {"near", "z"}


def test_what_explains_nothing_carries_nothing():
    """Where the target is noise nothing is lost by shuffling, and no feature is sure."""
    rng = np.random.default_rng(5)
    found = find_drivers({"y": rng.normal(size=300), "x": rng.normal(size=300)}, "y")
    assert (found["permutation"][0].as_py(), found["permutation_high"][0].as_py()) == (0, 0)


def test_a_feature_hardly_ever_known_is_no_failure():
    """Two known values of 6,000 may all be outside the rows shown."""
    rng = np.random.default_rng(6)
    hardly = np.full(6000, np.nan)
    hardly[:2] = [1.0, 2.0]
    found = find_drivers({"y": rng.normal(size=6000), "x": hardly, "z": rng.normal(size=6000)}, "y")
    assert {row["feature"]: row["words"] for row in found.to_pylist()}["x"] == "hardly varies"
