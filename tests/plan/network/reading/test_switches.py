import numpy as np

TWO = {
    "demand": {"coat": 10.0, "hat": 5.0},
    "routing": [{"item": "coat", "machine": "M", "hours": 1.0}, {"item": "hat", "machine": "M", "hours": 0.5}],
    "machines": [{"machine": "M", "hours": 40.0}, {"machine": "N", "hours": 40.0}],
}
LINEN = [{"item": "coat", "family": "linen"}, {"item": "hat", "family": "linen"}]


def test_a_family_is_set_up_once_for_all_its_members(made):
    """Coats and hats of linen share 3 hours and 20 of money in every week in which any is made."""
    found = made(**TWO, items=LINEN, families=[{"family": "linen", "machine": "M", "setup_hours": 3.0, "setup_cost": 20.0}])
    linen = found.switch("setup: linen")
    assert linen["members"] == ["make coat at all on M", "make hat at all on M"]
    assert (linen["hours"], linen["cost"], linen["kinds"], linen["most"]) == ({"M": 3.0}, 20.0, "setup", 1)
    assert np.isinf(linen["largest"])
    assert set(found.labels.family) == {"linen"}


def test_machines_with_the_same_members_are_set_up_together(made):
    """A press that every member runs on too adds its hours to the one switch; one that only coats run on has its own."""
    press = [{"item": item, "step": 2, "machine": "N", "hours": 0.1} for item in ("coat", "hat")]
    rows = [{"family": "linen", "machine": name, "setup_hours": 1.0} for name in ("M", "N")]
    together = made(**TWO | {"routing": TWO["routing"] + press}, items=LINEN, families=rows)
    assert together.switch("setup: linen")["hours"] == {"M": 1.0, "N": 1.0}
    apart = made(**TWO | {"routing": TWO["routing"] + press[:1]}, items=LINEN, families=rows)
    assert apart.switch("setup: linen on N")["members"] == ["make coat at all on M > N"]
    assert len(apart.switch("setup: linen on M")["members"]) == 2


def test_a_routing_sets_up_each_lot(made):
    """0.5 hours on M and 4 of money a lot, once a week where lots have no largest size."""
    rows = [{"item": "coat", "machine": "M", "hours": 1.0, "setup_hours": 0.5, "setup_cost": 4.0}]
    lot = made(routing=rows, machines=TWO["machines"]).switch("lot: make coat at all on M")
    assert (lot["kinds"], lot["hours"], lot["cost"], lot["most"]) == ("setup", {"M": 0.5}, 4.0, 1)


def test_lots_have_least_largest_and_so_many_a_week(made):
    """Lots of 8 to 16: as many a week as the 40 units of four weeks need, 40 / 16 rounded up to 3."""
    item = {"item": "coat", "lot_minimum": 8.0, "lot_maximum": 16.0}
    lot = made(routing=TWO["routing"], machines=TWO["machines"], items=[item]).switch("lot: make coat at all on M")
    assert (lot["kinds"], lot["least"], lot["largest"], lot["most"]) == ("lot", 8.0, 16.0, 3)


def test_lots_go_up_to_fifty_a_week(made):
    """Lots of at most a tenth of a unit would be 400 a week: 50 are allowed."""
    item = {"item": "coat", "lot_maximum": 0.1}
    assert made(items=[item]).switch("lot: make coat at all")["most"] == 50


def test_multiples_narrow_least_and_largest(made):
    """Lots of 10 to 25 in sixes are 12 to 24; products say where items do not."""
    product = {"product": "coat", "lot_minimum": 10.0, "lot_multiple": 6.0, "lot_maximum": 25.0}
    found = made(products=[product])
    lot = found.switch("lot: make coat at all")
    assert (lot["least"], lot["largest"], found.of("multiple", "make coat at all")) == (12.0, 24.0, 6.0)


def test_an_added_shift_gives_hours_without_members(made):
    """Up to 2 shifts of 8 hours at 100 each."""
    machines = [{"machine": "M", "hours": 40.0, "extra_shifts": 2, "shift_hours": 8.0, "shift_cost": 100.0}]
    shift = made(routing=TWO["routing"][:1], machines=machines).switch("shift: M")
    assert (shift["kinds"], shift["most"], shift["hours"], shift["cost"], shift["members"]) == (
        "shift",
        2,
        {"M": -8.0},
        100.0,
        [],
    )
    assert shift["open"] == [True] * 4


def test_a_switch_is_closed_where_its_members_are(made):
    """A lot that takes a week cannot be set up in the last week."""
    found = made(items=[{"item": "coat", "lot_minimum": 5.0, "lead_weeks": 1}])
    assert found.switch("lot: make coat at all")["open"] == [True, True, True, False]
