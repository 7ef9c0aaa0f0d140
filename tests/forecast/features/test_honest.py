"""Nothing that came after a cutoff is told before it, except what was announced; and nothing real is sold as a plan."""

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config import Source
from lotwise.errors import SettingsError
from lotwise.forecast import sources

WEEKS, END, PRODUCTS, HORIZON = 76, 66, 3, 2
PAST = [name for name in sources.FAMILIES if name not in ("calendar", "overrides", "products")]
PLANS = ["promotions", "campaigns", "weather", "competitors", "signals"]


def tables(rng, week, at, count):
    """Return one row a product and week of every table, known in order of its rows; ``count`` weeks."""
    when = [number for number in range(count) for _ in range(PRODUCTS)]
    days, rows = [week(number) for number in when], len(when)
    product = [f"p{number:03d}" for _ in range(count) for number in range(PRODUCTS)]
    share = lambda: rng.random(rows).round(2)  # noqa: E731  one line a table
    return {
        "promotions": pa.table({"product": product, "week": days, "mailer": share(), "display": share()}),
        "orders": pa.table(
            {"time": at(when), "customer": rng.choice(["a", "b", "c"], rows), "product": product, "units": 3 * share()}
        ),
        "products": pa.table({"product": product[:PRODUCTS], "category": ["tea", "tea", "jam"]}),
        "customers": pa.table({"customer": ["a", "b"], "income": ["high", "low"], "children": ["1", "0"]}),
        "campaigns": pa.table({"product": product, "start": days, "end": days, "customers": share()}),
        "weather": pa.table({"day": days, "region": ["all"] * rows, "temperature": share(), "rain": share()}),
        "events": pa.table(
            {
                "time": at(when),
                "product": product,
                "kind": rng.choice(["view", "cart", "search", "rating", "review"], rows),
                "value": share(),
                "text": rng.choice(["tea", "jam"], rows),
            }
        ),
        "competitors": pa.table({"product": product, "week": days, "price": 1 + share()}),
        "work": pa.table(
            {
                "item": product,
                "week": [week(max(number - 1, 0)) for number in when],  # begun a week before it is known
                "finished": days,
                "planned": 1 + share(),
                "made": share(),
                "scrapped": share(),
            }
        ),
        "signals": pa.table(
            {
                "signal": rng.choice(["x", "y"], rows),
                "product": product,
                "region": ["all"] * rows,
                "week": days,
                "value": share(),
            }
        ),
    }


@pytest.fixture
def changed(tell, week, at):
    """A function to what a source tells, before and after all that lies past some weeks of each table is replaced."""

    def told(name, kept, *, demand=True, **source):
        rng = np.random.default_rng(4)
        one = tables(rng, week, at, WEEKS + HORIZON)
        other = tables(np.random.default_rng(5), week, at, WEEKS + HORIZON)
        static = {key: one[key] for key in ("products", "customers")}
        until = {key: PRODUCTS * kept.get(key, END) for key in one}
        mixed = {key: pa.concat_tables([one[key].slice(0, n), other[key].slice(n)]) for key, n in until.items()} | static
        units = rng.poisson(4, (PRODUCTS, WEEKS)).astype(float)
        later = np.where((np.arange(WEEKS) < END) | (not demand), units, rng.poisson(9, units.shape))
        return [tell(u, data, name, horizon=HORIZON, **source) for u, data in ((units, one), (later, mixed))]

    return told


def same(told, weeks):
    """Assert that every feature is the same bytes up to some week."""
    before, after = told
    assert before.features.keys() == after.features.keys() != set()
    for name, values in before.features.items():
        assert values[:, :weeks].tobytes() == after[name][:, :weeks].tobytes(), name


@pytest.mark.parametrize("lead", [0, 2])
@pytest.mark.parametrize("name", PAST)
def test_the_past_never_sees_past_its_lead(changed, name, lead):
    """With all that came after a cutoff replaced in every table, no feature changes up to it, or a lead later."""
    own = name.startswith("demand")
    same(changed(name, {}, demand=own, lead=lead), END if own else END + lead)


@pytest.mark.parametrize("name", PAST)
def test_scales_are_of_what_was_known(changed, name):
    """Where demand itself is replaced too, features over its level are still the same up to the cutoff."""
    same(changed(name, {}), END)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("notice", [0, 1])
def test_a_plan_is_seen_as_far_as_it_was_announced(changed, name, notice):
    """What lies beyond the horizon (or the notice) of a cutoff changes nothing at it."""
    same(changed(name, {name: END + (notice or HORIZON)}, known="plan", lead=notice), END)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_does_tell_the_target_week(changed, name):
    """The test above would see a change: with the target week replaced there is one."""
    with pytest.raises(AssertionError):
        same(changed(name, {}, known="plan"), END)


def test_attributes_never_see_later_demand(changed):
    """Trends of categories and shares in them are of what was known."""
    same(changed("products", {}), END)


@pytest.mark.parametrize("table", sources.REALIZED)
def test_what_happened_is_refused_as_a_plan(table):
    """Realized covariates would be a forecast's best friend; the message says what to declare instead."""
    with pytest.raises(SettingsError, match="says what happened, which nobody knows of the target week"):
        sources.declared([Source(name="it", tables=[table], known="plan")], {table.partition(".")[0]})
