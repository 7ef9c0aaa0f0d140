from __future__ import annotations

import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.schedule.formats import read_fjsp

TWO_JOBS = """# two jobs, two machines
2 2 1.5
2 2 1 25 2 37 1 2 24
1 1 1 45
"""


def test_operations_follow_one_another_with_their_alternatives():
    """Job 1 has an operation on either machine and then one on machine 2, job 2 one on machine 1."""
    shop = read_fjsp(TWO_JOBS)
    assert shop.operations.name == ("1/1", "1/2", "2/1")
    assert shop.operations.before_offsets.tolist() == [0, 0, 1, 1]
    assert shop.operations.before.tolist() == [0]
    assert shop.modes.offsets.tolist() == [0, 2, 3, 4]
    assert shop.modes.machine.tolist() == [0, 1, 1, 0]
    assert shop.modes.minutes.tolist() == [25, 37, 24, 45]
    assert (shop.goal.makespan, shop.goal.tardiness) == (1.0, 0.0)


def test_machines_are_numbered_from_0_where_one_is_0():
    """The same jobs told with machines 0 and 1 are the same shop."""
    shop = read_fjsp("2 2\n2 2 0 25 1 37 1 1 24\n1 1 0 45\n")
    assert shop.modes.machine.tolist() == read_fjsp(TWO_JOBS).modes.machine.tolist()


def test_every_public_instance_is_read(shared_data):
    """Each file has the jobs and machines its first line says, and every machine number is within range."""
    files = sorted((shared_data / "scheduling" / "fjsp").glob("*/*.txt"))
    for path in files:
        jobs, machines = (int(word) for word in path.read_text().split()[:2])
        shop = read_fjsp(path)
        assert (len(shop.orders.name), len(shop.machines.name)) == (jobs, machines)
        assert (shop.modes.machine.min(), shop.modes.machine.max() < machines) == (0, True)
        assert (np.diff(shop.modes.offsets) >= 1).all()
    assert len(files) == 39


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("ten 6\n", "expected the numbers of jobs and machines"),
        ("2 2\n1 1 1 5\n", "2 jobs are announced, 1 lines"),
        ("1 2\n2 1 1 5 2 1 7\n", "line 2: operation 2 of 2 says 2 alternatives, but 2 numbers are left"),
        ("1 2\n1 1 1 5 9\n", "line 2: 1 numbers are left"),
        ("1 2\n1 2 1 5 1 6\n", "names a machine twice"),
        ("1 2\n1 1 x 5\n", "line 2: 'x' is no whole number"),
        ("1 2\n1 1 3 5\n", "machine 3 is named, but there are 2"),
        ("1 2\n2 1 0 5 1 2 5\n", "numbered from 0 to 2"),
        ("1 2\n1 1 1 -5\n", "'-5' is no whole number"),
        ("# nothing\n\n", "holds no numbers"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(text, match):
    """A text that is no flexible job shop is refused with the line and what was expected."""
    with pytest.raises(InputError, match=match):
        read_fjsp(text)


def test_an_absent_file_is_named():
    """A path without a file says so."""
    with pytest.raises(InputError, match=r"nowhere\.txt: cannot be read"):
        read_fjsp("nowhere.txt")
