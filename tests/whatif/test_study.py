"""Tests of scenarios planned beside a project."""

from __future__ import annotations

import hashlib
import shutil

import pytest

import lotwise
from lotwise.errors import InputError
from lotwise.whatif import Scenario, compare, differ, read, what_if
from lotwise.whatif.difference import TABLES
from lotwise.whatif.scenario import Change, DemandChange, Removal
from tests.whole.conftest import a_shop, run_shop
from tests.whole.shop import change

__all__ = ["a_shop", "run_shop"]

SCENARIO = """
[scenario]
name = "long oven"
[plan]
overtime = false
[economics]
salvage_share = 0.1
[[change]]
table = "machines"
set = { hours = 5.5 }
[[change]]
table = "products"
where = { product = "cake" }
set = { unit_cost = 6 }
"""


@pytest.fixture(scope="module")
def shop(run_shop, tmp_path_factory):
    """Return a run shop whose project no test changes."""
    return lotwise.open_project(shutil.copytree(run_shop, tmp_path_factory.mktemp("whatif") / "shop"))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a file with one scenario: fewer hours, no overtime, a dearer cake, less for what is left."""
    found = tmp_path_factory.mktemp("file") / "what.toml"
    found.write_text(SCENARIO, encoding="utf-8")
    return found


def published(folder):
    """Return what every file of a project holds, those of its studies left out."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and "studies" not in file.parts)
    return {file.relative_to(folder): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def read_tables(project):
    """Return the tables that plans are compared by."""
    return {name: table for name in TABLES if (table := project.find(name)) is not None}


def test_a_scenario_is_the_plan_of_a_project_with_these_files(shop, run_shop, file, tmp_path):
    """Run with the same changes made in its files and settings, a second project differs by the same figures."""
    (found,) = what_if(shop, file)
    other = shutil.copytree(run_shop, tmp_path / "other")
    change(other / "machines.csv", "oven,6,", "oven,5.5,")
    change(other / "products.csv", "cake,food,5.0", "cake,food,6")
    settings = other / "lotwise.toml"
    settings.write_text(
        settings.read_text() + "\n[plan]\novertime = false\n[economics]\nsalvage_share = 0.1\n", encoding="utf-8"
    )
    second = lotwise.open_project(other)
    second.run(until="pool")
    second.run(only="plan")
    base = lotwise.Project(shop.folder, shop.settings, study="what-if-base")
    by_hand = differ(read_tables(base), read_tables(second), scenario="long oven")
    assert {name: table.to_pylist() for name, table in found.parts.items()} == {
        name: table.to_pylist() for name, table in by_hand.parts.items()
    }
    assert found.products.num_rows


def test_what_is_published_stays_byte_for_byte(shop, file):
    """A what-if writes nothing but its studies."""
    before = published(shop.folder)
    what_if(shop, file)
    assert published(shop.folder) == before


def test_the_base_is_what_the_stage_would_publish_now(a_shop, file):
    """Planned again, the project differs from the base by nothing; scenarios are found again by their names."""
    project = lotwise.open_project(a_shop)
    (found,) = what_if(project, file)
    assert compare(project, "base", "Long oven").figures.equals(found.figures)
    project.run(only="plan")
    assert set(compare(project, "published", "base").figures["change"].to_pylist()) <= {0.0, None}


def test_scenarios_may_be_objects_and_several(shop, file):
    """Each is compared with the unchanged plan: more demand is asked for in one of them only."""
    more = Scenario("more", demand=[DemandChange(1.5)])
    first, second = what_if(shop, [*read(file), more])
    asked = [next(row for row in one.figures.to_pylist() if row["measure"] == "units asked for") for one in (first, second)]
    assert asked[0]["change"] == 0
    assert asked[1]["change"] == pytest.approx(0.5 * asked[1]["base"], rel=1e-5)


def test_frames_stand_in_place_of_tables(shop):
    """A frame of machines with fewer hours is the same as a file that sets them."""
    machines = shop.table("machines").to_pandas().assign(hours=5.5)
    (framed,) = what_if(shop, {"framed": {"machines": machines}})
    (told,) = what_if(shop, [Scenario("told", change=[Change("machines", set={"hours": 5.5})])])
    assert framed.figures.equals(told.figures)
    assert framed.figures["change"][0].as_py() < 0
    with pytest.raises(InputError, match=r"column 'hours' .* is missing"):
        what_if(shop, {"x": {"machines": machines.drop(columns="hours")}})
    with pytest.raises(InputError, match="did you mean 'machines'"):
        what_if(shop, {"x": {"machine": machines}})


def test_nothing_is_planned_where_anything_does_not_fit(shop, tmp_path):
    """Faults of all scenarios are one message."""
    bad = tmp_path / "bad.toml"
    bad.write_text(
        "[[scenario]]\nname = 'a'\n[[scenario.demand]]\nproduct = 'cacke'\ntimes = 2\n"
        "[[scenario]]\nname = 'b'\n[[scenario.drop]]\ntable = 'machines'\nwhere = { machine = 'ofen' }\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        what_if(shop, bad)
    assert "scenario 'a', [[demand]] 1: no product 'cacke' is forecast; did you mean 'cake'?" in str(caught.value)
    assert "scenario 'b', [[drop]] 1: no row of 'machines' has machine = 'ofen'; did you mean 'oven'?" in str(caught.value)


def test_past_demand_and_forecasts_are_not_changed_as_tables(shop):
    """They are no table of the file; demand has its own place in it."""
    with pytest.raises(InputError, match="'draws' is no table the plan is made from"):
        what_if(shop, [Scenario("x", drop=[Removal("draws", {})])])


def test_a_scenario_that_was_not_planned_is_refused(shop, file):
    """The message names those that were."""
    what_if(shop, file)
    with pytest.raises(InputError, match="did you mean 'long-oven'"):
        compare(shop, "base", "long-ofen")


def test_a_project_that_is_not_run_is_refused(tmp_path, file):
    """There is no forecast to plan by."""
    (tmp_path / "lotwise.toml").write_text("", encoding="utf-8")
    with pytest.raises(lotwise.MissingTableError, match="lotwise run"):
        what_if(lotwise.open_project(tmp_path), file)
