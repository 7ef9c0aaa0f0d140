from datetime import date

import numpy as np
import pytest

from lotwise.plan.network.labels import APPROVED, FROZEN

SEWN = {"routing": [{"item": "coat", "machine": "M", "hours": 1.0}], "machines": [{"machine": "M", "hours": 40.0}]}
MAKE, OWN = "make coat at all on M", "make coat at all on M (decided)"


def lot(week, units, *, route="M", item="coat"):
    """Return a lot of a plan before, ready in the week it is started in."""
    given = {"lot": f"{item}{week}", "item": item, "site": "all", "route": route, "week": week, "ready": week}
    return given | {"started": units, "units": units, "family": "", "status": "proposed"}


JANUARY = [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 15), date(2024, 1, 22)]


def approved(day, units, **more):
    return {"receipt": "L1", "item": "coat", "kind": "lot", "day": day, "units": units, "begun": False} | more


def test_an_approved_lot_is_started_to_be_ready_in_its_week(made):
    """8 good units for January 15 with yield 0.8 and a lead of a week: 10 are started on January 8, no more and no less."""
    found = made(**SEWN, items=[{"item": "coat", "yield": 0.8, "lead_weeks": 1}], receipts=[approved(JANUARY[2], 8.0)])
    assert found.of("low", OWN).tolist() == found.of("high", OWN).tolist() == [0.0, 10.0, 0.0, 0.0]
    assert found.labels.decided[found.activity(OWN)].tolist() == [0, APPROVED, 0, 0]
    assert not found.network.items.arriving.any()
    assert np.isinf(found.of("high", MAKE)[1])


def test_an_approved_lot_is_free_of_lot_rules_but_set_up(made):
    """4 units are approved though lots are 5 or more; the lot takes its set-up of half an hour."""
    routing = [SEWN["routing"][0] | {"setup_hours": 0.5}]
    items = [{"item": "coat", "lot_minimum": 5.0, "lot_multiple": 5.0}]
    found = made(**SEWN | {"routing": routing}, items=items, receipts=[approved(JANUARY[1], 4.0)])
    switch = found.switch(f"lot: {MAKE} (decided)")
    assert (found.of("low", OWN)[1], found.of("multiple", OWN)) == (4.0, 0.0)
    assert (switch["least"], switch["hours"], switch["members"]) == (0.0, {"M": 0.5}, [OWN])


def test_an_approved_lot_that_is_late_is_started_at_once(made):
    """With a lead of 2 weeks a lot for January 8 is started on January 1 and ready on January 15."""
    found = made(**SEWN, items=[{"item": "coat", "lead_weeks": 2}], receipts=[approved(JANUARY[1], 8.0)])
    assert found.of("low", OWN).tolist() == [8.0, 0.0, 0.0, 0.0]
    assert "approved lot L1 cannot be ready in time; it is started at once, ready on 2024-01-15" in found.notes


def test_frozen_weeks_keep_the_plan_before(made):
    """In the first of two weeks 12 were planned, in the second none: so it stays; the third is free and knows its 9."""
    before = {"lots": [lot(JANUARY[0], 12.0), lot(JANUARY[2], 9.0)]}
    found = made(**SEWN, before=before, settings={"plan": {"frozen_weeks": 2}})
    assert found.of("low", MAKE).tolist() == [12.0, 0.0, 0.0, 0.0]
    assert found.of("high", MAKE).tolist() == [12.0, 0.0, np.inf, np.inf]
    assert found.labels.decided[found.activity(MAKE)].tolist() == [FROZEN, FROZEN, 0, 0]
    assert found.of("before", MAKE)[:3].tolist() == [12.0, 0.0, 9.0]
    assert np.isnan(found.of("before", MAKE)[3])
    # A unit more or less costs 0.02 of the coat's 20.
    assert found.of("change_cost", MAKE) == pytest.approx(0.2)


