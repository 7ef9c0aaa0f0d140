"""The account unseen: from a project's tables, with purchases whose law is known, and from nothing."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from lotwise.gap import verdict
from lotwise.gap.choices.exposure import chosen_among, reach
from lotwise.gap.choices.logit import fit
from lotwise.gap.choices.shelf import shelf
from lotwise.gap.choices.unseen import line, unseen
from lotwise.tables.collected import EVENTS, OPTIONS, ORDER_OPTIONS, ORDERS, PRODUCTS
from lotwise.tables.ledger import UNSEEN
from lotwise.tables.pooled import ECONOMICS

START = datetime(2026, 1, 5)  # noqa: DTZ001  tables hold local times
LIKED = np.array([0.0, 0.6, -0.4, 1.0, 0.3])
PAID = 0.5


def table(contract, rows):
    """Return a table that keeps its contract from rows that say what matters."""
    blank = {pa.string(): "all", pa.int64(): 1, pa.float64(): 1.0}
    whole = [{c.name: row.get(c.name, None if c.nullable else blank.get(c.type)) for c in contract.columns} for row in rows]
    return contract.check(pa.Table.from_pylist(whole, schema=contract.schema))


def sold(rows):
    """Return orders from (customer, product, days since the start, price)."""
    return table(ORDERS, [
        {"order": f"o{number}", "customer": customer, "product": product, "time": START + timedelta(days=day),
         "unit_price": price, "kind": "sale"}
        for number, (customer, product, day, price) in enumerate(rows)
    ])  # fmt: skip


def looked(rows):
    """Return views from (customer, product, days since the start)."""
    return table(EVENTS, [
        {"event": f"e{number}", "customer": customer, "product": product, "time": START + timedelta(days=day), "kind": "view"}
        for number, (customer, product, day) in enumerate(rows)
    ])  # fmt: skip


def simulated(seed, purchases=1500, *, paid=PAID):
    """Return tables of purchases among two or three of five products looked at, and the true figures of all purchases."""
    rng = np.random.default_rng(seed)
    price = rng.uniform(8, 12, (26, 5)).round(2)
    orders, events, truth = [], [], np.zeros(3)
    for number in range(purchases):
        week = rng.integers(26)
        day = 7 * week + rng.uniform(2, 6)
        shown = np.zeros(5, dtype=bool)
        shown[rng.choice(5, rng.integers(2, 4), replace=False)] = True
        utility = LIKED - paid * price[week]
        chosen = np.argmax(np.where(shown, utility + rng.gumbel(size=5), -np.inf))
        orders.append((f"c{number}", f"p{chosen}", day, price[week, chosen]))
        events += [(f"c{number}", f"p{place}", day - rng.uniform(0, 1.5)) for place in np.flatnonzero(shown)]
        odds = np.exp(utility)
        some = odds * shown
        earned = price[week] - 4 - np.arange(5)
        truth += [
            (utility.max() - utility[chosen]) / (paid or 1.0),
            np.log(odds.sum() / some.sum()) / (paid or 1.0),
            (odds @ earned / odds.sum() - some @ earned / some.sum()) * purchases,
        ]
    economics = [{"product": f"p{n}", "unit_cost": 4.0 + n, "price_basis": "given", "cost_basis": "given",
                  "salvage_basis": "given"} for n in range(5)]  # fmt: skip
    return {
        "orders": sold(orders),
        "events": looked(events),
        "products": table(PRODUCTS, [{"product": f"p{number}", "category": "all"} for number in range(5)]),
        "economics": table(ECONOMICS, economics),
    }, dict(zip(("regret of choices", "surplus not shown", "margin not shown"), truth / purchases, strict=True))


def column(found, name="value"):
    """Return one column by measure."""
    return dict(zip(found["measure"].to_pylist(), found[name].to_pylist(), strict=True))


@pytest.fixture(scope="module")
def shop():
    """Return tables of a shop that records what customers look at, and the truth."""
    return simulated(0)


def test_true_figures_are_recovered_from_a_projects_tables():
    """Over 8 seeds the 90 % intervals of regret, surplus and margin hold the truth in 6 at least."""
    held = dict.fromkeys(("regret of choices", "surplus not shown", "margin not shown"), 0)
    for seed in range(8):
        tables, truth = simulated(seed)
        found = unseen(tables, resamples=300)
        low, high = column(found, "low"), column(found, "high")
        for name in held:
            held[name] += low[name] <= truth[name] <= high[name]
    assert min(held.values()) >= 6, held


def test_the_line_is_the_margin_not_shown(shop):
    """The ledger's line says the margin over the choices recorded, with its verdict and note."""
    found = UNSEEN.check(unseen(shop[0], resamples=200))
    money, said, note = line(found)
    assert money == column(found)["margin not shown"]
    assert said == column(found, "verdict")["margin not shown"]
    assert "scaled to nothing else" in note


