"""What is bought or chosen together and next, from a project's tables: ``itemsets``, ``rules``, and what came of it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lotwise.mine.rules import reading
from lotwise.mine.rules.chosen import choose
from lotwise.mine.rules.later import later
from lotwise.mine.rules.options import catalogs, options
from lotwise.mine.rules.scopes import scopes, segments_of
from lotwise.mine.rules.search import Search
from lotwise.mine.rules.tell import itemsets_table, mining_rows, rules_table
from lotwise.mine.rules.together import together

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from lotwise.config.mining import MineRules
    from lotwise.mine.rules.found import Found
    from lotwise.mine.rules.reading import Bought, Lines
    from lotwise.mine.rules.scopes import Divide
    from lotwise.stage import Inputs

LeftOut = list[tuple[str, str]]


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables ``itemsets`` and ``rules``, and under ``mining`` a row for each kind and scope.

    Together: of all lines that were sold, those without a customer included. Next: of known customers. Options: where some
    were chosen. Each is looked for everywhere and, if the settings say so, within each segment of ``mined`` and each period.
    """
    settings = inputs.settings.mine.rules
    orders = inputs.table("orders")
    economics = _or_none(inputs, "economics")
    lines = reading.read(orders, economics, today=inputs.settings.project.today)
    left_out: LeftOut = []
    found: list[Found] = []
    if not len(lines):
        left_out.append(("all", "no order line was sold"))
    else:
        within = _within(lines, mined, settings, left_out)
        level, names, item = reading.level(lines, _or_none(inputs, "products"), settings.level)
        bought = reading.gather(lines, item[lines.product], names)
        search = Search.of(settings, inputs.engine)
        found += together(bought, level, within(bought.day, bought.customer), search, settings)
        found += _options(inputs, lines, orders, within, left_out)
        found += _later(bought, level, within, search, settings, left_out)
    most = settings.rules
    return {
        "itemsets": itemsets_table(found, most),
        "rules": rules_table(found, most),
        "mining": mining_rows(found, most, left_out, _basis(lines, economics)),
    }


def _within(lines: Lines, mined: Mapping[str, pa.Table], settings: MineRules, left_out: LeftOut) -> Divide:
    """Return what divides baskets, given their days and customers, into scopes."""
    segments = mined.get("segments")
    if settings.within and (segments is None or not segments.num_rows):
        left_out.append(("within segments", "there are no segments"))
    known = segments is not None and segments.num_rows > 0
    segment = segments_of(lines.customers, segments) if known else ((), np.full(len(lines.customers), -1))
    weeks = settings.period_weeks if settings.within else 0
    return partial(scopes, segment=segment, today=lines.today, weeks=weeks)


def _options(inputs: Inputs, lines: Lines, orders: pa.Table, within: Divide, left_out: LeftOut) -> list[Found]:
    chosen_table = _or_none(inputs, "order_options")
    if chosen_table is None or not chosen_table.num_rows:
        left_out.append(("option", "no options were chosen on order lines"))
        return []
    settings = inputs.settings.mine.rules
    tables = _or_none(inputs, "options"), _or_none(inputs, "option_rules")
    chosen = choose(lines, orders, chosen_table, tables[0])
    known = catalogs(chosen, tables)
    return list(options(chosen, known, list(within(lines.day, lines.customer)), Search.of(settings), settings))


def _later(bought: Bought, level: str, within: Divide, search: Search, settings: MineRules, left_out: LeftOut) -> list[Found]:
    found = list(later(bought, level, within, search.bar, settings))
    if not found:
        left_out.append(("next", "fewer than 5 known customers have orders that could be followed"))
    return found


def _basis(lines: Lines, economics: pa.Table | None) -> str:
    """Return what the margins rest on, in words."""
    if economics is None:
        return "margins are not known: there are no unit costs"
    basis = dict(zip(economics["product"].to_pylist(), economics["cost_basis"].to_pylist(), strict=True))
    counts = Counter(basis.get(product, "not known") for product in lines.products)
    told = ", ".join(f"{counts[word]:,} {word}" for word in ("given", "assumed", "not known") if counts[word])
    return f"unit costs of products: {told}"


def _or_none(inputs: Inputs, name: str) -> pa.Table | None:
    return inputs.table(name) if inputs.has(name) else None
