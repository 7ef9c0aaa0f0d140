import hashlib
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise import config
from lotwise.collect import run
from lotwise.errors import InputError
from lotwise.stage import Inputs
from lotwise.tables import contract

HEAD = "order,time,product,units"
ROW = "1,2024-03-01,A,2"


def mapping(files, rest=""):
    return f'[[collect]]\ntable = "orders"\nfiles = "{files}"\n{rest}'


def test_every_format_gives_the_same_rows(collected, tmp_path):
    """CSV, JSON Lines, Parquet and a frame with the same content give the same orders."""
    table = pa.table(
        {"order": ["1", "2"], "time": ["2024-03-01", "2024-03-02"], "product": ["A", "红色"], "units": ["2", "1.5"]}
    )
    pq.write_table(table, tmp_path / "o.parquet")
    lines = [
        f'{{"order": "{o}", "time": "{t}", "product": "{p}", "units": {u}}}'
        for o, t, p, u in zip(*table.to_pydict().values(), strict=True)
    ]
    body = "\n".join(",".join(row) for row in zip(*table.to_pydict().values(), strict=True))
    files = {
        "o.csv": f"{HEAD}\n{body}",
        "g.csv": f"{HEAD}\n{body}".encode("gb18030"),
        "b.csv": f"\ufeff{HEAD}\n{body}",
        "o.jsonl": "\n".join(lines),
    }
    given = [collected(files, mapping(name), {"f": table})["raw.orders"] for name in (*files, "o.parquet", "frame:f")]
    bare = [[{k: v for k, v in row.items() if k != "source_file"} for row in rows] for rows in given]
    assert bare[0][1]["product"] == "红色"
    assert all(rows == bare[0] for rows in bare)


def test_sources_say_what_was_read(collected, tmp_path):
    """Each file stands with its format, rows, unused columns and SHA-256, and the table keeps its contract."""
    given = collected(
        {"in/a.csv": f"{HEAD},x\n{ROW},1\n", "in/b.jsonl": '{"order":1,"time":"2024-03-01","product":"A","units":2}\n'},
        mapping("in"),
    )
    expected = [
        {
            "table": "orders",
            "source_file": f"in/{name}",
            "format": kind,
            "rows": 1,
            "filtered": 0,
            "unused": unused,
            "sha256": hashlib.sha256((tmp_path / "in" / name).read_bytes()).hexdigest(),
        }
        for name, kind, unused in (("a.csv", "csv", "x"), ("b.jsonl", "jsonl", None))
    ]
    assert given["sources"] == expected
    contract("sources").check(pa.Table.from_pylist(given["sources"], contract("sources").schema))


def test_several_mappings_of_one_table_are_put_together(collected):
    """Two sources of orders become one table; lines of one order are numbered through, given numbers stay."""
    toml = mapping("a.csv") + mapping("b.csv", 'columns = { line = "pos" }\n')
    given = collected(
        {"a.csv": f"{HEAD}\n1,2024-03-01,A,2\n1,2024-03-01,B,2\n", "b.csv": f"{HEAD},pos\n2,2024-03-01,A,2,10\n"}, toml
    )
    assert [(r["order"], r["line"]) for r in given["raw.orders"]] == [("1", 1), ("1", 2), ("2", 10)]


def test_files_with_other_columns_are_one_mapping_too(collected):
    """Files of one folder may differ in columns that are not needed."""
    given = collected({"in/a.csv": f"{HEAD},region\n{ROW},north\n", "in/b.csv": f"{HEAD}\n{ROW}\n"}, mapping("in"))
    assert [r["region"] for r in given["raw.orders"]] == ["north", "all"]


def test_two_runs_give_the_same_rows(collected):
    """Collecting again changes nothing, numbering included."""
    files = {"a.csv": f"{HEAD}\n" + "\n".join(f"{n % 3},2024-03-01,P{n},1" for n in range(50))}
    assert collected(files, mapping("a.csv")) == collected(files, mapping("a.csv"))


