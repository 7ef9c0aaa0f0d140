import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import headline
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def said(made_up, settings):
    """What the headline says of the made-up tables with some rows changed, without markup."""

    def say(language="en", **changed):
        tables = made_up | {
            name: pa.Table.from_pylist([row | change(row) for row in made_up[name].to_pylist()], schema=TABLES[name].schema)
            for name, change in changed.items()
        }
        context = headline.context(Book(tables.get, settings), Words(language), Numbers("USD"))
        return [sentence.striptags().replace("\u00a0", " ") for sentence in context["sentences"]]

    return say


def test_noise_is_not_sold_as_value(said):
    """Where no source can be told from noise, the headline says so and names no money."""
    text = said(gap=lambda row: {"verdict": "not distinguishable from 0"} if row["account"] == "known" else {})[2]
    assert text == "None of the sources can be told from noise yet: their intervals include 0 or overlap the placebo's."


def test_harm_is_said(said):
    """A source that does harm is named with what it cost."""
    change = {"verdict": "harmful", "money": -500.0, "low": -900.0, "high": -100.0}
    text = said(gap=lambda row: change if row["line"] == "calendar" else {})[2]
    assert text == (
        "Knowing promotion plan brought 2,300 USD [1,200, 3,400]; Using calendar did harm: −500 USD [−900, −100]; "
        "nothing else can be told from noise."
    )


def test_a_placebo_that_pays_is_a_warning(said):
    """Where the placebo's interval lies above 0, the reader is warned of small lines."""
    text = said(gap=lambda row: {"verdict": "noise passes for value"} if row["line"] == "placebo" else {})
    assert text[3].startswith("Caution")


def test_no_settled_plan_is_no_money(said):
    """A ledger without money says what it needs and shows no figure."""
    absent = {"money": None, "low": None, "high": None, "share": None, "verdict": "needs 4 more weeks"}
    text = said(gap=lambda _: absent)
    assert text[0] == "No past plan could be settled yet (needs 4 more weeks), so what was lost cannot be put in money."
    assert "brought" not in " ".join(text)


def test_free_resources_are_said_to_be_free(said):
    """Where every shadow price is 0, no machine is called short."""
    text = said(prices=lambda _: {"price": 0.0})
    assert "In the 4 planned weeks from Jan 1, 2018, no machine and no material is short." in text


def test_a_short_material_is_counted_in_units(said):
    """Where a material is dearest, the sentence speaks of units, in the page's language too."""
    dear = {"price": 99.5}
    change = lambda row: dear if row["resource"] == "flour" else {}  # noqa: E731  one line reads better here
    assert any(text.endswith("one more unit earns 99.50 USD.") for text in said(prices=change))
    assert "Wheat flour 最短缺" in " ".join(said("zh", prices=change))


def test_demand_is_no_scarce_resource(said):
    """What one more unit ordered would earn is no price of a resource, however high it is."""
    assert not any("99" in text for text in said())


def test_an_infeasible_plan_is_said_first(said):
    """Where the current plan has no solution, the reader is led to the conflicts."""
    text = said(solves=lambda _: {"status": "infeasible"})
    assert text[-1] == "The current plan cannot be made as asked: see the conflicts below."


def test_without_floor_data_no_loss_is_laid_on_the_floor(said):
    """Where the floor was not measured, undone is what solving may have left, and the headline says so."""
    change = {"line": "no floor data", "money": None, "low": None, "high": None, "counted": False}
    text = said(gap=lambda row: change if row["line"] == "floor: short" else {})[0]
    assert "and at most 0 USD by the solver." in text
    assert text.endswith("what the floor did is not known.")


def test_chance_is_named_where_it_is_sure(said):
    """What no source closes is said with its interval, and only where it is told from 0."""
    chance = "Of what was not known, at most 8,400 USD [6,900, 10,100] is chance: no source here closes it."
    assert chance in said()
    unsure = {"low": -5.0}
    assert chance not in said(gap=lambda row: unsure if row["line"].startswith("chance") else {})


def test_sources_are_kept_or_dropped_by_their_advice(said):
    """The headline names the sources to keep and to drop, and none of which nothing can be told yet."""
    assert {"Worth keeping: promotion plan.", "Worth dropping: calendar."} <= set(said())
    assert "Worth" not in " ".join(said(source_values=lambda _: {"advice": "cannot tell yet"}))
    assert "值得保留：promotion plan。" in said("zh")


def test_one_more_hour_is_said_of_a_limit_that_is_sure_to_cost(said):
    """One more hour a week is the sum over past plans, planned again; a limit not told from 0 is not named."""
    # 80.25 in each of two past plans
    sentence = "In the settled weeks, one more hour a week of Bakery line would have earned 160 USD."
    assert sentence in said()
    assert sentence not in said(gap=lambda row: {"verdict": "no interval"} if row["account"] == "unmade" else {})
