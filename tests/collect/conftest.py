"""A project of small files, and what collect makes of it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from lotwise import config
from lotwise.collect import run
from lotwise.engine.local import LocalEngine
from lotwise.stage import Inputs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def engine():
    """One engine for all tests of the room."""
    local = LocalEngine(memory="1GB")
    yield local
    local.close()


@pytest.fixture
def collected(tmp_path, engine):
    """Return a function that writes files, collects them and returns every table as rows, in order of source row."""

    def collect(files, toml, frames=None):
        write(tmp_path, files)
        settings = config.build(tomllib.loads(toml))
        given = run(Inputs(settings=settings, engine=engine, folder=tmp_path, frames=frames or {}))
        return {name: rows(relation, engine) for name, relation in given.items()}

    return collect


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def rows(relation, engine) -> list[dict]:
    table = relation if isinstance(relation, pa.Table) else engine.to_arrow(relation)
    keys = [name for name in ("table", "source_file", "source_row", "column") if name in table.column_names]
    return table.sort_by([(name, "ascending") for name in keys]).to_pylist()
