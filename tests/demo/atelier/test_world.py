from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lotwise.demo import atelier
from lotwise.demo.atelier.catalog import CODES, REGIONS, STYLES


@pytest.fixture(scope="module")
def truth(atelier_world):
    return atelier_world.truth


@pytest.fixture(scope="module")
def real(atelier_world):
    """The order lines that are demand: each once, none cancelled or taken back."""
    orders = atelier_world.tables["orders"]
    once = orders.slice(0, orders.num_rows - atelier_world.truth.planted.duplicates)
    return once.filter(pc.match_substring_regex(once["order"], "^[NSW]"))


def test_sales_are_in_the_order_book(truth, real):
    """Units by style, region and week are the true sales, cell by cell."""
    style = pc.index_in(real["product"], value_set=pa.array(CODES)).to_numpy()
    region = pc.index_in(real["region"], value_set=pa.array(REGIONS)).to_numpy()
    week = (real["time"].to_numpy().astype("datetime64[D]") - np.datetime64(truth.weeks[0])).astype(int) // 7
    units = np.zeros_like(truth.sales)
    np.add.at(units, (style, region, week), real["units"].to_numpy())
    assert (units == truth.sales).all()


def test_demand_is_sales_where_nothing_ran_out(truth):
    """True demand is at least sales, and equal where the stock of no day ended at 0."""
    assert (truth.demand >= truth.sales).all()
    assert (truth.demand == truth.sales)[~truth.stocked_out].all()
    assert (truth.demand > truth.sales).any()


def test_stock_outs_are_few(truth):
    """Between 2 % and 20 % of the style-region-weeks kept in stock lost sales."""
    stocked = np.array([style.make == "stock" for style in STYLES])
    lost = (truth.demand > truth.sales)[stocked].mean()
    assert 0.02 < lost < 0.2


def test_take_rates_are_those_of_the_orders(truth, atelier_world, real):
    """The share of lines with each option value is the take rate, within five standard errors."""
    chosen = atelier_world.tables["order_options"].join(
        real.select(["order", "line", "product"]), ["order", "line"], join_type="inner"
    )
    counts = chosen.group_by(["product", "option", "value"]).aggregate([([], "count_all")]).to_pylist()
    lines = dict(
        zip(*(column.to_pylist() for column in real.group_by("product").aggregate([([], "count_all")]).columns), strict=True)
    )
    assert {(row["product"], row["option"], row["value"]) for row in counts} <= set(truth.take)
    for row in counts:
        share, total = truth.take[row["product"], row["option"], row["value"]], lines[row["product"]]
        assert abs(row["count_all"] / total - share) <= 5 * np.sqrt(share * (1 - share) / total)


def test_browsing_leads_demand_by_a_week(truth, atelier_world):
    """Views of a week go with the buzz of the week after more than with their own week's."""
    views = atelier_world.tables["events"]
    views = views.filter(pc.equal(views["kind"], "view"))
    views = views.filter(pc.is_in(views["product"], value_set=pa.array(CODES)))
    style = pc.index_in(views["product"], value_set=pa.array(CODES)).to_numpy()
    week = (views["time"].to_numpy().astype("datetime64[D]") - np.datetime64(truth.weeks[0])).astype(int) // 7
    seen = np.zeros(truth.buzz.shape)
    np.add.at(seen, (style, week), 1)
    seen = np.log(seen + 1) - np.log(seen + 1).mean(axis=1, keepdims=True)
    together = [np.corrcoef(seen[:, : 77 - lead].ravel(), truth.buzz[:, lead:77].ravel())[0, 1] for lead in (0, 1, 2)]
    assert together[1] > 0.7
    assert together[1] > max(together[0], together[2])


def test_planted_faults_are_counted(truth, atelier_world):
    """The order book holds as many repeated, cancelled and reversed lines as the truth says."""
    orders, planted = atelier_world.tables["orders"], truth.planted
    keys = orders.group_by(["order", "line"]).aggregate([]).num_rows
    assert orders.num_rows - keys == planted.duplicates
    states = {
        row["state"]: row["n"]
        for row in orders.group_by("state").aggregate([([], "count_all")]).rename_columns(["state", "n"]).to_pylist()
    }
    assert states["returned"] == planted.reversed_sales
    first = orders.slice(0, orders.num_rows - planted.duplicates)
    assert pc.sum(pc.equal(first["state"], "cancelled")).as_py() == planted.cancelled
    assert pc.sum(pc.equal(atelier_world.tables["events"]["product"], "COAT-WOLL")).as_py() == planted.unknown_products


def test_personal_data_are_counted(truth, atelier_world):
    """As many reviews and notes hold a mail address or a telephone number as the truth says."""
    texts = atelier_world.tables["reviews"]["text"]
    notes = atelier_world.tables["customers"]["household"]
    assert pc.sum(pc.match_substring(texts, "@")).as_py() == truth.planted.texts_with_mails
    assert pc.sum(pc.match_substring_regex(texts, r"13\d{9}")).as_py() == truth.planted.texts_with_phones
    assert pc.sum(pc.match_substring_regex(texts, "My name is|我叫")).as_py() == truth.planted.texts_with_names
    assert pc.sum(pc.match_substring_regex(notes, r"13\d \d{4} \d{4}")).as_py() == truth.planted.notes_with_phones


def test_every_style_can_be_made(atelier_world):
    """Each style has steps on known machines and components that are known materials."""
    tables = atelier_world.tables
    assert set(tables["routing"]["style"].to_pylist()) == set(CODES) == set(tables["bom"]["style"].to_pylist())
    assert set(tables["routing"]["machine"].to_pylist()) == set(tables["machines"]["machine"].to_pylist())
    assert set(tables["bom"]["component"].to_pylist()) <= set(tables["materials"]["material"].to_pylist())


def test_truth_follows_seed_and_weeks():
    """The truth is a pure function of the seed and the number of weeks, and starts on a Monday."""
    one, same, other = (atelier.truth(seed=seed, weeks=6) for seed in (1, 1, 2))
    assert (one.demand == same.demand).all()
    assert (one.demand != other.demand).any()
    assert one.weeks[0] == date(2025, 5, 5)
    assert len(one.weeks) == 6
