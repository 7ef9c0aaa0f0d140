from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config.mining import MinePropensity
from lotwise.errors import ContractError, SettingsError
from lotwise.mine.propensity.frames import foresee
from tests.mine.propensity.conftest import NAMES

QUICK = MinePropensity(models=("logistic",))


@pytest.fixture(scope="module")
def frame(bought):
    who = np.array(bought.customers)[bought.customer]
    return pa.table(
        {
            "who": who,
            "when": bought.day.astype("datetime64[D]"),
            "what": np.array(NAMES)[bought.product],
            "paid": bought.revenue,
        }
    )


def told(frame, **more):
    return foresee(frame, customer="who", time="when", item="what", settings=QUICK, **more)


def test_a_frame_gives_the_three_tables(frame):
    """Each item, anything and leaving are told for every customer, with a report and a note."""
    found = told(frame, revenue="paid")
    targets = {"buys bread", "buys butter", "buys milk", "buys anything", "leaves"}
    assert set(found.propensities["target"].to_pylist()) == targets
    assert set(found.notes["scope"].to_pylist()) == targets
    assert set(found.scores["model"].to_pylist()) == {"base rate", "logistic"}
    assert found.propensities.num_rows == 5 * len(set(frame["who"].to_pylist()))


def test_the_order_of_rows_does_not_matter(frame):
    """Shuffled rows give the same chances, byte by byte."""
    order = np.random.default_rng(0).permutation(frame.num_rows)
    one, two = (told(rows, targets=["milk"], revenue="paid").propensities for rows in (frame, frame.take(order)))
    assert one == two


def test_pandas_and_polars_give_the_same(frame):
    """The kind of frame makes no difference."""
    pandas = pytest.importorskip("pandas")
    one = told(frame, targets=["milk"]).propensities
    assert one == told(pandas.DataFrame(frame.to_pydict()), targets=["milk"]).propensities


def test_today_hides_later_rows(frame):
    """Rows from today on, whatever they say, change nothing."""
    today = date(2022, 9, 25)  # day 19,260; the frame ends on day 19,279
    when = frame["when"].to_numpy()
    kept = frame.filter(pa.array(when < np.datetime64(today)))
    assert told(frame, targets=["milk"], today=today).propensities == told(kept, targets=["milk"], today=today).propensities


def test_a_plan_of_promotions_is_taken(frame):
    """Promotions of the weeks ahead become features and nothing breaks where an item is unknown."""
    plan = {"item": ["milk", "salt"], "week": [date(2022, 10, 17)] * 2, "strength": [1.0, 1.0]}
    assert told(frame, targets=["milk"], promotions=plan).propensities.num_rows > 0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"who": ["a"] * 3, "when": [date(2024, 1, day) for day in (1, 2, 3)], "what": ["x"] * 3}, "one customer"),
        ({"who": ["a", "b"], "when": [date(2024, 1, 1)] * 2, "what": ["x", "x"]}, "140 are needed"),
        ({"who": pa.array([], pa.string()), "when": pa.array([], pa.date32()), "what": pa.array([], pa.string())}, "no order"),
    ],
)
def test_too_little_is_left_out_with_the_reason(rows, reason):
    """One customer, one day or no row gives empty tables and says why."""
    found = told(rows)
    assert found.propensities.num_rows == 0
    assert all(note["ended"] == "left out" and reason in note["note"] for note in found.notes.to_pylist())


def test_every_fault_of_a_frame_is_listed():
    """A missing column, an empty customer and an empty date are all named in one message."""
    rows = {"who": ["a", None], "when": [date(2024, 1, 1), None], "wht": ["x", "x"]}
    with pytest.raises(ContractError, match=r"(?s)'who' is empty.*'when' is empty.*'what' is missing.*'wht'"):
        told(rows)


def test_money_that_is_not_known_is_none(frame):
    """NaN money counts as no money and breaks nothing; infinite money is a fault."""
    paid = np.full(frame.num_rows, np.nan)
    assert told(frame.set_column(3, "paid", [paid]), revenue="paid").propensities.num_rows > 0
    with pytest.raises(ContractError, match="infinite"):
        told(frame.set_column(3, "paid", [np.full(frame.num_rows, np.inf)]), revenue="paid")


def test_settings_hold_where_no_keyword_says_otherwise(frame):
    """Weeks and targets come from the settings, and a keyword goes before them."""
    settings = MinePropensity(models=("logistic",), weeks=2, targets=["bread"])
    found = foresee(frame, customer="who", time="when", item="what", settings=settings)
    assert "buys bread" in found.notes["scope"].to_pylist()
    assert "buys milk" not in found.notes["scope"].to_pylist()
    row = found.scores.to_pylist()[0]
    assert (row["to_day"] - row["from_day"]).days == 13
    other = foresee(frame, customer="who", time="when", item="what", settings=settings, weeks=3, targets=["milk"])
    assert "buys milk" in other.notes["scope"].to_pylist()


def test_wrong_wishes_are_refused(frame):
    """An unknown item is named with the one meant; weeks must be a whole number above 0; targets need the item column."""
    with pytest.raises(SettingsError, match="'mlk' is no item; did you mean 'milk'"):
        told(frame, targets=["mlk"])
    with pytest.raises(SettingsError, match="weeks = 0"):
        told(frame, weeks=0)
    with pytest.raises(SettingsError, match="without item"):
        foresee(frame, customer="who", time="when", targets=["milk"])


def test_customers_who_are_all_alike_get_the_base_rate():
    """Everybody comes every week: nobody leaves, and the share of 1 stands with its reason."""
    day = np.tile(np.arange(0, 280, 7), 30).astype("datetime64[D]")
    rows = {"who": np.repeat([f"c{number}" for number in range(30)], 40), "when": day, "what": ["x"] * 1200}
    found = told(rows)
    notes = {note["scope"]: note["note"] for note in found.notes.to_pylist()}
    assert "base rate" in notes["buys x"]
    row = found.propensities.filter(pa.compute.equal(found.propensities["target"], "buys x"))
    assert set(row["probability"].to_pylist()) == {1.0}
