import csv
import itertools

import pytest

from lotwise.collect.files import File
from lotwise.collect.survey import Survey, shape, survey

COLUMNS = {"product": "code", "region": "land", "units": "qty", "unit_price": "price"}


@pytest.fixture
def file(tmp_path):
    """A file of order lines, written from the lines given."""

    def write(lines):
        path = tmp_path / "orders.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, delimiter=";").writerows([("code", "title", "land", "qty", "price"), *lines])
        return File(path, "orders.csv", "csv")

    return write


def products(count):
    return [(f"2{number:03}", "CARRIAGE CLOCK", "UK", "1", "2,50") for number in range(count)]


@pytest.mark.parametrize(("code", "expected"), [("85123A", "9A"), ("POST", "A"), ("gift_0001_20", "A_9_9"), ("运费", "A")])
def test_shape_keeps_the_kinds_of_signs(code, expected):
    """Codes of one numbering have one shape, however long their numbers are."""
    assert shape(code) == expected


def test_services_need_an_odd_code_and_a_telling_name(file):
    """Postage goes by its name, a fee by its code; a clock with a usual code and a bag with an odd one stay."""
    lines = [("M", "Manual", "UK", "1", "9,00"), ("BANK FEE", "", "UK", "1", "9,00"), ("PADS", "PADS", "UK", "1", "9,00")]
    assert survey([file(products(90) + lines)], COLUMNS, name="title").services == ("BANK FEE", "M")


def test_the_usual_name_of_a_code_tells(file):
    """One remark in a name column makes no service of a product."""
    lines = [("DCGS", "BAG", "UK", "1", "9,00")] * 2 + [("DCGS", "adjustment", "UK", "1", "9,00")]
    assert survey([file(products(90) + lines)], COLUMNS, name="title").services == ()


def test_thin_regions_are_counted(file):
    """Of three regions two hold 1 line in 400 each, less than one in a hundred: most regions are thin."""
    others = [("1", "", land, "1", "1,00") for land in ("FR", "DE")]
    found = survey([file(products(398) + others)], COLUMNS)
    assert (found.regions, found.thin, found.is_thin) == (3, 2, True)
    assert not Survey(regions=2, thin=1).is_thin


def test_lines_of_price_0_are_counted_unless_they_are_returns(file):
    """0, 0,00 and +0 are 0, 0,05 and an empty price are not, and a return is no gift."""
    prices = [("1", "0"), ("1", "0,00"), ("2", "+0"), ("1", "0,05"), ("1", ""), ("-3", "0,00")]
    lines = [("1", "", "UK", qty, price) for qty, price in prices]
    assert survey([file(lines)], COLUMNS).free == 3


def test_files_are_surveyed_together(tmp_path):
    """The lines of several files count as one."""
    files = []
    for number, land in itertools.product((1, 2), ("UK",)):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"code,land\nA{number},{land}\n", encoding="utf-8")
        files.append(File(path, path.name, "csv"))
    found = survey(files, {"product": "code", "region": "land"})
    assert (found.lines, found.regions) == (2, 1)
