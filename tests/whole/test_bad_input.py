"""Tests of bad input: a clear message, exit status 2, and what was published before stays readable."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lotwise
from lotwise.engine.store import Store
from lotwise.stages import STAGES
from tests.whole import shop
from tests.whole.shop import change, edit_row, rows

ORDER = ("order", "who", "sku", "qty", "price", "day")


def missing(folder):
    """The file is not there."""
    (folder / "orders.csv").unlink()


def empty(folder):
    """The file holds nothing."""
    (folder / "orders.csv").write_text("")


def header_only(folder):
    """The file holds a header and no row."""
    rows(folder / "orders.csv", ORDER, [])


def wrong_delimiter(folder):
    """The mapping names another delimiter than the file has."""
    change(folder / "lotwise.toml", 'files = "orders.csv"', 'files = "orders.csv"\ndelimiter = ";"')


def mixed_encodings(folder):
    """One row is in another encoding than the rest."""
    lines = (folder / "orders.csv").read_bytes().splitlines()
    lines[2] = "2,Zoé,bread,1,2.0,2024-01-01".encode()
    lines[5] = "5,Zoé,bread,1,2.0,2024-01-01".encode("latin-1")
    (folder / "orders.csv").write_bytes(b"\n".join(lines) + b"\n")


def misspelt_column(folder):
    """The mapping names a column the file does not have."""
    change(folder / "lotwise.toml", 'units = "qty"', 'units = "qyt"')


def misspelt_key(folder):
    """The settings hold a key there is none of."""
    change(folder / "lotwise.toml", "scenarios = 10", "scenarois = 10")


def unknown_table(folder):
    """The mapping names a table there is none of."""
    change(folder / "lotwise.toml", 'table = "orders"', 'table = "ordrs"')


def unknown_target(folder):
    """The mapping fills a column our table does not have."""
    change(folder / "lotwise.toml", 'units = "qty"', 'unit = "qty"')


def wrong_type(folder):
    """A whole column cannot be read as its type."""
    change(folder / "lotwise.toml", 'units = "qty"', 'units = "sku"')


def one_week(folder):
    """There is one week of history."""
    shop.write(folder, weeks=1)


def all_zero(folder):
    """Nothing was ever asked for."""
    content = [(number, "c1", "tea", 0, 4.0, f"2024-0{1 + number % 6}-01") for number in range(60)]
    rows(folder / "orders.csv", ORDER, content)


def no_products_left(folder):
    """A filter leaves no row."""
    condition = '\n[[collect.filter]]\ncolumn = "sku"\nis = "nothing"\n'
    change(folder / "lotwise.toml", '\n[[collect]]\ntable = "products"', f'{condition}\n[[collect]]\ntable = "products"')


def truncated_parquet(folder):
    """A Parquet file is cut short."""
    pq.write_table(pa.table({"a": list(range(1000))}), folder / "orders.parquet")
    content = (folder / "orders.parquet").read_bytes()
    (folder / "orders.parquet").write_bytes(content[: len(content) // 2])
    change(folder / "lotwise.toml", 'files = "orders.csv"', 'files = "orders.parquet"')


def two_currencies(folder):
    """Two prices of one file are in different currencies."""
    lines = (folder / "orders.csv").read_text(encoding="utf-8").splitlines()
    lines[1], lines[2] = (
        ",".join([*line.split(",")[:4], price, line.split(",")[5]])
        for line, price in zip(lines[1:3], ("$4.0", "4.0 EUR"), strict=True)
    )
    (folder / "orders.csv").write_text("\n".join(lines), encoding="utf-8")


FATAL = {
    missing: ("orders.csv", "does not exist"),
    empty: ("orders.csv", "empty"),
    header_only: ("orders.csv", "no row"),
    wrong_delimiter: ("orders.csv", "delimiter"),
    mixed_encodings: ("orders.csv", "row 5"),
    misspelt_column: ("orders.csv", "'qyt'", "did you mean 'qty'"),
    misspelt_key: ("forecast.scenarois", "did you mean 'scenarios'"),
    unknown_table: ("'ordrs'", "did you mean 'orders'"),
    unknown_target: (".unit'", "did you mean 'units'"),
    wrong_type: ("units", "bread"),
    one_week: ("week",),
    all_zero: ("units",),
    no_products_left: ("orders",),
    two_currencies: ("orders.csv", "two currencies or more", "EUR in 1 row", "[[collect]] of its own"),
    truncated_parquet: ("orders.parquet", "not a whole Parquet file", "Copy it again"),
}


@pytest.mark.parametrize("spoil", FATAL, ids=lambda spoil: spoil.__name__)
def test_bad_input_is_a_message_and_status_2(spoil, a_shop, command):
    """The message names what is wrong and where; the tables of the last run stay readable."""
    before = lotwise.open_project(a_shop).table("demand")
    spoil(a_shop)
    status, _, errors = command("run", "--project", a_shop)
    assert status == 2
    assert "Traceback" not in errors
    for part in FATAL[spoil]:
        assert part in errors
    assert Store(a_shop).read("demand").equals(before.cast(Store(a_shop).read("demand").schema))


def rejected(folder, command):
    """Return the reasons of the rejected rows after a run that must succeed."""
    status, _, errors = command("run", "--project", folder)
    assert status == 0, errors
    return lotwise.open_project(folder).table("rejects").to_pylist()


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        (3, "many", "units"),
        (4, "-2.0", "unit_price"),
        (4, "inf", "unit_price"),
        (5, "2024-13-45", "time"),
        (5, "31/12/2024", "time"),
        (5, "1066-10-14", "time"),
    ],
)
def test_a_bad_value_is_rejected_with_file_row_and_column(column, value, name, a_shop, command):
    """One wrong value costs its row or itself, not the run, and is found again by file, row and column."""
    edit_row(a_shop / "orders.csv", 4, column, value)
    found = [row for row in rejected(a_shop, command) if row["column"] == name and row["source_row"] == 4]
    assert found
    assert found[0]["source_file"] == "orders.csv"
    assert value.lstrip("-0")[:3] in str(found[0]["value"])


def test_one_key_with_two_bodies_is_counted(a_shop, command):
    """The later of two rows with one key stays, the earlier is listed."""
    first = (a_shop / "products.csv").read_text().splitlines()[1]
    with (a_shop / "products.csv").open("a") as stream:
        stream.write(first.replace("food", "treat") + "\n")
    found = [row for row in rejected(a_shop, command) if row["table"] == "products" and row["effect"] == "duplicate"]
    assert len(found) == 1
    assert "treat" in lotwise.open_project(a_shop).table("products")["category"].to_pylist()


def test_an_unknown_product_is_an_orphan_not_a_loss(a_shop, command):
    """An order for a product nobody listed is kept, and said."""
    edit_row(a_shop / "orders.csv", 4, 2, "scone")
    rejected(a_shop, command)
    project = lotwise.open_project(a_shop)
    assert "scone" in project.table("orders")["product"].to_pylist()
    orphans = {row["check"]: row["rows"] for row in project.table("quality").to_pylist() if row["table"] == "orders"}
    assert orphans["product: not in products"] == 1


def test_capacity_0_is_a_plan_with_reasons(a_shop, command):
    """A machine without hours cuts all its products, each with that reason."""
    rows(a_shop / "machines.csv", ("machine", "hours", "overtime_hours", "overtime_cost"), [("oven", 0, 0, 0)])
    rejected(a_shop, command)
    project = lotwise.open_project(a_shop)
    cuts = project.table("cuts").to_pylist()
    assert {row["product"] for row in cuts} == set(shop.PRODUCTS)
    assert all("oven" in row["reason"] and row["planned"] == 0 for row in cuts)


def test_a_product_without_routing_or_cost_is_planned_by_what_is_known(a_shop, command):
    """No routing: no machine limits it. No cost: the assumed one is used and marked."""
    rows(a_shop / "routing.csv", ("item", "step", "machine", "hours"), [("bread", 1, "oven", 0.1)])
    change(a_shop / "products.csv", "tea,food,2.5", "tea,food,")
    rejected(a_shop, command)
    project = lotwise.open_project(a_shop)
    basis = {row["product"]: row["cost_basis"] for row in project.table("economics").to_pylist()}
    assert basis == {"bread": "given", "cake": "given", "tea": "assumed"}
    assert {"bread", "cake", "tea"} == set(project.table("plans")["product"].to_pylist())


def test_a_bit_flip_in_a_parquet_source_is_never_a_crash(a_shop, command):
    """Of forty flips each is read, rejected in part, or refused with the file's name; none is a traceback."""
    table = pa.table({"order": ["1", "2"] * 200, "who": ["a", "b"] * 200, "sku": ["bread", "tea"] * 200, "qty": [1, 2] * 200})
    days = pa.array([shop.MONDAY.toordinal() - 719_163 + number % 200 for number in range(400)], pa.int32()).cast(pa.date32())
    pq.write_table(table.append_column("price", [[2.0, 4.0] * 200]).append_column("day", [days]), a_shop / "orders.parquet")
    change(a_shop / "lotwise.toml", 'files = "orders.csv"', 'files = "orders.parquet"')
    whole = (a_shop / "orders.parquet").read_bytes()
    rng = random.Random(3)  # noqa: S311  no secret
    for _ in range(40):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        (a_shop / "orders.parquet").write_bytes(flipped)
        status, _, errors = command("collect", "--project", a_shop)
        assert status in (0, 2), errors


