# ruff: noqa: DTZ001  what a wall clock shows has no zone
"""Each feature of a mapping, on files small enough to check by eye."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from lotwise.errors import SettingsError
from lotwise.tables.collected import COLLECTED

ORDERS = """
[[collect]]
table = "orders"
files = "orders.csv"
"""
HEAD = "order,time,product,units"


def column(given, table, name):
    return [row[name] for row in given[f"raw.{table}"]]


def test_columns_named_as_ours_are_taken(collected):
    """What the source names as we do needs no word; location, region, line and kind are derived."""
    given = collected({"orders.csv": f"{HEAD},color\n7,2024-03-01,A,2,red\n7,2024-03-01,B,-1,\n8,2024-03-02,A,1,\n"}, ORDERS)
    rows = given["raw.orders"]
    assert [(r["order"], r["line"], r["product"], r["units"], r["kind"]) for r in rows] == [
        ("7", 1, "A", 2.0, "sale"),
        ("7", 2, "B", -1.0, "return"),
        ("8", 1, "A", 1.0, "sale"),
    ]
    assert {(r["location"], r["region"], r["time"].day) for r in rows} == {("all", "all", 1), ("all", "all", 2)}
    assert given["sources"][0]["unused"] == "color"


def test_raw_tables_hold_the_contract_and_the_lineage(collected):
    """Names and types are the contract's, whatever the source left out."""
    given = collected({"orders.csv": f"{HEAD}\n7,2024-03-01,A,2\n"}, ORDERS)
    contract = next(table for table in COLLECTED if table.name == "orders")
    assert list(given["raw.orders"][0]) == [*contract.names, "source_file", "source_row"]


def test_constants_and_defaults(collected):
    """A value stands in every row; a default only where theirs is empty."""
    toml = (
        ORDERS + "[collect.columns]\n"
        'region = { value = "north" }\n'
        'location = { from = "shop", default = "web" }\n'
        'due = { value = "2024-05-01" }\n'
    )
    given = collected({"orders.csv": f"{HEAD},shop\n1,2024-03-01,A,2,\n2,2024-03-01,A,2,S1\n"}, toml)
    assert column(given, "orders", "region") == ["north", "north"]
    assert column(given, "orders", "location") == ["web", "S1"]
    assert column(given, "orders", "due") == [date(2024, 5, 1)] * 2


def test_factor_and_divide_by(collected):
    """Cents become money and a line's total a unit's price; what cannot be divided is a fault."""
    toml = (
        ORDERS + "[collect.columns]\n"
        'revenue = { from = "cents", factor = 0.01 }\n'
        'unit_price = { from = "cents", factor = 0.01, divide_by = "units" }\n'
    )
    given = collected({"orders.csv": f"{HEAD},cents\n1,2024-03-01,A,4,1000\n2,2024-03-01,A,0,500\n"}, toml)
    assert column(given, "orders", "revenue") == [10.0, 5.0]
    assert column(given, "orders", "unit_price") == [2.5, None]
    assert [(f["source_row"], f["column"], f["reason"]) for f in given["raw.faults"]] == [
        (2, "unit_price", "cannot be divided by 0")
    ]


def test_map_and_otherwise(collected):
    """A map gives our words for theirs; otherwise takes the rest; without it the rest is a fault."""
    toml = (
        ORDERS + "[collect.columns]\n"
        'kind = { from = "type", map = { S = "sale", R = "return" } }\n'
        'region = { from = "land", map = { DE = "home" }, otherwise = "abroad" }\n'
    )
    given = collected(
        {"orders.csv": f"{HEAD},type,land\n1,2024-03-01,A,1,S,DE\n2,2024-03-01,A,1,R,FR\n3,2024-03-01,A,1,X,\n"}, toml
    )
    assert column(given, "orders", "kind") == ["sale", "return", None]
    assert column(given, "orders", "region") == ["home", "abroad", None]
    assert [(f["value"], f["reason"]) for f in given["raw.faults"]] == [
        ("X", "is not in the map of column 'kind'; add it there, or set otherwise")
    ]