def test_nothing_is_measured_without_tables():
    """Without tables each measure stays empty, and says what it takes; the line needs an experiment."""
    found = UNSEEN.check(unseen({}))
    assert found.num_rows == 8
    assert set(column(found).values()) == {None}
    assert set(column(found, "verdict").values()) == {verdict.UNMEASURED, verdict.EXPERIMENT}
    assert all("It takes" in note for note in column(found, "note").values())
    assert line(found)[:2] == (None, verdict.EXPERIMENT)
    assert line(UNSEEN.empty())[:2] == (None, verdict.EXPERIMENT)


def test_looks_of_others_do_not_count(shop):
    """If views are dealt to customers at random, what was bought was seldom looked at: not measured, and said so."""
    tables = dict(shop[0])
    rng = np.random.default_rng(1)
    who = tables["events"]["customer"].take(pa.array(rng.permutation(tables["events"].num_rows)))
    tables["events"] = tables["events"].set_column(2, EVENTS.schema.field("customer"), who)
    found = unseen(tables, resamples=50)
    assert column(found)["margin not shown"] is None
    assert "It takes" in column(found, "note")["margin not shown"]
    assert column(found)["customer-product pairs never shown"] > 0


def test_looks_that_do_not_hold_what_was_bought_are_refused(shop):
    """If seven of ten purchases were of a product not looked at, looks are not what buyers chose from."""
    tables = dict(shop[0])
    bought = {
        (order["customer"], order["product"]) for order in tables["orders"].to_pylist() if int(order["order"][1:]) % 10 < 7
    }
    keep = [(one["customer"], one["product"]) not in bought for one in tables["events"].to_pylist()]
    tables["events"] = tables["events"].filter(pa.array(keep))
    note = column(unseen(tables, resamples=50), "note")["regret of choices"]
    assert "30% were of a product looked at" in note
    assert "It takes" in note


def test_prices_that_stay_give_no_utility(shop):
    """If each product costs the same in every week, liking cannot be told from price."""
    tables = dict(shop[0])
    fixed = {f"p{number}": 9.0 + number for number in range(5)}
    prices = pa.array([fixed[product] for product in tables["orders"]["product"].to_pylist()])
    place = tables["orders"].column_names.index("unit_price")
    tables["orders"] = tables["orders"].set_column(place, ORDERS.schema.field("unit_price"), prices)
    found = unseen(tables, resamples=50)
    assert column(found, "verdict")["margin not shown"] == verdict.UNMEASURED
    assert "Prices do not change" in column(found, "note")["margin not shown"]


def test_prices_that_do_not_deter_give_no_money():
    """If customers do not heed prices, regret has no unit of money; the margin is measured all the same."""
    tables, truth = simulated(3, paid=0.0)
    found = unseen(tables, resamples=200)
    assert column(found, "verdict")["regret of choices"] == "no unit of money"
    assert column(found, "low")["margin not shown"] <= truth["margin not shown"] <= column(found, "high")["margin not shown"]


def test_without_costs_the_margin_is_not_measured(shop):
    """Without economics the margin says what it takes, and regret is measured."""
    found = unseen({name: table for name, table in shop[0].items() if name != "economics"}, resamples=50)
    assert column(found)["margin not shown"] is None
    assert column(found)["regret of choices"] > 0


