"""Counted accounts of every product, region and week, and their sums."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotwise.gap.cells import ACCOUNTS, cells_of, in_cents, products_of, regions_of, weeks_of
from lotwise.gap.cents import apportion, cents
from lotwise.gap.line import Line
from lotwise.gap.value import Value
from lotwise.tables.forecasted import FORECAST
from lotwise.tables.ledger import GAP_CELLS, GAP_PRODUCTS
from lotwise.tables.pooled import DEMAND

FIRST = np.datetime64("2026-01-05")
SHARES = ACCOUNTS[:4]


def table(contract, rows):
    """Return a table of a contract; what a row does not say is 0 or False."""
    blank = {pa.float64(): 0.0, pa.int64(): 1, pa.bool_(): False}
    whole = [{column.name: row.get(column.name, blank.get(column.type)) for column in contract.columns} for row in rows]
    return contract.check(pa.Table.from_pylist(whole, schema=contract.schema))


def asked(rows):
    """Return ``demand`` from (product, region, week number, units)."""
    return table(DEMAND, [dict(zip(("product", "region", "week", "units"), row, strict=True)) | week(row[2]) for row in rows])


def expected(rows, state="now"):
    """Return ``forecast`` from (product, region, week number, mean), each week forecast on its Monday."""
    names = ("product", "region", "week", "mean")
    return table(
        FORECAST,
        [
            dict(zip(names, row, strict=True)) | week(row[2]) | {"information": state, "cutoff": week(row[2])["week"]}
            for row in rows
        ],
    )


def week(number):
    """Return the Monday of a week."""
    return {"week": FIRST.item() + timedelta(days=7 * number)}


def grid(money):
    """Return a Value and lines of the four accounts; ``money`` by account, ``(n_products, n_weeks)``."""
    products, weeks = next(iter(money.values())).shape
    mondays = FIRST + 7 * np.arange(weeks)
    value = Value(tuple(f"p{place}" for place in range(products)), mondays, mondays, {})
    lines = [Line(account, account, "", cells, counted=account != "ideal") for account, cells in money.items()]
    extra = Line("unknown", "of which chance", "", np.full((products, weeks), 1e6))
    return value, [*lines, extra, Line("undone", "no floor data", "", counted=True)]


def test_a_week_is_shared_among_regions():
    """Worked by hand: 9.00 and 2.00 by demand 3 to 1, missed knowledge by |3 - 4| and |1 - 4|, undone of 1 cent whole.

    ideal 12 x 3/4 = 9, 12 x 1/4 = 3; unknown 4 x 1/4 = 1, 4 x 3/4 = 3; unmade 2 x 3/4 = 1.50, .50; of the one cent
    undone, north's share is .75 cents and takes it. So actual is 9 - 1 - 1.50 - .01 = 6.49 and 3 - 3 - .50 = -.50.
    """
    money = {account: np.array([[amount]]) for account, amount in zip(SHARES, (12.0, 4.0, 2.0, 0.01), strict=True)}
    value, lines = grid(money)
    demand = asked([("p0", "north", 0, 3.0), ("p0", "south", 0, 1.0), ("other", "east", 0, 9.0), ("p0", "north", 1, 9.0)])
    forecast = expected([("p0", "north", 0, 4.0), ("p0", "south", 0, 4.0), ("p0", "south", 1, 9.0)])
    totals = {"ideal": 1200, "unknown": 400, "unmade": 200, "undone": 1}
    rows = GAP_CELLS.check(cells_of(value, lines, totals, demand, forecast)).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("p0", "north", FIRST.item(), 9.0, 1.0, 1.5, 0.01, 6.49),
        ("p0", "south", FIRST.item(), 3.0, 3.0, 0.5, 0.0, -0.5),
    ]


@pytest.mark.parametrize(
    ("demand", "forecast", "shares"),
    [
        ([("p0", "a", 0, 0.0), ("p0", "b", 0, 0.0)], [("p0", "a", 0, 0.0)], [1.0, 1.0, 1.0, 1.0]),  # nothing: equally
        ([("p0", "a", 0, 3.0), ("p0", "b", 0, 1.0)], [], [1.5, 0.5, 1.5, 0.5]),  # no forecast: both by demand
        ([], [("p0", "a", 0, 3.0), ("p0", "b", 0, 1.0)], [1.0, 1.0, 1.5, 0.5]),  # no demand rows: missed by the forecast
        ([("q", "a", 0, 3.0), ("q", "b", 0, 1.0)], [], [2.0, 2.0]),  # no region of any settled product
        ([], [], [2.0, 2.0]),
    ],
)
def test_weeks_without_demand_or_forecast_have_a_rule(demand, forecast, shares):
    """Shares fall back to demand, then to equal parts; a product that no table places keeps its money."""
    value, lines = grid({account: np.array([[2.0]]) for account in SHARES})
    cells = cells_of(value, lines, dict.fromkeys(SHARES, 200), asked(demand), expected(forecast))
    assert cells["ideal"].to_pylist() + cells["unknown"].to_pylist() == shares


def test_only_the_forecast_the_plan_was_made_from_counts():
    """Another cutoff's or another state's forecast of the same week moves no money."""
    value, lines = grid({account: np.array([[2.0]]) for account in SHARES})
    demand = asked([("p0", "a", 0, 3.0), ("p0", "b", 0, 1.0)])
    early = expected([("p0", "a", 0, 9.0)])
    early = early.set_column(1, early.schema.field("cutoff"), pa.array([FIRST.item() - timedelta(days=7)]))
    forecast = pa.concat_tables([early, expected([("p0", "b", 0, 50.0)], state="none")])
    cells = cells_of(value, lines, dict.fromkeys(SHARES, 200), demand, forecast)
    assert cells["unknown"].to_pylist() == [1.5, 0.5]


@st.composite
def ledgers(draw):
    """Return a ledger's grid, totals at most a cent a line off, and demand and forecast with holes in them."""
    products, weeks, regions = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = draw(st.sampled_from([0.0, 0.004, 1.0, 1e5]))
    money = {account: rng.normal(scale=scale, size=(products, weeks)) for account in SHARES}
    totals = {account: cents(amount.sum()) + draw(st.integers(-1, 1)) for account, amount in money.items()}
    places = [(f"p{p}", f"r{r}", w) for p in range(products) for r in range(regions) for w in range(weeks)]
    demand, forecast = ([(*place, rng.poisson(1.0)) for place in places if rng.random() < 0.7] for _ in range(2))
    return money, totals, asked(demand), expected(forecast)


