"""Every feature says what it means, once, in the words of its family."""

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.forecast import sources
from lotwise.forecast.design import design
from lotwise.forecast.features.meanings import meaning
from lotwise.forecast.panel import Facts, dense
from lotwise.tables import TABLES
from lotwise.tables.forecasted import FEATURES

WEEKS, PRODUCTS = 80, 20


@pytest.fixture(scope="module")
def facts():
    """A shop with a row in every column of every table a source may have, more than a year long."""
    rng = np.random.default_rng(1)
    weeks = np.datetime64("2023-01-02") + 7 * np.arange(WEEKS + 2)
    product = [f"p{number:03d}" for number in range(PRODUCTS)]
    rows = len(weeks) * PRODUCTS
    words = {"product": product * len(weeks), "item": product * len(weeks), "region": "all", "signal": "index", "text": "tea"}
    words |= {
        "customer": rng.choice(["a", "b"], rows),
        "kind": rng.choice(["view", "search", "cart", "wish", "return", "rating"], rows),
    }

    def column(name, kind):
        if name in words:
            return pa.array(np.broadcast_to(words[name], rows).tolist())
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return pa.array(np.repeat(weeks, PRODUCTS)).cast(kind)
        if pa.types.is_floating(kind):
            return pa.array(rng.random(rows).round(2), kind)
        if pa.types.is_integer(kind):
            return pa.array(np.ones(rows), kind)
        return (
            pa.array(rng.choice(["x", "y", "z"], rows).tolist()).cast(kind)
            if pa.types.is_string(kind)
            else pa.nulls(rows, kind)
        )

    names = {family.partition(".")[0] for family in sources.FAMILIES} | {"customers"}
    made = {name: pa.table({c.name: column(c.name, c.type) for c in TABLES[name].columns}) for name in names}
    made["orders"] = made["orders"].drop_columns("kind")
    made["demand"] = made["demand"].slice(0, WEEKS * PRODUCTS)
    made["products"] = made["products"].slice(0, PRODUCTS).set_column(2, "category", pa.array(["tea", "jam"] * (PRODUCTS // 2)))
    made["customers"] = made["customers"].slice(0, 2).set_column(0, "customer", pa.array(["a", "b"]))
    demand = made.pop("demand")
    return Facts(dense(demand), 2, made, lambda _: None)


def asked(known):
    """Return a source of each family, those that say what happened as past."""
    return [
        Source(
            name=f"source {number}",
            tables=[family],
            known="past" if family in sources.REALIZED else known,
            country="TR" if family == "calendar" else "",
        )
        for number, family in enumerate(sources.FAMILIES)
    ]


@pytest.mark.parametrize("known", ["past", "plan"])
def test_every_feature_has_a_meaning(facts, known):
    """Whatever a family gives, and what every model has, the table of features says in a sentence."""
    told = asked(known)
    plan = design(facts, told, np.random.default_rng(0))
    listed = sources.listed(plan.columns, told)
    assert [row for row in listed if not row["meaning"]] == []
    assert {row["source"] for row in listed} == {"base", "placebo"} | {s.name for s in told if s.tables != ["overrides"]}
    FEATURES.check(pa.Table.from_pylist(listed))


def test_every_meaning_is_of_a_feature(facts):
    """No family explains what it never gives: each pattern fits a feature of a shop that has everything."""
    names = set()
    for known in ("past", "plan"):
        for source in asked(known):
            names |= {(source.tables[0], name.partition(": ")[2]) for name in sources.features(facts, source)}
    for country in ("CN", "US"):  # make-up workdays
        names |= {
            ("calendar", n.partition(": ")[2])
            for n in sources.features(facts, Source(name="it", tables=["calendar"], country=country))
        }
    idle = [
        (family, pattern)
        for family, patterns in sources.MEANINGS.items()
        for pattern in patterns
        if not any(meaning(name, {pattern: "it"}) for of, name in names if of == family)
    ]
    assert idle == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [("lag 3", "3 back"), ("lag", None), ("view 4, over usual", "views of 4 against usual"), ("xlag 3", None)],
)
def test_the_longest_pattern_that_fits_counts(name, expected):
    """What stands in the name stands in the sentence."""
    patterns = {"lag {n}": "{n} back", "{kind} {n}, over usual": "{kind}s of {n} against usual", "view {n}": "views"}
    assert meaning(name, patterns) == expected


def test_a_signal_of_its_own_has_its_meaning():
    """Also where one signal is a source."""
    assert sources.means(Source(name="m", tables=["signals.index"]), "m: index now") == "last value of the signal 'index'"
