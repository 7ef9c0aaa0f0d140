"""Small tables the ledger is made of."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.tables.forecasted import LEVELS, QUANTILES
from lotwise.tables.planned import LIMIT_VALUES, MONEY, PLANS, PRICES, SOLVES, USES

FIRST = date(2026, 1, 5)
STATES = {
    "ideal": ("perfect", "none"),
    "perfect": ("perfect", "real"),
    "now": ("now", "real"),
    "none": ("none", "real"),
}


def monday(number):
    """Return the Monday of a week, the first being 0."""
    return FIRST + timedelta(days=7 * number)


def filled(table, rows):
    """Return a table that keeps its contract: what a row does not say is 0, or 'machine' and so on."""
    blank = {pa.float64(): 0.0, pa.int64(): 0, pa.string(): "machine"}
    whole = [{column.name: row.get(column.name, blank.get(column.type)) for column in table.columns} for row in rows]
    return table.check(pa.Table.from_pylist(whole, schema=table.schema))


def settled(profits, *, horizon=1):
    """Return ``money`` from state -> profits by product and week; products are p0, p1, ..."""
    rows = []
    for state, profit in profits.items():
        information, limits = STATES.get(state, (state, "real"))
        for (product, week), money in np.ndenumerate(np.asarray(profit, dtype=float)):
            cutoff = monday(week - week % horizon)
            key = {"information": information, "limits": limits, "cutoff": cutoff, "product": f"p{product}"}
            rows.append({**key, "week": monday(week), "profit": float(money)})
    return filled(MONEY, rows)


@pytest.fixture
def build():
    """Return makers of small tables: ``money`` from arrays, the others from rows."""

    class Build:
        money = staticmethod(settled)
        week = staticmethod(monday)

        @staticmethod
        def plans(rows):
            return filled(PLANS, [{"information": "perfect", "limits": "none", **row} for row in rows])

        @staticmethod
        def prices(rows):
            return filled(PRICES, [{"information": "perfect", "unit": "hours", **row} for row in rows])

        @staticmethod
        def limit_values(rows):
            absent = dict.fromkeys(("first_in", "last_in", "price", "one_more", "another"))
            return filled(LIMIT_VALUES, [{**absent, "unit": "hours", **row} for row in rows])

        @staticmethod
        def uses(rows):
            return filled(USES, rows)

        @staticmethod
        def solves(rows):
            return filled(SOLVES, [{"information": "now", "limits": "real", "status": "optimal", **row} for row in rows])

    return Build


@pytest.fixture
def rng():
    """Return a seeded random generator."""
    return np.random.default_rng(20261121)


@pytest.fixture(scope="session")
def build_tables():
    """Return a maker of the ledger's tables from profits by state and a solver's gap; the oven binds in window 0."""

    def made(profits, slack):
        cutoffs = [monday(0), monday(2)]
        week = {"information": "perfect", "cutoff": monday(0), "week": monday(1)}
        rows = [
            {"information": "now", "limits": "real", "cutoff": cutoff, "status": "optimal", "bound": slack}
            for cutoff in cutoffs
        ]
        return {
            "money": settled(profits, horizon=2),
            "plans": filled(PLANS, [{"limits": "none", "product": "p1", "units": 10.0, **week}]),
            "prices": filled(PRICES, [{"resource": "oven", "capacity": 4.0, "price": 3.0, **week}]),
            "uses": filled(USES, [{"product": "p1", "resource": "oven", "quantity": 1.0}]),
            "solves": filled(SOLVES, rows),
        }

    return made


@pytest.fixture
def long_frame():
    """Return a maker of long frames from quantiles ``(n_series, n_periods, n_levels)`` and what came, week after week."""

    def made(quantiles, y, **columns):
        series, periods = np.shape(quantiles)[:2]
        day = np.datetime64(FIRST) + 7 * np.arange(periods).astype("timedelta64[D]")
        flat = np.reshape(quantiles, (-1, len(LEVELS)))
        found = {
            "unique_id": np.repeat([f"s{number:03}" for number in range(series)], periods),
            "ds": np.tile(day, series),
            "cutoff": np.tile(day - np.timedelta64(7, "D"), series),
            "y": pa.array(np.reshape(y, -1), from_pandas=True),
        }
        return pa.table(found | columns | {name: flat[:, place] for place, name in enumerate(QUANTILES)})

    return made