@settings(deadline=None, max_examples=80)
@given(ledgers())
def test_cells_sum_to_the_cent_in_every_direction(ledger):
    """Down to the totals, across to the actual, by product, week and region; products as the ledger rounds them."""
    money, totals, demand, forecast = ledger
    value, lines = grid(money)
    cells = GAP_CELLS.check(cells_of(value, lines, totals, demand, forecast))
    totals = totals | {"actual": totals["ideal"] - totals["unknown"] - totals["unmade"] - totals["undone"]}
    for whole in (cells, products_of(cells), weeks_of(cells), regions_of(cells)):
        amounts = {account: in_cents(whole[account]) for account in ACCOUNTS}
        assert {account: amount.sum() for account, amount in amounts.items()} == totals
        assert (amounts["ideal"] - amounts["unknown"] - amounts["unmade"] - amounts["undone"] == amounts["actual"]).all()
    printed = GAP_PRODUCTS.check(products_of(cells))
    assert printed["product"].to_pylist() == list(value.products)
    for account in SHARES:
        assert (in_cents(printed[account]) == apportion(money[account].sum(axis=1), totals[account])).all()
    order = [("product", "ascending"), ("region", "ascending"), ("week", "ascending")]
    assert cells.equals(cells.sort_by(order))
    assert not any(np.signbit(column.to_numpy()[column.to_numpy() == 0]).any() for column in cells.columns[3:])


def test_a_cell_keeps_its_money_but_for_a_cent(rng):
    """What a cell is dealt differs by less than two cents from its share, however the cents fall."""
    money = {account: rng.normal(scale=0.1, size=(50, 16)) for account in SHARES}
    value, lines = grid(money)
    totals = {account: cents(amount.sum()) for account, amount in money.items()}
    cells = cells_of(value, lines, totals, asked([]), expected([]))
    assert np.abs(cells["ideal"].to_numpy() - money["ideal"].ravel()).max() < 0.02


def test_the_order_of_rows_does_not_matter(rng):
    """Shuffled demand and forecast give identical cells."""
    value, lines = grid({account: rng.normal(size=(5, 4)) for account in SHARES})
    places = [(f"p{p}", f"r{r}", w, float(rng.integers(9))) for p in range(5) for r in range(3) for w in range(4)]
    totals = {account: cents(line.cells.sum()) for account, line in zip(SHARES, lines, strict=False)}
    tables = asked(places), expected(places[::2])
    shuffled = [one.take(pa.array(rng.permutation(one.num_rows))) for one in tables]
    assert cells_of(value, lines, totals, *tables).equals(cells_of(value, lines, totals, *shuffled))


def test_no_settled_week_gives_no_row():
    """A grid without weeks has no cell, and its sums have none."""
    value = Value((), np.array([], "datetime64[D]"), np.array([], "datetime64[D]"), {})
    cells = cells_of(value, [], dict.fromkeys(SHARES, 0), asked([]), expected([]))
    assert cells.equals(GAP_CELLS.empty())
    assert products_of(cells).num_rows == weeks_of(cells).num_rows == 0
