"""What knowing earlier is worth."""

from lotwise.gap import settle
from lotwise.gap.notice import notices, table

PROFITS = {
    "ideal": [[60]],
    "perfect": [[50]],
    "now": [[30]],
    "notice-0": [[20]],
    "notice-1": [[26]],
    "orders-1": [[36]],
    "orders-2": [[41]],
    "late-1": [[28]],
}


def test_the_curves_by_hand(build):
    """Each curve holds the plan made with what was known: at full notice, with no orders, decided at the cutoff."""
    value = settle(build.money(PROFITS))
    found = [(row["kind"], row["weeks"], row["profit"], row["gain"]) for row in table(value, notices(value), {}).to_pylist()]
    assert found == [
        ("decision", 0, 30, 0),
        ("decision", 1, 28, -2),
        ("orders", 0, 30, 0),
        ("orders", 1, 36, 6),
        ("orders", 2, 41, 11),
        ("orders", 3, 50, 20),
        ("plans", 0, 20, -10),
        ("plans", 1, 26, -4),
        ("plans", 2, 30, 0),
    ]


def test_without_such_states_there_is_no_curve(build):
    """Nothing is drawn of what nobody asked for."""
    value = settle(build.money({"ideal": [[60]], "perfect": [[50]], "now": [[30]]}))
    assert table(value, notices(value), {}).num_rows == 0
