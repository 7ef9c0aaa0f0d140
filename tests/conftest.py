"""Fixtures that several rooms' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """Return the folder of real data beside the repository; skip where it is absent."""
    if not SHARED.exists():
        pytest.skip("the folder shared/data is not beside this repository")
    return SHARED


@pytest.fixture
def engine():
    """Return a local engine, closed after the test."""
    from lotwise.engine.local import LocalEngine

    opened = LocalEngine()
    yield opened
    opened.close()
