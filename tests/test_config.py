"""Tests of the settings."""

from __future__ import annotations

import msgspec
import pytest

from lotwise import config
from lotwise.errors import SettingsError


def messages(content):
    with pytest.raises(SettingsError) as caught:
        config.build(content)
    return str(caught.value).splitlines()[1:]


def test_an_empty_file_means_the_defaults():
    """Nothing is required but what a mapping needs."""
    assert config.build({}) == config.Settings()


def test_all_breaches_are_listed_with_their_paths():
    """Unknown keys, missing keys and values out of range are reported together."""
    found = messages(
        {
            "projct": {},
            "project": {"seed": -1},
            "collect": [{"table": "orders", "files": "a.csv", "columns": {"time": {"form": "%Y"}}}, {"table": "x"}],
            "economics": {"category": {"MEAT": {"cost_shar": 0.5}}},
        }
    )
    assert found == [
        "- 'projct' is unknown; did you mean 'project'?",
        "- 'project.seed' = -1: Expected `int` >= 0",
        "- 'collect[1].columns.time.form' is unknown; did you mean 'format'?",
        "- 'collect[2].files' is missing",
        "- 'economics.category.MEAT.cost_shar' is unknown; did you mean 'cost_share'?",
    ]


def test_a_missing_file_says_how_to_make_one(tmp_path):
    """The next step is lotwise init."""
    with pytest.raises(SettingsError, match="lotwise init"):
        config.read(tmp_path / "lotwise.toml")


def test_broken_toml_names_its_line(tmp_path):
    """The message says where the file stops to be TOML."""
    file = tmp_path / "lotwise.toml"
    file.write_text("[project]\nname = \n")
    with pytest.raises(SettingsError, match="line 2"):
        config.read(file)


def test_a_byte_order_mark_is_no_error(tmp_path):
    """Editors on Windows write one."""
    file = tmp_path / "lotwise.toml"
    file.write_bytes(b"\xef\xbb\xbf[project]\nname = 'x'\n")
    assert config.read(file).project.name == "x"


def structs(kind=config.Settings):
    yield kind
    for found in msgspec.structs.fields(kind):
        for inner in (found.type, *getattr(found.type, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                yield from structs(inner)


@pytest.mark.parametrize("struct", list(structs()))
def test_every_setting_says_what_it_means(struct):
    """Each key of each section carries a description."""
    properties = msgspec.json.schema(struct)["$defs"][struct.__name__]["properties"]
    assert struct is config.Settings or all("description" in found for found in properties.values())


def test_what_a_source_costs_needs_a_currency():
    """A yearly cost in money of no name is refused; with the currency said, or at no cost, it is not."""
    dear = {"name": "weather", "tables": ["weather"], "yearly_cost": 1200.0}
    with pytest.raises(SettingsError, match="source 'weather' has a yearly_cost, but \\[project\\] names no currency"):
        config.build({"source": [dear]})
    assert config.build({"source": [dear], "project": {"currency": "EUR"}}).source[0].yearly_cost == 1200
    assert config.build({"source": [dear | {"yearly_cost": 0.0}]}).source[0].yearly_cost == 0
