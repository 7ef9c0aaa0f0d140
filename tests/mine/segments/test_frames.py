from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config.mining import MineSegments
from lotwise.errors import ContractError, SettingsError
from lotwise.mine.segments.agreement import adjusted_rand
from lotwise.mine.segments.frames import segment, segment_features, segment_tables
from lotwise.mine.segments.reading import lines

FEW = MineSegments(most=4, resamples=3)


def agreement(table):
    """Return how well the segments agree with the kinds that the customers' names begin with."""
    kinds = np.array([int(name[1]) for name in table["customer"].to_pylist()])
    return adjusted_rand(np.unique(table["segment"].to_pylist(), return_inverse=True)[1], kinds)


@pytest.fixture(scope="module")
def told(two_kinds):
    """The tables of the two kinds of customers."""
    return segment_tables(two_kinds, params=FEW)


def test_planted_kinds_are_found_and_named(told):
    """Two laws of buying become two segments, named for what they do."""
    assert agreement(told["segments"]) > 0.95
    names = dict(zip(told["segments"]["segment"].to_pylist(), told["segments"]["name"].to_pylist(), strict=True))
    assert len(set(names.values())) == 2
    assert any("wine" in name or "high prices" in name for name in names.values())


def test_words_are_true(told):
    """Every word of a name stands on a difference of at least a quarter of a standard deviation, in its direction."""
    rows = told["segment_features"].to_pylist()
    strong = {(row["name"], row["feature"]): row["difference"] for row in rows}
    for (name, feature), difference in strong.items():
        if feature == "price of one unit":
            assert ("high prices" in name) <= (difference >= 0.25)
            assert ("low prices" in name) <= (difference <= -0.25)


def test_every_trial_is_told_and_one_is_chosen(told):
    """K-means and mixtures of 2 to 4, HDBSCAN and RFM stand in the table; certainty and smallest are shares."""
    trials = told["segment_trials"].to_pylist()
    assert {row["method"] for row in trials} == {"k-means", "gaussian mixture", "hdbscan", "rfm"}
    assert sum(row["chosen"] for row in trials) == 1
    assert [row["segments"] for row in trials if row["method"] == "k-means"] == [2, 3, 4]


def test_s1_has_most_revenue(told):
    """Segments are numbered by revenue."""
    sums = told["segments"].group_by("segment").aggregate([("revenue", "sum")]).sort_by("segment")["revenue_sum"].to_pylist()
    assert sums == sorted(sums, reverse=True)


def test_the_order_of_lines_changes_nothing(two_kinds, told):
    """Shuffled lines give the same bytes."""
    shuffled = two_kinds.take(np.random.default_rng(9).permutation(two_kinds.num_rows))
    assert segment(shuffled, params=FEW).equals(told["segments"])


@pytest.mark.parametrize("method", ["k-means", "gaussian mixture", "hdbscan", "rfm"])
def test_a_method_can_be_asked_for(two_kinds, method):
    """Every method divides all customers, with a certainty between 0 and 1."""
    found = segment(two_kinds, params=MineSegments(method=method, most=3, resamples=2))
    assert found.num_rows == 100
    assert min(found["certainty"].to_pylist()) >= 0
    assert max(found["certainty"].to_pylist()) <= 1


def test_one_customer_is_one_segment():
    """One customer with one order is a segment of their own, scored 3-3-3."""
    found = segment({"customer": ["a"], "time": [date(2025, 1, 1)], "revenue": [5.0]}).to_pylist()
    expected = {"customer": "a", "segment": "S1", "name": "all customers", "certainty": 1.0, "recency_days": 1.0}
    assert found == [{**expected, "orders": 1, "revenue": 5.0, "rfm": "3-3-3"}]


def test_customers_of_a_single_order_are_divided_too():
    """Single orders are told apart by recency and money; nobody is lost."""
    rng = np.random.default_rng(0)
    days = rng.integers(0, 300, 60)
    frame = {
        "customer": [f"c{place}" for place in range(60)],
        "time": (np.datetime64("2025-01-01") + days).astype("datetime64[us]"),
        "revenue": np.exp(rng.normal(3, 1, 60)),
    }
    assert segment(frame, params=FEW).num_rows == 60


def test_one_segment_can_be_asked_for(two_kinds):
    """One segment holds everybody."""
    assert set(segment(two_kinds, params=MineSegments(segments=1))["name"].to_pylist()) == {"all customers"}


def test_more_segments_than_customers_are_refused():
    """The message says how many customers there are."""
    with pytest.raises(SettingsError, match=r"segments = 3, of 1 customers"):
        segment({"customer": ["a"], "time": [date(2025, 1, 1)], "revenue": [5.0]}, params=MineSegments(segments=3))


