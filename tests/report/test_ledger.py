import pyarrow as pa

from lotwise.report import render
from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import ledger
from lotwise.report.words import Words
from lotwise.tables import TABLES


def _lines(tables, settings):
    context = ledger.context(Book(tables.get, settings), Words("en"), Numbers("USD"))
    return {str(line["name"]): line for line in context["lines"]}


def test_each_line_with_money_names_its_formula_and_its_command(made_up, settings):
    """A line says which states it is the difference of, and the command that works it out again; others have none."""
    lines = _lines(made_up, settings)
    chance = lines["chance: the irreducible part"]
    assert chance["formula"] == "V(perfect) - V(foresight)"
    assert chance["command"] == 'lotwise gap --line "chance: the irreducible part"'
    assert lines["what customers were not shown"]["command"] == ""
    assert "lotwise gap --line &#34;floor: short&#34;</code>" in render(made_up.get, settings)


def test_a_command_can_be_pasted_whatever_the_line_is_called(made_up, settings):
    """What a shell reads between double quotes is escaped."""
    rows = made_up["gap"].to_pylist()
    rows[5]["line"] = 'the "big" $oven'
    tables = made_up | {"gap": pa.Table.from_pylist(rows, schema=TABLES["gap"].schema)}
    commands = [line["command"] for line in _lines(tables, settings).values()]
    assert 'lotwise gap --line "the \\"big\\" \\$oven"' in commands


def test_what_knowing_brought_has_a_section_of_its_own(made_up, settings):
    """The ledger's lines are those of the sum and the unseen."""
    assert {line["account"] for line in _lines(made_up, settings).values()} == {
        "ideal", "unknown", "unmade", "undone", "actual", "unseen",
    }  # fmt: skip
