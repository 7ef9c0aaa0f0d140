from lotwise.report.book import Book
from lotwise.report.numbers import Numbers
from lotwise.report.sections import unseen
from lotwise.report.words import Words


def test_each_measure_is_shown_in_its_own_unit(made_up, settings):
    """Money is in the currency, a share in percent, and what was not measured a dash with what it would take."""
    margin, never, trials = unseen.context(Book(made_up.get, settings), Words("en"), Numbers("EUR"))["measures"]
    assert (str(margin["value"]), margin["unit"], margin["between"].striptags()) == ("812", "EUR", "[300, 1,400]")
    assert (str(never["value"]), never["between"].striptags()) == ("12.5\u00a0%", "–")
    assert (str(trials["value"]), trials["tone"]) == ("–", "quiet")


def test_nothing_is_added_up(made_up, settings):
    """No figure of the section is a sum."""
    context = unseen.context(Book(made_up.get, settings), Words("en"), Numbers("EUR"))
    assert {row["value"].origin.kind for row in context["measures"] if row["value"].origin} == {"cell"}
