"""What the catalog settles, and what is told between options."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from lotwise.config.mining import MineRules
from lotwise.demo.atelier import choose as simulated
from lotwise.demo.atelier.catalog import RULES, STYLES, choices
from lotwise.mine.rules import catalog, offered, options
from lotwise.mine.rules.chosen import Chosen
from lotwise.mine.rules.derive import Bar
from lotwise.mine.rules.reading import Lines
from lotwise.mine.rules.scopes import ALL
from lotwise.mine.rules.search import Search


def coat(*rules):
    """Return the catalog of a coat: two fabrics, three colors, two sizes, and some rules."""
    values = {"fabric": {"wool", "cashmere"}, "color": {"navy", "black", "ivory"}, "size": {"S", "M"}}
    taken = [(option, value) for option, of in values.items() for value in of]
    table = pa.Table.from_pylist(
        [
            {
                "rule": str(n), "product": "COAT", "kind": kind,
                "if_option": one[0], "if_value": one[1], "then_option": two[0], "then_value": two[1],
            }
            for n, (kind, one, two) in enumerate(rules)
        ]
    )  # fmt: skip
    return catalog.read({"COAT": taken}, None, table if rules else None)["COAT"]


def test_a_choice_settles_its_own_option():
    """Without rules nothing else is settled, and nothing is tied but values of one option."""
    free = coat()
    assert free.settled(("fabric", "wool")) == {"fabric"}
    assert not free.ties([("fabric", "wool")], [("color", "navy")])
    assert free.ties([("fabric", "wool")], [("fabric", "cashmere")])


def test_what_is_required_is_settled_both_ways():
    """Cashmere requires navy: cashmere settles the color, and black rules out cashmere; navy says nothing of the fabric."""
    ruled = coat(("requires", ("fabric", "cashmere"), ("color", "navy")))
    assert ruled.settled(("fabric", "cashmere")) == {"fabric", "color"}
    assert ruled.settled(("color", "black")) == {"fabric", "color"}
    assert ruled.settled(("color", "navy")) == {"color"}
    assert ruled.ties([("color", "navy")], [("fabric", "cashmere")])
    assert not ruled.ties([("fabric", "wool")], [("size", "S")])


def test_what_is_excluded_narrows_both_ways():
    """Cashmere excludes ivory: each narrows the option of the other."""
    ruled = coat(("excludes", ("fabric", "cashmere"), ("color", "ivory")))
    assert ruled.settled(("fabric", "cashmere")) == {"fabric", "color"}
    assert ruled.settled(("color", "ivory")) == {"color", "fabric"}


def test_rules_are_followed_through():
    """Size S excludes wool, so it means cashmere, which requires navy: S settles the color, and so is tied to it."""
    chain = coat(("excludes", ("size", "S"), ("fabric", "wool")), ("requires", ("fabric", "cashmere"), ("color", "navy")))
    assert chain.settled(("size", "S")) == {"size", "fabric", "color"}
    assert chain.ties([("size", "S")], [("color", "navy")])


def test_rules_that_contradict_one_another_end():
    """A choice that requires two values of one option can never be made; nothing hangs."""
    odd = coat(("requires", ("size", "S"), ("color", "navy")), ("requires", ("size", "S"), ("color", "black")))
    assert "color" in odd.settled(("size", "S"))


def test_values_nobody_chose_are_open_too():
    """The table of options adds values that were never chosen."""
    table = pa.table({"product": ["P", "Q"], "option": ["size", "size"], "value": ["XL", "S"]})
    assert catalog.read({"P": [("size", "S")]}, table, None)["P"].values == {"size": {"S", "XL"}}


def workshop(units, seed, *, prefer=False):
    """Return options drawn as the simulated workshop draws them, with ``units`` lines a style, and their catalogs.

    With ``prefer`` the buyers of shirts take size M with linen whenever they may.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for place, style in enumerate(STYLES):
        picks = simulated.draw(rng, style, units)
        values = {option: np.array(list(of))[picks[option]] for option, of in choices(style).items()}
        if prefer and style.code == "SHIRT":
            values["size"] = np.where((values["fabric"] == "linen") & (rng.random(units) < 0.5), "M", values["size"])
        rows += [(place * units + line, f"{option}={of[line]}") for option, of in values.items() for line in range(units)]
    names = tuple(sorted({name for _, name in rows}))
    line = np.array([row[0] for row in rows])
    item = np.array([names.index(row[1]) for row in rows])
    sort = np.lexsort((item, line))
    count = len(STYLES) * units
    whole = np.zeros(count, np.int64)
    lines = Lines(
        tuple(s.code for s in STYLES), (), np.arange(count), np.repeat(np.arange(len(STYLES)), units), whole - 1, whole,
        np.ones(count), np.ones(count), np.arange(count), 1,
    )  # fmt: skip
    pairs = tuple((name.split("=")[0], name.split("=")[1]) for name in names)
    chosen = Chosen(lines, names, pairs, line[sort], item[sort], np.full(len(rows), np.nan))
    rules = pa.Table.from_pylist(
        [
            {
                "product": r.style, "kind": r.kind, "if_option": r.if_option, "if_value": r.if_value,
                "then_option": r.then_option, "then_value": r.then_value,
            }
            for r in RULES
        ]
    )  # fmt: skip
    return chosen, options.catalogs(chosen, (None, rules))


