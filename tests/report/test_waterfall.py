import pyarrow as pa
import pytest

from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import waterfall
from lotwise.report.words import Words
from lotwise.tables import TABLES


@pytest.fixture
def drawn(made_up, settings):
    """The steps and the bars of a ledger with so many small machines beside what is made up, by account."""

    def draw(machines=0, accounts=("unmade",), language="en"):
        rows = made_up["gap"].to_pylist()
        like = next(row for row in rows if row["line"] == "flour")
        more = [(account, place) for account in accounts for place in range(machines)]
        rows += [
            like | {"account": account, "line": f"X{place}", "money": 1.25, "order": 90 + place} for account, place in more
        ]
        gap = pa.Table.from_pylist(rows, schema=TABLES["gap"].schema)
        book, words = Book((made_up | {"gap": gap}).get, settings), Words(language)
        chart = waterfall.chart(book, words, Numbers("USD"))
        return waterfall.steps(book, words), chart.spec["data"]["values"]

    return draw


def test_bars_lead_from_the_ideal_to_the_actual_to_the_cent(drawn):
    """Each loss begins where the line before it ends, and the last one ends at the actual."""
    _, bars = drawn()
    ideal, *losses, actual = bars
    assert [loss["start"] for loss in losses] == [before["end"] for before in (ideal, *losses[:-1])]
    # 41200 - 1400.25 - 8400.25 - 3100.25 - 250 - 640 - 0 = 27409.25
    assert (losses[-1]["end"], actual["end"]) == (27409.25, 27409.25)
    assert [bar["account"] for bar in losses] == ["unknown"] * 2 + ["unmade"] * 2 + ["undone"] * 2


def test_small_lines_of_many_are_joined_within_their_account(drawn):
    """Of more than eight counted lines the smaller ones of an account are one bar, and no cent is lost."""
    steps, bars = drawn(machines=5)
    # 11 counted lines: the 8 largest stand, X0 to X2 among them; the solver's 0 has no other to join
    assert [step["name"] for step in steps if step["account"] == "unmade"] == [
        "Bakery line", "Wheat flour", "X0", "X1", "X2", "2 other limits",
    ]  # fmt: skip
    assert steps[-4]["money"] == 2.5
    assert sum(step["money"] for step in steps if step["account"] == "unmade") == 3350.25 + 5 * 1.25
    assert steps[-2]["name"] == "solver's own gap"
    assert len({bar["name"] for bar in bars}) == len(bars)


def test_lines_of_one_name_are_told_apart(drawn):
    """A name that two accounts use is followed by the account, for a name is a place on the axis."""
    steps, bars = drawn(machines=1, accounts=("unmade", "undone"))
    assert [step["name"] for step in steps if "X0" in step["name"]] == ["X0 · Unmade", "X0 · Undone"]
    assert len({bar["name"] for bar in bars}) == len(bars)


def test_bars_tell_interval_and_formula(drawn):
    """Pointing at a bar tells its interval and the states it is the difference of; a bar of several lines has neither."""
    _, bars = drawn(machines=5)
    chance = next(bar for bar in bars if bar["name"].startswith("chance"))
    assert (chance["between"], chance["made"]) == ("[6,900, 10,100]", "V(perfect) - V(foresight)")
    joined = next(bar for bar in bars if bar["name"] == "2 other limits")
    assert (joined["between"], joined["made"]) == ("", "")


def test_lines_are_named_in_the_page_s_language(drawn):
    """Lines and joined lines are Chinese on a Chinese page."""
    names = [step["name"] for step in drawn(machines=5, language="zh")[0]]
    assert names[0] == "理想"
    assert {"偶然：不可消除的部分", "其他 2 个限制"} <= set(names)
