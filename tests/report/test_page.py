import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import build
from lotwise.errors import StoreError
from lotwise.report import render, write
from lotwise.tables import TABLES

READ = (
    "gap",
    "gap_products",
    "gap_sweep",
    "source_values",
    "gap_notice",
    "gap_changes",
    "unseen",
    "forecast",
    "forecast_totals",
    "candidates",
    "features",
    "option_demand",
    "component_demand",
    "scores",
    "plans",
    "prices",
    "cuts",
    "lots",
    "purchases",
    "shipments",
    "loads",
    "projection",
    "deliveries",
    "exceptions",
    "solves",
    "offers",
    "quality",
    "sources",
    "assumptions",
    "jobs",
    "schedules",
    "lateness",
    "order_ends",
    "tours",
    "tour_costs",
    "undelivered",
    "segment_trials",
    "segment_features",
    "migrations",
    "profiles",
    "propensity_scores",
    "rules",
    "choice_models",
    "preferences",
    "substitutions",
    "product_lines",
    "requests",
    "opinions",
    "text_scores",
    "trends",
    "market",
    "market_shares",
    "drivers",
    "driver_models",
)


class Page(HTMLParser):
    """What stands in a page: elements with their attributes, and the text a reader sees outside names and code."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.text, self.scripts = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep the element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link"}:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Close the element that was opened last: pages nest properly."""
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        """Keep what a reader sees, and what a browser runs."""
        hidden = {"script", "style", "code", "title"}
        if self.open and self.open[-1][0] == "script" and "type" not in self.open[-1][1]:
            self.scripts.append(data)
        if not any(
            tag in hidden or (tag == "span" and values.get("lang") == "en") or values.get("translate") == "no"
            for tag, values in self.open
        ):
            self.text.append(data)


@pytest.fixture(scope="module")
def page(made_up, settings):
    return Page(render(made_up.get, settings))


def picked(tables, address):
    """Return the column and the rows an address picks."""
    name, _, rest = address.partition(".")
    column, _, query = rest.partition("?")
    wanted = parse_qsl(query, keep_blank_values=True)
    rows = [row for row in tables[name].to_pylist() if all(spelled(row[key]) == value for key, value in wanted)]
    return column, rows


def spelled(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def expected(tables, kind, address):
    """Return what the tables say at an address."""
    if kind == "data-quantile":
        level, _, address = address.partition(":")
    column, rows = picked(tables, address)
    if kind == "data-count":
        return len(rows)
    if kind == "data-cell":
        assert len(rows) == 1
        return rows[0][column]
    if kind == "data-quantile":
        return float(np.quantile(np.sum([np.asarray(row[column]) for row in rows], axis=0), float(level)))
    return sum(row[column] for row in rows if row[column] is not None)


@pytest.mark.parametrize("fixture", ["made_up", "two_regions"])
def test_every_figure_equals_the_table_it_comes_from(fixture, settings, request):
    """Each figure's unrounded value is the cell, the sum or the count its address names."""
    tables = request.getfixturevalue(fixture)
    found = {}
    for _, values in Page(render(tables.get, settings)).elements:
        for kind in ("data-cell", "data-sum", "data-count", "data-quantile"):
            if kind in values:
                found[kind, values[kind]] = float(values["data-value"])
    assert {address.partition(".")[0] for kind, address in found if kind == "data-cell"} >= set(READ) - {
        "forecast",
        "assumptions",
    }
    for (kind, address), value in found.items():
        exact = expected(tables, kind, address)
        assert value == exact if kind in ("data-cell", "data-count") else value == pytest.approx(exact, rel=1e-12), address


def test_figures_are_shown_as_they_are(page):
    """The digits a reader sees are the unrounded value, rounded."""
    html = {
        values["data-value"]: values for _, values in page.elements if values.get("data-cell", "").startswith("prices.price")
    }
    assert set(html) == {"12.4", "4.25", "0.35", "0.75", "1.25"}
    assert "12.40" in "".join(page.text)


def test_first_screen_says_what_was_lost_and_why(page):
    """The headline gives the accounts, the one source that is worth it, the resource that is short, and the dearest cut."""
    said = "".join(page.text).replace("\u00a0", " ")
    # 3100.25 + 250 = 3350.25 unmade; 640 + 0 undone
    assert (
        "Of 41,200 USD that perfect knowledge without limits would have earned in 16 weeks, 9,800 USD were lost because demand "
        "was not known, 3,350 USD to machines, materials and lead times, and 640 USD between the plan and the floor. "
        "27,409 USD were earned."
    ) in said
    assert "Knowing promotion plan brought 2,300 USD [1,200, 3,400]; nothing else can be told from noise." in said
    assert "one more hour earns 12.40 USD" in said


def test_hostile_names_are_harmless(made_up, settings):
    """A product named as a script element is shown as text, in tables and in the data of charts."""
    html = render(made_up.get, settings)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in html
    assert "\\u003cscript\\u003ealert(1)" in html


def test_no_text_of_any_table_becomes_markup(made_up):
    """Whatever a name, a reason or a faulty value holds is shown as text."""
    attack = "<img src=x onerror=alert(1)>'\"{{ 7 * 7 }}"
    texts = {
        "offers": "why",
        "cuts": "reason",
        "exceptions": "remedy",
        "deliveries": "reason",
        "lots": "route",
        "purchases": "supplier",
        "shipments": "origin",
        "prices": "unit",
        "rejects": "value",
        "machines": "name",
        "gap": "note",
        "segments": "name",
        "choice_models": "note",
        "opinions": "example",
        "requests": "change",
        "trends": "series",
        "market": "rival",
        "drivers": "words",
        "quality": "check",
        "scores": "model",
    }
    changed = {
        name: pa.Table.from_pylist([row | {column: attack} for row in made_up[name].to_pylist()], schema=TABLES[name].schema)
        for name, column in texts.items()
    }
    html = render((made_up | changed).get, build({"project": {"name": attack, "currency": attack}}), language="zh")
    assert "<img src=x" not in html
    assert "{{ 7 * 7 }}" in html


def test_long_lists_say_how_to_see_the_rest(made_up, settings):
    """A list that is cut short names the command that shows all of it, and conflicts come with what they need."""
    rows = [{"subject": "cost", "item": f"C{k}", "value": "1", "basis": "assumed"} for k in range(200)]
    conflict = {
        "row": "machine M1 up to the week of 2018-01-08",
        "needed": 99.5,
        "available": 80.0,
        "unit": "hours",
        "reason": "Full.",
    }
    changed = {
        name: pa.Table.from_pylist(content, schema=TABLES[name].schema)
        for name, content in (("assumptions", rows), ("conflicts", [conflict]))
    }
    html = render((made_up | changed).get, settings)
    assert "lotwise show assumptions" in html
    assert "200" in html
    assert 'data-value="99.5" data-cell="conflicts.needed?row=machine+M1+up+to+the+week+of+2018-01-08"' in html


def test_policy_allows_the_scripts_of_the_page_alone(page):
    """The content security policy starts from nothing and names the hash of each script and of the style."""
    policy = next(values["content"] for tag, values in page.elements if values.get("http-equiv") == "Content-Security-Policy")
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in page.scripts}
    assert policy.startswith("default-src 'none'; script-src ")
    assert set(re.search(r"script-src ([^;]+)", policy).group(1).split()) == hashes
    assert "unsafe" not in policy


