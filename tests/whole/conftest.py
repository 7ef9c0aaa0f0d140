"""Fixtures for tests of the whole: a shop that has been run once, copied for each test."""

from __future__ import annotations

import shutil
import sys

import pytest

import lotwise
from lotwise import cli
from tests.whole import shop


@pytest.fixture(scope="session")
def run_shop(tmp_path_factory):
    """Return the folder of a small shop whose loop has been run."""
    folder = tmp_path_factory.mktemp("shop") / "run"
    shop.write(folder)
    lotwise.open_project(folder).run()
    return folder


@pytest.fixture
def a_shop(run_shop, tmp_path):
    """Return a copy of the run shop that a test may spoil."""
    return shutil.copytree(run_shop, tmp_path / "shop")


@pytest.fixture
def command(monkeypatch, capsys):
    """Return a function that runs one command in this process: its status, output and errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["lotwise", *map(str, arguments)])
        try:
            cli.command()
            status = 0
        except SystemExit as stop:
            status = stop.code
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run
