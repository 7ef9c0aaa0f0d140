"""The tables ``propensities`` and ``propensity_scores``: how likely each customer does what, and how well that is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.errors import SettingsError, breaches, did_you_mean
from lotwise.mine import customers
from lotwise.mine.propensity import history
from lotwise.mine.propensity.classifiers import Budget
from lotwise.mine.propensity.learn import Target, foresee
from lotwise.mine.propensity.planned import plans
from lotwise.mine.propensity.scores import report
from lotwise.mine.propensity.voices import BASE
from lotwise.mine.propensity.windows import WEEK, Windows, needed, silence, windows
from lotwise.tables.collected import PRODUCTS
from lotwise.tables.mined import MINING, PROPENSITIES, PROPENSITY_SCORES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.config.mining import MinePropensity
    from lotwise.mine.customers import Purchases
    from lotwise.mine.propensity.history import History
    from lotwise.mine.propensity.learn import Foreseen
    from lotwise.stage import Inputs

EPOCH = date(1970, 1, 1)
NO_CUSTOMER = "no order names a customer"
ONE_CUSTOMER = "one customer is known; at least two are needed to learn from"

Row = dict[str, Any]
Tables = dict[str, pa.Table]


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> Tables:
    """Return the tables ``propensities``, ``propensity_scores`` and ``mining``.

    Parameters
    ----------
    inputs
        ``orders``; ``products``, ``customers``, ``events``, ``promotions`` and ``campaigns`` where they are, the last two
        where a source declares them to be known as a plan.
    mined
        Not looked at.

    Raises
    ------
    SettingsError
        The settings name a category that no product has.
    """
    del mined
    settings = inputs.settings.mine.propensity
    bought = customers.purchases(inputs)
    known = np.unique(bought.customer[bought.sold])
    if len(known) < 2:  # noqa: PLR2004  one customer tells nothing of another
        return tables([], [left_out("all", NO_CUSTOMER if len(known) == 0 else ONE_CUSTOMER)], ())
    past = remember(inputs, bought, settings)
    found, said = study(past, settings, inputs.rng("mine", "propensity"))
    return tables(found, said, bought.customers)


def remember(inputs: Inputs, bought: Purchases, settings: MinePropensity) -> History:
    """Return the history of customers from the pool's tables."""
    is_listed = inputs.has("products")
    category, names = _categories(inputs.table("products") if is_listed else PRODUCTS.empty(), bought.products)
    unknown = [f"'{name}' is no category{did_you_mean(name, names)}" for name in settings.targets if name not in names]
    if unknown:
        raise SettingsError(breaches("[mine.propensity] targets", unknown))
    most = settings.categories if is_listed else 0  # without a list of products there are no categories to foresee
    wanted = tuple(dict.fromkeys(settings.targets)) or history.most_revenue(bought, category, names, most)
    discount = pc.fill_null(inputs.table("orders")["discount"], 0.0).to_numpy()[bought.row]
    planned = plans(inputs, bought.products)
    past = history.recall(bought, category, names, wanted, cut=discount, plans=planned)
    return history.with_told(
        past,
        interest=history.interest(inputs, bought, category, names, wanted),
        bands=history.bands(inputs.table("customers"), bought.customers) if inputs.has("customers") else None,
    )


def study(past: History, settings: MinePropensity, rng: np.random.Generator) -> tuple[list[Foreseen], list[Row]]:
    """Return what was found for every target, and the rows of ``mining``."""
    ahead = WEEK * settings.weeks
    step = WEEK * (settings.step or settings.weeks)
    buys = [*(Target(f"buys {name}", name) for name in past.foreseen), Target("buys anything", None)]
    quiet, cut = silence(past, settings.weeks)
    leaves = f"leaves: no order within {quiet // WEEK} weeks" + ("; the history is too short for more" if cut else "")
    found: list[Foreseen] = []
    said: list[Row] = []
    for targets, span, note in ((buys, ahead, None), ([Target("leaves", None, absent=True)], quiet, leaves)):
        days = windows(past.start, past.today, span, step=step)
        if days is None:
            reason = f"{past.today - past.start} days of orders; {needed(span)} are needed for windows of {span // WEEK} weeks"
            said += [left_out(target.name, reason) for target in targets]
            continue
        learned = foresee(past, targets, days, settings.models, rng, Budget(settings.rows, settings.trees))
        found += learned
        said += [_said(one, note) for one in learned]
    return found, said


def tables(found: Sequence[Foreseen], said: Sequence[Row], names: Sequence[str]) -> Tables:
    """Return the tables of this part, each checked by its contract."""
    scores = [row for one in found for row in _scores(one)]
    known = np.array([*names, ""], dtype=object)
    columns = {
        "customer": [name for one in found for name in known[one.customers]],
        "target": [one.target.name for one in found for _ in one.customers],
        "probability": np.concatenate([np.empty(0), *(one.chance for one in found)]),
        "base": np.concatenate([np.empty(0), *(np.full(len(one.customers), one.base) for one in found)]),
    }
    return {
        "propensities": PROPENSITIES.check(pa.table(columns, schema=PROPENSITIES.schema)),
        "propensity_scores": PROPENSITY_SCORES.check(pa.Table.from_pylist(scores, schema=PROPENSITY_SCORES.schema)),
        "mining": MINING.check(pa.Table.from_pylist(list(said), schema=MINING.schema)),
    }


def left_out(scope: str, reason: str) -> Row:
    """Return the row of ``mining`` for what could not be foreseen."""
    return {"part": "propensity", "scope": scope, "ended": "left out", "rows": 0, "evidence": 0, "note": reason}


def _said(found: Foreseen, note: str | None) -> Row:
    restless = [f"{name}: the search did not come to an end" for name in found.restless]
    notes = [text for text in (note, found.reason, *restless) if text]
    return {
        "part": "propensity", "scope": found.target.name, "ended": "whole", "rows": len(found.customers),
        "evidence": found.rows, "note": "; ".join(notes) or None,
    }  # fmt: skip


def _scores(found: Foreseen) -> list[Row]:
    """Return the rows of ``propensity_scores`` of one target; none where nobody was known on the day of the check."""
    if len(found.happened) == 0:
        return []
    days: Windows = found.windows
    kept = {"from_day": _date(days.check), "to_day": _date(days.check + days.ahead - 1), "customers": len(found.happened)}
    base = float(found.said[BASE][0])
    return [
        {
            "target": found.target.name,
            "model": name,
            **report(found.happened, chance, base),
            **kept,
            "chosen": name == found.chosen,
        }
        for name, chance in found.said.items()
    ]


def _categories(products: pa.Table, known: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return the place of each product's category, and their names; products that the table lacks share ``unknown``."""
    place = pc.index_in(pa.array(known, pa.string()), value_set=products["product"].combine_chunks())
    named = pc.fill_null(products["category"].combine_chunks().take(place), "unknown")
    names = sorted(set(named.to_pylist()))
    return pc.index_in(named, value_set=pa.array(names, pa.string())).to_numpy().astype(np.int64), names


def _date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))
