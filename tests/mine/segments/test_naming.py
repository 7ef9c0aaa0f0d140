import numpy as np

from lotwise.mine.segments import naming
from lotwise.mine.segments.feature import Feature
from lotwise.mine.segments.features import Behavior

FEATURES = (
    Feature("orders", "often", "seldom", "activity", "log"),
    Feature("revenue", "spends much", "spends little", "activity", "log"),
    Feature("share of discount", "much discount", "little discount", "discount", "root"),
    Feature("share of snacks", "much snacks", "little snacks", "category", "root"),
)


def behavior(values):
    """Return customers with these features."""
    values = np.array(values, dtype=float)
    return Behavior(tuple(map(str, range(len(values)))), FEATURES, values, np.ones_like(values))


def test_names_tell_what_sets_segments_apart():
    """The largest differences make the name, one word of a theme, the opposite ones the other name."""
    rows = [[9, 90, 0.5, 0.1]] * 5 + [[1, 10, 0.1, 0.1]] * 5
    assert naming.name(behavior(rows), np.repeat([0, 1], 5), 2) == ["often, much discount", "seldom, little discount"]


def test_names_differ_even_where_segments_do_not():
    """Segments in which nothing differs are told apart by a number."""
    rows = [[3, 30, 0.2, 0.1], [5, 50, 0.4, 0.3]] * 6
    names = naming.name(behavior(rows), np.repeat([0, 1, 2], 4), 3)
    assert names == ["like the average", "like the average (2)", "like the average (3)"]


def test_a_name_stays_while_it_is_true():
    """The name of the run before is kept while each of its words holds, and given up when one does not."""
    rows = [[9, 90, 0.5, 0.1]] * 5 + [[1, 10, 0.1, 0.1]] * 5
    labels = np.repeat([0, 1], 5)
    assert naming.name(behavior(rows), labels, 2, ["spends much", "often"]) == ["spends much", "seldom, little discount"]
