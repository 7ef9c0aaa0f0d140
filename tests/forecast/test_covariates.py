import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import SettingsError
from lotwise.forecast import Source, read
from lotwise.forecast.conformal import OVER_USUAL
from lotwise.forecast.covariates import declared

PRICE = [4.0, 6.0, 5.0, 9.0, 3.0]
"""Of five weeks, the last of which is still to come."""


@pytest.fixture
def priced():
    """One series of four weeks, with a price, a class and, for the week to come, the price alone."""
    return read(
        pa.table(
            {
                "unique_id": ["a"] * 5,
                "ds": [1, 2, 3, 4, 5],
                "y": [1.0, 2.0, 3.0, 4.0, None],
                "price": PRICE,
                "brand": ["x"] * 5,
            }
        )
    )


def features(frame, known, **settings):
    """Return the features of the price, two weeks ahead, by name without the source's, each (1, 4, 2)."""
    source = Source(name="offer", tables=["price"], known=known, **settings)
    design, _ = frame.design(2, [source], lambda _: None)
    return {
        name.removeprefix("offer: "): np.broadcast_to(values, (1, 4, 2)) for name, values in design.columns["offer"].items()
    }


def test_a_plan_is_known_for_the_week_it_is_about(priced):
    """At week 2 the prices of weeks 3 and 4 are known: 5 and 9, no and 4 over the mean 5 of weeks 1 and 2."""
    found = features(priced, "plan")
    np.testing.assert_allclose(found["price planned"][0, 1], [5, 9])
    np.testing.assert_allclose(found[f"price {OVER_USUAL}"][0, 1], [0, 4])
    np.testing.assert_allclose(found["price the period before"][0, 1], [6, 5])


def test_a_week_no_plan_speaks_of_is_as_usual(priced):
    """At week 4 the price of week 5 is 3 and that of week 6 unknown: the mean so far, (4 + 6 + 5 + 9) / 4 = 6."""
    np.testing.assert_allclose(features(priced, "plan")["price planned"][0, 3], [3, 6])


def test_what_is_known_afterwards_says_nothing_of_its_own_week(priced):
    """Of a column known up to the cutoff only the last value and the recent mean are told."""
    found = features(priced, "past")
    assert set(found) == {"price, last", "price, mean of 4 over usual"}
    np.testing.assert_allclose(found["price, last"][0, :, 0], PRICE[:4])


def test_what_is_known_late_is_told_late(priced):
    """With a lead of one week, the last price known at each week is that of the week before."""
    np.testing.assert_allclose(features(priced, "past", lead=1)["price, last"][0, 1:, 0], PRICE[:3])


def test_a_text_is_a_class_of_the_series(priced):
    """A brand does not change: it is one number a series."""
    design, _ = priced.design(2, [Source(name="kind", tables=["brand"], known="plan")], lambda _: None)
    assert design.columns["kind"]["kind: brand"].shape == (1, 1, 1)


def test_sources_that_do_not_fit_the_frame_are_all_named():
    """A column that is not there, one told twice and two sources of one name: one message holds all three."""
    wrong = [Source(name="a", tables=["price"]), Source(name="b", tables=["price", "prise"]), Source(name="a", tables=["deal"])]
    with pytest.raises(SettingsError) as error:
        declared(wrong, ["price", "deal"])
    for part in ("'prise'", "did you mean 'price'", "'a' and 'b' both hold 'price'", "'a' is declared twice"):
        assert part in str(error.value)
