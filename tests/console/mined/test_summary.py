"""Tests of what each part of mining came to, as people read it."""

from __future__ import annotations

import pyarrow as pa

from lotwise.console import mining
from tests.console.mined.made import cells, note, shown

NOTES = [
    note("segments", rows=1, evidence=12),
    note("rules", "together, all", rows=200, evidence=900),
    note("rules", "next, all", "capped", 5, 300, "the search ended after 10 s"),
    note("opinions", ended="left out", rows=0, evidence=0, text="there are no events"),
]


def test_there_is_one_row_a_part():
    """Two scopes of rules are one row: 205 rules, found in up to 900, one of them capped; nothing found has no command."""
    text = shown(mining, pa.Table.from_pylist(NOTES))
    assert cells(text, "rules") == [
        "rules", "205 rules", "up to 900 orders, lines or customers", "2 scopes, 1 capped", "lotwise rules",
    ]  # fmt: skip
    assert cells(text, "segments")[1:3] == ["1 segment", "12 customers"]
    assert cells(text, "opinions") == ["opinions", "0 readings", "left out"]
    assert text.count("lotwise ") == 2


def test_what_was_cut_is_told_once_below():
    """The cap and the reason stand below the table, not in it."""
    text = shown(mining, pa.Table.from_pylist(NOTES))
    assert "- next, all: the search ended after 10 s." in text
    assert "- there are no events." in text


def test_caps_beyond_the_first_are_counted():
    """Of five different caps three are told and two are left for --all."""
    notes = [note("rules", f"s{number}", "capped", text=f"cap {number}") for number in range(5)]
    assert "and 2 more, with --all" in shown(mining, pa.Table.from_pylist(notes))


def test_all_shows_each_scope():
    """With everything each scope has a row and each remark is told."""
    text = shown(mining, pa.Table.from_pylist(NOTES), everything=True)
    assert cells(text, "together, all") == ["together, all", "200", "900", "whole"]
    assert cells(text, "next, all")[-1] == "capped"
    assert "there are no events" in text
