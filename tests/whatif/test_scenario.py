"""Tests of reading files of scenarios."""

from __future__ import annotations

from datetime import date

import pytest

from lotwise.errors import InputError
from lotwise.whatif.scenario import read

ONE = """
[scenario]
name = "second oven shift"
[plan]
overtime = false
[[change]]
table = "machines"
where = { machine = "oven" }
set = { hours = 12 }
[[demand]]
product = "cake"
from = 2024-08-05
times = 1.2
"""
TWO = """
[[scenario]]
name = "less"
[[scenario.demand]]
times = 0.8
[[scenario]]
name = "cheap flour"
economics = { cost_share = 0.5 }
"""


@pytest.fixture
def scenarios(tmp_path):
    """Return a function that reads scenarios from text."""

    def reading(text):
        file = tmp_path / "what.toml"
        file.write_text(text, encoding="utf-8")
        return read(file)

    return reading


def test_one_scenario_is_the_whole_file(scenarios):
    """Its changes stand beside its name."""
    (one,) = scenarios(ONE)
    assert (one.name, one.study) == ("second oven shift", "what-if-second-oven-shift")
    assert one.plan == {"overtime": False}
    assert one.change[0].set == {"hours": 12}
    assert one.demand[0].since == date(2024, 8, 5)


def test_several_scenarios_stand_in_one_file(scenarios):
    """Each has its name and its changes, in the order of the file."""
    less, cheap = scenarios(TWO)
    assert (less.name, less.demand[0].times) == ("less", 0.8)
    assert (cheap.name, cheap.economics) == ("cheap flour", {"cost_share": 0.5})


def test_every_fault_is_said_at_once(scenarios):
    """Unknown keys and settings, values of a wrong type and what is missing, each with what was meant."""
    text = """
    [scenario]
    name = "bad"
    [plan]
    overtme = false
    weeks = 99
    [[chnge]]
    [[change]]
    where = { machine = "oven" }
    times = { hours = "two" }
    [[demand]]
    product = "cake"
    """
    with pytest.raises(InputError) as caught:
        scenarios(text)
    said = str(caught.value)
    assert "'plan.overtme' is unknown; did you mean 'overtime'?" in said
    assert "'plan.weeks' = 99" in said
    assert "'chnge' is unknown; did you mean 'change'?" in said
    assert "'change[1].table' is missing" in said
    assert "'change[1].times.hours' = 'two'" in said
    assert "'demand[1].times' is missing" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[scenario]\nname = 'x'", "changes nothing"),
        ("[[demand]]\ntimes = 1.1", "'name' is missing"),
        ("[scenario]\nname = '!'\n[[demand]]\ntimes = 1.1", "a name with letters or digits"),
        ("[scenario]\nname = 'Base'\n[[demand]]\ntimes = 1.1", "expected a name of its own"),
        ("scenario = [1]", "'scenario[1]' = 1"),
        (TWO.replace("cheap flour", "Less!"), "named 'Less!' like 'less'"),
        (TWO + "\n[plan2]\nx = 1", "'plan2' is unknown; did you mean 'plan'?"),
        ("[plan]\n" + TWO, "'plan' stands beside [[scenario]]"),
        ("name = ", "not a TOML file"),
    ],
)
def test_what_is_no_scenario_is_refused(scenarios, text, said):
    """The message says what was found and what was expected."""
    with pytest.raises(InputError) as caught:
        scenarios(text)
    assert said in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    """The message names it."""
    with pytest.raises(InputError, match=r"none\.toml cannot be read"):
        read(tmp_path / "none.toml")
