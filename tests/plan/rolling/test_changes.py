"""Tests of plan/rolling/changes.py."""

from types import SimpleNamespace

import numpy as np

from lotwise.plan import rolling

OLD = np.array([[5.0, 10.0, 20.0, 0.0], [1.0, 0.0, 8.0, 4.0]])
NEW = np.array([[10.05, 21.0, 0.0, 9.0], [3.0, 8.0, 0.0, 2.0]])
"""Over the weeks both cover: 10 -> 10.05 and 8 -> 8 stay; 20 -> 21, 0 -> 3 and 4 -> 0 change; 0 -> 0 is no lot."""


def test_lots_that_differ_come_or_go_are_counted():
    """By hand: five lots, three of them changed, by 1 + 3 + 4 units; the week the old plan lacked is left out."""
    found = rolling.changes(SimpleNamespace(plans=(OLD, NEW)))
    assert (found.lots, found.changed, found.units) == (5, 3, 8.0)


def test_a_fence_leaves_out_its_weeks():
    """Beyond a fence of one week two of three lots changed; of the first activity alone, one of one."""
    found = rolling.changes(SimpleNamespace(plans=(OLD, NEW)), fence=1)
    assert (found.lots, found.changed) == (3, 2)
    assert rolling.changes(SimpleNamespace(plans=(OLD, NEW)), activities=np.array([0]), fence=1).changed == 1


def test_one_plan_has_no_changes():
    """Nothing to compare with is no change, and its share is 0."""
    assert rolling.changes(SimpleNamespace(plans=(OLD,))).share == 0.0
