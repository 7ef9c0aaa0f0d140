import pyarrow as pa
import pytest

from lotwise.config import build
from lotwise.engine.local import LocalEngine
from lotwise.guard import run
from lotwise.stage import Inputs


@pytest.fixture
def guarded(tmp_path):
    engine = LocalEngine()

    def guard(settings=None, **tables):
        relations = {f"raw.{name}": engine.from_arrow(pa.Table.from_pylist(rows)) for name, rows in tables.items()}
        given = run(Inputs(build({"guard": settings or {}}), engine, tmp_path, relations))
        read = {name: t if isinstance(t, pa.Table) else engine.to_arrow(t) for name, t in given.items()}
        return {name: table.to_pylist() for name, table in read.items()}

    yield guard
    engine.close()


def test_a_customer_is_the_same_everywhere(guarded):
    """Orders, events and customers still join, and the name stands in none of them."""
    given = guarded(
        orders=[{"order": "1", "customer": " anna "}, {"order": "2", "customer": ""}, {"order": "3", "customer": None}],
        customers=[{"customer": "anna", "age": "30-39"}],
    )
    known = {row["order"]: row["customer"] for row in given["nameless.orders"]}
    assert known["1"] == given["nameless.customers"][0]["customer"] != "anna"
    assert (known["2"], known["3"]) == (None, None)
    assert {(f["table"], f["kind"], f["rows"], f["action"]) for f in given["findings"]} == {
        ("orders", "customer", 1, "pseudonym"),
        ("customers", "customer", 1, "pseudonym"),
    }


def test_a_planner_is_a_pseudonym_and_the_reason_is_searched(guarded):
    """The owner of a change is hidden everywhere alike, an address in the reason is masked, the rest stays."""
    rows = [
        {"product": "p", "owner": "Eva Lang", "reason": "ask eva@shop.com", "value": 3.0},
        {"product": "q", "owner": "Eva Lang ", "reason": "fair", "value": 4.0},
    ]
    fault = {"table": "overrides", "column": "owner", "value": "Eva Lang", "reason": "is no text"}
    given = guarded(overrides=rows, faults=[fault])
    first, second = sorted(given["nameless.overrides"], key=lambda row: row["product"])
    assert first["owner"] == second["owner"]
    assert first["owner"].startswith("o")
    assert (first["reason"], second["reason"], first["value"]) == ("ask [email]", "fair", 3.0)
    assert given["nameless.faults"][0]["value"] == "[owner]"
    assert ("overrides", "owner", "name", 2, "pseudonym") in {tuple(row.values()) for row in given["findings"]}


EVENT = {"event": "1", "customer": "a", "kind": "chat"}


@pytest.mark.parametrize(
    ("settings", "text", "action"),
    [
        ({"action": "mask"}, "mail [email] or [email]", "masked"),
        ({"action": "drop"}, None, "dropped"),
        ({"keep": ["events.text"]}, "mail a@b.com or c@d.org", "kept"),
    ],
)
def test_personal_data_follow_the_rule(guarded, settings, text, action):
    """What is found is masked, dropped or kept as the settings say, and counted by row in any case."""
    events = [{**EVENT, "text": "mail a@b.com or c@d.org"}, {**EVENT, "event": "2", "text": "fine"}]
    given = guarded(settings, events=events)
    assert {row["event"]: row["text"] for row in given["nameless.events"]} == {"1": text, "2": "fine"}
    assert {"table": "events", "column": "text", "kind": "email", "rows": 1, "action": action} in given["findings"]


def test_codes_survive(guarded):
    """Order numbers, product codes and names that look like phones or cards stay as they are."""
    rows = [{"order": "13800138000", "product": "4111111111111111", "location": "020-12345678", "customer": "a"}]
    goods = [{"product": "4111111111111111", "name": "Cola 5449000000996", "category": "drinks 2017-12-24"}]
    given = guarded(orders=rows, products=goods)
    assert {k: v for k, v in given["nameless.orders"][0].items() if k != "customer"} == {
        k: v for k, v in rows[0].items() if k != "customer"
    }
    assert given["nameless.products"] == goods
    assert [f["kind"] for f in given["findings"]] == ["customer"]


def test_codes_of_sites_suppliers_and_receipts_survive(guarded):
    """What looks like a phone number stays where it is a code; a supplier known by an address is a pseudonym as a whole."""
    code = "+44 20 7946 0958"
    given = guarded(
        suppliers=[{"material": code, "supplier": "joe@example.com", "from_units": 0.0}, {"material": "x", "supplier": code}],
        receipts=[{"receipt": code, "item": code, "site": code, "kind": "purchase"}],
        lanes=[{"item": code, "origin": code, "target": code}],
        items=[{"item": code, "site": code, "family": code}],
        sites=[{"site": code, "name": code}],
    )
    first, second = given["nameless.suppliers"]
    assert (first["material"], second["supplier"]) == (code, code)
    assert "@" not in first["supplier"]
    assert set(given["nameless.lanes"][0].values()) == set(given["nameless.items"][0].values()) == {code}
    assert given["nameless.receipts"][0]["receipt"] == given["nameless.sites"][0]["site"] == code
    assert given["nameless.sites"][0]["name"] == "[phone]"


def test_a_code_that_is_an_address_joins_still(guarded):
    """An e-mail address used as order number becomes one pseudonym in all tables."""
    given = guarded(orders=[{"order": "a@b.com"}], order_options=[{"order": "a@b.com", "option": "fabric"}])
    code = given["nameless.orders"][0]["order"]
    assert code.startswith("x")
    assert given["nameless.order_options"][0]["order"] == code


def test_faults_are_masked(guarded):
    """A value that could not be read gives nobody away."""
    fault = {"table": "orders", "source_file": "f", "source_row": 1, "reason": "no number"}
    given = guarded(faults=[{**fault, "column": "customer", "value": "anna"}, {**fault, "column": "units", "value": "a@b.com"}])
    assert {row["column"]: row["value"] for row in given["nameless.faults"]} == {"customer": "[customer]", "units": "[email]"}
