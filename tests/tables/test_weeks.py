from datetime import date

from lotwise.tables.weeks import current_cutoff, first_cutoff, monday, past_cutoffs

LAST = date(2024, 3, 25)


def test_windows_do_not_overlap_and_end_with_demand():
    """Past cutoffs are Mondays, ascending, a horizon apart, and the last window ends with the last week."""
    assert past_cutoffs(LAST, 4, 3) == [date(2024, 1, 8), date(2024, 2, 5), date(2024, 3, 4)]
    assert current_cutoff(LAST) == date(2024, 4, 1)
    assert past_cutoffs(LAST, 4, 0) == []


def test_first_cutoff_has_history():
    """The first cutoff is the earliest one with a whole week before it, else the current one."""
    assert first_cutoff(date(2023, 1, 2), LAST, 4, 3) == date(2024, 1, 8)
    assert first_cutoff(date(2024, 1, 8), LAST, 4, 3) == date(2024, 2, 5)
    assert first_cutoff(date(2024, 3, 4), LAST, 4, 3) == date(2024, 4, 1)


def test_monday():
    """Every day belongs to the Monday before or on it."""
    assert {monday(date(2024, 1, day)) for day in range(1, 8)} == {date(2024, 1, 1)}
