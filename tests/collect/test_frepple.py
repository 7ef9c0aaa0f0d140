import csv
import gzip
import json
import re
from collections import Counter
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given as for_all
from hypothesis import settings, strategies

from lotwise import config
from lotwise.collect import frepple, run
from lotwise.collect.frepple import reading
from lotwise.collect.frepple.project import FROM
from lotwise.errors import InputError
from lotwise.stage import Inputs

SAMPLES = ("manufacturing_demo.json.gz", "demo.json.gz")
HOURS = {"startdate": "2001-01-01 00:00:00", "enddate": "2030-12-31 00:00:00", "priority": 10, "value": 1}
WEEKEND = {"saturday": False, "sunday": False}


def entry(model, **fields):
    """Return one row of a fixture."""
    return {"model": model if "." in model else f"input.{model}", "fields": fields}


def lamp():
    """Return one product (lamp) of two components (bulb, foot), made by two operations; a foot is sawn from a rod.

    One run of the assembly takes 2 bulbs and 4 feet and gives 2 lamps.
    """
    return [
        entry("common.parameter", name="currentdate", value="2024-01-03 08:00:00"),  # a Wednesday
        entry("common.parameter", name="currency", value="EUR"),
        entry("calendar", name="shift", defaultvalue=0),
        entry("calendarbucket", calendar_id="shift", starttime="08:00:00", endtime="15:59:59", **HOURS, **WEEKEND),
        entry("location", name="hall", available_id="shift"),
        entry("item", name="lamp", cost=100, category="light"),
        entry("item", name="bulb", cost=3),
        entry("item", name="foot", cost=5),
        entry("item", name="rod", cost=7),
        entry(
            "operation", name="assemble", type="time_per", item_id="lamp", duration="7200", duration_per="1800.0", sizeminimum=6
        ),
        entry("operation", name="saw foot", type="time_per", item_id="foot", duration_per="00:06:00"),
        entry("operationmaterial", operation_id="assemble", item_id="lamp", quantity=2, type="end"),
        entry("operationmaterial", operation_id="assemble", item_id="bulb", quantity=-2, type="start"),
        entry("operationmaterial", operation_id="assemble", item_id="foot", quantity=-4, type="start"),
        entry("operationmaterial", operation_id="saw foot", item_id="foot", quantity=1, type="end"),
        entry("operationmaterial", operation_id="saw foot", item_id="rod", quantity=-0.5, type="start"),
        entry("resource", name="bench", maximum=2, location_id="hall"),
        entry("resource", name="saw", maximum=1, location_id="hall", efficiency=50),
        entry("operationresource", operation_id="assemble", resource_id="bench", quantity=1),
        entry("operationresource", operation_id="saw foot", resource_id="saw", quantity=1),
        entry("itemsupplier", item_id="bulb", supplier_id="ACME", leadtime="691200", sizeminimum=50, cost=2.5),  # 8 days
        entry("itemsupplier", item_id="rod", supplier_id="ACME", leadtime="P7DT00H00M00S", sizeminimum=1),
        entry("buffer", item_id="lamp", location_id="hall", onhand=4),
        entry("demand", name="old", item_id="lamp", due="2023-10-02 00:00:00", quantity=3, status="closed", customer_id="Ann"),
        entry("demand", name="new", item_id="lamp", due="2024-01-20 00:00:00", quantity=8, status="open", customer_id="Ann"),
    ]