def test_choices_are_read_in_any_case(collected):
    """A word of the contract's choices is taken in any case; another is a fault that asks for a map."""
    given = collected({"orders.csv": f"{HEAD},kind\n1,2024-03-01,A,1,SALE\n2,2024-03-01,A,1,gift\n"}, ORDERS)
    assert column(given, "orders", "kind") == ["sale", None]
    assert given["raw.faults"][0]["reason"] == "is none of sale, return, cancelled; give a map"


def test_weeks_by_number_and_by_any_day(collected):
    """Week numbers become Mondays, and any day of a week its Monday."""
    toml = """
[[collect]]
table = "promotions"
files = "by_number.csv"
columns = { week = { from = "no", format = "weeks since 2016-12-26" } }
[[collect]]
table = "promotions"
files = "by_day.csv"
"""
    given = collected({"by_number.csv": "product,no\nA,1\nA,53\nA,1.5\n", "by_day.csv": "product,week\nA,2024-03-03\n"}, toml)
    # 2024-03-03 is a Sunday: its week started on 2024-02-26; week 53 starts 52 weeks after 2016-12-26
    assert column(given, "promotions", "week") == [date(2024, 2, 26), date(2016, 12, 26), date(2017, 12, 25), None]
    assert given["raw.faults"][0]["reason"] == "is not the number of a week from 1900 to 2199"


def test_time_zones(collected):
    """Naive times are of the mapping's zone, times with an offset are not; both become the project's; days stay."""
    toml = '[project]\ntimezone = "Asia/Shanghai"\n' + ORDERS + 'timezone = "Europe/Berlin"\n'
    files = {
        "orders.csv": f"{HEAD},due\n1,2024-07-01 12:00,A,1,2024-07-09\n2,2024-01-01 12:00,A,1,\n"
        "3,2024-07-01T12:00:00Z,A,1,\n4,2024-07-01,A,1,\n"
    }
    given = collected(files, toml)
    # Berlin is UTC+2 in July and UTC+1 in January, Shanghai UTC+8
    assert column(given, "orders", "time") == [
        datetime(2024, 7, 1, 18),
        datetime(2024, 1, 1, 19),
        datetime(2024, 7, 1, 20),
        datetime(2024, 7, 1),
    ]
    assert column(given, "orders", "due")[0] == date(2024, 7, 9)


def test_typed_frames_keep_their_types(collected):
    """Numbers of a frame become text keys without a point, instants the project's clock, and nothing is a fault."""
    frame = pa.table({
        "order": pa.array([1.0, 2.0]), "customer": pa.array([17850, None], pa.int64()),
        "product": pa.array(["A", "B"]).dictionary_encode(), "units": pa.array([1, 2], pa.int32()),
        "time": pa.array([datetime(2024, 7, 1, 12)] * 2, pa.timestamp("ns", "America/New_York")),
    })  # fmt: skip
    given = collected({}, '[project]\ntimezone = "Europe/Berlin"\n' + ORDERS.replace("orders.csv", "frame:f"), {"f": frame})
    assert column(given, "orders", "order") == ["1", "2"]
    assert column(given, "orders", "customer") == ["17850", None]
    assert column(given, "orders", "time") == [datetime(2024, 7, 1, 14)] * 2  # Arrow holds UTC; Berlin is two hours ahead
    assert given["raw.faults"] == []


def test_bad_values_are_faults_with_all_that_is_needed_to_find_them(collected):
    """Values that cannot be read, are out of range or not finite become nulls, each with file, row, column, value, reason."""
    body = "1,2024-03-01,A,two,-5\n2,1850-01-01,A,1,inf\n3,01/03/2024,A,1,3\n4,25/03/2024,A,1,NaN\n"
    given = collected({"orders.csv": f"{HEAD},unit_price\n{body}"}, ORDERS)
    found = {(f["source_row"], f["column"]): (f["value"], f["reason"]) for f in given["raw.faults"]}
    assert found == {
        (1, "units"): ("two", "is not a number with a decimal point"),
        (1, "unit_price"): ("-5", "is below 0"),
        (2, "time"): ("1850-01-01", "is out of range: dates from 1900 to 2199"),
        (2, "unit_price"): ("inf", "is not a number with a decimal point"),
        (3, "time"): ("01/03/2024", "is not a date such as 2024-12-31; it would fit format = '%d/%m/%Y'"),
        (4, "time"): ("25/03/2024", "is not a date such as 2024-12-31; it would fit format = '%d/%m/%Y'"),
        (4, "unit_price"): ("NaN", "is not a number with a decimal point"),
    }
    assert column(given, "orders", "unit_price") == [None, None, 3.0, None]


