import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs/concepts/inventory.md"


def test_the_page_shows_what_its_code_prints():
    """Every block of the concept page, run in order, prints what stands below it."""
    pytest.importorskip("pandas")
    blocks = re.findall(r"```python\n(.*?)```\n```\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, object] = {}
    for code, shown in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)  # noqa: S102 - our own page
        assert printed.getvalue().rstrip() == shown
