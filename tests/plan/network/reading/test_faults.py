from datetime import date

import pytest

from lotwise import ContractError

GOOD = {
    "bom": [{"item": "coat", "component": "cloth", "quantity": 2.0, "unit": "M "}],
    "routing": [{"item": "coat", "machine": "sewing", "hours": 1.0}],
    "machines": [{"machine": "sewing", "hours": 40.0}],
    "materials": [{"material": "cloth", "unit_cost": 3.0, "unit": "m"}],
}


def line(component, **more):
    return {"item": "coat", "component": component, "quantity": 2.0} | more


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"bom": [line("coat")]}, "bom: items contain themselves: 'coat' needs 'coat' (row 1); remove one of these rows"),
        (
            {"bom": [line("clth")]},
            "bom row 1: component 'clth' of 'coat' is neither made nor bought; did you mean 'cloth'?; give it a row in",
        ),
        (
            {"routing": [{"item": "coat", "machine": "sewng", "hours": 1.0}]},
            "routing row 1: machine 'sewng' is not in table 'machines'; did you mean 'sewing'?; add it there or",
        ),
        (
            {"families": [{"family": "F", "machine": "x"}]},
            "families row 1: machine 'x' is not in table 'machines'; add it there",
        ),
        (
            {"machine_weeks": [{"machine": "x", "week": date(2024, 1, 1), "hours": 1.0}]},
            "machine_weeks row 1: machine 'x' is not",
        ),
        (
            {"families": [{"family": "linen", "machine": "sewing"}], "items": [{"item": "coat", "family": "line"}]},
            "items row 1: family 'line' of 'coat' is not in table 'families'; did you mean 'linen'?; add it there",
        ),
        (
            {"lanes": [{"item": "caot", "origin": "a", "target": "b"}]},
            "lanes row 1: item 'caot' is in no other table; did you mean",
        ),
        (
            {"lanes": [{"item": "all", "origin": "twon", "target": "customers"}], "sites": [{"site": "town"}]},
            "lanes row 1: site 'twon' is not in table 'sites'; did you mean 'town'?",
        ),
        (
            {"lanes": [{"item": "all", "origin": "all", "target": "town"}]},
            "lanes row 1: a lane joins two named sites, found 'all'",
        ),
        (
            {"receipts": [{"receipt": "P1", "item": "clot", "day": date(2024, 1, 1), "units": 1.0}]},
            "receipts row 1: item 'clot' is in no other table; did you mean 'cloth'?; correct it",
        ),
        (
            {"suppliers": [{"material": "wood", "supplier": "A", "unit_price": 1.0}]},
            "suppliers row 1: item 'wood' is in no other table",
        ),
        (
            {"stock": [{"item": "cloth", "units": 1.0, "site": "x"}], "sites": [{"site": "town"}]},
            "stock: 'cloth' is at site 'x'",
        ),
        (
            {"bom": [line("cloth", unit="cm")]},
            "bom row 1: 'coat' takes 2 'cm' of 'cloth', which is counted in 'm'; give the quantity in 'm'",
        ),
        ({"items": [{"item": "cloth", "unit": "yard"}]}, "items row 1: 'cloth' is counted in 'yard', in 'materials' in 'm'"),
        (
            {"items": [{"item": "coat", "lot_minimum": 9.0, "lot_maximum": 8.0}]},
            "items row 1: the smallest lot of 'coat' is 9, the largest 8; lower lot_minimum or",
        ),
        (
            {"items": [{"item": "coat", "lot_maximum": 0.0}]},
            "items row 1: the largest lot of 'coat' is 0: none could be made",
        ),
        (
            {"products": [{"product": "coat", "lot_multiple": 9.0, "lot_minimum": 1.0, "lot_maximum": 8.0}]},
            "products row 1: the smallest lot of 'coat' in multiples of 9 is 9, the largest 8",
        ),
        (
            {"materials": [{"material": "cloth", "unit_cost": 3.0, "minimum_order": 9.0, "weekly_limit": 5.0}]},
            "materials row 1: the smallest order of 'cloth' is 9, the weekly limit 5; lower minimum_order or",
        ),
        (
            {"suppliers": [{"material": "cloth", "supplier": "A", "unit_price": 1.0, "from_units": 9.0, "weekly_limit": 5.0}]},
            "suppliers row 1: the smallest order of 'cloth' is 9, the weekly limit 5",
        ),
        (
            {"machines": [{"machine": "sewing", "hours": 40.0, "extra_shifts": 2}]},
            "machines row 1: 'sewing' can have 2 extra shifts, but no shift_hours; fill them in",
        ),
        (
            {"bom": [line("cloth", starts=date(2024, 2, 1), ends=date(2024, 1, 1))]},
            "bom row 1: 'coat' starts on 2024-02-01, after it ends on 2024-01-01",
        ),
        (
            {"coproducts": [{"item": "coat", "coproduct": "coat", "quantity": 1.0}]},
            "coproducts row 1: 'coat' is its own co-product",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_row(made, tables, message):
    """Each kind of breach is a message with the row, what was found and the next step."""
    with pytest.raises(ContractError) as error:
        made(**GOOD | tables)
    assert message in str(error.value)


def test_good_tables_have_no_breach(made):
    """Units that differ in spelling only are the same."""
    made(**GOOD)


def test_all_breaches_stand_in_one_message(made):
    """A loop, a wrong machine and wrong units are listed together, 20 lines at most."""
    lines = [line("cloth", unit="cm"), line("coat"), *(line(f"part {n}") for n in range(30))]
    with pytest.raises(ContractError) as error:
        made(**GOOD | {"bom": lines, "routing": [{"item": "coat", "machine": "x", "hours": 1.0}]})
    text = str(error.value).splitlines()
    assert text[0] == "The tables of the plan do not fit together:"
    assert len(text) == 22
    assert text[-1] == "- and 13 more"


def test_steps_that_no_site_can_do_together_are_refused(made):
    """Cutting at the mill and sewing at the loft cannot be one item's routing."""
    machines = [{"machine": "cut", "hours": 1.0, "site": "mill"}, {"machine": "sew", "hours": 1.0, "site": "loft"}]
    routing = [{"item": "coat", "step": n, "machine": name, "hours": 1.0} for n, name in ((1, "cut"), (2, "sew"))]
    with pytest.raises(ContractError) as error:
        made(routing=routing, machines=machines)
    assert "no site has machines for all steps of 'coat' (step 1 at mill; step 2 at loft)" in str(error.value)
