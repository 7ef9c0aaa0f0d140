"""The workshop's files: every shop and office keeps its own format, as shops and offices do."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from lotwise.demo.atelier.law import START
from lotwise.demo.atelier.world import BAD_TIMES, BAD_UNITS, SEED, WEEKS, simulate

if TYPE_CHECKING:
    from pathlib import Path

COMMA = {"delimiter": ";", "quoting_style": "needed"}
NORTH = ("order_no", "pos", "ordered_at", "client", "style", "shop", "qty", "unit_price", "total", "rebate", "due", "state")
SOUTH = (
    "Order",
    "Item",
    "Ordered",
    "Client",
    "Article",
    "Store",
    "Pieces",
    "Price",
    "Amount",
    "Discount",
    "Promised",
    "Status",
)
WEB = ("id", "n", "at", "user", "sku", "channel", "units", "price", "total", "off", "promised", "state")
SHANGHAI = timedelta(hours=8)
"""How far the workshop's clock is ahead of UTC, in which the web shop writes."""

JSON_TABLES = ("reviews", "messages", "sensors")
PARQUET_TABLES = ("order_options", "events")


def write(folder: Path, *, seed: int = SEED, weeks: int = WEEKS) -> None:
    """Return with a project in the folder: ``lotwise.toml`` and ``data/``, the same bytes for the same seed.

    Parameters
    ----------
    folder
        Where the project goes; made where it does not exist.
    seed
        Seed of the simulation.
    weeks
        Weeks simulated, from Monday, 5 May 2025; plans reach eight weeks further.
    """
    tables = simulate(seed, weeks).tables
    data = folder / "data"
    (data / "orders").mkdir(parents=True, exist_ok=True)
    (folder / "lotwise.toml").write_text(_settings(weeks), encoding="utf-8", newline="\n")
    _write_orders(tables.pop("orders"), data / "orders")
    _write_csv(_decimal_comma(tables.pop("competitors"), ("price",)), data / "competitors.csv", **COMMA)
    for name, table in tables.items():
        if name in JSON_TABLES:
            _write_lines(table, data / f"{name}.jsonl")
        elif name in PARQUET_TABLES:
            pq.write_table(table, data / f"{name}.parquet")
        else:
            _write_csv(table, data / f"{name}.csv")


def _settings(weeks: int) -> str:
    """Return the settings, with the first day that is not known moved to the end of the weeks simulated."""
    text = files("lotwise.demo.atelier").joinpath("lotwise.toml").read_text(encoding="utf-8")
    return text.replace(f"today = {_end(WEEKS)}", f"today = {_end(weeks)}")


def _end(weeks: int) -> date:
    return START + timedelta(weeks=weeks)


def _write_orders(orders: pa.Table, folder: Path) -> None:
    """Write one file a region: plain CSV, CSV with semicolons and decimal commas, and JSON lines in UTC."""
    north, south, web = (
        orders.filter(pc.equal(orders["region"], region)).drop_columns("region") for region in ("north", "south", "web")
    )
    north = _as_text(north, "%Y-%m-%d %H:%M:%S")
    south = _decimal_comma(_as_text(south, "%d.%m.%Y %H:%M"), ("price", "revenue", "discount"))
    north = _spoiled(north, "units", "two", BAD_UNITS)
    south = _spoiled(south, "time", "31.02.2026 10:00", BAD_TIMES)
    _write_csv(north.rename_columns(NORTH), folder / "north.csv")
    _write_csv(south.rename_columns(SOUTH), folder / "south.csv", **COMMA)
    utc = pc.subtract(web["time"], pa.scalar(SHANGHAI, pa.duration("s")))
    _write_lines(web.set_column(2, "time", utc).rename_columns(WEB), folder / "web.jsonl")


def _as_text(orders: pa.Table, times: str) -> pa.Table:
    """Return the orders with times as this shop writes them and units as text, so that one of them can be wrong."""
    time = pc.strftime(orders["time"], format=times)
    orders = orders.set_column(orders.column_names.index("time"), "time", pc.replace_substring_regex(time, r"\.\d+$", ""))
    return orders.set_column(orders.column_names.index("units"), "units", orders["units"].cast(pa.string()))


def _spoiled(orders: pa.Table, column: str, value: str, count: int) -> pa.Table:
    """Return the orders with some more, on orders of their own, of which one value cannot be read."""
    bad = orders.slice(0, count)
    bad = bad.set_column(0, "order", pa.array([f"B-{column}-{number}" for number in range(count)]))
    return pa.concat_tables([orders, bad.set_column(bad.column_names.index(column), column, pa.array([value] * count))])


def _decimal_comma(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    for name in columns:
        written = [f"{value:.2f}".replace(".", ",") for value in table[name].to_pylist()]
        table = table.set_column(table.column_names.index(name), name, pa.array(written))
    return table


def _write_csv(table: pa.Table, file: Path, **style: str) -> None:
    pv.write_csv(table, file, pv.WriteOptions(**style))


def _write_lines(table: pa.Table, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as target:
        for row in table.to_pylist():
            target.write(json.dumps(row, ensure_ascii=False, default=lambda value: value.isoformat()) + "\n")
