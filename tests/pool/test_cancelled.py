from datetime import datetime

import pyarrow as pa
import pytest

from lotwise.pool import match_returns

TYPES = pa.schema(
    {
        "order": pa.string(),
        "line": pa.int64(),
        "time": pa.timestamp("us"),
        "customer": pa.string(),
        "product": pa.string(),
        "units": pa.float64(),
        "kind": pa.string(),
    }
)


def kinds(engine, *events):
    """Return the kind of each event (day, units[, customer[, product]]) after matching, and the counts."""
    rows = []
    for number, (day, units, *rest) in enumerate(events):
        customer, product = (*rest, *("c", "p")[len(rest) :])
        kind = "sale" if units > 0 else "return"
        when = datetime(2024, 1, day)  # noqa: DTZ001  times are the project's own
        rows.append(dict(zip(TYPES.names, (f"{number:02}", 1, when, customer, product, float(units), kind), strict=True)))
    matched = match_returns(engine.from_arrow(pa.Table.from_pylist(rows, schema=TYPES)), engine)
    found = engine.to_arrow(matched.orders.order_by("order"))["kind"].to_pylist()
    return "".join(kind[0] for kind in found), matched.returns, matched.matched


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([(1, 3), (2, 3), (3, -3)], "scr"),  # the latest sale before it
        ([(1, 3), (2, -3), (3, 3)], "crs"),  # not one after it
        ([(1, -3), (2, 3)], "rs"),  # a return of an older sale takes out nothing later
        ([(1, 3), (2, 3), (3, -3), (4, -3), (5, -3)], "ccrrr"),  # each sale once
        ([(1, 3), (2, -3), (3, 3), (4, -3)], "crcr"),
        ([(1, -3), (2, 3), (3, -3)], "rcr"),  # an unmatched return does not use up a later pair
        ([(1, 3), (1, -3)], "cr"),  # at the same time counts as before
        ([(1, 3), (2, -2)], "sr"),  # other units
        ([(1, 3), (2, -3, "d")], "sr"),  # another customer
        ([(1, 3), (2, -3, "c", "q")], "sr"),  # another product
        ([(1, 3, None), (2, -3, None)], "sr"),  # nobody known
    ],
)
def test_returns_take_out_their_sale(engine, events, expected):
    """A return takes out the latest equal sale before it that is not yet taken out."""
    found, returns, matched = kinds(engine, *events)
    assert (found, returns, matched) == (expected, expected.count("r"), expected.count("c"))
