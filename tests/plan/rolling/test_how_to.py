"""Tests of docs/how-to/rolling.md: its example runs and prints what it says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "rolling.md"


def rows(text):
    """Return name -> profit of the lines printed."""
    found = re.findall(r"^(.+?) profit +([\d,]+)", text, re.MULTILINE)
    return {name.strip(): float(profit.replace(",", "")) for name, profit in found}


def test_the_example_runs_and_prints_what_the_page_says(capsys):
    """Every planner of the page is there, with its profit to a percent."""
    page = PAGE.read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1), {})  # noqa: S102  the page's own example
    said = rows(re.search(r"printed:begin.*?```\n(.*?)```", page, re.DOTALL).group(1))
    assert rows(capsys.readouterr().out) == pytest.approx(said, rel=0.01)
    assert len(said) == 6
