import numpy as np
import pytest

from lotwise.errors import ContractError, SettingsError
from lotwise.plan import assort

PRODUCTS = {
    "unique_id": ["plain", "striped", "dotted"],
    "demand": [100.0, 30.0, 20.0],
    "margin": [5.0, 5.0, 6.0],
    "complexity": [50.0, 60.0, 100.0],
}
SHARES = {"unique_id": ["striped", "dotted"], "substitute": ["plain", "plain"], "share": [0.8, 0.1]}


def test_what_is_dropped_and_kept_by_hand():
    """Striped earns 150, of which 0.8 x 150 = 120 stay without it: 30 is below its 60. Dotted: 120 - 10 is above 100."""
    rows = {row["unique_id"]: row for row in assort(PRODUCTS, substitution=SHARES).to_pylist()}
    assert {name: row["advice"] for name, row in rows.items()} == {"plain": "keep", "striped": "drop", "dotted": "keep"}
    assert rows["striped"]["worth"] == pytest.approx(30 - 60)
    assert rows["dotted"]["worth"] == pytest.approx(120 - 0.1 * 20 * 5 - 100)
    assert (rows["striped"]["lost"], rows["striped"]["moved"]) == pytest.approx((6, 24))
    assert rows["plain"]["sold"] == pytest.approx(124)


def test_the_profit_stands_in_the_metadata():
    """Dropping striped takes the profit from 560 to 124 x 5 - 50 + 120 - 100 = 590; the bound is reached."""
    found = {name.decode(): float(value) for name, value in assort(PRODUCTS, substitution=SHARES).schema.metadata.items()}
    assert found == pytest.approx(
        {"profit": 590.0, "profit_today": 100 * 5 + 150 + 120 - 210, "bound": 590.0, "bound_gap": 0.0}
    )


def test_a_product_to_add():
    """A product not offered today is added where what it brings beyond others' customers is worth its complexity."""
    found = assort(PRODUCTS | {"offered": [True, True, False], "complexity": [1.0, 1.0, 1.0]}, outside=50.0)
    assert {row["unique_id"]: row["advice"] for row in found.to_pylist()}["dotted"] == "add"


def test_scenarios_say_how_sure_it_is():
    """Worth lies between its 5 % and 95 % over scenarios near the mean; plain is worth it in all."""
    rng = np.random.default_rng(0)
    drawn = {
        "scenario": np.repeat(np.arange(50), 3), "unique_id": PRODUCTS["unique_id"] * 50,
        "demand": (np.array(PRODUCTS["demand"]) * rng.uniform(0.7, 1.3, (50, 3))).ravel(),
    }  # fmt: skip
    rows = {row["unique_id"]: row for row in assort(PRODUCTS, substitution=SHARES, scenarios=drawn).to_pylist()}
    assert all(row["worth_low"] < row["worth"] < row["worth_high"] for row in rows.values())
    assert rows["plain"]["agree"] == 1.0
    assert rows["dotted"]["agree"] < 1.0


@pytest.mark.parametrize(
    ("products", "options", "error", "match"),
    [
        (PRODUCTS, {}, SettingsError, "both or neither"),
        (PRODUCTS, {"outside": 0.0}, SettingsError, "above 0"),
        (PRODUCTS | {"margn": [1.0] * 3}, {"outside": 1.0}, ContractError, "did you mean 'margin'"),
        (PRODUCTS, {"substitution": SHARES | {"substitute": ["plane", "plain"]}}, ContractError, "did you mean 'plain'"),
        (PRODUCTS | {"keep": ["yes"] * 3}, {"outside": 1.0}, ContractError, "true or false"),
    ],
)
def test_bad_input_is_refused(products, options, error, match):
    """Misspelled columns and products, flags that are no flags and missing choices are refused."""
    with pytest.raises(error, match=match):
        assort(products, **options)