def test_events_and_recipes_get_what_they_lack(collected):
    """Events without a number are numbered by file and row, and a component without a condition is always used."""
    toml = '[[collect]]\ntable = "events"\nfiles = "e.csv"\n[[collect]]\ntable = "bom"\nfiles = "b.csv"\n'
    given = collected({"e.csv": "time,customer,kind\n2024-03-01,7,view\n", "b.csv": "item,component,quantity\nA,X,2\n"}, toml)
    assert column(given, "events", "event") == ["e.csv#1"]
    assert (given["raw.bom"][0]["option"], given["raw.bom"][0]["value"]) == ("always", "always")


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        (
            '[[collect]]\ntable = "order"\nfiles = "x"\n',
            "'collect[1].table' = 'order' is no table that can be collected; did you mean 'orders'?",
        ),
        (ORDERS + 'columns = { unit = "u" }\n', "'collect[1].columns.unit' is no column of orders; did you mean 'units'?"),
        (ORDERS + 'timezone = "Mars"\n', "'collect[1].timezone': There is no time zone 'Mars'"),
        (ORDERS + "columns = { units = { factor = 2.0 } }\n", "names neither a column of theirs (from) nor a constant (value)"),
        (
            ORDERS + 'columns = { units = { from = "a", value = 1 } }\n',
            "names both a column of theirs (from) and a constant (value); keep one",
        ),
        (ORDERS + 'columns = { units = { value = "many" } }\n', "'collect[1].columns.units' 'many' is not a number"),
        (ORDERS + 'columns = { kind = { value = "gift" } }\n', "'gift' is none of sale, return, cancelled"),
        (ORDERS + "columns = { unit_price = { value = -1 } }\n", "is not within 0 and None"),
        (
            ORDERS + 'columns = { product = { from = "a", factor = 2.0 } }\n',
            "has a factor or divide_by, but product is no number",
        ),
        (ORDERS + 'columns = { units = { from = "a", format = "%Y" } }\n', "has a date format, but units is a number"),
        (ORDERS + 'columns = { time = { from = "a", format = "%d.%m" } }\n', "holds no year"),
        (
            '[project]\nname = "x"\n',
            "lotwise.toml maps no file: it has no [[collect]]. Make one from your files with: lotwise init",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(collected, toml, expected):
    """Every breach of the settings is told with its path before a file is opened."""
    with pytest.raises(SettingsError) as caught:
        collected({}, toml)
    assert expected in str(caught.value)


def test_every_breach_is_listed_at_once(collected):
    """Two mistakes are one message."""
    with pytest.raises(SettingsError) as caught:
        collected({}, ORDERS + 'columns = { unit = "u", tim = "t" }\n')
    assert str(caught.value).count("\n- ") == 2


@pytest.mark.parametrize(("winner", "places"), [("last", [4, 3]), ("first", [1, 3])])
def test_rows_that_say_the_same_are_read_once(collected, winner, places):
    """Products drawn from order lines stand once, in the place of the row that the pool would keep."""
    toml = f'[pool]\nduplicates = "{winner}"\n[[collect]]\ntable = "products"\nfiles = "orders.csv"\ndistinct = true\n'
    toml += '[collect.columns]\nname = "title"\ncategory = { value = "all" }\n'
    rows = collected({"orders.csv": "order,product,title\n1,A,Cup\n2,A,Cup\n3,B,Mug\n4,A,Cup\n"}, toml)["raw.products"]
    assert {(row["product"], row["source_row"]) for row in rows} == set(zip("AB", places, strict=True))