def test_choice_sets_by_hand(monkeypatch):
    """Shown is what the buyer looked at in the category within seven days before, what was bought among it.

    Ann looked at a and b (coats) and x (a hat), then bought a: shown a, b; on sale a, b, c, not d, sold twelve weeks later.
    Bob looked at b eight days before and buys b: too long ago. Cy looked at c after he had bought it.
    """
    monkeypatch.setattr("lotwise.gap.choices.exposure.FEWEST", 1)
    tables = {
        "orders": sold([("ann", "a", 10, 5.0), ("bob", "b", 10, 6.0), ("cy", "c", 12, 7.0), ("dee", "d", 98, 7.0),
                        ("ann", "b", 9, 8.0), ("eve", "x", 10, 2.0), ("ann", "a", 17.5, 7.0), ("ann", "b", 17.6, 5.5)]),
        "events": looked([("ann", "a", 8.0), ("ann", "b", 8.5), ("ann", "x", 9.0), ("bob", "b", 2.0), ("cy", "c", 12.5),
                          ("ann", "a", 17), ("ann", "b", 17)]),
        "products": table(PRODUCTS, [{"product": p, "category": "hat" if p == "x" else "coat"} for p in "abcdx"]),
    }  # fmt: skip
    offer = chosen_among(tables, np.random.default_rng(0))
    names = shelf(tables).products.to_pylist()
    sets = [
        "".join(names[place] for place in offer.product[(offer.occasions.occasion == one) & offer.shown])
        for one in range(len(offer.customer))
    ]
    assert sets == ["ab", "ab", "ab", "ab"]  # ann's four purchases; d is not on sale, c was never shown beside others
    assert [names[place] for place in offer.product[offer.occasions.chosen]] == ["a", "b", "a", "b"]
    assert set(offer.product) == {0, 1}


def test_what_tells_nothing_is_left_out_and_said(shop):
    """A product that is on sale and never shown has no part-worth: it is left out of the catalogue, and the notes say so."""
    tables = dict(shop[0])
    more = sold([(None, "p9", day, 5.0) for day in range(0, 180, 20)])
    tables["orders"] = pa.concat_tables([tables["orders"], more])
    tables["products"] = table(PRODUCTS, [{"product": f"p{number}", "category": "all"} for number in (0, 1, 2, 3, 4, 9)])
    found = unseen(tables, resamples=50)
    assert column(found)["regret of choices"] == column(unseen(shop[0], resamples=50))["regret of choices"]
    assert "1 of 6 products are left out" in column(found, "note")["margin not shown"]


def test_many_alternatives_are_drawn_from(shop, monkeypatch):
    """With room for 2,000 alternatives, 400 occasions of five are drawn, and the notes say that it is a part."""
    monkeypatch.setattr("lotwise.gap.choices.exposure.MOST_ROWS", 2000)
    assert "Only 26.7% of the recorded choices" in column(unseen(shop[0], resamples=50), "note")["surplus not shown"]


def test_many_products_have_part_worths_by_kind(shop, monkeypatch):
    """Above the number of products that each get a part-worth, brands do: p1 and p3 are liked more than the others' brand."""
    monkeypatch.setattr("lotwise.gap.choices.exposure.MOST_DUMMIES", 4)
    tables = dict(shop[0])
    listed = [{"product": f"p{n}", "category": "all", "brand": "ace" if n in (1, 3) else "base"} for n in range(5)]
    tables["products"] = table(PRODUCTS, listed)
    offer = chosen_among(tables, np.random.default_rng(0))
    model = fit(offer.seen())
    assert model.names[1:] == ("usual price", "price")
    liked = model.part_worths[0] * (1 if model.names[0] == "brand = ace" else -1)
    assert liked > 0
    assert -0.6 < model.part_worths[2] < -0.3  # products of one brand differ, which dampens it


