from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.errors import InputError
from lotwise.forecast.options import rates, take_rates


def test_rate_of_one_product_is_the_jeffreys_posterior():
    """Three linen, one wool, silk offered but never sold: alpha = 3.5, 1.5, .5 of 5.5."""
    frame = {"fabric": ["linen", "linen", "linen", "wool"]}
    found = take_rates(frame, options=["fabric"], offered={"fabric": ["linen", "wool", "silk"]})
    rate = dict(zip(found["value"].to_pylist(), found["take_rate"].to_pylist(), strict=True))
    assert rate == pytest.approx({"linen": 3.5 / 5.5, "silk": 0.5 / 5.5, "wool": 1.5 / 5.5})


def test_intervals_cover_the_true_rates_as_often_as_they_say():
    """40 products whose shares come from one Dirichlet law, 20 orders each: 90 % intervals hold 85 to 95 % of 200 rates."""
    rng = np.random.default_rng(3)
    truth = rng.dirichlet(20 * np.array([0.4, 0.3, 0.15, 0.1, 0.05]), 40)
    counts = np.stack([rng.multinomial(20, row) for row in truth]).astype(float)
    known = rates.posterior(counts[:, :, None], np.ones(counts.shape, bool), np.inf)
    low, high = known.interval(0.9)
    assert 0.85 <= ((low <= truth) & (truth <= high)).mean() <= 0.95
    own = (counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True)
    assert ((known.mean - truth) ** 2).sum() < 0.8 * ((own - truth) ** 2).sum()


def test_concentration_of_a_known_dirichlet_is_recovered():
    """300 products, 100 orders each, concentration 12: found within a fifth."""
    rng = np.random.default_rng(4)
    common = np.array([0.5, 0.3, 0.2])
    counts = np.stack([rng.multinomial(100, rng.dirichlet(12 * common)) for _ in range(300)]).astype(float)
    assert rates.concentration(counts, np.tile(common, (300, 1))) == pytest.approx(12, rel=0.2)


def test_likelihood_is_the_dirichlet_multinomial():
    """Three orders a, a, b under Dirichlet(1, 2): (1/3)(2/4)(2/5) by Polya's urn, in this order."""
    found = rates.likelihood(np.array([[2.0, 1.0]]), np.array([[1.0, 2.0]]))
    assert np.exp(found) == pytest.approx([1 / 3 * 2 / 4 * 2 / 5])


def test_common_shares_do_not_punish_what_few_products_offer():
    """Two products of 300 orders; both choose evenly among what they offer, so all three values weigh the same."""
    counts = np.array([[150.0, 150.0, 0.0], [100.0, 100.0, 100.0]])
    offers = np.array([[True, True, False], [True, True, True]])
    np.testing.assert_allclose(rates.shared(counts, offers), [[0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]], atol=2e-3)


def test_half_life_is_short_where_tastes_change_and_endless_where_they_do_not():
    """A share that swings within weeks calls for forgetting; a steady one does not."""
    rng = np.random.default_rng(5)
    weeks = 60
    swing = 0.5 + 0.4 * np.sin(np.arange(weeks) / 5)
    moving = np.stack([rng.binomial(200, swing), np.zeros(weeks)])[None].astype(float)
    moving[0, 1] = 200 - moving[0, 0]
    steady = rng.multinomial(200, [0.3, 0.7], weeks).T[None].astype(float)
    assert rates.remembered([moving]) <= 4
    assert rates.remembered([steady]) >= 26


def test_old_orders_lose_half_their_weight_in_a_half_life():
    """One order 4 weeks ago, one now, half-life 4: 0.5 and 1 units beside Jeffreys' half each."""
    frame = {"o": ["a", "b"], "week": [0, 4]}
    found = take_rates(frame, options=["o"], week="week", half_life=4)
    assert found["take_rate"].to_pylist() == pytest.approx([1.0 / 2.5, 1.5 / 2.5])


def test_weeks_of_dates_start_on_mondays():
    """Sunday 2024-01-07 and Monday 2024-01-08 are in different weeks."""
    days = pa.chunked_array([[date(2024, 1, 1), date(2024, 1, 7), date(2024, 1, 8)]])
    assert rates.periods(days).tolist() == [0, 0, 1]


def test_rates_of_each_option_and_product_sum_to_one():
    """Absent choices are a value of their own, retired values drop out, and what is left sums to 1."""
    rng = np.random.default_rng(6)
    start = date(2024, 1, 1)
    frame = pa.table(
        {
            "style": rng.choice(["coat", "shirt"], 300),
            "day": [start + timedelta(days=int(day)) for day in rng.integers(0, 100, 300)],
            "fabric": rng.choice(np.array(["linen", "wool", None], object), 300).tolist(),
            "size": rng.choice(["S", "M", "L"], 300),
        }
    )
    found = take_rates(frame, options=["fabric", "size"], product="style", week="day", offered={"size": ["S", "XL"]})
    total = found.group_by(["product", "option"]).aggregate([("take_rate", "sum")])["take_rate_sum"].to_pylist()
    assert total == pytest.approx([1] * 4)
    assert set(found.filter(pc.equal(found["option"], "size"))["value"].to_pylist()) == {"S", "XL"}
    assert all(found["low"].to_numpy() <= found["take_rate"].to_numpy())
    assert all(found["take_rate"].to_numpy() <= found["high"].to_numpy())


def test_half_life_must_be_above_zero():
    """A half-life of 0 weeks is refused in words."""
    with pytest.raises(InputError, match="weeks above 0"):
        take_rates({"o": ["a"]}, options=["o"], half_life=0)


def test_new_value_gets_a_part_of_one_unit_in_every_product():
    """Two products of 100 orders, silk is new: 1/3 of a unit at least, of some 101."""
    frame = {"p": ["x"] * 100 + ["y"] * 100, "o": (["linen"] * 60 + ["wool"] * 40) * 2}
    found = take_rates(frame, options=["o"], product="p", offered={"o": ["linen", "silk", "wool"]}).to_pylist()
    silk = [row["take_rate"] for row in found if row["value"] == "silk"]
    assert len(silk) == 2
    assert all(0.001 < rate <= 1 / 3 / 100 for rate in silk)
