import sys
from pathlib import Path

import pyarrow as pa
import pytest

from lotwise.config import build
from lotwise.engine.local import LocalEngine
from lotwise.pool import run
from lotwise.stage import Inputs
from lotwise.tables import contract
from lotwise.tables.collected import COLLECTED, FAULTS, in_passing

sys.path.insert(0, str(Path(__file__).parent))  # pool_lines is found beside the tests

SCHEMAS = {table.name: in_passing(table, "nameless").schema for table in COLLECTED} | {"faults": FAULTS.schema}


@pytest.fixture(scope="session")
def engine():
    engine = LocalEngine()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def pool(engine):
    """Return a function that pools rows and gives tables that have passed their contracts."""

    def pooled(settings=None, **tables):
        relations = {}
        for name, rows in tables.items():
            lined = [{"source_file": f"{name}.csv", "source_row": place, **row} for place, row in enumerate(rows, start=1)]
            loose = pa.schema([field.with_nullable(nullable=True) for field in SCHEMAS[name]])
            relations[f"nameless.{name}"] = engine.from_arrow(pa.Table.from_pylist(lined, schema=loose))
        given = run(Inputs(build(settings or {}), engine, None, relations))
        return {name: contract(name).check(t if isinstance(t, pa.Table) else engine.to_arrow(t)) for name, t in given.items()}

    return pooled
