"""A planner's changes: which hold, how they change a forecast, and that the rest stays."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotwise.forecast.features.overrides import adjusted
from lotwise.forecast.panel import Facts, dense

END, HORIZON = 3, 2
MEAN = np.array([[4.0, 8.0], [2.0, 0.0]])
QUANTILES = MEAN[:, :, None] * np.array([0.5, 1.0, 2.0])
CUTOFF = date(2024, 1, 29)
SCHEMA = pa.schema(
    [
        ("product", pa.string()), ("region", pa.string()), ("week", pa.date32()), ("owner", pa.string()),
        ("reason", pa.string()), ("made", pa.date32()), ("expiry", pa.date32()), ("kind", pa.string()), ("value", pa.float64()),
    ]
)  # fmt: skip


@pytest.fixture
def facts(demand_table):
    """Two products of one region, or one product of two."""
    return lambda regions=("all",): Facts(dense(demand_table([[1.0] * 4] * 2, regions=regions)), HORIZON, {}, lambda _: None)


def change(kind, value, **other):
    """Return one override of p000 in the first week ahead, made the day before the cutoff."""
    row = {"product": "p000", "region": "all", "week": CUTOFF, "owner": "o1", "reason": "fair", "made": CUTOFF - timedelta(1)}
    return row | {"kind": kind, "value": value, "expiry": None} | other


def apply(facts, *rows, mean=MEAN, quantiles=QUANTILES):
    return adjusted(mean, quantiles, pa.Table.from_pylist(list(rows), schema=SCHEMA), facts, END)


@pytest.mark.parametrize(
    ("kind", "value", "mean", "quantiles"),
    [
        ("units", 6.0, 6, [3, 6, 12]),  # 4 becomes 6: everything times 1.5
        ("factor", 0.5, 2, [1, 2, 4]),
        ("add", 3.0, 7, [5, 7, 11]),
        ("add", -3.0, 1, [0, 1, 5]),  # never below 0
        ("units", 0.0, 0, [0, 0, 0]),
        ("factor", -1.0, 0, [0, 0, 0]),
    ],
)
def test_each_kind_changes_mean_and_quantiles(facts, kind, value, mean, quantiles):
    """Of a mean of 4 with quantiles 2, 4 and 8; every other cell stays."""
    found = apply(facts(), change(kind, value))
    assert found.mean[0, 0] == mean
    np.testing.assert_array_equal(found.quantiles[0, 0], quantiles)
    np.testing.assert_array_equal(found.mean.ravel()[1:], MEAN.ravel()[1:])
    np.testing.assert_array_equal(found.quantiles.reshape(4, 3)[1:], QUANTILES.reshape(4, 3)[1:])


def test_units_for_what_nobody_asked_for_are_sure(facts):
    """Where the forecast is 0 there is no shape to keep: all quantiles become the number set."""
    found = apply(facts(), change("units", 5.0, product="p001", week=CUTOFF + timedelta(weeks=1)))
    np.testing.assert_array_equal(found.quantiles[1, 1], [5, 5, 5])


@pytest.mark.parametrize(
    "other",
    [
        {"made": CUTOFF + timedelta(1)},
        {"expiry": CUTOFF - timedelta(1)},
        {"week": CUTOFF - timedelta(weeks=1)},
        {"week": CUTOFF + timedelta(weeks=HORIZON)},
        {"product": "p999"},
        {"value": None},
    ],
    ids=["made later", "expired", "past week", "beyond the horizon", "unknown product", "no value"],
)
def test_what_does_not_hold_changes_nothing(facts, other):
    """Neither mean nor quantiles nor the list of what was used."""
    found = apply(facts(), change("units", 99.0) | other)
    np.testing.assert_array_equal(found.mean, MEAN)
    np.testing.assert_array_equal(found.quantiles, QUANTILES)
    assert found.used.num_rows == 0


def test_the_cutoff_itself_still_counts(facts):
    """Made on the day of the cutoff, and expiring on it."""
    assert apply(facts(), change("units", 9.0, made=CUTOFF, expiry=CUTOFF)).mean[0, 0] == 9


@pytest.mark.parametrize("order", [1, -1])
def test_a_later_change_wins_whatever_the_order_of_rows(facts, order):
    """The reason that is kept is the later one's."""
    rows = [change("units", 1.0, made=CUTOFF - timedelta(9), reason="old"), change("factor", 2.0, reason="new")]
    found = apply(facts(), *rows[::order])
    assert found.mean[0, 0] == 8
    assert found.used["reason"].to_pylist() == ["new"]


def test_units_for_all_regions_are_shared_out(facts):
    """Of 12 units for regions that expect 4 and 2, 8 and 4; half as much again is 6 and 3."""
    mean = np.array([[4.0, 1.0], [2.0, 1.0]] * 2)
    both = facts(("north", "south"))
    made = [
        apply(both, change(kind, value), mean=mean, quantiles=mean[:, :, None])
        for kind, value in (("units", 12.0), ("factor", 1.5))
    ]
    np.testing.assert_allclose([one.mean[:2, 0] for one in made], [[8, 4], [6, 3]])


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["units", "add", "factor"]),
        st.floats(-1e3, 1e3),
        st.integers(0, 1),
        st.integers(-1, 2),
        st.integers(-3, 3),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_is_changed_quantiles_rise_and_units_are_never_negative(facts, changes):
    """And a cell that no change of the day or before speaks of is as it was."""
    rows = [
        change(kind, value, product=f"p00{product}", week=CUTOFF + timedelta(weeks=week), made=CUTOFF + timedelta(day))
        for kind, value, product, week, day in changes
    ]
    found = apply(facts(), *rows)
    assert (np.diff(found.quantiles, axis=2) >= 0).all()
    assert found.mean.min() >= 0
    assert found.quantiles.min() >= 0
    spoken = {(product, week) for _, _, product, week, day in changes if day <= 0}
    free = [cell for cell in np.ndindex(2, HORIZON) if cell not in spoken]
    assert all(found.mean[cell] == MEAN[cell] for cell in free)


def test_nothing_given_is_changed_in_place(facts):
    """The forecast handed in stays as it was."""
    mean = MEAN.copy()
    apply(facts(), change("units", 6.0), mean=mean)
    np.testing.assert_array_equal(mean, MEAN)


def test_they_tell_a_model_nothing_and_nobody_is_warned(tell):
    """As a source they have no feature, and that is no fault."""
    told = tell([[1, 2]], {"overrides": SCHEMA.empty_table()}, "overrides", known="plan")
    assert (told.features, told.notes) == ({}, [])