def test_the_shelf_by_hand():
    """On sale is what sold within four weeks around, from its launch on; its price is the week's median, else the list's."""
    listed = [{"product": "a", "category": "k", "unit_price": 9.0}, {"product": "b", "category": "k", "launched": START.date()}]
    tables = {
        "orders": sold([("u", "a", 0, 5.0), ("v", "a", 1, 6.0), ("w", "a", 2, 10.0), ("u", "b", 42, 3.0)]),
        "products": table(PRODUCTS, listed),
    }
    found = shelf(tables)
    assert found.on_sale.tolist() == [[True] * 5 + [False] * 2, [False] * 2 + [True] * 5]
    assert found.price[0].tolist() == [6.0] + [9.0] * 6
    assert found.price[1].tolist() == [3.0] * 7


def test_reach_by_hand():
    """Of 3 products c was never seen; ann saw a and bought b, bob saw a: hidden are 1 and 2 of 3, cy is not counted."""
    tables = {
        "orders": sold([("ann", "b", 3, 1.0), ("cy", "a", 3, 1.0)]),
        "events": looked([("ann", "a", 1), ("bob", "a", 1), ("bob", "zzz", 1)]),
        "products": table(PRODUCTS, [{"product": product} for product in "abc"]),
    }
    found = reach(tables)
    assert (found.never, found.products) == (1, 3)
    assert sorted(found.hidden) == [1, 2]


def configurations(seed, *, paid=0.04, products=14):
    """Return tables of configured products whose values have part-worths and extra prices, and the true regret a line."""
    rng = np.random.default_rng(seed)
    values = {"fabric": ["cotton", "linen", "silk"], "detail": ["plain", "belt", "hood"], "size": ["S", "M"]}
    liked = {"fabric": np.array([0.0, 0.3, 0.9]), "detail": np.array([0.5, 0.0, 0.2]), "size": np.array([0.0, 1.0])}
    options, lines, taken, lost = [], [], [], 0.0
    for product in range(products):
        extra = {
            name: np.append(0.0, rng.uniform(0, 60, len(v) - 1)) if name != "size" else np.zeros(2)
            for name, v in values.items()
        }
        for name, names in values.items():
            options += [{"product": f"p{product}", "option": name, "value": value, "extra_price": extra[name][place]}
                        for place, value in enumerate(names)]  # fmt: skip
        for _ in range(200):
            order = f"o{len(lines)}"
            lines.append(("c", f"p{product}", 1, 10.0))
            for name, names in values.items():
                utility = liked[name] - paid * extra[name]
                chosen = np.argmax(utility + rng.gumbel(size=len(names)))
                taken.append({"order": order, "line": 1, "option": name, "value": names[chosen]})
                lost += 0 if name == "size" else (utility.max() - utility[chosen]) / (paid or 1.0)
    made = {"orders": sold(lines), "options": table(OPTIONS, options), "order_options": table(ORDER_OPTIONS, taken)}
    return made, lost / len(lines)


def test_regret_of_configurations_is_recovered():
    """The regret a configured line is that of the true part-worths, sizes without a price left out, in 6 of 8 intervals."""
    held = 0
    for seed in range(8):
        tables, truth = configurations(seed)
        found = unseen(tables, resamples=300)
        name = "regret of configurations"
        held += column(found, "low")[name] <= truth <= column(found, "high")[name]
        assert column(found)[name] == pytest.approx(truth, rel=0.15)
        assert "2,800 order lines of 14 products" in column(found, "note")[name]
    assert held >= 6


@pytest.mark.parametrize(
    ("change", "said"),
    [({"paid": 0.0}, "no unit of money"), ({"products": 9}, verdict.UNMEASURED)],
    ids=["price does not deter", "few products"],
)
def test_configurations_without_a_clear_price_have_no_money(change, said):
    """Where extra prices do not deter, or few products carry them, no regret is given in money."""
    found = unseen(configurations(1, **change)[0], resamples=100)
    assert column(found, "verdict")["regret of configurations"] == said
    assert column(found)["regret of configurations"] is None
