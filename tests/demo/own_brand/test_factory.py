import pyarrow as pa
import pytest

from lotwise.demo.own_brand import factory


@pytest.fixture
def three_products():
    return pa.table(
        {
            "product_id": [1, 2, 3],
            "department": ["GROCERY", "GROCERY", "FLORAL"],
            "product_category": ["CHEESE", "SOUP", "ROSES"],
        }
    )


LINES = [
    {"department": "*", "category": "*", "machine": "co-packer", "units_per_hour": "4"},
    {"department": "GROCERY", "category": "*", "machine": "dry", "units_per_hour": "10"},
    {"department": "GROCERY", "category": "CHEESE", "machine": "dairy", "units_per_hour": "20"},
]


def test_the_most_exact_line_wins(three_products):
    """A product runs on its category's line, else its department's, else with the co-packer."""
    made = factory.routing(three_products, LINES)
    # 1/20, 1/10 and 1/4 of an hour
    assert made.to_pylist() == [
        {"product": "1", "machine": "dairy", "hours": 0.05},
        {"product": "2", "machine": "dry", "hours": 0.1},
        {"product": "3", "machine": "co-packer", "hours": 0.25},
    ]


def test_every_material_of_a_recipe_is_used(three_products):
    """A recipe of two materials gives two rows, and a more exact recipe replaces the general one altogether."""
    recipes = [
        {"department": "*", "category": "*", "material": "carton", "quantity": "0.1"},
        {"department": "GROCERY", "category": "SOUP", "material": "can", "quantity": "1"},
        {"department": "GROCERY", "category": "SOUP", "material": "beans", "quantity": "0.5"},
    ]
    used = factory.bom(three_products, recipes)
    assert used["product"].to_pylist() == ["1", "2", "2", "3"]
    assert used["material"].to_pylist() == ["carton", "can", "beans", "carton"]
