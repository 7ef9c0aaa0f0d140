def test_what_comes_after_the_horizon_is_said(made):
    """A cloth that takes 9 weeks, of which 3 are on hand, and a machine without hours, are said and not refused."""
    found = made(
        bom=[{"item": "coat", "component": "cloth", "quantity": 1.0}],
        routing=[{"item": "coat", "machine": "M", "hours": 1.0}],
        machines=[{"machine": "M", "hours": 0.0}],
        materials=[{"material": "cloth", "unit_cost": 3.0, "lead_weeks": 9}],
        stock=[{"item": "cloth", "units": 3.0}],
        items=[{"item": "coat", "safety_stock": 5.0}],
    )
    said = "\n".join(found.notes)
    assert "'cloth' cannot be had within the 4 weeks planned: it takes at least 9 weeks" in said
    assert "machine 'M' has no hours in any week: what needs it cannot be made, such as 'coat'" in said
    assert "safety_stock is not used for products sold where they are made, such as 'coat'" in said
    assert not found.of("high", "buy cloth at all").any()


def test_nothing_is_said_of_a_sound_network(made):
    """Where everything can be had in time there is no note."""
    assert made(routing=[{"item": "coat", "machine": "M", "hours": 1.0}], machines=[{"machine": "M", "hours": 9.0}]).notes == []
