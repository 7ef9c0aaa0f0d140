from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import ContractError, InputError, SettingsError
from lotwise.mine.choice.frames import fit_choices
from lotwise.tables.mined import CHOICE_MODELS, PREFERENCES

ASKED = {"choice": "visit", "alternative": "camera", "chosen": "taken", "attributes": ["price", "brand"], "price": "price"}


@pytest.fixture(scope="module")
def cameras():
    """Return 600 visits of 150 persons to 3 of 5 cameras: -0.02 a unit of money, brand b 1, c -0.5 against a."""
    rng = np.random.default_rng(0)
    camera = rng.random((600, 5)).argsort(axis=1)[:, :3]
    brand = np.array(list("aabbc"))[camera]
    price = rng.uniform(50, 150, (600, 3)).round(2)
    utility = -0.02 * price + np.select([brand == "b", brand == "c"], [1.0, -0.5], 0.0) + rng.gumbel(size=(600, 3))
    taken = np.arange(3) == utility.argmax(axis=1)[:, None]
    order = rng.permutation(1800)
    columns = {
        "visit": np.repeat(np.arange(600), 3), "who": np.repeat(np.arange(600) // 4, 3), "camera": camera.ravel(),
        "taken": taken.ravel().astype(int), "price": price.ravel(), "brand": brand.ravel(),
    }  # fmt: skip
    return {name: values[order] for name, values in columns.items()}


def test_part_worths_come_as_a_table(cameras):
    """The table keeps its contract: a base at 0, part-worths near the truth and money worth 1 / 0.02 a logit."""
    found = fit_choices(cameras, **ASKED).table()
    assert found.schema.names == PREFERENCES.schema.names
    rows = {(row["attribute"], row["value"]): row for row in found.to_pylist()}
    base = next(row for row in rows.values() if row["part_worth"] == 0)
    assert base["attribute"] == "brand"
    assert base["standard_error"] is None
    price = rows["price", "1 more"]
    assert abs(price["part_worth"] + 0.02) < 3 * price["standard_error"]
    assert price["willingness"] is None
    other = rows["brand", "c"]
    assert other["willingness"] == pytest.approx(other["part_worth"] / -price["part_worth"])
    assert other["willingness_low"] < other["willingness"] < other["willingness_high"]
    assert sum(row["share"] for row in rows.values() if row["attribute"] == "brand") == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["dict", "arrow", "pandas", "polars"])
def test_any_frame_gives_the_same(cameras, kind):
    """pandas, Polars, Arrow and dicts of columns are taken alike."""
    frame = {"dict": dict, "arrow": pa.table}.get(kind)
    if frame is None:
        frame = pytest.importorskip(kind).DataFrame
    found = fit_choices(frame(cameras), **ASKED)
    assert found.fitted.log_likelihood == pytest.approx(fit_choices(cameras, **ASKED).fitted.log_likelihood)


def test_probabilities_are_row_by_row(cameras):
    """Each row of the frame has its probability, in the frame's order; those of a choice sum to 1."""
    found = fit_choices(cameras, **ASKED)
    table = found.probabilities
    assert table["alternative"].to_pylist() == [str(camera) for camera in cameras["camera"]]
    chance = table["probability"].to_numpy()
    assert np.bincount(cameras["visit"], chance) == pytest.approx(np.ones(600))
    assert np.log(chance[cameras["taken"] == 1]).sum() == pytest.approx(found.fitted.log_likelihood)


@pytest.mark.parametrize(
    ("more", "groups"),
    [
        ({"model": "nested logit", "nests": {"small": ["0", "1", "2"]}}, ["all"]),
        ({"model": "latent classes", "classes": 2, "person": "who"}, ["class 1", "class 2"]),
        ({"model": "mixed logit", "random": {"brand: c": "normal"}, "draws": 30, "person": "who"}, ["all"]),
        ({"model": "mixed logit", "random": {"brand": "triangular"}, "draws": 30, "person": "who"}, ["all"]),
        ({"model": "mixed logit", "draws": 30, "person": "who"}, ["all"]),
    ],
)
def test_every_model_gives_its_tables(cameras, more, groups):
    """Both tables keep their contracts whatever the model, and probabilities sum to 1."""
    found = fit_choices(cameras, **ASKED, **more)
    assert found.model().schema.names == CHOICE_MODELS.schema.names
    assert found.model()["model"].to_pylist() == [more["model"]]
    assert found.table()["segment"].unique().to_pylist() == groups
    assert np.bincount(cameras["visit"], found.probabilities["probability"].to_numpy()) == pytest.approx(np.ones(600))