@pytest.mark.parametrize(
    ("files", "toml", "expected"),
    [
        ({"order.csv": ROW}, mapping("orders.csv"), ["'orders.csv' does not exist", "did you mean 'order.csv'?"]),
        ({"o.csv": ""}, mapping("o.csv"), ["o.csv is empty (0 bytes). Export it again"]),
        ({"o.csv": f"{HEAD}\n"}, mapping("o.csv"), ["o.csv holds a header and no row of data: order, time, product, units"]),
        (
            {"o.csv": f"{HEAD}\n{ROW}\n"},
            mapping("o.csv", 'delimiter = ";"\n'),
            ["o.csv has one column", "it looks split at ','"],
        ),
        ({"o.csv": "order:time:product:units\n1:2:3:4\n"}, mapping("o.csv"), ["it has one column only, so set its delimiter"]),
        (
            {"o.csv": f"{HEAD}\n1,2024-03-01,Ä,2\n".encode() + b"2,2024-03-01,\xc4x,2\n"},
            mapping("o.csv"),
            ["o.csv mixes encodings", "line 3 (row 2)"],
        ),
        (
            {"o.csv": f'{HEAD}\n1,2024-03-01,B,2\n1,2024-03-01,"A,2\n2,2024-03-01,A,2\n'},
            mapping("o.csv"),
            ['o.csv, row 2: a quote (") is opened and never closed', "Close it"],
        ),
        (
            {"o.csv": "order,time,prodct,units\n1,2,3,4\n"},
            mapping("o.csv"),
            [
                "o.csv: nothing gives orders.product (product code)",
                "did you mean 'prodct'?",
                "Its columns are: order, time, prodct, units",
            ],
        ),
        (
            {"o.csv": f"{HEAD}\n{ROW}\n"},
            mapping("o.csv", 'columns = { revenue = "totl" }\nfilter = [{ column = "brnd", is = "x" }]\n'),
            ["column 'totl' (for orders.revenue) is not there", "column 'brnd' (of a filter) is not there"],
        ),
        (
            {"o.parquet": b"PAR1 and then nothing more"},
            mapping("o.parquet"),
            ["o.parquet is not a whole Parquet file", "Copy it again"],
        ),
        ({"a.csv": "", "b.csv": f"{HEAD}\n"}, mapping("a.csv") + mapping("b.csv"), ["a.csv is empty", "b.csv holds a header"]),
    ],
)
def test_bad_files_are_told_with_the_next_step(collected, files, toml, expected):
    """Every kind of bad file is one message with its name and what to do, and all of them are listed."""
    with pytest.raises(InputError) as caught:
        collected(files, toml)
    assert [part for part in expected if part not in str(caught.value)] == []


def test_a_truncated_parquet_file_is_refused(collected, tmp_path):
    """A file cut off in the middle is refused before anything is read from it."""
    pq.write_table(pa.table({"order": ["1"] * 1000}), tmp_path / "o.parquet")
    whole = (tmp_path / "o.parquet").read_bytes()
    with pytest.raises(InputError, match=r"o.parquet is not a whole Parquet file"):
        collected({"o.parquet": whole[: len(whole) // 2]}, mapping("o.parquet"))


FIELD = st.sampled_from(["1", "", "x", "2024-03-01", "A", "-5", "1e400", "é", '"q,q"', "0"])


@settings(max_examples=6, deadline=None)
@given(st.lists(st.lists(FIELD, min_size=2, max_size=6), min_size=1, max_size=12))
def test_nothing_is_lost(engine, tmp_path_factory, lines):
    """Rows read = rows in the relation + rows filtered out + rows that do not fit, and every row stands in one of them."""
    folder = tmp_path_factory.mktemp("lost")
    (folder / "o.csv").write_text(f"{HEAD}\n1,2024-03-01,A,2\n" + "\n".join(",".join(line) for line in lines))
    toml = mapping("o.csv", 'delimiter = ","\nfilter = [{ column = "units", not = 0 }]\n')
    given = run(Inputs(settings=config.build(tomllib.loads(toml)), engine=engine, folder=Path(folder)))
    kept = engine.to_arrow(given["raw.orders"])["source_row"].to_pylist()
    faults = engine.to_arrow(given["raw.faults"]).to_pylist()
    misfits = [fault["source_row"] for fault in faults if fault["column"] == ""]
    source = given["sources"].to_pylist()[0]
    assert source["rows"] == len(lines) + 1 == len(kept) + source["filtered"] + len(misfits)
    assert len({*kept, *misfits}) == len(kept) + len(misfits)
    assert {fault["source_row"] for fault in faults} <= {*kept, *misfits}


def test_a_signal_speaks_of_everything_where_nothing_else_is_said(collected):
    """Without a product and a region, both are 'all'; a planner's change has region 'all' where its file has none."""
    toml = '[[collect]]\ntable = "signals"\nfiles = "s.csv"\n[[collect]]\ntable = "overrides"\nfiles = "c.csv"\n'
    given = collected(
        {
            "s.csv": "signal,week,value\nindex,2024-03-04,1.5\n",
            "c.csv": "product,week,owner,reason,made,kind,value\nA,2024-03-04,Eva,fair,2024-03-01,factor,1.2\n",
        },
        toml,
    )
    assert [(r["signal"], r["product"], r["region"], r["value"]) for r in given["raw.signals"]] == [
        ("index", "all", "all", 1.5)
    ]
    assert [(r["region"], r["expiry"], r["kind"], r["value"]) for r in given["raw.overrides"]] == [("all", None, "factor", 1.2)]
