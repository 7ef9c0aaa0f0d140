"""Tests of profiles and customer value of frames."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.mine.profiles.frames import customer_value, profile


@pytest.fixture
def frame(shop):
    """Return the shop's order lines as a frame of one's own."""
    columns = {"who": "customer", "at": "time", "paid": "revenue", "no": "order", "what": "product", "off": "discount"}
    return pa.table({mine: shop[0][name] for mine, name in columns.items()})


NAMES = {"customer": "who", "time": "at", "revenue": "paid", "order": "no", "product": "what", "discount": "off"}


def test_any_frame_gives_the_same_profiles(frame):
    """pandas, Polars and Arrow give equal tables."""
    first, *others = (profile(given, **NAMES) for given in (frame, frame.to_pandas(), pl.from_arrow(frame)))
    assert first.num_rows > 500
    assert all(first.equals(other) for other in others)


def test_customer_and_time_are_enough(frame):
    """Without money, products and discounts, what remains is told: orders, gaps, chances, expected orders, weekdays."""
    found = profile(frame.select(["who", "at"]), customer="who", time="at", weeks=4)
    assert "orders in 4 weeks" in found["unit"].to_pylist()
    assert {"orders so far", "expected orders", "favorite weekday"} <= set(found["feature"].to_pylist())
    assert not {"revenue per order", "favorite product 1", "liking for offers"} & set(found["feature"].to_pylist())


def test_days_written_as_text():
    """Texts such as 2025-05-05 are days; the default today is the day after the last one."""
    found = profile({"customer": ["a", "a"], "time": ["2025-05-05", "2025-05-12"]})
    rows = {row["feature"]: row["value"] for row in found.to_pylist()}
    assert (rows["orders so far"], rows["days since last order"]) == (2, 1)


def test_orders_in_the_future_count_for_nothing(frame, today):
    """Rows from today on change nothing; where all are later, that is an error."""
    days = np.asarray(frame["at"].to_numpy())
    before = frame.filter(pa.array(days < np.datetime64(today)))
    assert profile(frame, **NAMES, today=today).equals(profile(before, **NAMES, today=today))
    with pytest.raises(ContractError, match="before 2020-01-01: there is nobody to describe"):
        profile(frame, **NAMES, today=date(2020, 1, 1))


def test_every_fault_of_a_frame_is_listed():
    """A missing column, nan money and an unnamed product are told together."""
    given = {"customer": ["a", "b"], "time": ["2025-05-05", "2025-05-06"], "paid": [1.0, float("nan")], "kind": ["x", "y"]}
    with pytest.raises(ContractError) as error:
        profile(given, revenue="paid", category="kind", location="plaec")
    for words in ("'paid' is empty or not a number (nan) in row 1", "'plaec' is missing", "product is not"):
        assert words in str(error.value)


@pytest.mark.parametrize("value", [0, -3])
def test_weeks_below_1(value):
    """Weeks below 1 are refused."""
    with pytest.raises(SettingsError, match=f"weeks = {value}; expected at least 1"):
        profile({"customer": ["a"], "time": ["2025-05-05"]}, weeks=value)


def test_money_below_0_only(frame):
    """Rows with money below 0 are returns: where all are, nobody bought."""
    lost = frame.set_column(2, "paid", pa.array(np.full(frame.num_rows, -1.0)))
    with pytest.raises(ContractError, match="nobody to describe"):
        profile(lost, **NAMES)


def test_one_customer_one_order():
    """One row gives the profile of one customer, without what needs more."""
    found = profile({"customer": ["a"], "time": ["2025-05-05"], "revenue": [3.0]}, revenue="revenue")
    assert found["feature"].to_pylist() == [
        "orders so far", "days since last order", "lines per order", "units per order", "revenue per order",
    ]  # fmt: skip


def test_value_of_a_summary_is_that_of_its_lines(frame):
    """x, t_x and T of the lines give the same chances as the lines themselves."""
    lines = customer_value(frame, customer="who", time="at", revenue="paid")
    again = customer_value(lines.customers.select(["customer", "x", "t_x", "T"]))
    assert again.customers["alive"].to_numpy() == pytest.approx(lines.customers["alive"].to_numpy())
    assert again.customers["orders"].to_numpy() == pytest.approx(lines.customers["orders"].to_numpy())
    assert {"order_value", "revenue", "revenue_low", "revenue_high"} <= set(lines.customers.column_names)


def test_value_of_a_summary_with_money(simulated):
    """A summary in a pandas frame with the mean money of the repeat orders gives both models; ids may be absent."""
    rng = np.random.default_rng(1)
    x, t_x, age, _ = simulated(rng, 400)
    given = pd.DataFrame({"x": x, "t_x": t_x, "T": age, "zbar": np.where(x > 0, rng.gamma(4, 5, 400), np.nan)})
    found = customer_value(given, revenue="zbar", ahead=26)
    assert found.customers["customer"][0].as_py() == "1"
    assert set(found.models["model"].to_pylist()) == {"BG/NBD", "Gamma-Gamma"}
    assert found.customers["revenue"].null_count == 0


def test_value_of_too_few():
    """One customer, or nobody who came again, is an error that says what is needed."""
    with pytest.raises(ContractError, match="at least 20 are needed"):
        customer_value({"x": [1.0], "t_x": [3.0], "T": [5.0]})
    with pytest.raises(ContractError, match="ordered on a second day; at least 5"):
        customer_value({"customer": [str(n) for n in range(30)], "time": ["2025-05-05"] * 30})


def test_faults_of_a_summary():
    """Contradictions are listed; a time ahead of 0 is refused."""
    with pytest.raises(ContractError, match="t_x above T"):
        customer_value({"x": [1.0], "t_x": [9.0], "T": [5.0]})
    with pytest.raises(SettingsError, match="ahead = 0"):
        customer_value({"x": [1.0], "t_x": [3.0], "T": [5.0]}, ahead=0)
    with pytest.raises(ContractError, match="expected pandas, Polars, Arrow"):
        customer_value([1, 2])
