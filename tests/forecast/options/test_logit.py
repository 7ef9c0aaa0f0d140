import numpy as np
import pytest
from scipy.optimize import check_grad

from lotwise.errors import InputError
from lotwise.forecast.options import logit
from lotwise.forecast.options.logit import loss


def test_gradient_agrees_with_finite_differences():
    """The closed gradient is that of the loss, to 1e-4 over 17 parameters."""
    rng = np.random.default_rng(1)
    counts, attributes = rng.poisson(5, (3, 4)).astype(float), rng.normal(size=(4, 2))
    state = rng.normal(size=2 + 4 + 12)
    error = check_grad(lambda x: loss(x, counts, attributes, 0.7)[0], lambda x: loss(x, counts, attributes, 0.7)[1], state)
    assert error < 1e-4


def test_tastes_of_segments_are_recovered():
    """Two segments with opposite tastes, 3,000 orders each: shares within 0.03."""
    rng = np.random.default_rng(2)
    truth = {"old": [0.7, 0.2, 0.1], "young": [0.1, 0.2, 0.7]}
    frame = {
        "age": np.repeat(list(truth), 3000),
        "fabric": np.concatenate([rng.choice(["linen", "silk", "wool"], 3000, p=share) for share in truth.values()]),
    }
    found = logit(frame, "fabric", segment="age").shares().to_pylist()
    for row in found:
        place = ["linen", "silk", "wool"].index(row["value"])
        assert row["take_rate"] == pytest.approx(truth[row["segment"]][place], abs=0.03)


def test_value_never_sold_is_judged_by_its_price():
    """Shares fall by e for each unit of price; a new value at price 3 gets the share of that law, within 0.02."""
    price = {"a": 0.0, "b": 1.0, "c": 2.0, "d": 4.0}
    worth = np.exp(-np.array(list(price.values())))
    count = np.round(20_000 * worth / worth.sum()).astype(int)
    known = {name: {"price": amount} for name, amount in (price | {"new": 3.0}).items()}
    found = logit({"o": np.repeat(list(price), count)}, "o", attributes=known, offered=[*price, "new"])
    assert found.tastes["price"] == pytest.approx(-1, abs=0.1)
    rate = dict(zip(found.values, found.shares()["take_rate"].to_pylist(), strict=True))
    assert rate["new"] == pytest.approx(np.exp(-3) / (worth.sum() + np.exp(-3)), abs=0.02)


def test_segment_with_one_order_chooses_as_all_do():
    """One order for wool does not make a segment of wool buyers where the ridge is high; 21 of 101 take wool."""
    frame = {"s": ["big"] * 100 + ["small"], "o": ["linen"] * 80 + ["wool"] * 20 + ["wool"]}
    found = {
        (row["segment"], row["value"]): row["take_rate"]
        for row in logit(frame, "o", segment="s", ridge=10).shares().to_pylist()
    }
    assert found["small", "wool"] < 0.5
    assert found["small", "wool"] + found["small", "linen"] == pytest.approx(1)


def test_bad_input_is_refused_in_words():
    """A ridge of 0, and orders of nothing that is offered."""
    with pytest.raises(InputError, match="ridge is 0"):
        logit({"o": ["a"]}, "o", ridge=0)
    with pytest.raises(InputError, match="No row chooses"):
        logit({"o": ["a"]}, "o", offered=["b"])
