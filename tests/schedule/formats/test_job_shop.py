from __future__ import annotations

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.schedule.formats import read_jsp

STANDARD = "# two by two\n2 2\n0 3 1 2\n1 4 0 1\n"
TAILLARD = """Nb of jobs, Nb of Machines, Time seed, Machine seed, Upper bound, Lower bound :
 2 2 840612802 398197754 9 7
Times
 3 2
 4 1
Machines
 1 2
 2 1
"""


@pytest.mark.parametrize("text", [STANDARD, TAILLARD, TAILLARD.split("\n", 1)[1], "2 2\n1 3 2 2\n2 4 1 1\n"])
def test_the_formats_tell_the_same_shop(text):
    """Standard from 0, standard from 1, and Taillard's with and without its words tell the same two jobs."""
    shop = read_jsp(text)
    assert shop.modes.machine.tolist() == [0, 1, 1, 0]
    assert shop.modes.minutes.tolist() == [3, 2, 4, 1]
    assert shop.operations.before.tolist() == [0, 2]


def test_every_public_instance_is_read(shared_data):
    """Each job of the 43 instances visits each machine once; ft06 takes 197 units of work (the sum of its file)."""
    files = sorted((shared_data / "scheduling" / "jsp").iterdir())
    for path in files:
        shop = read_jsp(path)
        machines = shop.modes.machine.reshape(len(shop.orders.name), -1)
        assert (np.sort(machines, axis=1) == np.arange(len(shop.machines.name))).all()
    assert len(files) == 43
    assert read_jsp(shared_data / "scheduling" / "jsp" / "ft06").modes.minutes.sum() == 197


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("2 2\n0 3 1 2\n1 4 0\n", "line 3: 3 numbers; expected 4"),
        ("2 2\n0 3 1 2\n", "2 lines of machine and duration .* are expected, 1 are there"),
        ("2 2\n0 3 1 2\n1 4 2 1\n", "numbered from 0 to 2"),
        ("2 2\n0 3 1 2\n1 4 0 1.5\n", "line 3: '1.5' is no whole number"),
        (TAILLARD + TAILLARD, "put one instance in a file"),
        (TAILLARD.replace("Machines\n 1 2\n 2 1\n", ""), "'Machines' once"),
        ("jobs and machines\n", "expected the numbers of jobs and machines"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(text, match):
    """A text that is no job shop is refused with the line and what was expected."""
    with pytest.raises(InputError, match=match):
        read_jsp(text)
