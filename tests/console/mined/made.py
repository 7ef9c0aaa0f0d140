"""Made-up rows of the tables of mining, for tests of their screens."""

from __future__ import annotations

import io

import pyarrow as pa

from lotwise.tables import contract


def row(table, **values):
    """Return one row of a table: what is told, nothing where a column may be empty, and a plain value elsewhere."""
    plain = {"string": "", "double": 0.0, "int64": 0, "bool": False}
    found = {
        column.name: values.get(column.name, None if column.nullable else plain.get(str(column.type)))
        for column in contract(table).columns
    }
    unknown = set(values) - set(found)
    assert not unknown, f"{table} has no {unknown}"
    contract(table).check(pa.Table.from_pylist([found], schema=contract(table).schema))
    return found


def note(part, scope="all", ended="whole", rows=1, evidence=9, text=None):
    """Return one row of ``mining``."""
    return row("mining", part=part, scope=scope, ended=ended, rows=rows, evidence=evidence, note=text)


def products(**names):
    """Return a table of products by code, with their names."""
    return pa.table({"product": list(names), "name": list(names.values())})


def shown(write, *arguments, **keywords):
    """Return what a screen writes: no line longer than 140 columns."""
    stream = io.StringIO()
    write(*arguments, stream=stream, **keywords)
    text = stream.getvalue()
    assert max(map(len, text.splitlines()), default=0) <= 140
    return text


def cells(text, start):
    """Return the cells of the first row of a grid that starts so, without blanks."""
    line = next(line for line in text.splitlines() if line.strip().startswith(start))
    return [cell.strip() for cell in line.split("   ") if cell.strip()]
