import re
from datetime import date, timedelta

import pyarrow as pa
import pytest

from lotwise.forecast import layout
from lotwise.forecast.features import (
    attributes,
    calendar,
    campaigns,
    competitors,
    customers,
    events,
    floor,
    history,
    prices,
    promotions,
    reviews,
    signals,
    weather,
)
from lotwise.forecast.registry import ALL
from lotwise.report import render
from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import bands, choices, forecasts, products, record
from lotwise.report.words import Words
from lotwise.tables import TABLES

FAMILIES = (
    attributes, calendar, campaigns, competitors, customers, events, floor, history, prices, promotions, reviews, signals,
    weather,
)  # fmt: skip
NEW = ("forecast_totals", "candidates", "features", "reasons", "option_demand", "component_demand", "calendar")
WEEK = timedelta(days=7)


def context(tables, settings, language="en"):
    """Return what the section's template is given."""
    return forecasts.context(Book(tables.get, settings), Words(language), Numbers("USD"))


@pytest.fixture(scope="module")
def shown(made_up, settings):
    """What the section shows of the made-up tables."""
    return context(made_up, settings)


def foreseen(cutoff, week, low, high):
    """Return a week with a 90 % band and a 50 % band within it."""
    levels = {0.05: low, 0.25: low + 1, 0.5: (low + high) / 2, 0.75: high - 1, 0.95: high}
    return {"cutoff": cutoff, "week": week, "at": levels}


def test_a_week_alone_has_a_band_as_wide_as_a_week():
    """A band reaches half a week beyond its first and last Monday, and each cutoff has an outline of its own."""
    first = date(2024, 1, 1)
    outline = bands.areas([foreseen(first, first, 2, 8), foreseen(first + WEEK, first + WEEK, 3, 9)])
    # the Monday less and plus 3 days, for each of two cutoffs
    assert [row["week"] for row in outline if row["window"] == 0] == ["2023-12-29", "2024-01-01", "2024-01-04"]
    assert [row["low90"] for row in outline] == [2, 2, 2, 3, 3, 3]


def test_what_came_outside_its_band_is_marked():
    """A settled week is outside where it came below the 5 % or above the 95 % quantile, not on them."""
    week = date(2024, 1, 1)
    settled = [bands.settled([foreseen(week, week, 2, 8)], {week: came}, Words("en"), Numbers("USD")) for came in (1, 2, 8, 9)]
    assert [rows[0]["outside"] for rows in settled] == [True, False, False, True]


def test_past_weeks_are_those_of_earlier_cutoffs(shown):
    """The two past cutoffs of four weeks are drawn with what came; the current one is not among them."""
    card = shown["cards"][0]
    assert len(card["settled"]) == 8
    assert len(card["ahead"]) == 4
    assert {row["week"] for row in card["settled"]}.isdisjoint(row["week"] for row in card["ahead"])


def test_only_what_is_there_is_spoken_of(made_up, settings):
    """Triangles and diamonds are explained where some week has one, and not otherwise."""
    without = made_up | {name: TABLES[name].empty() for name in ("promotions", "calendar")}
    assert context(made_up, settings)["says"] == ["settled", "promotions", "days"]
    assert context(without, settings)["says"] == ["settled"]


def test_a_discount_alone_marks_a_week(made_up, settings):
    """A week counts as promoted by its discount too: 30 % off is shown with a minus."""
    week = made_up["forecast"]["week"].to_pylist()[0]
    row = {"product": "P1", "region": "all", "week": week, "display": 0.0, "mailer": 0.05, "front": 0.0, "discount": 0.3}
    changed = made_up | {"promotions": pa.Table.from_pylist([row], schema=TABLES["promotions"].schema)}
    assert [mark["shown"] for mark in context(changed, settings)["cards"][0]["promotions"]] == ["\u221230\u00a0%"]


def test_reasons_add_up_to_the_mean(shown, settings, two_regions):
    """The units of all sources, over all regions, are the mean of the first week ahead."""
    for card in (*shown["cards"], *context(two_regions, settings)["cards"]):
        units = sum(line["units"].value for line in card["reasons"]["lines"])
        assert units == pytest.approx(card["weeks"][0]["mean"].value)