def test_every_breach_is_listed():
    """Missing columns come together; empty and infinite values name their rows; strange kinds are quoted."""
    with pytest.raises(ContractError, match=r"(?s)'time' .* is missing.*'revenue' .* is missing"):
        segment({"customer": ["a"], "tine": [1]})
    bad = {"customer": ["a", "b"], "time": [date(2025, 1, 1), None], "revenue": [np.nan, 1.0], "kind": ["sale", "gift"]}
    with pytest.raises(ContractError, match=r"(?s)'time' has 1 empty.*row 1.*'revenue' has 1 empty.*row 0.*'gift'"):
        segment(bad)
    with pytest.raises(ContractError, match="no sale of a known customer"):
        segment({"customer": pa.nulls(1, pa.string()), "time": [date(2025, 1, 1)], "revenue": [5.0]})
    with pytest.raises(ContractError, match="expected pandas, Polars, Arrow"):
        segment(3)
    with pytest.raises(ContractError, match="'time' has type int64, expected a day or a time"):
        segment({"customer": ["a"], "time": [20250101], "revenue": [5.0]})


def test_nothing_to_divide_by_ends_in_one_segment():
    """A method that finds no segments, or cannot be fitted to so few customers, gives one segment and no crash."""
    rng = np.random.default_rng(0)
    ready = {"customer": [str(n) for n in range(60)], "a": rng.normal(size=60), "b": rng.normal(size=60)}
    alone = segment_features(ready, params=MineSegments(method="hdbscan", resamples=2))
    assert alone["segment_trials"]["segments"].to_pylist() == [len(set(alone["segments"]["segment"].to_pylist()))]
    few = segment_features(ready, params=MineSegments(method="gaussian mixture", segments=40, resamples=2))
    assert set(few["segments"]["segment"].to_pylist()) == {"S1"}
    same = {"customer": ["a", "b"], "time": [date(2025, 1, 1)] * 2, "revenue": [5.0, 5.0]}
    assert segment(same, params=MineSegments(method="rfm"))["rfm"].to_pylist() == ["3-3-3", "3-3-3"]


def test_what_is_after_today_is_not_seen(two_kinds):
    """Changing everything from today on changes no line that is read."""
    names = {name: name for name in two_kinds.column_names}
    today = date(2025, 4, 1)
    late = np.array([time.date() >= today for time in two_kinds["time"].to_pylist()])
    revenue = np.where(late, 999.0, two_kinds["revenue"].to_numpy())
    changed = two_kinds.set_column(two_kinds.column_names.index("revenue"), "revenue", pa.array(revenue))
    one, other = (lines(table, names, today) for table in (two_kinds, changed))
    assert one.revenue.tobytes() == other.revenue.tobytes()
    assert one.today == other.today


def clouds(rng):
    """Return three well parted clouds of customers in six ready features."""
    truth = np.repeat([0, 1, 2], [60, 40, 30])
    centers = 6 * np.eye(6)[:3]
    values = centers[truth] + rng.normal(size=(130, 6))
    return {"customer": [f"k{kind}-{n}" for n, kind in enumerate(truth)], **{f"f{j}": values[:, j] for j in range(6)}}


def test_ready_features_are_divided():
    """Well parted clouds are found; S1 has most customers; shuffled rows give the same bytes."""
    frame = pa.table(clouds(np.random.default_rng(1)))
    found = segment_features(frame, params=FEW)["segments"]
    assert agreement(found) > 0.95
    assert found["segment"].to_pylist().count("S1") >= 58
    again = segment_features(frame.take(np.random.default_rng(2).permutation(130)), params=FEW)["segments"]
    assert again.equals(found)


def test_constant_features_make_one_segment():
    """Where nothing differs there is one segment, also when more are asked for."""
    frame = {"customer": [str(n) for n in range(40)], "a": [1.0] * 40}
    assert set(segment_features(frame)["segments"]["segment"].to_pylist()) == {"S1"}
    assert segment_features(frame, params=MineSegments(segments=3))["segment_trials"]["segments"].to_pylist() == [1]


def test_bad_features_are_refused():
    """NaN, texts, repeated customers and RFM without lines are refused, all at once where they are breaches."""
    with pytest.raises(ContractError, match=r"(?s)not unique.*'a' has 1 empty.*'b' has type"):
        segment_features({"customer": ["x", "x"], "a": [1.0, np.nan], "b": ["u", "v"]})
    with pytest.raises(ContractError, match="'customer' is missing"):
        segment_features({"a": [1.0]})
    with pytest.raises(ContractError, match="holds no feature"):
        segment_features({"customer": ["a"]})
    with pytest.raises(SettingsError, match="needs order lines"):
        segment_features({"customer": ["a"], "b": [1.0]}, params=MineSegments(method="rfm"))