def test_what_differs_over_persons_is_named_as_asked(cameras):
    """A text attribute stands for all its values, and an unknown one is an error that helps."""
    found = fit_choices(cameras, **ASKED, model="mixed logit", random={"brand": "normal"}, draws=20, person="who")
    assert [name for name in found.fitted.names if name.startswith("sd")] == [f"sd {name}" for name in found.coded.names[1:]]
    with pytest.raises(InputError, match="no attribute 'prise'; did you mean 'price'"):
        fit_choices(cameras, **ASKED, model="mixed logit", random={"prise": "normal"})


def test_constants_of_alternatives_are_told(cameras):
    """With constants each alternative but the one chosen most has a part-worth of its own."""
    found = fit_choices(cameras, **{**ASKED, "attributes": ["price"]}, constants=True)
    rows = [row for row in found.table().to_pylist() if row["attribute"] == "alternative"]
    assert len(rows) == 5
    assert [row["part_worth"] for row in rows].count(0.0) == 1


def test_weights_are_taken_from_the_frame(cameras):
    """Weights of 2 double the log-likelihood."""
    twice = fit_choices(cameras | {"times": np.full(1800, 2)}, **ASKED, weight="times")
    assert twice.fitted.log_likelihood == pytest.approx(2 * fit_choices(cameras, **ASKED).fitted.log_likelihood)


def test_faults_of_a_frame_are_listed_together(cameras):
    """Missing columns, absent numbers and negative weights are told at once."""
    price = cameras["price"].copy()
    price[4] = np.nan
    bad = {name: values for name, values in cameras.items() if name != "brand"} | {"price": price, "times": np.full(1800, -1.0)}
    with pytest.raises(ContractError) as error:
        fit_choices(bad, **ASKED, weight="times")
    said = str(error.value)
    assert "column 'brand' is missing" in said
    assert "column 'price' is empty or not a number (nan) in row 4" in said
    assert "column 'times' is below 0" in said


def test_choices_without_one_chosen_are_refused(cameras):
    """Every choice has exactly one row chosen, marked 1."""
    with pytest.raises(ContractError, match="none chosen"):
        fit_choices(cameras | {"taken": np.zeros(1800)}, **ASKED)
    with pytest.raises(ContractError, match="values above 1"):
        fit_choices(cameras | {"taken": np.full(1800, 7)}, **ASKED)


def test_an_empty_frame_and_one_alternative_are_refused(cameras):
    """Neither no rows nor choices between one thing are estimated."""
    with pytest.raises(ContractError, match="no rows"):
        fit_choices({name: values[:0] for name, values in cameras.items()}, **ASKED)
    one = {name: values[cameras["taken"] == 1] for name, values in cameras.items()}
    with pytest.raises((ContractError, InputError), match="at least two"):
        fit_choices(one, **ASKED)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"model": "logjt"}, "did you mean 'logit'"),
        ({"model": "nested logit"}, "has no nests"),
        ({"price": "cost"}, "none of the attributes"),
    ],
)
def test_settings_that_cannot_be_are_refused(cameras, more, said):
    """A model there is not, nests not given and a price that is no attribute are errors with the next step."""
    with pytest.raises(SettingsError, match=said):
        fit_choices(cameras, **(ASKED | more))


def test_money_is_not_told_where_the_price_is_not_disliked(cameras):
    """With prices that do not matter no part-worth is told in money."""
    price = np.random.default_rng(1).uniform(50, 150, 1800)
    found = fit_choices(cameras | {"price": price}, **ASKED).table()
    assert found["willingness"].null_count == found.num_rows