def test_reasons_name_the_strongest_feature_in_words(shown):
    """The usual level comes first without a bar; a source comes with the meaning of its strongest feature."""
    first, second, third = shown["cards"][0]["reasons"]["lines"]
    assert (first["source"], first["width"]) == ("usual level", None)
    assert (second["feature"], second["sign"], second["width"]) == ("mailer planned for the target week", "+", 50)
    # 0.05 / 0.15 of the widest bar, which is 50
    assert (third["is_less"], third["width"]) == (True, 16.7)


def test_reasons_that_are_no_source_are_those_of_the_stage():
    """The report knows the names the stage gives to what is no source."""
    assert set(products.OWN) == {layout.USUAL, layout.CHANGED, layout.BASE}


def test_the_method_in_use_comes_first(shown):
    """The chosen method leads, though another lost less; then the others by money, and the skipped with their reason."""
    assert [row["method"] for row in shown["methods"]] == ["poisson", "tweedie", "naive"]
    assert [(row["method"], str(row["why"])) for row in shown["skipped"]] == [
        ("deep", "it needs: pip install &#39;lotwise[deep]&#39;")
    ]
    assert str(shown["tried"]) == "3"


@pytest.mark.parametrize(("coverage", "said"), [(0.90, "promise"), (0.80, "narrow"), (0.97, "wider")])
def test_coverage_is_judged_in_words(made_up, settings, coverage, said):
    """A 90 % band that holds 90, 80 or 97 of 100 weeks is called right, too narrow or too wide."""
    rows = [row | {"coverage90": coverage} for row in made_up["scores"].to_pylist()]
    told = context(made_up | {"scores": pa.Table.from_pylist(rows, schema=TABLES["scores"].schema)}, settings)["coverage"]
    assert said in told
    assert f">{100 * coverage:.0f}<" in told


def test_misses_of_a_week_are_added_up():
    """Two products of which 12 and 3 came where 10 and 10 were expected missed a quarter of 20 together."""
    points = [{"week": "2024-01-01", "label": "", "came": came, "expected": 10.0} for came in (12.0, 3.0)]
    assert [row["missed"] for row in record.by_week(points)] == [-0.25]


def test_regions_with_one_take_rate_are_one_line(two_regions, settings):
    """The units of both regions are added up where both choose alike, and stand apart where they do not."""
    book, words, numbers = Book(two_regions.get, settings), Words("en"), Numbers("USD")
    (product,) = choices.options(book, words, numbers, ["P1", "P2"])["options"]
    assert [(row["value"], row["region"]) for row in product["values"]] == [("large", ""), ("not chosen", "")]
    rows = [row | {"take_rate": 0.6 if row["region"] == "north" else 0.5} for row in two_regions["option_demand"].to_pylist()]
    apart = two_regions | {"option_demand": pa.Table.from_pylist(rows, schema=TABLES["option_demand"].schema)}
    (product,) = choices.options(Book(apart.get, settings), words, numbers, ["P1"])["options"]
    assert len(product["values"]) == 4


def test_projects_of_before_are_shown_without_the_new_tables(made_up, settings):
    """Tables an older version did not make, and columns it did not write, are left out without a gap."""
    kept = {name: table for name, table in made_up.items() if name not in NEW}
    kept["scores"] = kept["scores"].drop_columns(["money", "value_added"])
    found = context(kept, settings)
    assert found["total"] is None
    assert not any(found[name] for name in ("methods", "sources", "options", "components", "skipped"))
    assert 'id="forecast"' in render(kept.get, settings)


def test_what_is_new_adds_at_most_150_kilobytes_to_the_page(made_up, settings):
    """Bands of the past, totals, reasons and the rest stay small beside the page."""
    old = {name: table for name, table in made_up.items() if name not in NEW}
    old["forecast"] = old["forecast"].filter(pa.compute.equal(old["forecast"]["horizon"], 1))
    assert len(render(made_up.get, settings).encode()) - len(render(old.get, settings).encode()) < 150e3


def test_methods_are_told_in_chinese():
    """What each method is stands in the catalog."""
    assert [method.name for method in ALL if 'lang="en"' in Words("zh").phrase(method.meaning)] == []


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_features_are_told_in_chinese(family):
    """What each feature means stands in the catalog, whatever fills its places."""
    filled = [re.sub(r"\{\w+\}", "7", meaning) for meaning in family.MEANINGS.values()]
    assert [meaning for meaning in filled if 'lang="en"' in Words("zh").phrase(meaning)] == []
