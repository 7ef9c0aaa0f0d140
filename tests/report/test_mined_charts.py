"""The drawings of what mining finds."""

from lotwise.report import mined_charts


def test_the_order_of_names_is_that_of_the_rows():
    """Names stand in the order the rows come in, and each part has a color of the page."""
    rows = [{"name": name, "part": part, "share": 0.5, "shown": "50 %"} for name in ("S2", "S1") for part in ("who", "money")]
    spec = mined_charts.beside(rows, parts=["who", "money"])
    assert spec["encoding"]["y"]["sort"] == ["S2", "S1"]
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert (scale["domain"], scale["range"]) == (["who", "money"], ["var(--noise)", "var(--actual)"])


def test_changes_start_from_what_was_before():
    """Each change is drawn from 1, the level before, to the level after."""
    row = {"name": "P1", "part": "less", "after": 0.75, "low": 0.5, "high": 1.25, "shown": "", "between": ""}
    spec = mined_charts.changed([row], title="after", parts=["less", "more"])
    assert [line["before"] for line in spec["data"]["values"]] == [1]
    assert spec["layer"][1]["encoding"]["x2"] == {"field": "after"}


def test_few_competitors_take_few_colors():
    """The key holds a color for each competitor and no more."""
    rows = [{"name": "P1", "part": "Rival", "index": 1.1, "shown": "110 %"}]
    scale = mined_charts.rivals(rows, title="ours", names=["Rival"])["layer"][1]["encoding"]["color"]["scale"]
    assert (scale["domain"], len(scale["range"])) == (["Rival"], 1)
