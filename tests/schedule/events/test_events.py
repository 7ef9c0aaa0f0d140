import pytest

from lotwise.errors import InputError
from lotwise.schedule.events import read
from tests.schedule.stage.workshop import at

GOOD = """
now = 2026-11-02T12:00:00

[[down]]
machine = "bench 1"
from = 2026-11-02T12:00:00
until = 2026-11-02T18:00:00

[[rush]]
item = "chair"
units = 2
due = 2026-11-03T12:00:00

[[scrap]]
lot = "C1"
"""


def test_a_file_of_events_is_read(tmp_path):
    """Every kind of event has its block; what is not said has its default."""
    file = tmp_path / "monday.toml"
    file.write_text(GOOD)
    events = read(file)
    assert (events.now, events.down[0].machine, events.down[0].since) == (at(1, 12), "bench 1", at(1, 12))
    assert (events.rush[0].units, events.rush[0].weight, events.scrap[0].part) == (2.0, 10.0, 1)


def test_everything_wrong_with_a_file_is_listed(tmp_path):
    """Unknown keys, wrong values and times with a zone are all said, with their paths."""
    file = tmp_path / "bad.toml"
    file.write_text('[[down]]\nmachine = 3\nfrom = 2026-11-02T12:00:00Z\nuntil = "later"\n[[rush]]\nunit = 2\nunits = -1\n')
    with pytest.raises(InputError) as caught:
        read(file)
    for said in ("down[1].machine", "down[1].until", "time zone", "did you mean 'units'", "rush[1].units"):
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"), [("", "no event"), ("[[down", "no TOML|not a TOML"), ("now = 2026-11-02T12:00:00", "no event")]
)
def test_a_file_without_events_is_refused(tmp_path, text, said):
    """An empty file and one that is no TOML are refused with what is expected."""
    file = tmp_path / "empty.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=said):
        read(file)


def test_a_missing_file_is_named(tmp_path):
    """A file that is not there is said with its name."""
    with pytest.raises(InputError, match=r"none\.toml cannot be read"):
        read(tmp_path / "none.toml")
