"""Tests of Solomon's format."""

from __future__ import annotations

import numpy as np
import pytest

from lotwise.deliver import deliver, read_solomon
from lotwise.errors import InputError

TEXT = """TINY

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

    0      0   0    0     0   100   0
    1      3   4    6    10    40   5
    2      6   8    5     0    80   5
"""


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a file."""

    def write(text):
        path = tmp_path / "tiny.txt"
        path.write_text(text)
        return path

    return write


def test_a_file_is_read_as_frames(file):
    """Name, vehicles, depot and customers stand where they belong."""
    found = read_solomon(file(TEXT))
    assert found.name == "TINY"
    assert found.stops.to_pylist()[0] == {
        "order": "1", "x": 3.0, "y": 4.0, "units": 6.0, "opens": 10.0, "closes": 40.0, "service_minutes": 5.0,
    }  # fmt: skip
    assert found.vehicles.select(["count", "capacity", "speed", "ends"]).to_pylist() == [
        {"count": 2, "capacity": 10.0, "speed": 60.0, "ends": 100.0}
    ]
    assert found.depots["depot"].to_pylist() == ["0"]


def test_its_tours_are_as_long_as_the_plane_says(file):
    """Eleven units need two vehicles of ten: 2 x 5 and 2 x 10 units of distance, one of time for each."""
    pytest.importorskip("pyvrp")
    one = read_solomon(file(TEXT))
    found = deliver(one.stops, one.vehicles, one.depots)
    assert found.summary.cost == 30.0
    # 10 on the way and 5 of service, 20 and 5: 40 minutes
    assert np.isclose(found.summary.hours * 60, 40.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("VEHICLE\n", "CARS\n", "there is no line VEHICLE"),
        ("  2         10", "  two       10", "line 5: 'two       10'; expected a whole number of vehicles"),
        ("CUSTOMER\n", "CLIENT\n", "there is no line CUSTOMER"),
        ("10    40   5", "10    40", "line 11: '1      3   4    6    10    40'; expected seven"),
        ("10    40   5", "50    40   5", "line 11: due date 40 is before ready time 50"),
        ("    2      6   8", "    1      6   8", "line 12: customer 1 stands in line 11 too"),
        ("    2      6   8    5", "    2      6   8    -5", "line 12: demand, ready time or service time is below 0"),
        ("    0      0   0    0", "    7      0   0    0", "there is no customer 0"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(file, old, new, said):
    """The message says which line, what stands there and what was expected."""
    assert old in TEXT
    with pytest.raises(InputError) as refused:
        read_solomon(file(TEXT.replace(old, new)))
    assert said in str(refused.value)


def test_all_wrong_lines_are_named(file):
    """Two wrong lines, two sentences; a file that is not there says so."""
    wrong = TEXT.replace("    1      3", "    1      x").replace("    2      6", "    2      y")
    with pytest.raises(InputError) as refused:
        read_solomon(file(wrong))
    assert str(refused.value).count("- line") == 2
    with pytest.raises(InputError, match="cannot be read"):
        read_solomon("nowhere.txt")
