"""The page in a real browser: drawn, quiet, offline, and as wide as its screen."""

import shutil

import pytest

from lotwise.report import write

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(made_up, settings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    return {language: write(made_up.get, settings, folder / f"{language}.html", language=language) for language in ("en", "zh")}


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1280, "light"), ("zh", 360, "dark")])
def test_page_is_drawn_without_a_word_to_the_world(browser, reports, language, width, scheme):
    """All charts are drawn, nothing is said on the console, nothing is asked for, and a phone need not scroll sideways."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reports[language].as_uri())
    page.wait_for_selector("html[data-drawn]")
    assert page.locator("svg.marks").count() == page.locator("[data-chart]").count() > 8
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_charts_tell_their_figures_when_pointed_at(browser, reports):
    """Pointing at a source's interval shows its name, its money and its interval as text."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(reports["en"].as_uri())
    page.wait_for_selector("html[data-drawn]")
    page.locator("#chart-known .mark-symbol path").nth(1).hover(force=True)
    page.wait_for_selector("#vg-tooltip-element.visible")
    shown = page.locator("#vg-tooltip-element").inner_text()
    assert all(part in shown for part in ("promotion plan", "2,300", "[1,200, 3,400]"))
    page.close()


def test_a_product_chosen_shows_its_own_weeks(browser, reports, made_up):
    """Choosing a product, in the list or by its name in the table, draws its weeks and writes its cents."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(reports["en"].as_uri())
    page.wait_for_selector("html[data-drawn]")
    bars = "[...document.querySelectorAll('#chart-weeks .mark-rect path')].map(bar => bar.getAttribute('d')).join()"
    whole = page.evaluate(bars)
    page.locator("#drill-weeks summary").click()
    for place, choose in (
        (1, lambda: page.select_option("#drill-product", "1")),
        (2, lambda: page.locator(".pick").nth(1).click()),
    ):
        choose()
        code = page.locator("#worst tbody tr", has=page.locator(".pick")).nth(place - 1).locator("code").inner_text()
        page.wait_for_selector(f"html[data-chosen={code}]")
        drawn = page.evaluate(bars)
        assert drawn != whole
        rows = [row for row in made_up["gap_cells"].to_pylist() if row["product"] == code]
        shown = page.locator("#drill-weeks tbody td").all_inner_texts()
        wanted = [row[account] for row in rows for account in ("ideal", "unknown", "unmade", "undone", "actual")]
        assert [text.replace("\u2212", "-") for text in shown] == [f"{value:,.2f}" for value in wanted]
        whole = drawn
    page.close()


def test_reader_can_change_to_dark_and_print_everything(browser, reports):
    """The button changes the colors, and printing opens every list of offers."""
    page = browser.new_page(color_scheme="light")
    page.goto(reports["en"].as_uri())
    page.wait_for_selector("html[data-drawn]")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.click("#theme")
    assert page.evaluate(paper) != light
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.emulate_media(media="print")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.close()


TIMES = "[...document.querySelectorAll('#chart-gantt .role-axis-label text')].map(text => text.textContent).sort().join()"
"""The labels of the time that the schedule's drawing shows."""


def changed(page, before):
    """Return the times shown once they are others than before."""
    for _ in range(60):
        now = page.evaluate(TIMES)
        if now != before:
            return now
        page.wait_for_timeout(50)
    raise AssertionError(before)


def test_the_schedule_is_moved_stretched_and_told(browser, reports):
    """Buttons and dragging over days change the time shown, a bar tells its job, and all of it comes back."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(reports["en"].as_uri())
    page.wait_for_selector("html[data-drawn]")
    whole = page.evaluate(TIMES)
    page.click("[data-zoom=in]")
    near = changed(page, whole)
    page.click("[data-zoom=all]")
    assert changed(page, near) == whole
    page.locator("#chart-machine-days").scroll_into_view_if_needed()
    box = page.locator("#chart-machine-days svg").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 60, steps=4)
    page.mouse.up()
    changed(page, whole)
    page.click("[data-zoom=all]")
    bars = page.locator("#chart-gantt .mark-rect.role-mark").nth(2).locator("path")
    bars.first.hover(force=True)
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "Status" in page.locator("#vg-tooltip-element").inner_text()
    page.close()


def test_a_phone_shows_one_day_of_the_schedule_first(browser, reports):
    """On a narrow screen the drawing begins with the first day alone, buttons reach the rest, nothing scrolls sideways."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(reports["zh"].as_uri())
    page.wait_for_selector("html[data-drawn]")
    page.wait_for_timeout(100)
    first = page.evaluate(TIMES)
    page.click("[data-zoom=later]")
    changed(page, first)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