def usable(chosen, known):
    """Return the usable rules of all products, and how many were left out because they follow from the catalog."""
    settings = MineRules()
    everything = [(ALL, np.ones(len(chosen.lines), np.bool_))]
    found = list(options.options(chosen, known, everything, Search.of(settings), settings))
    told = {
        (one.product, tuple(one.names[p] for p in first), tuple(one.names[p] for p in second))
        for one in found
        for first, second, verdict in zip(one.rules.antecedents, one.rules.consequents, one.rules.verdict, strict=True)
        if verdict == "usable"
    }
    return told, sum(one.follow for one in found)


def test_what_follows_from_the_catalog_is_no_discovery():
    """In the simulated workshop options are drawn one by one and put right by rules: nothing is left to discover."""
    told, follow = usable(*workshop(1500, 1))
    assert told == set()
    assert follow > 100


def test_without_its_rules_the_same_options_would_be_discoveries():
    """It is the catalog that leaves them out: not knowing the rules, they are told."""
    chosen, known = workshop(1500, 1)
    bare = {name: catalog.Catalog(one.values) for name, one in known.items()}
    told, _ = usable(chosen, bare)
    assert ("SUIT", ("detail=peak lapel",), ("fabric=worsted",)) in told


def test_a_preference_of_customers_is_told():
    """Size M with linen shirts, put there by half of those who may, is found, within shirts and against other products."""
    told, _ = usable(*workshop(1500, 2, prefer=True))
    assert ("SHIRT", ("fabric=linen",), ("size=M",)) in told
    assert {product for product, _, _ in told} <= {"SHIRT", None}


def test_products_are_compared_where_they_offer_the_same():
    """An option is compared between products that offer the same values of it and whose rules do not speak of it."""
    free = catalog.Catalog({"size": frozenset("SM"), "color": frozenset({"red"})})
    ruled = catalog.Catalog({"size": frozenset("SM")}, requires=((("size", "S"), ("color", "red")),))
    wide = catalog.Catalog({"size": frozenset("SML")})
    found = offered.offers(["A", "B", "C", "D", "E"], {"A": free, "B": free, "C": ruled, "D": wide})
    assert found == [offered.Offer("size", ("M", "S"), (0, 1))]


def test_rules_between_products_and_options_by_hand():
    """Of 100 lines of A 60 are size S, of 100 of B 40: A -> S has confidence .6, lift 1.2, and total 200."""
    offer = [offered.Offer("size", ("M", "S"), (0, 1))]
    counts = {"": np.array([100, 100]), "size=S": np.array([60, 40]), "size=M": np.array([40, 60])}
    rules, names = offered.compare(offer, ["A", "B"], counts, Bar(), lambda _: 5)
    at = [(names[o], names[t]) for (o,), (t,) in zip(rules.antecedents, rules.consequents, strict=True)].index(
        ("product=A", "size=S")
    )
    assert rules.measures.confidence[at] == pytest.approx(0.6)
    assert rules.measures.lift[at] == pytest.approx(1.2)
    assert rules.measures.total[at] == 200
    assert rules.tried == 8
