"""Tests of drivers as people read them."""

from __future__ import annotations

from lotwise.console import drivers
from tests.console.mined.made import cells, note, row, shown

FOUND = [
    row("drivers", target="stars", feature="price", rank=1, words="0.5 less at 9 than at 2", share=0.75,
        direction="less", permutation=0.8, permutation_low=0.5, permutation_high=1.1, coefficient=-0.25,
        coefficient_error=0.05),
    row("drivers", target="stars", feature="month", rank=2, words="May: 0.1 more", share=0.25, direction="differs by value"),
]  # fmt: skip


def model(**values):
    """Return how much of the stars is explained."""
    known = {"target": "stars", "rows": 500, "unit": "stars", "explained": 0.4, "linear": -0.1, "mean": 4.25}
    return {"stars": row("driver_models", **known | values)}


def test_a_feature_stands_with_what_it_does_and_how_sure_that_is():
    """A linear model that explains less than nothing explains nothing; what has no coefficient has none."""
    text = shown(drivers, FOUND, model(), [])
    assert "What moves stars, 4.25 in the mean: 40.0 % of its ups and downs" in text
    assert "by a linear model 0.0 %; learned from 500 rows." in " ".join(text.split())
    assert cells(text, "price")[2:] == ["75 %", "80 %", "50 % .. 110 %", "-0.250 +- 0.050"]
    assert cells(text, "month")[2:] == ["25 %", "0 %", "0 % .. 0 %"]


def test_units_are_told_where_they_say_more_than_the_target():
    """A share's mean is a percent; the mean of what is told against usual units says nothing and is left out."""
    assert "stars (share that come back, 2.0 % in the mean):" in shown(
        drivers, FOUND, model(unit="share that come back", mean=0.02), []
    )
    assert "stars (units against the usual ones):" in shown(drivers, FOUND, model(unit="units against the usual ones"), [])


def test_what_is_hardly_explained_is_called_noise():
    """One percent explained is little more than noise."""
    assert "little more than noise" in " ".join(shown(drivers, FOUND, model(explained=0.01), []).split())


def test_without_drivers_the_reason_is_told():
    """What the part said of the target stands there."""
    notes = [note("drivers", "scrap", "left out", 0, text="8 rows; 50 are needed")]
    assert shown(drivers, [], {}, notes) == "There are no drivers: 8 rows; 50 are needed.\n"
