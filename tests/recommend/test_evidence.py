"""What is known to go together, as the reason of an offer tells it."""

import pyarrow as pa
import pytest

from lotwise.recommend.evidence import read
from lotwise.tables import TABLES


@pytest.fixture
def rules():
    """Bread goes with butter, 3.2 times as often as by chance; three others must not be told."""
    plain = {
        "kind": "together", "level": "type", "scope": "all", "total": 1000, "support": 0.1, "confidence": 0.5, "leverage": 0.1,
        "p_value": 0.0, "verdict": "usable",
    }  # fmt: skip
    rows = [
        {"rule": "R1", "antecedent": ["bread"], "consequent": ["butter"], "count": 412, "lift": 3.2},
        {"rule": "R2", "antecedent": ["tea"], "consequent": ["butter"], "count": 9, "lift": 9.0, "verdict": "may be chance"},
        {"rule": "R3", "antecedent": ["tea"], "consequent": ["butter"], "count": 9, "lift": 9.0, "scope": "segment S1"},
        {"rule": "R4", "antecedent": ["tea"], "consequent": ["butter"], "count": 9, "lift": 9.0, "kind": "next"},
        {"rule": "R5", "antecedent": ["milk"], "consequent": ["butter"], "count": 50, "lift": 1.4},
    ]
    return TABLES["rules"].check(pa.Table.from_pylist([plain | row for row in rows], schema=TABLES["rules"].schema))


PRODUCTS = pa.table({"product": ["p1", "p2", "p3", "p4"], "type": ["bread", "butter", "tea", "milk"]})


def test_the_strongest_rule_is_told(rules):
    """Of bread (3.2) and milk (1.4) bought, bread is the evidence for butter, with its orders."""
    known = read(["p1", "p2", "p3", "p4"], rules, PRODUCTS)
    assert known.words([3, 0], 1) == "; together 3.2 times as often as by chance, in 412 orders"


def test_nothing_is_told_that_is_not_known(rules):
    """What may be chance, holds in one segment or of later orders only is no evidence; neither is an empty table."""
    assert read(["p1", "p2", "p3", "p4"], rules, PRODUCTS).words([2], 1) == ""
    assert read(["p1", "p2"], rules.slice(0, 0), PRODUCTS).words([0], 1) == ""
    assert read(["p1", "p2"], None, PRODUCTS).words([0], 1) == ""
    assert read(["p9", "p2"], rules, PRODUCTS).words([0], 1) == ""
