from datetime import date

import numpy as np
import pytest

from lotwise.plan.network.labels import FROZEN

JANUARY = [date(2024, 1, 1), date(2024, 1, 8)]
BILL = [{"item": "coat", "component": "hood", "quantity": 1.0}, {"item": "hood", "component": "cloth", "quantity": 2.0}]
SEWN = {
    "routing": [{"item": "coat", "machine": "M", "hours": 1.0}, {"item": "hood", "machine": "N", "hours": 1.0}],
    "machines": [{"machine": "M", "hours": 40.0}, {"machine": "N", "hours": 40.0}],
    "materials": [{"material": "cloth", "unit_cost": 3.0, "lead_weeks": 1}],
}


def lot(item, week, units, machine):
    given = {"lot": f"{item}{week}", "item": item, "site": "all", "route": machine, "week": week, "ready": week}
    return given | {"started": units, "units": units, "family": "", "status": "proposed"}


def test_what_is_short_of_a_material_shortens_what_is_made_of_it(made):
    """Of 10 frozen hoods the 12 of cloth on hand make 6, so that of 10 frozen coats 6 are left; no hood is made beside them."""
    before = {"lots": [lot("hood", JANUARY[0], 10.0, "N"), lot("coat", JANUARY[0], 10.0, "M")]}
    stock = [{"item": "cloth", "units": 12.0}]
    found = made(**SEWN, bom=BILL, stock=stock, before=before, settings={"plan": {"frozen_weeks": 1}})
    assert found.of("low", "make hood at all on N")[0] == pytest.approx(6.0)
    assert found.of("low", "make coat at all on M")[0] == pytest.approx(6.0)
    assert len([note for note in found.notes if "can be made of what is there by then" in note]) == 2


def test_an_approved_lot_goes_before_a_frozen_one(made):
    """Of 40 hours an approved lot takes 30, so that 10 of 20 frozen units are left."""
    receipt = {"receipt": "L1", "item": "coat", "kind": "lot", "day": JANUARY[0], "units": 30.0, "begun": False}
    before = {"lots": [lot("coat", JANUARY[0], 50.0, "M")]}
    found = made(
        **{name: SEWN[name] for name in ("routing", "machines")},
        before=before,
        receipts=[receipt],
        settings={"plan": {"frozen_weeks": 1}},
    )
    assert found.of("low", "make coat at all on M (decided)")[0] == pytest.approx(30.0)
    assert found.of("low", "make coat at all on M")[0] == pytest.approx(10.0)


def test_what_fits_is_kept_to_the_last_digit(made):
    """A frozen plan that is possible is not changed, and nothing is said."""
    before = {"lots": [lot("hood", JANUARY[0], 6.123456, "N"), lot("coat", JANUARY[0], 5.654321, "M")]}
    stock = [{"item": "cloth", "units": 13.0}]
    found = made(**SEWN, bom=BILL, stock=stock, before=before, settings={"plan": {"frozen_weeks": 1}})
    assert found.of("low", "make hood at all on N")[0] == pytest.approx(6.123456, abs=1e-9)
    assert found.notes == []
    assert (found.labels.decided[:, 0] == FROZEN).sum() == 3
    assert np.isinf(found.of("high", "make coat at all on M")[1])
