import numpy as np
import pytest

from lotwise.demo.atelier import law
from lotwise.demo.atelier.catalog import CODES, STYLES


@pytest.fixture(scope="module")
def market():
    return law.market(3, 60)


def test_the_log_rate_is_the_sum_of_its_causes(market):
    """A cell's log rate is its plain level and what promotions, prices, weather, rivals, feasts and talk add."""
    style, region, week = 4, 1, 20
    made = STYLES[style]
    warm = market.temperature[region, 7 * week : 7 * week + 7].mean()
    rival = market.rival[style, :, week].mean() / made.price
    moved = (
        0.30 * market.display[style, region, week]
        + 0.45 * market.mailer[style, region, week]
        + 0.25 * market.front[style, region, week]
        + 0.20 * market.covered[style, week]
        - made.elasticity * np.log(1 - market.depth[style, week])
        + made.warmth * (warm - 15) / 10
        + made.rivalry * np.log(rival)
        + market.buzz[style, week]
        + market.feast[week]
    )
    plain = law._plain_level(3)[style, region]  # noqa: SLF001  the one cause that no table shows
    assert np.log(market.rate[style, region, week]) == pytest.approx(plain + moved)


def test_plain_levels_add_up_to_the_styles_units():
    """In a week in which nothing moves demand, the regions together ask for the style's units."""
    units = [style.units for style in STYLES]
    assert np.exp(law._plain_level(9)).sum(axis=1) == pytest.approx(units)  # noqa: SLF001


def test_plans_reach_eight_weeks_ahead(market):
    """Promotions, weather and rates are known for the weeks simulated and eight more."""
    assert market.rate.shape == (len(CODES), 3, 68)
    assert market.temperature.shape == (3, 7 * 68)


def test_about_one_week_in_eight_is_promoted(market):
    """Runs start in 8.5 % of weeks and half of them last a second week: 8.5 % + 4.25 % less what overlaps."""
    share = (market.depth > 0).mean()
    assert 0.09 < share < 0.16


def test_the_talk_keeps_four_fifths_of_itself():
    """Over many weeks the buzz has the autocorrelation of its law."""
    buzz = law.market(5, 1500).buzz
    centered = buzz - buzz.mean(axis=1, keepdims=True)
    kept = (centered[:, 1:] * centered[:, :-1]).sum() / (centered**2).sum()
    # standard error sqrt((1 - 0.8^2) / 21,000) = 0.004, and short rows bias it down by a little
    assert kept == pytest.approx(0.8, abs=0.02)
