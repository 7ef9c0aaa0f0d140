"""The checker of flows finds what is broken, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality._plan_cases import case
from lotwise.plan.network.made import Options, make
from tests.plan.network.rules import breaches


@pytest.fixture(scope="module")
def planned():
    """A generated factory of 6 products and 4 weeks, and its plan."""
    problem, network = case(6, 4, 5)
    return problem, network, *make(problem, network, Options(gap=1.0))


def test_a_plan_keeps_all_rules(planned):
    """A plan as it was made breaks nothing."""
    assert breaches(*planned) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda flow: {"level": flow.level * 99.0}, "level above its most"),
        (lambda flow: {"level": flow.level - 1.0}, "level below its least"),
        (lambda flow: {"level": flow.level * (np.arange(len(flow.level)) < 6)[:, None]}, "stock below 0"),
        (lambda flow: {"times": flow.times * 0.5}, "times that are not whole"),
        (lambda flow: {"times": flow.times * 0.0}, "more than the largest"),
        (lambda flow: {"times": np.ones_like(flow.times)}, "less than the least"),
        (lambda flow: {"times": flow.times * 0.0}, "charges: setup"),
        (lambda flow: {"stock": flow.stock + 1.0}, "stock unlike the books"),
        (lambda flow: {"overtime": flow.overtime + 1e6}, "overtime above its most"),
        (lambda flow: {"overtime": flow.overtime - 1.0}, "busier than open"),
    ],
)
def test_each_fault_is_named(planned, change, said):
    """What is changed by hand is found and said, with the name and the week."""
    problem, network, plan, flow = planned
    with_fault = replace(flow, **change(flow))

    assert any(found.startswith(said) for found in breaches(problem, network, plan, with_fault))


def test_supply_must_be_what_is_given(planned):
    """A product cannot be for sale without having been made."""
    problem, network, plan, flow = planned
    more = replace(plan, supply=plan.supply + np.eye(*plan.supply.shape))

    found = breaches(problem, network, more, flow)

    assert found == [f"supply unlike what is given: product {number} in week {number}" for number in range(4)]


def test_whole_multiples_are_asked_for(planned):
    """A level that is no multiple of its activity's lot is found."""
    problem, network, plan, flow = planned
    odd = replace(network, activities=replace(network.activities, multiple=np.full(len(flow.level), np.pi)))

    assert any(found.startswith("level that is no whole multiple") for found in breaches(problem, odd, plan, flow))
