import json
from datetime import date

import pyarrow.csv as pv
import pyarrow.parquet as pq

from lotwise import config
from lotwise.collect.mapping import DERIVED
from lotwise.demo import atelier
from lotwise.tables.collected import COLLECTED

LARGER = {"items", "coproducts", "families", "machine_weeks", "sites", "lanes", "suppliers", "receipts"}
"""Tables of factories with several sites, suppliers or levels; the workshop is one room."""
LATER = {"order_terms", "floor"}
"""Tables that are filled while a schedule is carried out."""


def contents(folder):
    return {file.relative_to(folder): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def header(file, delimiter):
    if file.suffix == ".parquet":
        return pq.read_schema(file).names
    if file.suffix == ".jsonl":
        return list(json.loads(file.read_text(encoding="utf-8").partition("\n")[0]))
    return pv.read_csv(file, parse_options=pv.ParseOptions(delimiter=delimiter or ",")).column_names


def test_the_settings_name_only_what_there_is(atelier_folder):
    """Every mapped column is in our contract, and every column it is read from is in its file."""
    contracts = {table.name: table for table in COLLECTED}
    for mapping in config.read(atelier_folder / "lotwise.toml").collect:
        assert set(mapping.columns) <= set(contracts[mapping.table].names), mapping.table
        wanted = {made if isinstance(made, str) else made.source for made in mapping.columns.values()} - {None}
        assert wanted <= set(header(atelier_folder / mapping.files, mapping.delimiter)), mapping.files


def test_every_table_that_can_be_collected_is(atelier_folder):
    """The atelier maps all collected tables but those a user adds and those of larger factories."""
    mapped = {mapping.table for mapping in config.read(atelier_folder / "lotwise.toml").collect}
    assert mapped == {table.name for table in COLLECTED} - {"signals", "overrides"} - LARGER - LATER


def test_what_must_be_given_is_given(atelier_folder):
    """Every mapping fills all columns that may not be empty, but for those that are derived."""
    contracts = {table.name: table for table in COLLECTED}
    for mapping in config.read(atelier_folder / "lotwise.toml").collect:
        needed = {column.name for column in contracts[mapping.table].columns if not column.nullable}
        assert needed - set(DERIVED.get(mapping.table, ())) <= set(mapping.columns), mapping.table


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    """Two folders written with one seed are equal, byte for byte, and other seeds give others."""
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        atelier.write(tmp_path / name, seed=seed, weeks=5)
    one, same, other = (contents(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same
    assert one != other


def test_today_is_the_day_after_the_last_week(tmp_path):
    """A shorter simulation ends sooner, and its settings say so."""
    atelier.write(tmp_path, weeks=4)
    assert config.read(tmp_path / "lotwise.toml").project.today == date(2025, 6, 2)


def test_unreadable_values_are_as_many_as_planted(atelier_folder, atelier_world):
    """The files hold the planted number of units and times that cannot be read."""
    planted = atelier_world.truth.planted
    north = (atelier_folder / "data/orders/north.csv").read_text(encoding="utf-8")
    south = (atelier_folder / "data/orders/south.csv").read_text(encoding="utf-8")
    assert north.count('"two"') == planted.bad_units
    assert south.count("31.02.2026") == planted.bad_times


def test_regions_write_as_regions_do(atelier_folder):
    """The south writes decimal commas, and the web shop writes UTC, eight hours behind Shanghai."""
    south = (atelier_folder / "data/orders/south.csv").read_text(encoding="utf-8").splitlines()[1]
    web = [
        json.loads(line)["at"] for line in (atelier_folder / "data/orders/web.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert south.split(";")[7].endswith(',00"')
    # orders come between 9 and 21 o'clock in Shanghai: 1 to 13 o'clock UTC
    assert {int(time[11:13]) for time in web} == set(range(1, 13))
