"""What is in one unit by bills and routings, by a recursion of the checker's own, beside published ``uses``."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from lotwise.plan.check.breach import HALF, Breach, broken
from lotwise.plan.check.published import holds, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from lotwise.plan.check.facts import Facts
    from lotwise.plan.check.published import Contents, Row


class Explosion:
    """Bills and routings, exploded by recursion.

    An item with a routing is made; any other that is a material is bought, and needs nothing else. Lines count on the days
    they hold, with what is lost added; of lines that stand in for each other the first counts, by version and component, and of
    machines that can do the same step the one of the least further cost, then the fastest, then the first by name.
    """

    def __init__(self, tables: Mapping[str, pa.Table], day: date) -> None:
        self.is_known = "bom" in tables or ("routing" in tables and "machines" in tables)
        self.parts: dict[str, list[Row]] = defaultdict(list)
        self.steps: dict[str, list[Row]] = defaultdict(list)
        self.materials = {row["material"] for row in rows_of(tables, "materials", "material")}
        self.loops: dict[str, tuple[str, ...]] = {}
        self._known: dict[str, tuple[Contents, Contents]] = {}
        lines = sorted(rows_of(tables, "bom"), key=lambda row: (row.get("version") or "", row["component"]))
        self.is_dated = any(row.get("starts") or row.get("ends") for row in lines)
        taken: set[tuple[str, str, str, str]] = set()
        for row in lines:
            own = (row["item"], row["option"], row["value"], row.get("alternate") or "")
            if holds(row, day) and not (own[-1] and own in taken):
                self.parts[row["item"]].append(row | {"quantity": row["quantity"] / (1 - (row.get("scrap") or 0.0))})
                taken.add(own)
        ways = rows_of(tables, "routing") if "machines" in tables else []
        done: set[tuple[str, int]] = set()
        for row in sorted(ways, key=lambda row: (row.get("unit_cost") or 0.0, row["hours"], row["machine"])):
            if (row["item"], row["step"]) not in done:
                self.steps[row["item"]].append(row)
                done.add((row["item"], row["step"]))

    def of(self, item: str, above: tuple[str, ...] = ()) -> tuple[Contents, Contents]:
        """Return hours and units in one unit of an item: what is always used, and the most that any choices use."""
        if item in above:
            self.loops[above[0]] = (*above[above.index(item) :], item)
            return {}, {}
        if item in self._known:
            return self._known[item]
        least: Contents = defaultdict(float)
        most: Contents = defaultdict(float)
        choices: dict[str, dict[str, Contents]] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
        for step in self.steps.get(item, ()):
            least[step["machine"]] += step["hours"]
            most[step["machine"]] += step["hours"]
        if item not in self.steps and item in self.materials:
            return {item: 1.0}, {item: 1.0}
        for line in self.parts.get(item, ()):
            some, all_ = self.of(line["component"], (*above, item))
            for resource, quantity in all_.items():
                if line["option"] == "always":
                    least[resource] += line["quantity"] * some.get(resource, 0.0)
                    most[resource] += line["quantity"] * quantity
                else:
                    choices[line["option"]][line["value"]][resource] += line["quantity"] * quantity
        for values in choices.values():
            for resource in {name for contents in values.values() for name in contents}:
                most[resource] += max(contents.get(resource, 0.0) for contents in values.values())
                least[resource] += 0.0
        self._known[item] = (dict(least), dict(most))
        return self._known[item]


def uses(facts: Facts) -> Iterator[Breach]:
    """Yield products whose published ``uses`` are not what bills and routings explode to."""
    cutoff = max((plan.cutoff for plan in facts.plans), default=date.min)
    explosion = Explosion(facts.tables, cutoff)
    if "uses" not in facts.tables or not explosion.is_known:
        return
    published: dict[str, Contents] = defaultdict(dict)
    for row in rows_of(facts.tables, "uses"):
        published[row["product"]][row["resource"]] = row["quantity"]
    planned = {product for plan in facts.plans if plan.cutoff == cutoff for product in plan.products}
    remedy = "Compare these rows with bom and routing, and run lotwise run --from plan."
    for product in sorted(planned | published.keys()):
        least, most = explosion.of(product)
        if product in explosion.loops:
            loop = " needs ".join(f"'{item}'" for item in explosion.loops[product])
            message = f"table 'bom': items contain themselves: {loop}. Remove one of these rows."
            yield Breach("uses", product, None, None, None, message)
            continue
        for resource in sorted(published[product].keys() | most.keys()):
            quantity, low, high = published[product].get(resource, 0.0), least.get(resource, 0.0), most.get(resource, 0.0)
            allowed = min(max(quantity, low), high)
            if not abs(quantity - allowed) <= 2 * HALF:
                relation = "exactly" if low == high else "at least" if quantity < low else "at most"
                at = ("uses", f"{product} of {resource}", None)
                yield broken(at, (quantity, relation, allowed), f"table 'uses', {product} of {resource}", remedy)
