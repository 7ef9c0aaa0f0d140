"""Rows for the tests of the pool."""

from datetime import datetime, timedelta

MONDAY = datetime(2024, 1, 1, 12)  # noqa: DTZ001  times are the project's own


def sell(number, day=0, **also):
    """Return one order line, a number of days after Monday 2024-01-01."""
    line = {"order": str(number), "line": 1, "time": MONDAY + timedelta(days=day), "product": "p", "customer": "c"}
    return {**line, "location": "all", "region": "all", "units": 1.0, "revenue": 2.0, **also}


def history(days=28):
    """Return one sale a day, so that there are whole weeks."""
    return [sell(f"h{day}", day) for day in range(days)]


def checks(given, table):
    """Return the counts of one table in quality."""
    return {row["check"]: row["rows"] for row in given["quality"].to_pylist() if row["table"] == table}
