"""Tests of rules as people read them."""

from __future__ import annotations

import pytest

from lotwise.console import rules
from tests.console.mined.made import cells, note, products, row, shown


def rule(number, first, second, **values):
    """Return one rule about types in one order, usable unless told otherwise."""
    known = {
        "rule": f"R{number}", "kind": "together", "level": "type", "scope": "all", "antecedent": [first],
        "consequent": [second], "count": 30, "total": 400, "support": 0.075, "confidence": 0.5, "lift": 2.0,
        "verdict": "usable", "margin": 12.5,
    }  # fmt: skip
    return row("rules", **known | values)


FOUND = [
    rule(1, "milk", "bread", margin=900.0, lift=1.1, confidence=0.2),
    rule(2, "ham", "eggs", margin=9.0, lift=9.0, confidence=0.3),
    rule(3, "tea", "cake", margin=None, lift=3.0, confidence=0.9),
]
NAMES = products(ham="Smoked ham")


def test_a_rule_stands_with_its_evidence():
    """Who has, also has, confidence, lift, orders, support, margin in the currency, and chance."""
    text = shown(rules, FOUND[1:2], [], NAMES, rows=5, currency="EUR")
    assert "In one order (types, 400 orders): 1 rule, all usable; most margin first." in text
    assert cells(text, "ham") == ["ham Smoked ham", "eggs", "30 %", "x 9.00", "30", "7.5 %", "9", "< .001"]
    assert "margin EUR" in text
    assert "verdict" not in text


@pytest.mark.parametrize(("by", "first"), [("margin", "milk"), ("lift", "ham"), ("confidence", "tea")])
def test_rules_are_sorted_by_what_was_asked(by, first):
    """The milk that leads by margin gives way to the highest lift or the surest; what has no margin comes last by it."""
    text = shown(rules, FOUND, [], None, rows=5, currency="EUR", by=by)
    lines = [line.split()[0] for line in text.splitlines() if line.strip().startswith(("milk", "ham", "tea"))]
    assert lines[0] == first
    assert len(lines) == 3


def test_doubtful_rules_say_so_and_what_is_left_out_is_counted():
    """With one that may be chance the verdict is a column; two rows of three are told as such."""
    found = [*FOUND[:2], rule(3, "tea", "cake", verdict="may be chance", p_value=0.4)]
    text = shown(rules, found, [], None, rows=2, currency="EUR", by="lift")
    assert "3 rules, 2 usable" in text
    assert "verdict" in text
    assert "2 of 3; more with --rows 3" in text


def test_kinds_have_tables_of_their_own():
    """What is bought next tells days, options tell their product."""
    found = [
        rule(1, "crib", "pram", kind="next", days=21.0),
        rule(2, "color=red", "size=L", kind="option", level="option", product="COAT"),
    ]
    text = shown(rules, found, [], None, rows=5, currency="EUR")
    assert "In a later order of the same customer (types, 400 customers)" in text
    assert "21" in cells(text, "crib")
    assert cells(text, "COAT")[:3] == ["COAT", "color=red", "size=L"]


def test_only_remarks_about_the_scopes_shown_are_told():
    """What was tried within a segment is no remark about all."""
    notes = [note("rules", "together, all", text="9 rules tried"), note("rules", "together, segment S1", text="7 rules tried")]
    text = shown(rules, FOUND, notes, None, rows=5, currency="")
    assert "9 rules tried" in text
    assert "7 rules tried" not in text


def test_without_rules_the_screen_says_why_and_what_else_there_is():
    """A part that was left out gives its reason; else there simply are none."""
    left = [note("rules", ended="left out", rows=0, text="there are no orders")]
    assert "There are no such rules: there are no orders." in shown(rules, [], left, None, rows=5, currency="EUR")
    assert "There are no such rules.\n" in shown(rules, [], [note("rules", text="0 tried")], None, rows=5, currency="EUR")