def saved(folder, content):
    """Return the path of a fixture, written."""
    file = folder / "model.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def rows(project, table):
    """Return the rows of a table of a project as its file holds them."""
    with (project / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def converted(folder, content):
    """Return the project made from a fixture, and what was told."""
    told = frepple.convert(saved(folder, content), folder / "project")
    return folder / "project", told


def translated(folder, content):
    """Return a fixture as a translation."""
    return frepple.translate(*frepple.read(saved(folder, content)))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_of_the_samples_is_carried_over_or_reported(shared_data, tmp_path, name):
    """For each model, rows in the file = rows carried + rows reported with a reason, in what is told as well."""
    file = shared_data / "frepple_demo" / name
    told = frepple.convert(file, tmp_path / "project")
    given = Counter(row["model"] for row in json.loads(gzip.decompress(file.read_bytes())))
    made = frepple.translate(*frepple.read(file))
    left = Counter()
    for line in told:
        if found := re.match(r"([\w.]+): (\d+) of (\d+) rows are not carried over: .+", line):
            left[found[1]] += int(found[2])
            assert int(found[3]) == given[found[1]]
    assert given == made.carried + left


def test_the_manufacturing_sample_becomes_a_project(shared_data, tmp_path):
    """All demands, stocks and bills are there, today is the sample's date, and the settings are valid."""
    frepple.convert(shared_data / "frepple_demo" / SAMPLES[0], tmp_path)
    read = config.read(tmp_path / "lotwise.toml")
    assert read.project.today == date(2021, 1, 1)
    assert read.project.currency == "USD"
    tables = {mapping.table: len(rows(tmp_path, mapping.table)) for mapping in read.collect}
    assert tables["orders"] == 220
    assert (tables["products"], tables["stock"]) == (4, 19)
    # cushions, screws, panels and beams are bought; a supplier sells chairs, which are made as well
    assert (tables["materials"], tables["suppliers"]) == (4, 5)
    # confirmed purchases; three transfers leave in two months and are still in stock where they leave
    assert tables["receipts"] == 4
    # everything sold is made at the factory, goes through the warehouse to two shops, and some is sold at the warehouse
    assert tables["sites"] == 4
    assert {(row["origin"], row["target"]) for row in rows(tmp_path, "lanes")} == {
        ("factory", "warehouse"), ("warehouse", "shop 1"), ("warehouse", "shop 2"),
        ("warehouse", "customers"), ("shop 1", "customers"), ("shop 2", "customers"),
    }  # fmt: skip
    assert tables["bom"] == 20 - 7  # lines of operationmaterial less those that produce
    assert tables["routing"] == 13
    machines = {row["machine"]: (row["count"], float(row["hours"])) for row in rows(tmp_path, "machines")}
    # Monday to Friday, day and night: 120 hours; a calendar gives the assembly line 2, three people are the operators
    assert machines == {
        "assembly line": ("2", 240), "saw": ("1", 120), "grinder": ("1", 120), "operators": ("3", 360),
    }  # fmt: skip


def test_a_converted_sample_is_read_without_faults(shared_data, tmp_path, engine):
    """Every value of the project's files is read as its column's type, and no column of theirs is unused."""
    frepple.convert(shared_data / "frepple_demo" / SAMPLES[0], tmp_path)
    given = run(Inputs(settings=config.read(tmp_path / "lotwise.toml"), engine=engine, folder=tmp_path))
    faults = given["raw.faults"]
    assert (faults if isinstance(faults, pa.Table) else engine.to_arrow(faults)).num_rows == 0
    sources = given["sources"].to_pylist()
    assert {row["table"] for row in sources} == set(FROM) - {"coproducts", "families", "setups"}
    assert not [row for row in sources if row["unused"]]


def test_the_units_of_the_sample_are_all_there(shared_data, tmp_path):
    """Units demanded and units on hand are those of the file."""
    file = shared_data / "frepple_demo" / SAMPLES[0]
    frepple.convert(file, tmp_path)
    content = [(row["model"], row["fields"]) for row in json.loads(gzip.decompress(file.read_bytes()))]
    asked = sum(fields["quantity"] for model, fields in content if model == "input.demand")
    on_hand = sum(fields["onhand"] for model, fields in content if model == "input.buffer")
    assert sum(float(row["units"]) for row in rows(tmp_path, "orders")) == asked
    assert sum(float(row["units"]) for row in rows(tmp_path, "stock")) == on_hand


def test_bill_and_routing_are_for_one_unit_produced(tmp_path):
    """Quantities, hours and set-up hours are those of one unit, whatever one run produces."""
    project, _ = converted(tmp_path, lamp())
    # one run: 2 bulbs and 4 feet for 2 lamps; half an hour for 2 lamps; 6 minutes a foot
    plain = {"version": "always", "alternate": "", "starts": "", "ends": ""}
    assert rows(project, "bom") == [
        {"item": "lamp", "component": "bulb", "quantity": "1.0", **plain},
        {"item": "lamp", "component": "foot", "quantity": "2.0", **plain},
        {"item": "foot", "component": "rod", "quantity": "0.5", **plain},
    ]
    assert rows(project, "routing") == [
        {"item": "lamp", "step": "1", "machine": "bench", "hours": "0.25", "setup_hours": "2.0", "unit_cost": ""},
        {"item": "foot", "step": "1", "machine": "saw", "hours": "0.1", "setup_hours": "0.0", "unit_cost": ""},
    ]


def test_machines_work_when_their_site_is_open(tmp_path):
    """Hours a week are capacity x open hours x efficiency."""
    project, _ = converted(tmp_path, lamp())
    # 5 days of 8 hours: 2 benches 80 hours; the saw works at half its speed
    found = {row["machine"]: float(row["hours"]) for row in rows(project, "machines")}
    assert found == {"bench": 80, "saw": 20}


def test_lead_times_are_whole_weeks_and_cost_adds_up(tmp_path):
    """A lead time is rounded up, a supplier's price goes before the item's, and a product costs its materials."""
    project, _ = converted(tmp_path, lamp())
    bulb, rod = rows(project, "materials")
    assert (bulb["material"], bulb["lead_weeks"], bulb["unit_cost"], bulb["minimum_order"]) == ("bulb", "2", "2.5", "50.0")
    assert (rod["material"], rod["lead_weeks"], rod["unit_cost"]) == ("rod", "1", "7.0")
    product = rows(project, "products")[0]
    # 1 bulb at 2.5 and 2 feet of half a rod at 7
    assert (product["unit_price"], product["unit_cost"], product["make"]) == ("100.0", "9.5", "order")
    assert (product["lot_minimum"], product["lot_multiple"]) == ("6.0", "")


def test_open_orders_are_due_and_count_as_no_history(tmp_path):
    """A closed demand is history on its due day; an open one is placed in the week under way and keeps its due day."""
    project, _ = converted(tmp_path, lamp())
    old, new = rows(project, "orders")
    assert (old["time"], old["due"]) == ("2023-10-02 00:00:00", "")
    assert (new["time"], new["due"], new["units"]) == ("2024-01-01 00:00:00", "2024-01-20", "8.0")


def test_a_monday_is_moved_so_that_open_orders_are_known(tmp_path):
    """Where the current date is a Monday, today is the Tuesday, and that is told."""
    content = lamp()
    content[0]["fields"]["value"] = "2024-01-01 00:00:00"
    project, told = converted(tmp_path, content)
    assert config.read(project / "lotwise.toml").project.today == date(2024, 1, 2)
    assert any(line.startswith("today: ") for line in told)


def test_a_group_of_resources_is_its_members(tmp_path):
    """An operation on a group may run on any member: the machine is the group, its hours those of the members."""
    people = [entry("resource", name=name, owner_id="bench", maximum=1, location_id="hall") for name in ("Bo", "Cy", "Di")]
    project, told = converted(tmp_path, [*lamp(), *people])
    bench = next(row for row in rows(project, "machines") if row["machine"] == "bench")
    assert (bench["count"], float(bench["hours"])) == ("3", 120)
    assert any("any member may do the work of bench" in line for line in told)


def test_without_a_calendar_forty_hours_are_taken(tmp_path):
    """A resource no calendar speaks of works 40 hours a week, which is told."""
    content = [row for row in lamp() if row["model"] not in {"input.calendar", "input.calendarbucket"}]
    project, told = converted(tmp_path, content)
    assert {row["machine"]: float(row["hours"]) for row in rows(project, "machines")} == {"bench": 80, "saw": 20}
    assert any("bench, saw work; 40 hours a week" in line for line in told)


def test_steps_of_a_routing_make_its_item(tmp_path):
    """What sub-operations use goes into the item of the operation they belong to, in the order of their priority."""
    content = [
        *lamp(),
        entry("operation", name="assemble and test", type="routing", item_id="kit"),
        entry("operation", name="test", type="time_per", owner_id="assemble and test", priority=2, duration_per=360),
        entry("operation", name="pack", type="fixed_time", owner_id="assemble and test", priority=1, duration=3600),
        entry("operationmaterial", operation_id="pack", item_id="lamp", quantity=-1),
        entry("operationmaterial", operation_id="test", item_id="kit", quantity=1),
        entry("operationresource", operation_id="test", resource_id="bench"),
        entry("item", name="kit", cost=120),
        entry("demand", name="kits", item_id="kit", due="2024-02-01 00:00:00", quantity=1),
    ]
    project, told = converted(tmp_path, content)
    assert [row["component"] for row in rows(project, "bom") if row["item"] == "kit"] == ["lamp"]
    step = next(row for row in rows(project, "routing") if row["item"] == "kit")
    assert (step["machine"], step["hours"]) == ("bench", "0.1")
    assert any("1 take time but no machine" in line for line in told)


def test_what_has_no_place_is_counted_with_its_reason(tmp_path):
    """Ways with another bill, fixed quantities, lines of the past and other models are left, each with its reason."""
    content = [
        *lamp(),
        entry("operation", name="buy in", type="time_per", item_id="lamp", priority=2),
        entry("operationmaterial", operation_id="assemble", item_id="glue", quantity=-1, type="fixed_start"),
        entry("operationmaterial", operation_id="assemble", item_id="gold", quantity=-1, effective_end="2024-01-03 00:00:00"),
        entry("setuprule", setupmatrix="colors"),
        entry("skill", name="polishing"),
        entry("operationplan", reference="MO 1", type="MO", status="proposed", operation_id="assemble", quantity=3),
        entry("somethingnew", name="x"),
        entry("demand", name="maybe", item_id="lamp", due="2024-02-01 00:00:00", quantity=1, status="inquiry"),
    ]
    left = translated(tmp_path, content).left
    assert left["input.operation", "alternates that differ from the preferred operation in more than their resources"] == 1
    assert left["input.operationmaterial", "a quantity for a lot of any size; bills are for one unit"] == 1
    assert left["input.operationmaterial", "no longer in effect on 2024-01-03"] == 1
    assert left["input.setuprule", "of no machine on which an operation asks for a set-up"] == 1
    assert left["input.skill", "no operation that is carried over asks for it"] == 1
    assert left["input.operationplan", "proposals, and what is finished: lotwise makes its own plan"] == 1
    assert left["input.somethingnew", "model not understood"] == 1
    assert left["input.demand", "status inquiry: neither history nor a firm order"] == 1


def test_alternate_components_and_dates_are_lines_of_their_own(tmp_path):
    """Components under one name stand in for each other, the preferred first; a line of the future has its first day."""
    content = [
        *lamp(),
        entry("operationmaterial", operation_id="assemble", item_id="LED", quantity=-2, name="light", priority=2),
        entry("operationmaterial", operation_id="assemble", item_id="neon", quantity=-4, name="light", priority=1),
        entry("operationmaterial", operation_id="assemble", item_id="lens", quantity=-2, effective_start="2024-06-01 00:00:00"),
    ]
    lines = [row for row in rows(converted(tmp_path, content)[0], "bom") if row["item"] == "lamp"]
    light = {row["component"]: row for row in lines if row["alternate"] == "light"}
    assert {name: float(row["quantity"]) for name, row in light.items()} == {"neon": 2, "LED": 1}
    assert light["neon"]["version"] < light["LED"]["version"]
    assert [(row["component"], row["starts"]) for row in lines if row["starts"]] == [("lens", "2024-06-01")]


def test_what_else_comes_out_is_a_co_product(tmp_path):
    """A run that gives 2 lamps and 1 shade gives half a shade a lamp."""
    content = [*lamp(), entry("operationmaterial", operation_id="assemble", item_id="shade", quantity=1)]
    project, _ = converted(tmp_path, content)
    assert rows(project, "coproducts") == [{"item": "lamp", "coproduct": "shade", "quantity": "0.5"}]


def test_the_same_bill_on_other_resources_is_another_machine_for_the_step(tmp_path):
    """An operation, or a resource of the same name, that differs in its resource only is one more row of the step."""
    content = [
        *lamp(),
        entry("resource", name="robot", maximum=1, location_id="hall", cost=20),
        entry("resource", name="laser", maximum=1, location_id="hall"),
        entry("operation", name="by robot", type="time_per", item_id="foot", duration_per="00:03:00", priority=2),
        entry("operationmaterial", operation_id="by robot", item_id="foot", quantity=1, type="end"),
        entry("operationmaterial", operation_id="by robot", item_id="rod", quantity=-0.5, type="start"),
        entry("operationresource", operation_id="by robot", resource_id="robot", quantity=1),
        entry("operationresource", operation_id="saw foot", resource_id="laser", quantity=1, name="cut", priority=2),
    ]
    next(row for row in content if row["fields"].get("resource_id") == "saw")["fields"]["name"] = "cut"
    found = [row for row in rows(converted(tmp_path, content)[0], "routing") if row["item"] == "foot"]
    # 3 minutes of a robot at 20 an hour cost 1, where the saw costs nothing
    assert [(row["step"], row["machine"], row["hours"], row["unit_cost"]) for row in found] == [
        ("1", "saw", "0.1", ""), ("1", "laser", "0.1", ""), ("1", "robot", "0.05", "1.0"),
    ]  # fmt: skip


def test_every_supplier_is_an_offer_with_its_terms(tmp_path):
    """A second supplier is a row beside the first; one that nobody may use on its own is left."""
    content = [
        *lamp(),
        entry("itemsupplier", item_id="bulb", supplier_id="Best", leadtime="86400", cost=2, priority=2, sizemultiple=10,
              effective_end="2024-03-01 00:00:00"),
        entry("itemsupplier", item_id="bulb", supplier_id="Never", cost=1, priority=0),
        entry("supplier", name="Best"),
        entry("supplier", name="Never"),
    ]  # fmt: skip
    project, told = converted(tmp_path, content)
    offers = [row for row in rows(project, "suppliers") if row["material"] == "bulb"]
    assert [(row["supplier"], row["unit_price"], row["lead_weeks"], row["minimum_order"]) for row in offers] == [
        ("ACME", "2.5", "2", "50.0"), ("Best", "2.0", "1", ""),
    ]  # fmt: skip
    assert (offers[1]["order_multiple"], offers[1]["ends"]) == ("10.0", "2024-02-29")
    assert any(line.startswith("input.supplier: 1 of 2 rows are not carried over") for line in told)


def test_orders_under_way_are_receipts_and_take_their_materials(tmp_path):
    """A purchase comes on its day; a lot under way gives what it makes, and its components leave the stock."""
    moved = {
        "type": "DO",
        "status": "confirmed",
        "item_id": "lamp",
        "origin_id": "hall",
        "destination_id": "shop",
        "quantity": 5,
    }
    content = [
        *lamp(),
        entry("buffer", item_id="bulb", location_id="hall", onhand=10),
        entry("operationplan", reference="PO 1", type="PO", status="approved", item_id="rod", quantity=20,
              enddate="2024-01-20 00:00:00"),
        entry("operationplan", reference="MO 1", type="MO", status="confirmed", operation_id="assemble", quantity=3,
              startdate="2024-01-02 00:00:00", enddate="2024-01-09 00:00:00"),
        entry("operationplan", reference="MO 2", type="MO", status="approved", operation_id="assemble", quantity=1,
              startdate="2024-01-12 00:00:00"),
        entry("operationplan", reference="DO 1", startdate="2024-02-01 00:00:00", **moved),
    ]  # fmt: skip
    project, told = converted(tmp_path, content)
    found = [
        (row["receipt"], row["item"], row["kind"], row["day"], row["units"], row["begun"]) for row in rows(project, "receipts")
    ]
    # a run gives 2 lamps; the one of the 12th takes 2 hours and half an hour
    assert found == [
        ("PO 1", "rod", "purchase", "2024-01-20", "20.0", "true"), ("MO 1", "lamp", "lot", "2024-01-09", "6.0", "true"),
        ("MO 2", "lamp", "lot", "2024-01-12", "2.0", "false"),
    ]  # fmt: skip
    assert {row["item"]: row["units"] for row in rows(project, "stock")} == {"lamp": "4.0", "bulb": "4.0"}
    assert any("transfers that have not left yet" in line for line in told)


def test_sites_are_planned_apart_where_something_moves(tmp_path):
    """What a shop sells is made in the hall and moved there; sizes of lots and least stocks stand at their site."""
    content = [
        *lamp(),
        entry("location", name="shop"),
        entry("location", name="museum"),
        entry("itemdistribution", origin_id="hall", location_id="shop", leadtime="259200", sizeminimum=5, cost=2),  # 3 days
        entry("itemdistribution", origin_id="hall", location_id="museum", leadtime="259200"),
        entry("buffer", item_id="lamp", location_id="shop", onhand=2, minimum=7),
    ]
    for row in content:
        if row["model"] == "input.operation":
            row["fields"]["location_id"] = "hall"
        if row["model"] == "input.demand":
            row["fields"]["location_id"] = "shop"
    project, told = converted(tmp_path, content)
    assert [tuple(row.values()) for row in rows(project, "lanes")] == [
        ("lamp", "hall", "shop", "0", "2.0", "5.0", ""), ("lamp", "shop", "customers", "0", "", "", ""),
    ]  # fmt: skip
    assert {row["site"] for row in rows(project, "sites")} == {"hall", "shop"}
    kept = {(row["item"], row["site"]): row for row in rows(project, "items")}
    assert kept["lamp", "hall"]["lot_minimum"] == "6.0"
    assert (kept["lamp", "shop"]["lead_weeks"], kept["lamp", "shop"]["safety_stock"]) == ("", "7.0")
    assert {row["site"] for row in rows(project, "machines")} == {"hall"}
    assert "input.location: 1 of 3 rows are not carried over: nothing is made, kept or moved there" in told


def test_set_ups_are_the_mean_over_what_ran_before(tmp_path):
    """Of changes to red from green (2 hours) and from blue (1 hour) the mean is an hour and a half."""
    colors = ("red", "green", "blue")
    content = [
        *lamp(),
        entry("setupmatrix", name="paint"),
        entry("setuprule", setupmatrix_id="paint", fromsetup="green", tosetup="red", duration=7200, cost=30, priority=1),
        entry("setuprule", setupmatrix_id="paint", fromsetup="*", tosetup="*", duration=3600, priority=2),
        entry("resource", name="booth", maximum=1, location_id="hall", setupmatrix_id="paint"),
    ]
    for color in colors:
        content += [
            entry("item", name=color, cost=9),
            entry("operation", name=f"paint {color}", type="time_per", item_id=color, duration_per=60),
            entry("operationmaterial", operation_id=f"paint {color}", item_id=color, quantity=1),
            entry("operationresource", operation_id=f"paint {color}", resource_id="booth", setup=color),
            entry("demand", name=color, item_id=color, due="2024-02-01 00:00:00", quantity=1),
        ]
    project, told = converted(tmp_path, content)
    assert {row["family"]: (row["setup_hours"], row["setup_cost"]) for row in rows(project, "families")} == {
        "red": ("1.5", "15.0"), "green": ("1.0", ""), "blue": ("1.0", ""),
    }  # fmt: skip
    assert {row["item"]: row["family"] for row in rows(project, "items") if row["family"]} == {c: c for c in colors}
    assert any("the schedule takes each change as it is" in line for line in told)
    changes = {(row["from_state"], row["to_state"]): row["hours"] for row in rows(project, "setups")}
    # the rule for green to red takes two hours, every other one an hour, the first set-up too
    assert (changes["green", "red"], changes["blue", "red"], changes["new", "red"]) == ("2.0", "1.0", "1.0")
    assert len(changes) == 3 * 3
    assert {row["setup_state"] for row in rows(project, "routing") if row["machine"] == "booth"} == set(colors)


def test_a_second_resource_and_skills_are_held_beside_the_machine(shared_data, tmp_path):
    """Operators stand beside saw and assembly line, and only those with the skill saw; operators alone varnish."""
    frepple.convert(shared_data / "frepple_demo" / SAMPLES[0], tmp_path)
    assert {(row["tool"], row["kind"], row["count"]) for row in rows(tmp_path, "tools")} == {
        ("operators", "tool", "3"), ("Sawing skill", "skill", "2"), ("Varnish skill", "skill", "1"),
    }  # fmt: skip
    needs = {(row["item"], row["step"], row["tool"]) for row in rows(tmp_path, "tool_needs")}
    assert {("chair leg", "1", "operators"), ("chair leg", "1", "Sawing skill")} <= needs
    assert {("varnished chair", "1", "operators"), ("varnished chair", "1", "Varnish skill")} <= needs


def test_shifts_are_the_hours_of_the_usual_week(shared_data, tmp_path):
    """A bench that is open from 8 to 16 on workdays has those shifts; a saw at half speed has none of its own."""
    frepple.convert(shared_data / "frepple_demo" / SAMPLES[0], tmp_path / "sample")
    assert {(row["weekday"], row["starts"], row["ends"]) for row in rows(tmp_path / "sample", "shifts")} == {
        (str(day), "00:00", "24:00") for day in range(1, 6)
    }
    project, told = converted(tmp_path, lamp())
    assert {(row["machine"], row["starts"], row["ends"]) for row in rows(project, "shifts")} == {("bench", "08:00", "16:00")}
    assert any("no shifts of saw" in line for line in told)


def test_demand_that_cannot_wait_is_lost(tmp_path):
    """Where no open order may be a week late, what is not met in its week is lost; that and priorities are told."""
    content = lamp()
    content[-1]["fields"] |= {"maxlateness": 86400, "priority": 1}
    more = entry("demand", name="later", item_id="lamp", due="2024-01-25 00:00:00", quantity=1, maxlateness=0, minshipment=5)
    project, told = converted(tmp_path, [*content, more])
    assert rows(project, "products")[0]["unserved"] == "lost"
    assert sum(line.startswith("input.demand: ") and "open orders" in line for line in told) >= 3


def test_fields_that_no_column_takes_are_counted(tmp_path):
    """A field that is filled and not read is named with the number of its rows."""
    content = [*lamp(), entry("item", name="shade", weight=4)]
    _, told = converted(tmp_path, content)
    assert "input.item: no column takes these fields (rows that fill them): weight (1)" in told


def test_names_may_be_keys_of_django(tmp_path):
    """A name that stands as the primary key, and references without ``_id`` or as natural keys, are read alike."""
    plain = translated(tmp_path, lamp())
    content = [
        {
            "model": row["model"],
            "pk": row["fields"].get("name"),
            "fields": {
                name.removesuffix("_id"): [value] if name.endswith("_id") else value
                for name, value in row["fields"].items()
                if name != "name"
            },
        }
        for row in lamp()
    ]
    assert translated(tmp_path, content).tables == plain.tables


def test_a_closure_is_a_special_day_and_no_usual_week(tmp_path):
    """Two closed days leave the working week as it is; they are days of the calendar, and their week has hours of its own."""
    closed = {**HOURS, "startdate": "2024-05-01 00:00:00", "enddate": "2024-05-03 00:00:00", "value": 0, "priority": 1}
    project, told = converted(tmp_path, [*lamp(), entry("calendarbucket", calendar="shift", **closed)])
    assert [row["day"] for row in rows(project, "calendar")] == ["2024-05-01", "2024-05-02"]
    assert {float(row["hours"]) for row in rows(project, "machines")} == {80, 20}
    # of five days of 8 hours three are left: in the week under way (today is a Wednesday), and in that of the closure
    assert rows(project, "machine_weeks") == [
        {"machine": machine, "week": week, "hours": str(3 * 8 * share)}
        for machine, share in (("bench", 2.0), ("saw", 0.5))
        for week in ("2024-01-01", "2024-04-29")
    ]
    assert any("machine_weeks: bench (2), saw (2)" in line for line in told)


def test_the_bucket_with_the_lowest_priority_number_counts(tmp_path):
    """Of two calendar buckets in effect, the one with the lower number says the capacity."""
    content = [
        *lamp(),
        entry("calendar", name="benches", defaultvalue=9),
        entry("calendarbucket", calendar="benches", **{**HOURS, "value": 5, "priority": 20}),
        entry("calendarbucket", calendar="benches", **{**HOURS, "value": 3, "priority": 2}),
    ]
    next(row for row in content if row["fields"].get("name") == "bench")["fields"]["maximum_calendar_id"] = "benches"
    bench = next(row for row in rows(converted(tmp_path, content)[0], "machines") if row["machine"] == "bench")
    assert (bench["count"], float(bench["hours"])) == ("3", 120)  # 3 benches x 40 hours


@pytest.mark.parametrize(
    ("written", "weeks"),
    [("604800", "1"), ("604801.0", "2"), (0, "0"), ("14 00:00:00", "2"), ("P8D", "2"), ("PT1H", "1"), ("12:00:00", "1")],
)
def test_durations_are_read_in_the_three_ways_of_django(tmp_path, written, weeks):
    """Seconds, days with a clock, and ISO 8601 say how long a delivery takes."""
    content = [*lamp()]
    rod = next(row["fields"] for row in content if row["model"] == "input.itemsupplier" and row["fields"]["item_id"] == "rod")
    rod["leadtime"] = written
    assert rows(converted(tmp_path, content)[0], "materials")[1]["lead_weeks"] == weeks


SCALARS = strategies.one_of(
    strategies.none(), strategies.booleans(), strategies.integers(-(10**20), 10**20), strategies.floats(),
    strategies.text(max_size=5), strategies.sampled_from([[], {"a": 1}, "9999-12-31 23:59:59", "0001-01-01 00:00:00"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@for_all(place=strategies.integers(0, 24), field=strategies.integers(0, 9), value=SCALARS)
def test_any_value_is_read_or_refused(tmp_path_factory, place, field, value):
    """Whatever one field holds, the model is translated with every row counted, or refused by an InputError."""
    content = lamp()
    fields = content[place]["fields"]
    fields[list(fields)[field % len(fields)]] = value
    try:
        made = translated(tmp_path_factory.mktemp("any"), content)
    except InputError:
        return
    left = Counter()
    for (model, _), number in made.left.items():
        left[model] += number
    assert Counter(row["model"] for row in content) == made.carried + left


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no json", "is not JSON"),
        ('{"a": 1}', "is JSON, but no frePPLe model"),
        ("[1, 2]", "is JSON, but no frePPLe model"),
        ('[{"model": "auth.user", "fields": {}}]', "is JSON, but no frePPLe model"),
        ([entry("item", name="lamp")], "holds no open or closed demand"),
        ([*lamp(), entry("demand", name="x", item_id="lamp")], r"input.demand \(entry 26\): field 'due' is missing"),
        ([*lamp(), entry("item", nam="x")], "field 'name' is missing; did you mean 'nam'"),
        ([*lamp(), entry("buffer", item="lamp", onhand="many")], "field 'onhand' = 'many' is no number"),
        ([*lamp(), entry("demand", name="x", item="lamp", due="soon")], "field 'due' = 'soon' is no moment"),
        ([*lamp(), entry("operationmaterial", operation="saw foot", item="lamp", quantity=-1)], "items contain themselves"),
    ],
)
def test_what_is_no_model_is_refused_with_the_next_step(tmp_path, content, said):
    """A file that is no frePPLe model, or lacks what is needed, is named with what was found."""
    with pytest.raises(InputError, match=said) as error:
        frepple.convert(saved(tmp_path, content), tmp_path / "project")
    assert "model.json" in str(error.value)
    assert re.search("[Ee]xport|Correct", str(error.value))
    assert not (tmp_path / "project").exists()


def test_a_truncated_gzip_is_refused(tmp_path):
    """A gzip file that is cut off is named as such."""
    file = tmp_path / "model.json.gz"
    file.write_bytes(gzip.compress(json.dumps(lamp()).encode())[:-20])
    with pytest.raises(InputError, match="cut off or damaged"):
        frepple.convert(file, tmp_path / "project")


def test_missing_and_large_files_are_refused(tmp_path, monkeypatch):
    """A file that is not there, or unpacks to more than is read, is refused."""
    with pytest.raises(InputError, match="cannot be read"):
        frepple.convert(tmp_path / "none.json", tmp_path / "project")
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="holds more than"):
        frepple.convert(saved(tmp_path, lamp()), tmp_path / "project")


def test_a_project_is_never_overwritten(tmp_path):
    """A folder that holds a project keeps it."""
    project, _ = converted(tmp_path, lamp())
    before = (project / "lotwise.toml").read_bytes()
    with pytest.raises(InputError, match="exists already"):
        frepple.convert(tmp_path / "model.json", project)
    assert (project / "lotwise.toml").read_bytes() == before
