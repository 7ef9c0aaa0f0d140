import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.errors import ContractError, SettingsError
from lotwise.forecast.sources import check, declared, families


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
