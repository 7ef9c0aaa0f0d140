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
    assert (tables["products"], tables["stock"], tables["materials"]) == (4, 19, 4)
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
    assert {row["table"] for row in sources} == set(FROM)
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
    assert rows(project, "bom") == [
        {"item": "lamp", "component": "bulb", "quantity": "1.0"},
        {"item": "lamp", "component": "foot", "quantity": "2.0"},
        {"item": "foot", "component": "rod", "quantity": "0.5"},
    ]
    assert rows(project, "routing") == [
        {"item": "lamp", "step": "1", "machine": "bench", "hours": "0.25", "setup_hours": "2.0"},
        {"item": "foot", "step": "1", "machine": "saw", "hours": "0.1", "setup_hours": "0.0"},
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
    assert {"item": "kit", "component": "lamp", "quantity": "1.0"} in rows(project, "bom")
    step = next(row for row in rows(project, "routing") if row["item"] == "kit")
    assert (step["machine"], step["hours"]) == ("bench", "0.1")
    assert any("1 take time but no machine" in line for line in told)


def test_what_has_no_place_is_counted_with_its_reason(tmp_path):
    """Alternates, co-products, fixed quantities, lines not in effect and other models are left, each with its reason."""
    content = [
        *lamp(),
        entry("operation", name="buy in", type="time_per", item_id="lamp", priority=2),
        entry("operationmaterial", operation_id="assemble", item_id="dust", quantity=1),
        entry("operationmaterial", operation_id="assemble", item_id="glue", quantity=-1, type="fixed_start"),
        entry("operationmaterial", operation_id="assemble", item_id="gold", quantity=-1, effective_start="2024-06-01 00:00:00"),
        entry("setuprule", setupmatrix="colors"),
        entry("somethingnew", name="x"),
        entry("demand", name="maybe", item_id="lamp", due="2024-02-01 00:00:00", quantity=1, status="inquiry"),
    ]
    left = translated(tmp_path, content).left
    assert left["input.operation", "alternates: the item is made by the preferred operation only"] == 1
    assert left["input.operationmaterial", "co-products"] == 1
    assert left["input.operationmaterial", "a quantity for a lot of any size; bills are for one unit"] == 1
    assert left["input.operationmaterial", "not in effect on 2024-01-03"] == 1
    assert left["input.setuprule", "set-ups that depend on the sequence are not known"] == 1
    assert left["input.somethingnew", "model not understood"] == 1
    assert left["input.demand", "status inquiry: neither history nor a firm order"] == 1


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
    """Two closed days leave the working week as it is; they are days of the calendar, and the week is told."""
    closed = {**HOURS, "startdate": "2024-05-01 00:00:00", "enddate": "2024-05-03 00:00:00", "value": 0, "priority": 1}
    project, told = converted(tmp_path, [*lamp(), entry("calendarbucket", calendar="shift", **closed)])
    assert [row["day"] for row in rows(project, "calendar")] == ["2024-05-01", "2024-05-02"]
    assert {float(row["hours"]) for row in rows(project, "machines")} == {80, 20}
    assert any("other hours: bench (1), saw (1)" in line for line in told)


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
