import numpy as np
import pyarrow as pa
import pytest

from lotwise.errors import InputError
from lotwise.forecast.options import Mix

NAMES = ["body", "engine", "paint", "wheels"]


def dependent(rng, rows):
    """Return units whose engine follows the body and whose wheels follow the engine, each 85 times of 100."""
    body = rng.integers(0, 3, rows)
    engine = np.where(rng.random(rows) < 0.85, body, rng.integers(0, 3, rows))
    wheels = np.where(rng.random(rows) < 0.85, engine, rng.integers(0, 3, rows))
    columns = (body, engine, rng.choice(4, rows, p=[0.4, 0.3, 0.2, 0.1]), wheels)
    return pa.table({name: column.astype(str) for name, column in zip(NAMES, columns, strict=True)})


def every():
    """Return all 108 configurations."""
    grid = np.stack(np.meshgrid(range(3), range(3), range(4), range(3), indexing="ij"), axis=-1).reshape(-1, 4)
    return pa.table({name: column.astype(str) for name, column in zip(NAMES, grid.T, strict=True)})


@pytest.mark.parametrize("kind", ["independent", "tree", "classes", "auto"])
def test_all_configurations_together_have_probability_one(kind):
    """Those sold and those never sold, enumerated; shares and joint shares of two options are their sums."""
    mix = Mix.fit(dependent(np.random.default_rng(1), 300), kind=kind)
    chance = np.exp(mix.log_score(every()))
    assert chance.sum() == pytest.approx(1)
    assert chance.min() > 0
    codes = mix.levels.encode(every())
    for option, name in enumerate(NAMES):
        assert list(mix.marginals()[name].values()) == pytest.approx(np.bincount(codes[:, option], chance))
    brute = np.zeros((3, 3))
    np.add.at(brute, (codes[:, 0], codes[:, 3]), chance)
    np.testing.assert_allclose(mix.pair("body", "wheels"), brute)


def test_shares_of_options_stay_what_they_were():
    """What is taken off the configurations sold comes back with the base: shares differ from counts by one unit at most."""
    frame = dependent(np.random.default_rng(2), 2000)
    mix = Mix.fit(frame, kind="tree")
    assert mix.settings.discount > 0 or mix.settings.strength > 1
    for name in NAMES:
        values = np.array(frame[name].to_pylist())
        for value, share in mix.marginals()[name].items():
            assert share == pytest.approx((values == value).mean(), abs=1 / 2000)


def test_dependent_options_score_higher_than_independent_ones():
    """On new units of dependent options the mix scores at least 0.5 a unit more than independent shares."""
    rng = np.random.default_rng(3)
    train, test = dependent(rng, 2000), dependent(rng, 2000)
    mix = Mix.fit(train)
    share = mix.marginals()
    alone = sum(np.log([share[name][value] for value in test[name].to_pylist()]) for name in NAMES)
    assert mix.settings.kind != "independent"
    assert mix.log_score(test).mean() > alone.mean() + 0.5


def test_independent_options_score_as_independent_ones():
    """On new units of independent options the mix is within 0.01 a unit of the truth."""
    rng = np.random.default_rng(4)
    share = [0.5, 0.3, 0.2]
    train, test = (pa.table({name: rng.choice(list("abc"), 3000, p=share) for name in NAMES}) for _ in range(2))
    truth = sum(np.log(np.array(share)[["abc".index(value) for value in test[name].to_pylist()]]) for name in NAMES)
    assert Mix.fit(train).log_score(test).mean() == pytest.approx(truth.mean(), abs=0.01)


def test_samples_are_as_probable_as_the_mix_says():
    """Shares of configurations in 50,000 samples agree with their probabilities, within 0.006."""
    mix = Mix.fit(dependent(np.random.default_rng(5), 200))
    drawn = mix.levels.encode(mix.sample(50_000, np.random.default_rng(6)))
    codes = mix.levels.encode(every())
    place = (drawn * [36, 12, 3, 1]).sum(axis=1)
    found = np.bincount(place, minlength=108)[(codes * [36, 12, 3, 1]).sum(axis=1)] / 50_000
    assert abs(found - np.exp(mix.log_score(every()))).max() < 0.006


def test_rules_are_never_broken():
    """Configurations that break a rule have no probability and are never drawn, though some were sold."""
    rule = {"kind": "requires", "if_option": "body", "if_value": "0", "then_option": "paint", "then_value": "1"}
    frame = dependent(np.random.default_rng(7), 500)
    mix = Mix.fit(frame, option_rules=[rule])
    drawn = mix.sample(3000, np.random.default_rng(8)).to_pylist()
    assert all(row["paint"] == "1" for row in drawn if row["body"] == "0")
    chance = np.exp(mix.log_score(every()))
    broken = [row["body"] == "0" and row["paint"] != "1" for row in every().to_pylist()]
    assert chance[broken].sum() == 0
    assert chance.sum() == pytest.approx(1, abs=0.02)


def test_retired_values_drop_out_and_new_ones_get_a_share():
    """Paint 3 is retired, paint 9 is new; units with paint 3 still teach about engines."""
    frame = dependent(np.random.default_rng(9), 500)
    mix = Mix.fit(frame, offered={"paint": ["0", "1", "2", "9"]})
    paint = mix.marginals()["paint"]
    assert set(paint) == {"0", "1", "2", "9"}
    assert 0 < paint["9"] < 0.01
    assert "3" not in mix.sample(500, np.random.default_rng(1))["paint"].to_pylist()
    assert mix.log_score(pa.table({name: ["0", "3"] for name in NAMES}))[1] == -np.inf


def test_frames_without_rows_and_with_few_rows_have_a_mix():
    """No row: all that is offered is as likely; one row: it is the most likely."""
    nothing = Mix.fit({"o": pa.array([], pa.string())}, offered={"o": ["a", "b"]})
    assert nothing.marginals()["o"] == pytest.approx({"a": 0.5, "b": 0.5})
    one = Mix.fit({"o": ["a"]}, offered={"o": ["a", "b"]})
    assert one.marginals()["o"]["a"] > 0.6


def test_same_seed_gives_the_same_mix_and_order_of_rows_does_not_matter_to_shares():
    """Two fits agree to the last bit; shuffled rows have the same shares where the settings are the same."""
    frame = dependent(np.random.default_rng(10), 400)
    one, two = Mix.fit(frame, seed=3), Mix.fit(frame, seed=3)
    np.testing.assert_array_equal(one.log_score(frame), two.log_score(frame))
    mixed = Mix.fit(frame.take(np.random.default_rng(1).permutation(400)), seed=3)
    for name in NAMES:
        assert mixed.marginals()[name] == pytest.approx(one.marginals()[name], abs=0.01)


def test_unknown_kinds_are_refused():
    """The closest kind is named."""
    with pytest.raises(InputError, match="did you mean 'tree'"):
        Mix.fit({"o": ["a"]}, kind="tre")


def test_fresh_configurations_were_never_sold():
    """None of them is in the frame."""
    frame = dependent(np.random.default_rng(11), 60)
    mix = Mix.fit(frame, kind="tree")
    drawn = mix.fresh(500, np.random.default_rng(1))
    sold = {tuple(row) for row in mix.levels.encode(frame)}
    assert len(drawn) > 100
    assert not sold & {tuple(row) for row in drawn}
