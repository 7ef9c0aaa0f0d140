"""Tests of how discounts and prices are told."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.mine.profiles import bought, sensitivity
from lotwise.mine.profiles.rows import Rows
from lotwise.tables.pooled import PROMOTIONS


def liking(shop, promotions=None):
    """Return the rows of liking for offers, and the note."""
    rows, lines = Rows(), bought.read(shop[0], today=None)
    note = sensitivity.discounts(rows, lines, promotions)
    table = rows.table(lines.customers)
    return table.filter(pc.equal(table["feature"], "liking for offers")), note


def planned(product, week, discount):
    """Return one planned promotion."""
    row = {"product": product, "region": "all", "week": week, "display": 0.0, "mailer": 0.0, "front": 0.0, "discount": discount}
    return PROMOTIONS.check(pa.Table.from_pylist([row], schema=PROMOTIONS.schema))


def test_shares_of_lines_at_a_discount_are_counted(shop):
    """The share bought at a discount is that of the lines whose discount is above 0."""
    rows, lines = Rows(), bought.read(shop[0], today=None)
    sensitivity.discounts(rows, lines, None)
    table = rows.table(lines.customers)
    told = table.filter(pc.equal(table["feature"], "share bought at a discount"))
    one = shop[0].filter(pc.equal(shop[0]["customer"], told["customer"][0]))
    assert told["value"][0].as_py() == pytest.approx(pc.mean(pc.greater(one["discount"], 0)).as_py())


def test_a_planned_week_without_a_sale_counts_as_on_offer(shop):
    """A planned discount in a week in which none was sold at one makes offers more common, and liking for them less."""
    lines = bought.read(shop[0], today=None)
    cut = {(product, week) for product, week, off in zip(lines.product, lines.week, lines.discount, strict=True) if off > 0}
    week = next(week for week in range(2, 30) if (0, week) not in cut)
    monday = date.fromordinal(date(2025, 1, 6).toordinal() + 7 * week)
    usual, _ = liking(shop)
    more, _ = liking(shop, planned(lines.products[0], monday, 0.2))
    assert pc.mean(more["value"]).as_py() < pc.mean(usual["value"]).as_py()


def test_promotions_elsewhere_and_after_today_count_for_nothing(shop):
    """A product that is not sold, and a week after today, change nothing."""
    usual, _ = liking(shop)
    for other in (planned("unknown", date(2025, 3, 3), 0.2), planned("P0", date(2030, 1, 7), 0.2)):
        assert liking(shop, other)[0].equals(usual)


def test_why_liking_is_not_told(shop):
    """Without discounts, or with none above 0, the note says so."""
    at = shop[0].column_names.index("discount")
    count = shop[0].num_rows
    none = shop[0].set_column(at, shop[0].schema.field("discount"), pa.nulls(count, pa.float64()))
    flat = shop[0].set_column(at, shop[0].schema.field("discount"), pa.array([0.0] * count))
    assert "no line tells its discount" in liking((none,))[1]
    assert "no line was bought at a discount" in liking((flat,))[1]
