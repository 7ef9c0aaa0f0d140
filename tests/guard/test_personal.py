import pytest

from lotwise.guard.personal import CODE, FREE, LABEL, find, is_card_number, is_identity_number, mask

PERSONAL = [
    ("write to jo.smith+shop@mail.example.org please", "email"),
    ("my number is 11010519491231002X", "id_number"),
    ("paid with 4111 1111 1111 1111 today", "card"),
    ("paid with 5500000000000004", "card"),
    ("call +44 20 7946 0958", "phone"),
    ("call (555) 123-4567", "phone"),
    ("电话13800138000谢谢", "phone"),
    ("我叫王小明,请尽快发货", "name"),
    ("My name is Anna Berg and I am waiting", "name"),
    ("寄到浙江省杭州市文三路 12号", "address"),
    ("deliver to 221 Baker Street please", "address"),
]
HARMLESS = [
    "Cola 330 ml EAN 5449000000996",
    "4006381333931",
    "invoice 536365",
    "order 13800138000",
    "delivered 2017-12-24, 2017-12-31",
    "1,299.00 USD",
    "110105194912310021",  # its check digit is X
    "4111111111111112",  # fails Luhn
    "size 38-40-42, pack of 12",
    "SKU 85123A",
    "Dr Pepper 12 oz",
    "5 out of 5, will buy again",
]


@pytest.mark.parametrize(("text", "kind"), PERSONAL)
def test_finds(text, kind):
    """Each planted piece of personal data is found as what it is, and nothing else is."""
    assert [one.kind for one in find(text)] == [kind]


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_alone(text):
    """Codes, dates, prices and numbers whose check digit is wrong are no personal data."""
    assert find(text) == []


@pytest.mark.parametrize("text", ["13800138000", "4111111111111111", "Table 221 Baker Street"])
def test_labels_are_read_with_more_care(text):
    """A bare number in the name of a thing is an article number, and a street no home."""
    assert find(text, FREE)
    assert find(text, LABEL) == []


def test_codes_hold_only_addresses():
    """In a code only an e-mail address counts."""
    assert find("+44 20 7946 0958", CODE) == []
    assert [one.kind for one in find("a@b.com", CODE)] == ["email"]


def test_masks_only_the_part():
    """What stands around personal data stays."""
    text = "from jo@x.org, call (555) 123-4567!"
    assert mask(text, find(text)) == "from [email], call [phone]!"


def test_check_digits():
    """The published examples of GB 11643 and of ISO/IEC 7812 pass, their neighbors fail."""
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310029")
    assert is_card_number("378282246310005")
    assert not is_card_number("378282246310006")