def test_two_runs_at_once(a_shop, command):
    """The second says who holds the project, and stops."""
    with Store(a_shop).lock():
        status, _, errors = command("run", "--project", a_shop)
    assert status == 2
    assert str(os.getpid()) in errors


@pytest.fixture
def read_only(tmp_path):
    """Return a function that makes a folder one that nobody, not even root, may write to."""
    mounted = []

    def protect(folder):
        if os.geteuid() != 0:
            for path in [*folder.rglob("*"), folder]:
                path.chmod(0o500 if path.is_dir() else 0o400)
            return folder
        target = tmp_path / "protected"
        target.mkdir()
        if subprocess.run(["mount", "--bind", folder, target], check=False, capture_output=True).returncode:
            pytest.skip("this machine does not allow mounting")
        mounted.append(target)
        subprocess.run(["mount", "-o", "remount,bind,ro", target], check=True)
        return target

    yield protect
    for target in mounted:
        subprocess.run(["umount", target], check=True)


def test_a_read_only_folder_is_said(a_shop, read_only, command):
    """A run says that it cannot write; what was published can be shown."""
    folder = read_only(a_shop)
    status, _, errors = command("run", "--from", "plan", "--project", folder)
    assert status == 2
    assert "cannot be written" in errors
    assert command("show", "gap", "--project", folder)[0] == 0


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_a_kill_in_the_middle_of_a_stage_leaves_the_last_version(stage, a_shop):
    """After kill -9 the tables are those of before, byte for byte, and the next run goes through."""
    before = Store(a_shop).manifest()
    code = f"""
import sys, time
import lotwise, lotwise.engine.store as store
whole = store.Store.publish
def publish(self, entries, *, fingerprints):
    if "{stage}" in fingerprints:
        print("ready", flush=True)
        time.sleep(60)
    return whole(self, entries, fingerprints=fingerprints)
store.Store.publish = publish
lotwise.open_project(sys.argv[1]).run(only="{stage}")
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(a_shop)], stdout=subprocess.PIPE, text=True)
    with process:
        while "ready" not in (line := process.stdout.readline()):
            assert line or process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    after = Store(a_shop).manifest()
    others = {name: entry for name, entry in before.tables.items() if name != "runs"}
    assert {name: entry for name, entry in after.tables.items() if name != "runs"} == others
    for name in others:
        Store(a_shop).read(name)
    lotwise.open_project(a_shop).run(only=stage)


def test_a_million_products_are_pooled_and_planned(tmp_path, command):
    """10^6 distinct products go through in bounded memory; the best sellers are planned, the rest counted."""
    shop.write(tmp_path)
    count = 1_000_000
    days = pa.array([19_723 + number % 210 for number in range(count)], pa.int32()).cast(pa.date32())
    table = pa.table(
        {
            "order": [str(number) for number in range(count)],
            "who": [f"c{number % 1000}" for number in range(count)],
            "sku": [f"p{number}" for number in range(count)],
            "qty": pa.array([1 + number % 3 for number in range(count)], pa.int64()),
            "price": pa.array([2.0] * count),
            "day": days,
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    change(tmp_path / "lotwise.toml", 'files = "orders.csv"', 'files = "orders.parquet"')
    change(tmp_path / "lotwise.toml", "products = 0", "products = 50")
    change(tmp_path / "lotwise.toml", "[gap]", "[pool]\nmax_cells = 200000\n\n[gap]")
    status, _, errors = command("run", "--project", tmp_path)
    assert status == 0, errors
    assert lotwise.open_project(tmp_path).table("demand").num_rows <= 200_000