def test_nothing_is_asked_for(page):
    """No element loads or sends anything: the only links stay on the page."""
    for tag, values in page.elements:
        assert not values.keys() & {"src", "srcset", "action", "onclick", "onload", "style"}, (tag, values)
        assert values.get("href", "#").startswith(("#", "data:"))


def test_headings_have_anchors(page):
    """Every entry of the table of contents leads to a section."""
    ids = {values["id"] for _, values in page.elements if "id" in values}
    links = [values["href"][1:] for tag, values in page.elements if tag == "a"]
    assert set(links) <= ids
    assert len(ids) == len([values for _, values in page.elements if "id" in values])


def test_no_english_is_left_in_the_chinese_page(made_up, settings):
    """What a reader of Chinese sees is Chinese, besides names, codes, the currency and text marked as English."""
    text = " ".join(Page(render(made_up.get, settings, language="zh")).text)
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {
        "USD",
        "SHA",
        "lotwise",
        "data",
        "value",
        "cell",
        "JavaScript",
        "Bertsimas",
        "Kallus",
    }


def test_without_tables_the_page_says_what_to_do(settings):
    """A project that has not run yet gets a page that names the command, section by section."""
    html = render({}.get, settings)
    assert html.count("lotwise run</code>") >= 7
    assert "vega" in html


def test_any_table_may_be_missing_or_empty(made_up):
    """The page is made whichever table does not exist or has no row."""
    settings = build({"report": {"products": 1, "customers": 1}})
    for name in made_up:
        for tables in ({key: table for key, table in made_up.items() if key != name}, made_up | {name: TABLES[name].empty()}):
            assert render(tables.get, settings, language="zh").endswith("</html>")


def test_same_tables_give_the_same_bytes(made_up, settings):
    """A page made twice is the same page."""
    assert render(made_up.get, settings) == render(dict(made_up).get, settings)


def test_report_is_written_whole(made_up, settings, tmp_path):
    """The file replaces an older one, is at most 2.5 MB, and nothing else is left beside it."""
    path = tmp_path / "new" / "report.html"
    write(made_up.get, settings, path)
    assert write(made_up.get, settings, path, language="zh") == path
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
    assert 'lang="zh-CN"' in path.read_text(encoding="utf-8")
    assert path.stat().st_size < 2.5e6


def test_a_report_that_cannot_be_written_is_refused(made_up, settings, tmp_path):
    """A path that is no file is refused with the reason, and nothing is left behind."""
    (tmp_path / "report.html").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write(made_up.get, settings, tmp_path / "report.html")
    assert [file.name for file in Path(tmp_path).iterdir()] == ["report.html"]


def test_a_short_history_has_a_report_without_intervals(made_up, settings):
    """Where too few weeks are settled for intervals, or nothing could be closed, the page is drawn all the same."""
    bare = {"low": None, "high": None}
    sweep = [row | bare for row in made_up["gap_sweep"].to_pylist()]
    sweep[0]["closed"] = None
    gap = [row | bare for row in made_up["gap"].to_pylist()]
    changed = {"gap": gap, "gap_sweep": sweep}
    tables = made_up | {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in changed.items()}
    assert 'id="ledger"' in render(tables.get, settings)
