"""Tests of CVRPLIB's format."""

from __future__ import annotations

import pytest

from lotwise.deliver import deliver, read_vrp
from lotwise.errors import InputError

HEAD = "NAME : tiny\nCOMMENT : (by hand: 1)\nTYPE : CVRP\nDIMENSION : 3\n"
TAIL = "DEMAND_SECTION\n1 0\n2 6\n3 5\nDEPOT_SECTION\n 1\n -1\nEOF\n"
PLANE = f"{HEAD}EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n3 2.5 0\n{TAIL}"
MATRIX = f"{HEAD}EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : SHAPE\nCAPACITY : 11\nEDGE_WEIGHT_SECTION\nWAYS\n{TAIL}"


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a file."""

    def write(text):
        path = tmp_path / "tiny.vrp"
        path.write_text(text)
        return path

    return write


def ways(instance):
    """Return the distances by pair."""
    return {(row["from"], row["to"]): row["kilometers"] for row in instance.distances.to_pylist()}


def test_distances_are_rounded_as_the_format_does(file):
    """1.414 is 1, 2.5 is 3 (halves go up), 1.803 is 2; CEIL_2D rounds each up."""
    found = read_vrp(file(PLANE))
    assert (found.name, found.stops["order"].to_pylist(), found.stops["units"].to_pylist()) == ("tiny", ["2", "3"], [6.0, 5.0])
    assert ways(found) == {("1", "2"): 1, ("1", "3"): 3, ("2", "1"): 1, ("2", "3"): 2, ("3", "1"): 3, ("3", "2"): 2}
    up = read_vrp(file(PLANE.replace("EUC_2D", "CEIL_2D")))
    assert (ways(up)["1", "2"], ways(up)["1", "3"], ways(up)["2", "3"]) == (2, 3, 2)


def test_its_tours_cost_what_the_matrix_says(file):
    """Six and five do not share ten: 1 + 1 and 3 + 3."""
    pytest.importorskip("pyvrp")
    one = read_vrp(file(PLANE))
    assert deliver(one.stops, one.vehicles, one.depots, distances=one.distances).summary.cost == 8.0


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("LOWER_ROW", "7\n8 9"),
        ("LOWER_DIAG_ROW", "0\n7 0 8\n9 0"),
        ("UPPER_ROW", "7 8\n9"),
        ("UPPER_DIAG_ROW", "0 7 8 0 9 0"),
        ("FULL_MATRIX", "0 7 8\n7 0 9\n8 9 0"),
    ],
)
def test_explicit_matrices_are_read_however_they_are_cut_into_lines(file, form, text):
    """Node 2 is 7 from the depot, node 3 is 8, and 9 between them."""
    found = ways(read_vrp(file(MATRIX.replace("SHAPE", form).replace("WAYS", text))))
    assert (found["1", "2"], found["3", "1"], found["2", "3"]) == (7.0, 8.0, 9.0)


def test_a_longest_tour_with_services_is_kept(file):
    """DISTANCE 20 with SERVICE_TIME 2: 7 + 9 + 8 + 4 is too long for one tour of both, 14 + 2 and 16 + 2 are not."""
    pytest.importorskip("pyvrp")
    text = (
        MATRIX.replace("SHAPE", "LOWER_ROW")
        .replace("WAYS", "7 8 9")
        .replace("CAPACITY", "DISTANCE : 20\nSERVICE_TIME : 2\nCAPACITY")
    )
    one = read_vrp(file(text))
    assert deliver(one.stops, one.vehicles, one.depots, distances=one.distances).summary.tours == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("TYPE : CVRP", "TYPE : TSP", "line 3: TYPE TSP; expected CVRP"),
        ("DIMENSION : 3", "DIMENSION : many", "DIMENSION is 'many'"),
        ("EUC_2D", "GEO", "EDGE_WEIGHT_TYPE is 'GEO'; expected EUC_2D, CEIL_2D or EXPLICIT"),
        ("CAPACITY : 10", "CAPACITY : much", "line 6: CAPACITY is 'much'"),
        ("CAPACITY : 10\n", "", "CAPACITY is missing"),
        ("2 1 1\n", "2 1 one\n", "line 9: '2 1 one'; expected numbers of NODE_COORD_SECTION"),
        ("2 1 1\n", "2 1\n", "line 9: 2 numbers; expected 3 in NODE_COORD_SECTION"),
        ("2 1 1\n", "9 1 1\n", "line 9: node 9 is not one of 1 to 3"),
        ("2 1 1\n", "1 1 1\n", "line 9: node 1 stands twice in NODE_COORD_SECTION"),
        ("2 1 1\n", "", "NODE_COORD_SECTION has no line for nodes 2"),
        ("2 6\n", "2 -6\n", "line 13: demand -6 is below 0"),
        (" 1\n -1\n", " 8\n -1\n", "DEPOT_SECTION names [8]"),
    ],
)
def test_what_is_wrong_is_named_by_line(file, old, new, said):
    """The message says where, what stands there and what was expected."""
    assert old in PLANE
    with pytest.raises(InputError) as refused:
        read_vrp(file(PLANE.replace(old, new, 1)))
    assert said in str(refused.value)


def test_a_matrix_of_another_size_is_refused(file):
    """Three nodes have three pairs, not two."""
    with pytest.raises(InputError, match="has 2 numbers; LOWER_ROW of 3 nodes needs 3"):
        read_vrp(file(MATRIX.replace("SHAPE", "LOWER_ROW").replace("WAYS", "7 8")))
