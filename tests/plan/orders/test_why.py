import pytest

from lotwise.errors import LotwiseError
from lotwise.plan.orders import rows, why


@pytest.fixture
def tables(chair):
    current, orders = chair
    return rows(current.problem, current.network, current.labels, current.plan, current.flow, orders)


def test_an_order_is_followed_down_to_its_wood(tables):
    """The late order: how late, what binds and at which price, the remedy, and its lots down to stock and purchase."""
    answer = why(tables, "2")
    assert answer.kind == "order"
    assert answer.lines[0] == (
        "Order 2/1: 6 units of chair, due in the week of 2024-01-01: all of it is there in the week of 2024-01-08, 1 week late."
    )
    text = str(answer)
    for said in (
        "4 units are late, 40.00 of revenue is at risk.",
        "One more of its hours would earn 4.00.",
        "Chain: order 2/1 <- chair/2024-W01/1 <- saw",
        "Cheapest remedy: 4 hours of overtime on saw in the week of 2024-01-01, beyond the limit of 0, costs 12.00, brings",
        "<- 4 chair: lot chair/2024-W02/1",
        "<- 10 wood: purchase wood acme 2024-01-01",
    ):
        assert said in text


def test_an_order_in_time_says_so(tables):
    """The first order is there in time, by line too."""
    assert why(tables, "1/1").lines[0].endswith("all of it is there in time.")


@pytest.mark.parametrize(
    ("subject", "kind", "said"),
    [
        ("chair", "product", "1 order line of it late: 2/1."),
        ("seat/2024-W01/2", "lot", "-> 3 for chair/2024-W01/1, in the week of 2024-01-01"),
        ("saw", "machine", "It holds up 2/1, 40.00 at risk: order 2/1 <- chair/2024-W01/1 <- saw"),
        ("press", "machine", "It binds in no week: one more hour would earn nothing."),
        ("wood", "material", "Order 10 from acme in the week of 2024-01-01, there in the week of 2024-01-08, for 37.00."),
        ("seat", "material", "Stock of seat: 0 at the start, 15 come, 15 go, 0 at the end"),
    ],
)
def test_every_kind_of_subject_is_answered(tables, subject, kind, said):
    """Products, lots, machines, materials and components have answers of their own."""
    answer = why(tables, subject)
    assert answer.kind == kind
    assert said in str(answer)


def test_who_is_unknown_is_told_the_closest(tables):
    """An unknown subject is refused with the closest one that is known."""
    with pytest.raises(LotwiseError, match="did you mean 'saw'"):
        why(tables, "sawe")


def test_without_tables_there_is_a_next_step():
    """Before any plan is made the message says what to do."""
    with pytest.raises(LotwiseError, match="lotwise plan"):
        why({}, "chair")
