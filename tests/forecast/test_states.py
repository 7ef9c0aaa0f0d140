"""Tests of the states of information: what each is told, and what is told otherwise."""

from itertools import combinations

import pytest

from lotwise.config import Forecast, Source
from lotwise.forecast.states import State, is_plan, states, variants

HISTORY = Source(name="history", tables=["demand"])
MAILER = Source(name="mailer", tables=["promotions"], known="plan")
WEATHER = Source(name="weather", tables=["weather"])
DAYS = Source(name="days", tables=["calendar"], known="plan")
ALL = (HISTORY, MAILER, WEATHER)


def test_states_of_a_past_cutoff():
    """Sources are added in order, withheld one by one, told later, told as they came; noise and another seed are added."""
    found = states(ALL, Forecast(), past=True, placebo=True)
    assert {name: state.told for name, state in found.items()} == {
        "method": (),
        "upto-history": ("history",),
        "upto-mailer": ("history", "mailer"),
        "now": ("history", "mailer", "weather"),
        "now-history": ("mailer", "weather"),
        "now-mailer": ("history", "weather"),
        "now-weather": ("history", "mailer"),
        "placebo": ("history", "mailer", "weather", "placebo"),
        "again-1": ("history", "mailer", "weather"),
        "past-mailer": ("history", "mailer (past)", "weather"),
        "foresight": ("history", "mailer", "weather", "weather (to come)"),
    }
    assert found["again-1"] == State(("history", "mailer", "weather"), again=1)


def test_the_current_cutoff_knows_now_only():
    """What is not settled is not split by source."""
    assert list(states(ALL, Forecast(shapley=True, notice=True, frozen_weeks=2), past=False)) == ["now"]


def test_frozen_weeks_are_decided_by_an_earlier_forecast():
    """Where two weeks are fixed when a plan is made, what was known two weeks before is asked too."""
    assert states(ALL, Forecast(frozen_weeks=2), past=True)["late-2"].back == 2


def test_a_state_is_fitted_once_under_both_its_names():
    """What is told the same from the same seed is one state under two names: upto-mailer and now-weather."""
    found = states(ALL, Forecast(repeats=0), past=True)
    assert len(set(found.values())) == len(found) - 1


@pytest.mark.parametrize("count", [2, 3, 5])
def test_every_subset_is_told_for_shapley_values(count):
    """Whatever the sources, each of the 2^k subsets is told in some state, in the sources' order, once."""
    sources = [Source(name=f"s{place}", tables=["demand"]) for place in range(count)]
    told = [state.told for state in states(sources, Forecast(shapley=True, repeats=0), past=True).values()]
    names = [source.name for source in sources]
    assert {some for size in range(count + 1) for some in combinations(names, size)} <= set(told)


def test_many_sources_are_told_along_random_orders():
    """Of ten sources some subsets are told: at most orders x sources, with nothing and all among them."""
    sources = [Source(name=f"s{place}", tables=["demand"]) for place in range(10)]
    told = {state.told for state in states(sources, Forecast(shapley=True, orders=6), past=True).values()}
    assert len(told) < 6 * 11 + 30
    assert all((*told_,) == tuple(sorted(told_)) for told_ in told if "placebo" not in told_ and len(told_) < 10)


def test_notice_shortens_every_plan():
    """With no notice a plan is known up to the cutoff only; with as much as the horizon nothing changes."""
    found = states(ALL, Forecast(notice=True, horizon=3), past=True)
    assert found["notice-0"].told == ("history", "mailer (past)", "weather")
    assert found["notice-2"].told == ("history", "mailer (2 weeks ahead)", "weather")
    assert [found[f"late-{weeks}"].back for weeks in (1, 2, 3)] == [1, 2, 3]


def test_variants_are_what_states_tell():
    """Every name a state tells is a declared source, a variant, or the placebo."""
    params = Forecast(notice=True, shapley=True, horizon=4)
    known = {source.name for source in (*ALL, *variants(ALL, params, priced=True))} | {"placebo"}
    told = {name for state in states(ALL, params, past=True, placebo=True, priced=True).values() for name in state.told}
    assert told == known


def test_calendars_are_always_known():
    """A calendar is no plan that could be told too late, and a source of realized facts none at all."""
    assert [is_plan(source) for source in (*ALL, DAYS)] == [False, True, False, False]
