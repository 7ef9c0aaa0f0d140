"""Plans with products that wait for their orders keep every rule of the checker, from tables to tables."""

from dataclasses import replace

import pyarrow as pa
import pytest

from lotwise import config
from lotwise.export.orders import orders
from lotwise.plan.check import check
from lotwise.plan.network.made import Options
from lotwise.plan.network.pooling import pool, waiting
from lotwise.plan.network.reading import build
from lotwise.plan.network.reading.places import opening
from lotwise.plan.orders.rows import rows
from lotwise.plan.publish import plan_rows, solve_row
from lotwise.plan.windows import windows
from lotwise.tables import contract, planned
from tests.plan.test_check_made import factory


def making(tables, *values):
    made = tables["products"]
    place = made.schema.get_field_index("make")
    return tables | {"products": made.set_column(place, made.schema.field(place), pa.array(values))}


@pytest.mark.parametrize("seed", [5, 7, 8, 9])
def test_what_is_expected_is_a_lot_and_no_work_order(seed):
    """Random tables: no rule is broken, what is expected is marked, keeps its contract, and is not exported."""
    tables = making(factory(seed), "assemble", "configure")
    settings = config.build({"forecast": {"horizon": 4}, "plan": {"weeks": 4}})
    problem = next(iter(windows(tables, settings))).states["now"]
    problem = replace(problem, opening=opening(problem, tables, settings))
    network, labels = build(problem, tables, settings)
    problem = replace(problem, on_order=waiting(problem, network, Options()))
    plan, flow = pool(problem, network)

    published = tables | rows(problem, network, labels, plan, flow, tables)
    published["plans"] = plan_rows(problem, plan)
    published["solves"] = pa.Table.from_pylist([solve_row(problem, plan)], schema=planned.SOLVES.schema)
    assert [str(breach) for breach in check(published, settings.plan)] == []
    status = contract("lots").check(published["lots"])["status"].to_pylist()
    assert "expected" in status
    assert orders(published, "work-orders").num_rows == sum(one != "expected" for one in status)


def test_who_waits_says_the_table_of_products():
    """What is assembled to order waits in the current window; what is made to order or to stock, or has frozen weeks, not."""
    tables = making(factory(1), "assemble", "order")

    def waits(tables, **plan):
        settings = config.build({"forecast": {"horizon": 4}, "plan": {"weeks": 4, **plan}})
        return next(iter(windows(tables, settings))).states["now"].on_order

    assert waits(tables).tolist() == [True, False]
    assert waits(tables, frozen_weeks=1) is None
    assert waits(making(tables, "stock", "order")) is None
