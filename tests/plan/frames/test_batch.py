import numpy as np
import pytest

from lotwise.errors import ContractError, InputError, SettingsError
from lotwise.plan import batch, batch_sizes

ORDERS = {
    "order": ["o1", "o2", "o3", "o4"],
    "color": ["red", "red", "blue", None],
    "due": [1, 2, 2, 1],
    "size": [2.0, 2.0, 1.0, 3.0],
    "early": [1.0] * 4,
    "late": [9.0] * 4,
}


def test_a_color_shares_a_dye_lot():
    """Both red orders share a lot, one a week early at 1; the others are alone: 3 x 20 + 2 x 5 + 1 = 71."""
    found = batch(ORDERS, ["color"], capacity=4.0, setup=20.0, option_setup=5.0)
    rows = {row["order"]: row for row in found.to_pylist()}
    assert rows["o1"]["batch"] == rows["o2"]["batch"]
    assert len({row["batch"] for row in rows.values()}) == 3
    assert float(found.schema.metadata[b"cost"]) == pytest.approx(71.0)
    # shares by size: (20 + 5) / 4 a unit, and o2 bears its week: 1 / 2 a unit
    assert (rows["o1"]["unit_cost"], rows["o2"]["unit_cost"]) == pytest.approx((6.25, 6.75))
    assert rows["o1"]["personal_cost"] == pytest.approx(12.5)


def test_unit_costs_add_up_to_the_cost():
    """Unit costs times sizes are what all batches cost."""
    rng = np.random.default_rng(0)
    orders = {
        "order": np.arange(40), "color": rng.choice(["a", "b", "c"], 40), "due": rng.integers(1, 6, 40),
        "release": np.zeros(40, int), "size": rng.integers(1, 4, 40).astype(float), "early": np.full(40, 0.3),
    }  # fmt: skip
    found = batch(orders, ["color"], capacity=9.0, setup=15.0)
    spent = float((found["unit_cost"].to_numpy() * orders["size"]).sum())
    figures = {name.decode(): float(value) for name, value in found.schema.metadata.items()}
    assert spent == pytest.approx(figures["cost"], abs=1e-5)
    assert figures["bound"] <= figures["cost"] <= figures["first_come_cost"] <= figures["personal_cost"]


def test_the_curve_starts_with_a_personal_order():
    """One alone costs the whole set-up; the best size is marked once."""
    curve = batch_sizes(18.0, rate=5.0, unit=2.0, wait=2.0, most=30).to_pylist()
    assert (curve[0]["size"], curve[0]["unit_cost"], curve[0]["weeks_waited"]) == (1, 20.0, 0.0)
    assert [row["size"] for row in curve if row["is_best"]] == [9]


@pytest.mark.parametrize(
    ("orders", "options", "more", "error", "match"),
    [
        (ORDERS, ["colour"], {}, SettingsError, "did you mean 'color'"),
        (ORDERS, ["color"], {"option_setup": {"colr": 1.0}}, SettingsError, "did you mean 'color'"),
        (ORDERS | {"due": [0.5, 1, 1, 1]}, ["color"], {}, ContractError, "no whole week"),
        (ORDERS | {"due": [9_999, 1, 1, 1]}, ["color"], {}, ContractError, "at most 520"),
        (ORDERS | {"size": [9.0] * 4}, ["color"], {}, InputError, "split it"),
        (ORDERS | {"order": ["o1"] * 4}, ["color"], {}, ContractError, "stands twice"),
    ],
)
def test_bad_input_is_refused(orders, options, more, error, match):
    """Options that are no column, broken weeks, orders larger than a batch and orders that stand twice are refused."""
    with pytest.raises(error, match=match):
        batch(orders, options, capacity=4.0, setup=20.0, **more)
