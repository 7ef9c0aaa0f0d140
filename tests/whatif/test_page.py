"""Tests of the page about what-if: what it shows can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lotwise.whatif import read
from lotwise.whatif.scenario import CHANGES

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "what-if.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL))
def test_its_files_are_read(text, tmp_path):
    """Each file it shows holds scenarios."""
    file = tmp_path / "what.toml"
    file.write_text(text, encoding="utf-8")
    assert read(file)


def test_every_part_of_a_file_is_told():
    """Each section stands in the table of the file."""
    assert all(f"`{words.removeprefix('a ')}`" in PAGE for words in CHANGES.values())