def test_frozen_purchases_and_shipments_are_kept_too(made):
    """Rolls bought from the mill and coats sent to the shop in the first week stay; the larger price break is found."""
    rows = [
        {"material": "cloth", "supplier": "mill", "from_units": units, "unit_price": 3.0 - units / 100} for units in (0.0, 10.0)
    ]
    bought = {"material": "cloth", "supplier": "mill", "site": "town", "week": JANUARY[0], "arrives": JANUARY[0]}
    sent = {"item": "coat", "origin": "town", "target": "customers", "week": JANUARY[0], "arrives": JANUARY[0]}
    found = made(
        **SEWN | {"machines": [{"machine": "M", "hours": 40.0, "site": "town"}]},
        bom=[{"item": "coat", "component": "cloth", "quantity": 1.0}], suppliers=rows,
        lanes=[{"item": "coat", "origin": "town", "target": "customers"}], stock=[{"item": "cloth", "units": 9.0}],
        before={
            "lots": [lot(JANUARY[0], 5.0) | {"site": "town"}],
            "purchases": [bought | {"units": 15.0, "cost": 45.0}],
            "shipments": [sent | {"units": 4.0, "cost": 0.0}],
        },
        settings={"plan": {"frozen_weeks": 1}},
    )  # fmt: skip
    assert found.of("low", "buy cloth from mill from 10 units at town").tolist() == [15.0, 0.0, 0.0, 0.0]
    assert found.of("high", "buy cloth from mill at town")[0] == 0.0
    assert found.of("low", "move coat from town to customers").tolist() == [4.0, 0.0, 0.0, 0.0]


def test_without_a_plan_before_nothing_is_frozen(made):
    """Frozen weeks are free where there was no plan."""
    found = made(**SEWN, settings={"plan": {"frozen_weeks": 2}})
    assert np.isinf(found.of("high", MAKE)).all()
    assert np.isnan(found.of("before", MAKE)).all()


def test_an_approved_lot_is_taken_off_the_frozen_one(made):
    """Of 12 frozen units 8 are approved by now: 4 are frozen beside them."""
    found = made(
        **SEWN,
        before={"lots": [lot(JANUARY[0], 12.0)]},
        receipts=[approved(JANUARY[0], 8.0)],
        settings={"plan": {"frozen_weeks": 1}},
    )
    assert (found.of("low", MAKE)[0], found.of("low", OWN)[0]) == (4.0, 8.0)


def test_frozen_lots_keep_what_fits_into_the_hours(made):
    """Of 60 frozen units at 1 hour each, after 2 hours of set-up 40 + 5 - 2 = 43 fit."""
    found = made(
        routing=[SEWN["routing"][0] | {"setup_hours": 2.0}],
        machines=[SEWN["machines"][0] | {"overtime_hours": 5.0}],
        before={"lots": [lot(JANUARY[0], 60.0)]},
        settings={"plan": {"frozen_weeks": 1}},
    )
    assert found.of("low", MAKE)[0] == pytest.approx(43.0)
    assert f"{MAKE}: of 60 frozen units in the week of 2024-01-01 only 43 fits into the hours there are" in found.notes


def test_frozen_lots_keep_what_their_materials_make(made):
    """Of 30 frozen units 20 can be made of the 10 rolls on hand, half a roll each: an order takes a week."""
    found = made(
        **SEWN,
        bom=[{"item": "coat", "component": "cloth", "quantity": 0.5}],
        materials=[{"material": "cloth", "unit_cost": 3.0, "lead_weeks": 1}],
        stock=[{"item": "cloth", "units": 10.0}],
        before={"lots": [lot(JANUARY[0], 30.0)]},
        settings={"plan": {"frozen_weeks": 1}},
    )
    assert found.of("low", MAKE)[0] == pytest.approx(20.0)
    assert any("only 20 can be made of what is there by then" in note for note in found.notes)


def test_a_frozen_lot_that_rules_forbid_by_now_is_kept_beside_them(made):
    """7 frozen units stay 7 though lots are multiples of 5 today."""
    found = made(
        **SEWN,
        items=[{"item": "coat", "lot_multiple": 5.0}],
        before={"lots": [lot(JANUARY[0], 7.0)]},
        settings={"plan": {"frozen_weeks": 1}},
    )
    assert (found.of("high", MAKE)[0], found.of("low", OWN)[0]) == (0.0, 7.0)


def test_a_frozen_lot_of_what_is_no_more_is_said(made):
    """A lot of a hat that is not planned any more is left out with a note; one on another machine takes the first way."""
    before = {"lots": [lot(JANUARY[0], 7.0, item="hat"), lot(JANUARY[0], 6.0, route="old")]}
    found = made(**SEWN, before=before, settings={"plan": {"frozen_weeks": 1}})
    assert found.of("low", MAKE)[0] == 6.0
    assert "the plan before had 7 units in the week of 2024-01-01 of what is no more: make hat all M" in found.notes
