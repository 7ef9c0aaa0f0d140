import numpy as np
import pytest

from lotwise.errors import InputError
from lotwise.plan.inventory import Item, law, levels, min_max


def levels_of(policy, items, laws=None):
    """Return the levels of items of negative binomial demand, mean 12, sd 7."""
    laws = laws or [law.of("negative_binomial", 12.0, 7.0)] * len(items)
    return levels(policy, laws, items, np.random.default_rng(0))


def test_lead_times_that_vary_ask_for_more():
    """With lead times of 1, 2 and 6 weeks the level is above that of their mean, 3, and below that of 6."""
    found = levels_of("base_stock", [Item(leads=(1, 2, 6)), Item(leads=(3,)), Item(leads=(6,))]).level
    assert found[1] < found[0] < found[2]


def test_lost_sales_need_no_more_than_backorders():
    """After a lead time the level for lost sales is not above the one for backorders."""
    found = levels_of("base_stock", [Item(leads=(4,), unmet="lost"), Item(leads=(4,))]).level
    assert found[0] <= found[1]


def test_the_gap_of_min_max_is_that_of_zheng_and_federgruen():
    """S - s is the one of the cheapest pair at the penalty that asks for the target, and 1 without an order cost."""
    demand = law.of("negative_binomial", 12.0, 7.0)
    best, _ = min_max.best(min_max.Item(demand.chances, 60.0, 1.0, 19.0, lead=1))
    found = levels_of("min_max", [Item(order_cost=60.0), Item()])
    assert (found.level - found.reorder).tolist() == [float(best.up_to - best.reorder), 1.0]


def test_zones_add_up_to_the_levels():
    """Red, yellow and green are the top of green; red and yellow are the reorder point."""
    found = levels_of("ddmrp", [Item(leads=(2,)), Item(target=0.999, leads=(1,))])
    assert found.red + found.yellow + found.green == pytest.approx(found.level)
    assert found.red + found.yellow == pytest.approx(found.reorder)


def test_an_item_without_demand_holds_nothing():
    """No demand: level 0, and it is said."""
    found = levels_of("base_stock", [Item()], [law.of("poisson", 0.0, 0.0)])
    assert found.level.tolist() == [0.0]
    assert found.notes == ["no demand: nothing is held"]


@pytest.mark.parametrize("wrong", [{"target": 1.5}, {"leads": (-1,)}, {"unmet": "gone"}, {"holding": 0.0}, {"review": 0}])
def test_bad_input_is_refused(wrong):
    """Items that cannot be are refused."""
    with pytest.raises(InputError, match="found"):
        Item(**wrong)
