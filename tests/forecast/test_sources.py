import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.errors import ContractError, SettingsError
from lotwise.forecast.sources import check, declared, families, overriding


def test_defaults_follow_the_tables_that_exist():
    """Own history comes first, promotions second and as plans; what does not exist is no source."""
    found = declared([], {"demand", "promotions", "orders"})
    assert [(source.name, source.known) for source in found] == [
        ("history", "past"), ("promotions", "plan"), ("prices", "past"), ("customers", "past"),
    ]  # fmt: skip


def test_every_breach_is_listed_at_once():
    """Misspelt and missing tables, doubled names and tables, and reserved names all stand in one message."""
    sources = [
        Source(name="own", tables=["demand"]),
        Source(name="own", tables=["promotion"]),
        Source(name="again", tables=["demand.units"]),
        Source(name="now", tables=["weather"]),
        Source(name="nothing", tables=[]),
        Source(name="mailer + display", tables=["promotions"]),
    ]
    with pytest.raises(SettingsError) as caught:
        declared(sources, {"demand", "promotions"})
    for part in (
        "'own' is declared twice", "did you mean 'promotions'?", "'own' and 'again' both hold 'demand.units'",
        "'now' has a name lotwise uses", "needs the table 'weather'", "'nothing' has no tables",
        "'mailer + display' has ' + ' in its name",
    ):  # fmt: skip
        assert part in str(caught.value)


def test_events_and_ratings_are_one_source_by_default():
    """So are the floor's facts and the planners' changes sources of their own, the latter known ahead."""
    found = declared([], {"demand", "events", "work", "signals", "overrides"})
    assert [(source.name, source.tables, source.known) for source in found[2:]] == [
        ("events", ["events", "events.rating"], "past"),
        ("floor", ["work"], "past"),
        ("signals", ["signals"], "past"),
        ("overrides", ["overrides"], "plan"),
    ]
    assert overriding(found) == "overrides"
    assert overriding(found[:2]) is None


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("signals.a", "signals.b", None),
        ("signals.a", "signals.a", "both hold 'signals.a'"),
        ("signals", "signals.a", "both hold 'signals.a'"),
        ("signals.a", "signals", "both hold 'signals'"),
        ("reviews", "events.review", "both hold 'events.review'"),
        ("events", "events.rating", None),
    ],
)
def test_a_table_stands_in_one_source_only(first, second, clash):
    """All signals hold each of them, whichever is declared first."""
    sources = [Source(name="one", tables=[first]), Source(name="two", tables=[second])]
    if clash is None:
        assert declared(sources, {"signals", "events"}) == sources
        return
    with pytest.raises(SettingsError, match=clash):
        declared(sources, {"signals", "events"})


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Source(name="days", tables=["calendar"], country="XX"), "no country whose holidays are known"),
        (Source(name="days", tables=["demand"], country="DE"), "only the table 'calendar' reads"),
        (Source(name="base", tables=["demand"]), "a name lotwise uses itself"),
    ],
)
def test_what_cannot_be_is_refused(source, reason):
    """Unknown countries, countries nothing reads, and names of ours."""
    with pytest.raises(SettingsError, match=reason):
        declared([source], {"demand"})


def test_missing_columns_of_tables_are_listed():
    """A table given without a column that is read is refused, with the closest name it has."""
    with pytest.raises(ContractError) as caught:
        check({"promotions": pa.table({"product": [], "week": [], "mailers": []}), "weather": pa.table({"day": []})})
    assert "table 'promotions' has no column 'mailer'; did you mean 'mailers'?" in str(caught.value)
    assert "table 'weather' has no column 'region'" in str(caught.value)


def test_a_calendar_needs_no_table():
    """The month's turn is known without one."""
    assert declared([Source(name="calendar", tables=["calendar"], known="plan")], {"demand"})


def test_one_table_under_two_names_is_one_family():
    """Customers are read from orders; naming both reads them once."""
    assert families(Source(name="people", tables=["orders", "customers"])) == ["orders"]
