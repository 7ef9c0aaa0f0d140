"""What the current plan costs above standard is published by cause and week."""

from dataclasses import replace

import numpy as np

from lotwise.plan.orders.charges import charge_rows


def test_every_cause_has_its_weeks_and_changes_are_left_out(chair):
    """Costs and savings stand in their weeks, weeks without any are left out, and a change is nobody's cost."""
    money = {"setup": [2.0, 0.0, 0.0], "buy": [0.0, -0.5, 0.0], "change": [9.0, 9.0, 9.0], "move": [1e-9, 0.0, 0.0]}
    flow = replace(chair[0].flow, charges={cause: np.array(weeks) for cause, weeks in money.items()})
    found = [(row["cause"], str(row["week"]), row["money"]) for row in charge_rows(replace(chair[0], flow=flow))]
    assert found == [("buy", "2024-01-08", -0.5), ("setup", "2024-01-01", 2.0)]
