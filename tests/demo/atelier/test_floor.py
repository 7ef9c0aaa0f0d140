import numpy as np
import pytest

from lotwise.demo.atelier import floor, law
from lotwise.demo.atelier.catalog import MACHINES, SETUP_HOURS, STYLES

STOCKED = np.array([style.make == "stock" for style in STYLES])


@pytest.fixture(scope="module")
def trade():
    return floor.trade(3, law.market(3, 60).rate[:, :, :60])


def test_no_more_is_sold_than_asked_for(trade):
    """Sales are at most demand, and equal to it for what is made to order."""
    assert (trade.sold <= trade.asked).all()
    assert (trade.sold[~STOCKED] == trade.asked[~STOCKED]).all()


def test_sales_are_lost_only_where_stock_ran_out(trade):
    """On a day on which less is sold than asked for, the stock at its end is 0."""
    lost = trade.sold < trade.asked
    assert lost.any()
    assert (trade.stock[lost] == 0).all()


def test_no_unit_of_stock_comes_from_nowhere(trade):
    """Stock falls by what is sold; it rises on Mondays only, by the good units of the week before."""
    change = np.diff(trade.stock[STOCKED], axis=2) + trade.sold[STOCKED][:, :, 1:]
    monday = np.arange(1, trade.stock.shape[2]) % 7 == 0
    assert (change[:, :, ~monday] == 0).all()
    assert (change[:, :, monday].sum(axis=1) == trade.made[STOCKED][:, :-1]).all()


def test_a_lot_is_made_scrapped_or_lost(trade):
    """The units planned are the good ones, the scrapped ones and those a stop cost."""
    assert (trade.planned == trade.made + trade.scrapped + trade.lost).all()
    assert (trade.down[trade.lost == 0] == 0).all()


def test_the_floor_keeps_its_law():
    """Over many lots the good share is the expected one."""
    long = floor.trade(5, law.market(5, 900).rate[:, :, :900])
    share = long.made.sum(axis=1) / long.planned.sum(axis=1)
    # the stop is one draw a lot: standard error 0.15 sqrt(0.12 * 0.88 / 900) = 0.0016
    assert share == pytest.approx(floor.made_share(), abs=0.008)


def test_demand_is_poisson():
    """The squared distance of weekly demand from its rate is, on the mean, the rate."""
    rate = law.market(7, 200).rate[:, :, :200]
    asked = floor.trade(7, rate).asked.reshape(*rate.shape, 7).sum(axis=3)
    # 8,400 cells; the mean of (D - r)^2 / r has standard error of about sqrt(2 / 8400) = 0.015
    assert ((asked - rate) ** 2 / rate).mean() == pytest.approx(1, abs=0.06)


def test_sewing_binds_in_peak_weeks_only(atelier_world):
    """Demand needs more hours than a regular week has in some weeks and fewer in most, of every machine group."""
    hours = np.array([style.hours for style in STYLES])
    needed = atelier_world.truth.demand.sum(axis=1).T @ hours + len(STYLES) * np.array(SETUP_HOURS)
    regular = np.array([hours for hours, _, _ in MACHINES.values()])
    short = (needed > regular).mean(axis=0)
    assert (short > 0.03).all()
    assert (short < 0.35).all()
