import numpy as np
import pytest

from lotwise.forecast.methods import intermittent


def test_croston_by_hand():
    """Sizes 4 then 4 + 0.1 * (14 - 4) = 5; intervals 2 then 2 + 0.1 * (3 - 2) = 2.1; forecasts 4 / 2 and 5 / 2.1."""
    found = intermittent.croston(np.array([[0.0, 4.0, 0.0, 0.0, 14.0]]))
    np.testing.assert_allclose(found, [[0, 2, 2, 2, 5 / 2.1]])


def test_no_demand_is_zero():
    """A series that never sold is expected not to."""
    for method in (intermittent.croston, intermittent.sba, intermittent.tsb):
        assert method(np.zeros((2, 6))).max() == 0


def test_sba_is_croston_less_half_the_weight():
    """With weight 0.1 a twentieth is taken off."""
    units = np.random.default_rng(0).poisson(0.4, (5, 40)).astype(float)
    np.testing.assert_allclose(intermittent.sba(units), 0.95 * intermittent.croston(units))


def test_sba_has_less_bias_than_croston():
    """Of 2,000 series that sell 1 to 5 with probability 0.25 a week, the mean is 0.75: Croston errs more than SBA."""
    rng = np.random.default_rng(1)
    units = (rng.random((2000, 120)) < 0.25) * rng.integers(1, 6, (2000, 120)).astype(float)
    bias = [abs(method(units)[:, -1].mean() - 0.75) for method in (intermittent.croston, intermittent.sba)]
    assert bias[1] < bias[0] / 2


def test_tsb_by_hand():
    """Weights 0.5 and 0.2 of 0, 10, 0, 20: chance 0, .5, .25, .625; sizes 10, 10, 12; forecasts 0, 5, 2.5, 7.5."""
    found = intermittent.tsb(np.array([[0.0, 10.0, 0.0, 20.0]]), 0.5, 0.2)
    np.testing.assert_allclose(found, [[0, 5, 2.5, 7.5]])


def test_tsb_fades_where_croston_stays():
    """What stopped selling 20 weeks ago has lost 0.9 to the power of 20 under TSB and nothing under Croston."""
    units = np.concatenate([np.full((1, 30), 5.0), np.zeros((1, 20))], axis=1)
    np.testing.assert_allclose(intermittent.tsb(units)[0, -1], 5 * 0.9**20)
    np.testing.assert_allclose(intermittent.croston(units)[0, -1], 5)


def test_weeks_that_are_not_known_are_not_waited():
    """A gap of two unknown weeks is no longer interval, and no week without demand."""
    whole, gaps = np.array([[0.0, 4.0, 0.0, 6.0]]), np.array([[0.0, 4.0, np.nan, np.nan, 0.0, 6.0]])
    for method in (intermittent.croston, intermittent.tsb):
        np.testing.assert_allclose(method(gaps)[0, -1], method(whole)[0, -1])


def test_they_agree_with_statsforecast():
    """Croston, SBA and TSB are those of statsforecast with the same weights."""
    models = pytest.importorskip("statsforecast.models")
    units = np.random.default_rng(4).poisson(0.6, (5, 60)).astype(float)
    pairs = {
        models.CrostonClassic(): intermittent.croston(units),
        models.CrostonSBA(): intermittent.sba(units),
        models.TSB(alpha_d=0.2, alpha_p=0.1): intermittent.tsb(units, 0.1, 0.2),
    }
    for model, ours in pairs.items():
        theirs = [model.forecast(y=own, h=1)["mean"][0] for own in units]
        np.testing.assert_allclose(ours[:, -1], theirs, rtol=1e-5)
