"""What each source is worth."""

import pyarrow as pa

from lotwise.config import Source
from lotwise.gap import settle
from lotwise.gap.attribution import known, told
from lotwise.tables.forecasted import SCORES

PROMOTIONS, WEATHER = (Source(name=name, tables=[name]) for name in ("promotions", "weather"))
FULL = {
    "ideal": [[100]],
    "perfect": [[90]],
    "none": [[10]],
    "method": [[15]],
    "upto-promotions": [[35]],
    "now": [[40]],
    "now-weather": [[35]],
    "placebo": [[39]],
}
"""Profits of one cell; told promotions alone is both 'upto-promotions' and 'now-weather'."""
WHOLE = FULL | {"now-promotions": [[22]]}
"""The same with every subset of the two sources."""


def amounts(build, profits, sources=(PROMOTIONS, WEATHER)):
    """Return line -> money."""
    return {
        line.name: None if line.cells is None else line.cells.sum() for line in known(settle(build.money(profits)), sources)
    }


def test_ordered_addition_by_hand(build):
    """Base 90 - 10; method 15 - 10; promotions 35 - 15; weather 40 - 35; all 40 - 10; placebo 39 - 40."""
    assert amounts(build, FULL) == {
        "history alone (base)": 80,
        "method, no source": 5,
        "promotions": 20,
        "weather": 5,
        "all sources together": 30,
        "placebo": -1,
    }


def test_with_every_subset_shapley_values_by_hand(build):
    """Promotions: half of 35 - 15 and of 40 - 22, 19; weather: half of 22 - 15 and of 40 - 35, 6; all still 30."""
    found = amounts(build, WHOLE)
    assert (found["promotions"], found["weather"], found["all sources together"]) == (19, 6, 30)


def test_last_in_is_now_less_all_but_it(build):
    """Promotions bring 40 - 22 = 18 beside weather, weather 40 - 35 = 5 beside promotions."""
    lines = known(settle(build.money(WHOLE)), (PROMOTIONS, WEATHER))
    assert [line.last_in.sum() for line in lines if line.last_in is not None] == [18, 5]


def test_the_base_is_the_better_of_two(build):
    """Where the last weeks alone would have earned more than all history, they are the base, and the note says so."""
    lines = known(settle(build.money(FULL | {"recent": [[12]]})), (PROMOTIONS, WEATHER))
    assert (lines[0].cells.sum(), lines[0].formula) == (78, "V(perfect) - V(recent)")
    assert "last 13 weeks" in lines[0].note
    assert known(settle(build.money(FULL | {"recent": [[9]]})), ())[0].formula == "V(perfect) - V(none)"


def test_planning_for_the_mean_is_no_step(build):
    """The value of the stochastic solution stands beside the steps: 40 - 33, and their sum stays."""
    lines = known(settle(build.money(FULL | {"mean": [[33]]})), (PROMOTIONS, WEATHER))
    assert (lines[-1].name, lines[-1].cells.sum(), lines[-1].step) == ("planning for more than the mean", 7, False)
    assert sum(line.cells.sum() for line in lines if line.step) == 30


def test_formulas_say_which_states(build):
    """A step names the two states it is the difference of, a Shapley value the weight of each."""
    ordered, fair = (
        {line.name: line.formula for line in known(settle(build.money(profits)), (PROMOTIONS, WEATHER))}
        for profits in (FULL, WHOLE)
    )
    assert ordered["promotions"] == "V(upto-promotions) - V(method)"
    assert fair["promotions"] == "0.5 V(now) + 0.5 V(now-weather) - 0.5 V(method) - 0.5 V(now-promotions)"


def test_a_missing_state_falls_to_the_next_line(build):
    """Without 'method' the first source's line holds both steps and says so."""
    profits = {state: profit for state, profit in FULL.items() if state != "method"}
    lines = {line.name: line for line in known(settle(build.money(profits)), (PROMOTIONS, WEATHER))}
    assert "method, no source" not in lines
    assert lines["promotions"].cells.sum() == 25
    assert "Includes method, no source, not measured alone." in lines["promotions"].note


def test_without_sources_the_method_is_all(build):
    """With nothing declared, what is known now is the method's."""
    assert amounts(build, FULL, ())["method, no source"] == 30


def test_without_the_base_nothing_is_measured(build):
    """If the base was not settled, one line says so."""
    profits = {state: FULL[state] for state in ("ideal", "perfect", "now")}
    assert amounts(build, profits) == {"history alone (base)": None}


def test_a_source_may_not_take_a_line_of_ours(build):
    """A source called 'placebo' is told apart from the placebo."""
    profits = {**FULL, "upto-placebo": [[40]]}
    assert amounts(build, profits, (PROMOTIONS, Source(name="placebo", tables=["events"])))["placebo (source)"] == 5


def scored(sources):
    """Return ``scores`` of what was known now, from the names forecast wrote down; None where it wrote none."""
    blank = dict.fromkeys(SCORES.names) | {"model": "pooled", "information": "now", "cells": 9, "sources": sources}
    return SCORES.check(pa.Table.from_pylist([blank | {"cutoff": cutoff} for cutoff in ("2026-01-05", "all")], SCORES.schema))


def test_sources_come_from_the_scores_and_their_cost_from_the_settings():
    """Forecast says which sources there were and in which order; one of its own has a name and nothing else."""
    found = told(scored("weather + history"), (PROMOTIONS, WEATHER))
    assert found == [WEATHER, Source(name="history", tables=[])]


def test_without_scores_the_declared_sources_stand():
    """Where nothing was scored, or an older forecast wrote no names, the settings say what the sources are."""
    assert told(SCORES.empty(), (PROMOTIONS, WEATHER)) == told(scored(None), (PROMOTIONS, WEATHER)) == [PROMOTIONS, WEATHER]


def test_a_forecast_without_sources_has_none():
    """No name at all is no source, and not one without a name."""
    assert told(scored(""), (PROMOTIONS,)) == []


def test_a_source_nobody_declared_is_said_to_be_made(build):
    """The note of a default source names no time of knowing, for nobody said any."""
    mine = Source(name="promotions", tables=[])
    notes = {line.name: line.note for line in known(settle(build.money(FULL)), (mine, WEATHER))}
    assert "no [[source]] is declared" in notes["promotions"]
    assert notes["weather"] == "Added after the lines above it (known: past)."
