import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotwise.errors import ContractError
from lotwise.mine.segments import frames, migrating

SEGMENT = st.sampled_from(["S1", "S2", "S3"])
WHO = st.dictionaries(st.sampled_from([f"c{place}" for place in range(12)]), SEGMENT)


def test_segments_keep_the_numbers_of_those_they_go_on_from():
    """Segments whose order turned round are matched by who is in them."""
    before = migrating.Before({"a": "S1", "b": "S1", "c": "S2", "d": "S2"}, {"S1": "x", "S2": "y"})
    matched = migrating.match(("a", "b", "c", "d"), np.array([1, 1, 0, 0]), 2, before)
    assert matched == ["S2", "S1"]
    assert migrating.number(matched, before) == ["S2", "S1"]


def test_a_new_segment_takes_no_number_of_one_that_ended():
    """While any segment goes on, new ones are numbered after all that were."""
    before = migrating.Before({"a": "S1", "b": "S2"}, {"S1": "x", "S2": "y"})
    assert migrating.number(["S1", None], before) == ["S1", "S3"]
    assert migrating.number([None, None], before) == ["S1", "S2"]


@given(WHO, WHO)
def test_shares_sum_to_one_and_nobody_is_lost(before, after):
    """Every customer of either run moves once, and the shares of each segment before sum to 1."""
    rows = migrating.migrations(before, after).to_pylist()
    assert sum(row["customers"] for row in rows) == len(before.keys() | after.keys())
    for old in {row["before"] for row in rows}:
        assert sum(row["share"] for row in rows if row["before"] == old) == pytest.approx(1)


def test_new_and_gone_are_told():
    """Who is known in one run only comes from new or goes to gone."""
    rows = migrating.migrations({"a": "S1"}, {"b": "S1"}).to_pylist()
    assert {(row["before"], row["after"]) for row in rows} == {("S1", "gone"), ("new", "S1")}


def test_frames_are_matched_before_they_are_compared():
    """Two tables with the numbers turned round show no move."""
    before = {"customer": ["a", "b", "c"], "segment": ["S1", "S1", "S2"]}
    after = {"customer": ["a", "b", "c"], "segment": ["S2", "S2", "S1"]}
    rows = frames.migrations(before, after).to_pylist()
    assert {(row["before"], row["after"], row["customers"]) for row in rows} == {("S1", "S1", 2), ("S2", "S2", 1)}
    with pytest.raises(ContractError, match="column 'segment' is missing"):
        frames.migrations({"customer": ["a"]}, after)
