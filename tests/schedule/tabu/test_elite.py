from __future__ import annotations

import numpy as np

from lotwise.schedule.tabu.elite import Elite, Good


def member(makespan, places):
    return Good(makespan, np.zeros(0), np.zeros(len(places)), np.array(places))


def test_of_two_alike_the_better_stays():
    """A schedule in the places of another one takes its place only if it is not worse."""
    elite = Elite(3)
    for makespan in (10, 12, 9):
        elite.take(member(makespan, [1, 2, 3]))
    assert [each.makespan for each in elite.members] == [9]


def test_the_worst_makes_room():
    """Where all room is taken, a better schedule takes the place of the worst, a worse one none."""
    elite = Elite(2)
    for makespan, places in ((10, [1, 1]), (12, [2, 2]), (11, [3, 3]), (15, [4, 4])):
        elite.take(member(makespan, places))
    assert sorted(each.makespan for each in elite.members) == [10, 11]


def test_only_the_best_stays_where_all_are_alike():
    """Members that differ in 1 of 20 operations, 5 %, have nothing more to give; the best is kept."""
    alike = np.arange(20), np.append(np.arange(19), 99)
    elite = Elite(2, [member(10, alike[0]), member(9, alike[1])])
    elite.start_over()
    assert [each.makespan for each in elite.members] == [9]
