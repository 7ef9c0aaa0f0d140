"""Tests of preferences from a frame of sales."""

import numpy as np
import pytest

from lotwise.config.mining import MinePreferences
from lotwise.errors import ContractError, InputError, SettingsError
from lotwise.mine.preferences.frames import find_preferences, line, read_sales, shares

SLOPE = -0.8
CONSTANTS = {"A": 0.0, "B": 0.6, "C": -0.4}


def shop(seed=0, weeks=50, visits=60):
    """Return sales and offers of three products whose buyers follow a logit."""
    rng = np.random.default_rng(seed)
    names = list(CONSTANTS)
    price = rng.uniform(2, 5, (weeks, 3))
    utility = np.array(list(CONSTANTS.values())) + SLOPE * price
    week = np.repeat(np.arange(weeks), visits)
    taken = (utility[week] + rng.gumbel(size=(len(week), 3))).argmax(axis=1)
    monday = np.datetime64("2024-01-01")
    sales = {
        "product": [names[at] for at in taken],
        "day": monday + 7 * week + rng.integers(0, 7, len(week)),
        "price": price[week, taken],
        "customer": [f"c{number}" for number in rng.integers(0, 200, len(week))],
    }
    grid = np.repeat(np.arange(weeks), 3)
    offers = {"product": names * weeks, "week": monday + 7 * grid, "price": price.ravel()}
    return sales, offers


@pytest.fixture(scope="module")
def found():
    sales, offers = shop()
    return find_preferences(read_sales(sales, offers=offers))


def test_part_worths_hold_the_truth(found):
    """Each part-worth lies within 3 standard errors of the truth, and each willingness to pay within its interval widened."""
    rows = {(row["attribute"], row["value"]): row for row in found.table().to_pylist()}
    base = found.sets.base["product"]
    assert abs(rows["price", "1 more"]["part_worth"] - SLOPE) < 3 * rows["price", "1 more"]["standard_error"]
    for name in set(CONSTANTS) - {base}:
        row, truth = rows["product", name], CONSTANTS[name] - CONSTANTS[base]
        assert abs(row["part_worth"] - truth) < 3 * row["standard_error"]
        assert row["willingness_low"] - 0.2 < truth / -SLOPE < row["willingness_high"] + 0.2


def test_shares_follow_the_logit_at_other_prices(found):
    """At prices told the shares are those of the true logit, within twice their interval (4 standard errors)."""
    prices = {"A": 2.0, "B": 4.0, "C": 3.0}
    worth = {name: np.exp(CONSTANTS[name] + SLOPE * price) for name, price in prices.items()}
    for row in shares(found, prices=prices).to_pylist():
        truth = worth[row["alternative"]] / sum(worth.values())
        assert row["low"] <= row["share"] <= row["high"]
        assert abs(row["share"] - truth) < row["high"] - row["low"]


def test_shares_of_a_smaller_offer_sum_to_one(found):
    """Without those who take nothing, shares sum to one; with them, a smaller offer loses buyers."""
    two = shares(found, offered=["A", "B"])
    assert sum(two["share"].to_pylist()) == pytest.approx(1)
    assert sum(shares(found, outside=0.3)["share"].to_pylist()) == pytest.approx(0.7)
    assert sum(shares(found, offered=["A", "B"], outside=0.3)["share"].to_pylist()) < 0.7


def test_nested_shares_are_those_of_the_fitted_model():
    """What the market says of a nested logit is what the fitted model says."""
    sales, offers = shop(3)
    params = MinePreferences(models=("nested logit",))
    told = find_preferences(read_sales(sales, offers=offers), params=params, nests={"n": ["A", "B"]})
    assert told.model.name == "nested logit"
    mean = shares(told)
    from lotwise.mine.preferences.offer import mean_now

    there, attributes = mean_now(told.model, told.sets)
    expected = told.model.fitted.probabilities(attributes[None], there[None])[0]
    assert mean["share"].to_pylist() == pytest.approx(expected.tolist(), abs=1e-9)


def test_the_line_drops_what_takes_buyers_from_better_things(found):
    """A product that earns next to nothing is left out where it is not, margins earned rise."""
    rows = line(found, {"A": 0.01, "B": 2.0, "C": 2.0}).to_pylist()
    kept = {row["alternative"]: row["kept"] for row in rows}
    assert kept == {"A": False, "B": True, "C": True}
    assert rows[0]["earned_then"] > rows[0]["earned_now"]


def test_substitution_rows_sum_to_one(found):
    """All buyers of what is missing go somewhere."""
    total: dict[str, float] = {}
    for row in found.substitution().to_pylist():
        total[row["alternative"]] = total.get(row["alternative"], 0) + row["diverted"]
    assert list(total.values()) == pytest.approx([1, 1, 1])


def test_the_same_seed_gives_the_same_tables(found):
    """Estimated again, every table is the same to the last bit."""
    sales, offers = shop()
    again = find_preferences(read_sales(sales, offers=offers))
    assert again.table().equals(found.table())
    assert again.models().equals(found.models())
    assert shares(again).equals(shares(found))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": [1.0, np.nan]}, "column 'price' is empty or not a number"),
        ({"price": [1.0, -2.0]}, "column 'price' is below 0"),
        ({"price": ["a", "b"]}, "expected numbers"),
        ({"day": ["soon", "later"]}, "expected dates"),
        ({"prise": [1.0, 2.0], "price": None}, "column 'price' is missing; did you mean 'prise'?"),
    ],
)
def test_frames_that_cannot_be_read_are_refused(change, words):
    """Absent and negative prices, texts and missing columns are clear errors."""
    frame = {"product": ["A", "B"], "day": np.array(["2024-01-01"] * 2, "datetime64[D]"), "price": [1.0, 2.0]} | change
    with pytest.raises(ContractError) as error:
        read_sales({key: column for key, column in frame.items() if column is not None})
    assert words in str(error.value)


def test_one_product_and_no_row_are_refused():
    """One product is no choice, and neither is nothing."""
    day = np.array(["2024-01-01"] * 2, "datetime64[D]")
    with pytest.raises(InputError, match="it has one product"):
        read_sales({"product": ["A", "A"], "day": day, "price": [1.0, 2.0]})
    with pytest.raises(ContractError, match="it has no row"):
        read_sales({"product": np.array([], str), "day": np.array([], "datetime64[D]"), "price": np.array([])})


def test_one_customer_and_free_goods_are_worked_with():
    """Sales of one customer, some at a price of 0, still give a model."""
    sales, _ = shop(1)
    sales |= {
        "customer": ["one"] * len(sales["price"]),
        "price": np.where(np.arange(len(sales["price"])) % 50, sales["price"], 0),
    }
    assert find_preferences(sales).model.name == "logit"


def test_what_cannot_be_simulated_is_listed(found):
    """Unknown products, prices of 0 and shares beyond 1 are all named."""
    with pytest.raises(SettingsError) as error:
        shares(found, offered=["Z"], prices={"A": 0.0}, outside=1.5)
    assert all(word in str(error.value) for word in ("'Z'", "the price of 'A' is 0", "outside is 1.5"))
    with pytest.raises(SettingsError, match="the margin of 'C' is missing"):
        line(found, {"A": 1.0, "B": 1.0, "C": np.nan})
