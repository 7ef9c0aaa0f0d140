import json

import pytest

from lotwise.report import charts
from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import ORDER
from lotwise.report.words import Words


@pytest.fixture(scope="module")
def drawn(made_up, settings):
    """Every chart of the page, by name."""
    book, words, numbers = Book(made_up.get, settings), Words("en"), Numbers("USD")
    return {
        name: chart for context in ORDER.values() for name, chart in context(book, words, numbers).get("charts", {}).items()
    }


def test_charts_hold_their_data_and_ask_for_nothing(drawn):
    """No specification names an address, and each is plain JSON without NaN."""
    text = json.dumps({name: chart.spec for name, chart in drawn.items()}, allow_nan=False)
    assert '"url"' not in text
    assert "http" not in text


def test_every_chart_is_told_in_words(drawn):
    """Each chart has a label with its figures for those who do not see it."""
    assert all(any(digit in chart.label for digit in "123456789") for chart in drawn.values())


def test_waterfall_ends_where_it_should(drawn):
    """Each loss starts where the one before it ended, and what is left is the actual."""
    rows = drawn["waterfall"].spec["data"]["values"]
    losses = rows[1:-1]
    assert [row["start"] for row in losses] == pytest.approx([row["end"] for row in rows[:1] + losses[:-1]])
    assert losses[-1]["end"] == pytest.approx(rows[-1]["end"])


def test_placebo_band_is_its_interval(drawn):
    """The band behind the sources is as wide as the placebo's interval."""
    (band,) = drawn["known"].spec["layer"][0]["data"]["values"]
    assert (band["low"], band["high"]) == (-390.0, 480.0)


def test_bands_lie_within_one_another(drawn):
    """The 50 % band lies within the 90 % band, in weeks to come and in settled ones."""
    for row in [row for name in ("past", "coming") for row in drawn["forecast-1"].spec["datasets"][name]]:
        ends = [row[name] for name in ("low90", "low50", "high50", "high90")]
        assert ends == sorted(ends)


def test_load_splits_hours_into_lots_and_set_ups():
    """What lots run and set-ups of a week are stacked; hours without and with overtime are lines of their own."""
    words = {name: name for name in ("run", "setup", "hours", "load")}
    row = {"week": "Jan 1", "run": 80.0, "setup": 6.4, "capacity": 80.0, "most": 96.0, "shown": ""}
    bars, *lines = charts.load([row], words=words, top=100)["layer"]
    assert [part["hours"] for part in bars["data"]["values"]] == [80.0, 6.4]
    assert [line["encoding"]["y"]["field"] for line in lines] == ["most", "capacity"]


def test_weeks_without_marks_have_no_layer():
    """A product without promotions, days and past cutoffs has no layer of them, which would span no time at all."""
    words = dict.fromkeys(("date", "history", "expected", "foreseen", "promotion", "special"), "")
    history = [{"week": "2017-01-02", "units": 3.0}]
    nothing = {"settled": [], "ahead": [], "promotions": [], "days": [], "bands": {"past": [], "ahead": []}}
    layers = charts.forecast({"history": history} | nothing, words=words)["layer"]
    assert all("shape" not in layer["mark"] for layer in layers)
    assert [layer["data"]["name"] for layer in layers if layer["mark"]["type"] == "area"] == ["coming", "coming"]


def test_actual_is_drawn_against_predicted_on_one_scale():
    """Both axes reach as far as the largest of both, so that the line of equality is the diagonal."""
    points = [
        {"name": "a", "label": "", "expected": 4.0, "came": 9.0},
        {"name": "b", "label": "", "expected": 1.0, "came": 0.0},
    ]
    line, dots = charts.against(points, words={"expected": "", "came": ""})["layer"]
    assert [row["came"] for row in line["data"]["values"]] == [0, 9.0]
    assert dots["encoding"]["x"]["scale"] == dots["encoding"]["y"]["scale"]
