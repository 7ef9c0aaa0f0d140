"""What stands behind the ledger, for people: sources, products, weeks, trend, notice, assumptions and where lines come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from rich.markup import escape

from lotwise.console.screen import console, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    import pyarrow as pa

ACCOUNTS = ("ideal", "unknown", "unmade", "undone", "actual")
FIGURES = {
    "ordered": "in order",
    "first_in": "first in",
    "shapley": "Shapley",
    "last_in": "last in",
    "in_advance": "in advance",
}
KINDS = {
    "plans": "announced plans are known so many weeks ahead",
    "orders": "customers order so many weeks ahead",
    "decision": "the plan is made so many weeks before the cutoff",
}


def source_values(table: pa.Table, *, currency: str, stream: TextIO | None = None) -> None:
    """Write what each source brings and costs, each figure over its interval, and the advice; costs where there are any."""
    rows = table.to_pylist()
    priced = any(row["cost"] for row in rows)
    shown = [name for name in FIGURES if any(row[name] is not None for row in rows)]
    if priced and "shapley" in shown:
        shown.remove("ordered")  # there is no room for both, and the Shapley value is what the cost is taken from
    numbers = [*(FIGURES[name] for name in shown), *(("cost", "net") if priced else ()), "bits"]
    found = grid(("source", *numbers, "advice"), right=numbers, whole=numbers)
    for row in rows:
        figures = [spanned(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in shown]
        if priced:
            cost = "" if row["cost"] is None else f"{row['cost']:,.0f}"
            figures += [cost, spanned(row["net"], row["net_low"], row["net_high"])]
        bits = "" if row["bits"] is None else f"{row['bits']:.3f}"
        found.add_row(escape(row["source"]), *figures, bits, row["advice"])
    out = console(stream)
    out.print(found)
    out.print(f"{currency} over the settled weeks (interval below); bits gained per product-week.")
    for row in rows:
        if row["known"] is None and row["cost"] is None:
            out.print(f"{escape(row['source'])}: {escape(row['verdict'])}.")
    noise = next((row["noise"] for row in rows if row["noise"] is not None), None)
    if noise is not None:
        out.print(f"Fitting the same model again moves such figures by about {noise:,.0f} {currency} (one standard deviation).")
    if "shapley" not in shown:
        out.print("Sources overlap, so the order matters; what is fair to all orders: lotwise sources --shapley")


def spanned(money: float | None, low: float | None, high: float | None) -> str:
    """Return a figure over its interval, as far as there are any."""
    if money is None:
        return ""
    return f"{round(money):,}" if low is None or high is None else f"{round(money):,}\n{round(low):,} .. {round(high):,}"


def changed(changes: pa.Table, *, currency: str, stream: TextIO | None = None) -> None:
    """Write in one line what the ledger's actual changed by since the run before, and why; nothing where nothing did."""
    rows = [row for row in changes.to_pylist() if row["account"] == "actual"]
    if not rows:
        return
    whole = sum(row["money"] for row in rows)
    causes = ", ".join(f"{row['cause']} {row['money']:+,.2f}" for row in rows)
    said = f"Actual since run {rows[0]['since']}: {whole:+,.2f} {currency} ({causes}). More: lotwise gap --trend"
    console(stream).print(escape(said))


def trend(history: pa.Table, changes: pa.Table, *, currency: str, stream: TextIO | None = None) -> None:
    """Write the accounts of every run, then why the last one differs from the run before."""
    out = console(stream)
    found = grid(("run", "weeks", "to", "products", *ACCOUNTS), right=ACCOUNTS)
    runs: dict[int, dict[str, Any]] = {}
    for row in history.to_pylist():
        mine = runs.setdefault(row["run"], {"weeks": row["weeks"], "last": row["last"], "products": row["products"]})
        if row["account"] in ACCOUNTS and row["money"] is not None:
            mine[row["account"]] = mine.get(row["account"], 0.0) + row["money"]
    for run, mine in sorted(runs.items()):
        money = (f"{mine[account]:,.2f}" if account in mine else "" for account in ACCOUNTS)
        found.add_row(str(run), str(mine["weeks"]), str(mine["last"] or ""), str(mine["products"]), *money)
    out.print(found)
    rows = changes.to_pylist()
    if not rows:
        out.print("Nothing changed since the run before, or there is none.")
        return
    why = grid(("account", "cause", currency, "behind it"), right=(currency,))
    for row in rows:
        why.add_row(row["account"], row["cause"], f"{row['money']:+,.2f}", escape(row["note"]))
    out.print(f"Since run {rows[0]['since']}:")
    out.print(why)


def notice(table: pa.Table, *, currency: str, stream: TextIO | None = None) -> None:
    """Write what knowing earlier is worth: one block a curve, profit against weeks."""
    out = console(stream)
    rows = table.to_pylist()
    for kind, meaning in KINDS.items():
        mine = [row for row in rows if row["kind"] == kind]
        if not mine:
            continue
        found = grid(
            ("weeks", "profit", "against now", "90 % interval"), right=("weeks", "profit", "against now", "90 % interval")
        )
        for row in mine:
            between = "" if row["gain_low"] is None else f"{row['gain_low']:,.0f} .. {row['gain_high']:,.0f}"
            found.add_row(str(row["weeks"]), f"{row['profit']:,.2f}", f"{row['gain']:+,.2f}", between)
        out.print(f"If {meaning} ({currency}):")
        out.print(found)
    if not rows:
        out.print("Nothing was measured with less or more notice.")


def drilled(cells: pa.Table, by: str, products: pa.Table | None, *, rows: int, stream: TextIO | None = None) -> None:
    """Write the accounts by product, week or region; products by what is unknown of them, dearest first."""
    sums = cells.group_by(by).aggregate([(account, "sum") for account in ACCOUNTS]).sort_by(by).to_pylist()
    if by == "product":
        sums.sort(key=lambda row: (-(row["unknown_sum"] + row["unmade_sum"] + row["undone_sum"]), row["product"]))
    names = _names(products)
    found = grid((by, *ACCOUNTS), right=ACCOUNTS)
    for row in sums[:rows]:
        called = f"{row[by]} {names.get(row[by], '')}".strip() if by == "product" else str(row[by])
        found.add_row(escape(called), *(f"{row[f'{account}_sum']:,.2f}" for account in ACCOUNTS))
    out = console(stream)
    out.print(found)
    if len(sums) > rows:
        out.print(f"{rows:,} of {len(sums):,}, the most lost first; more with --rows")


def product_ledger(
    cells: pa.Table,
    money: pa.Table,
    product: str,
    products: pa.Table | None,
    *,
    currency: str,
    stream: TextIO | None = None,
) -> None:
    """Write one product's accounts by week, then what it earned in every state of information."""
    out = console(stream)
    out.print(escape(f"{product} {_names(products).get(product, '')}".strip()))
    mine = cells.filter(pc.equal(cells["product"], product))
    sums = mine.group_by("week").aggregate([(account, "sum") for account in ACCOUNTS]).sort_by("week")
    found = grid(("week", *ACCOUNTS), right=ACCOUNTS)
    for row in sums.to_pylist():
        found.add_row(str(row["week"]), *(f"{row[f'{account}_sum']:,.2f}" for account in ACCOUNTS))
    found.add_section()
    found.add_row("all", *(f"{pc.sum(mine[account]).as_py():,.2f}" for account in ACCOUNTS))
    out.print(found)
    settled = money.filter(
        pc.and_(pc.equal(money["product"], product), pc.is_in(money["week"], value_set=sums["week"].combine_chunks()))
    )
    states = settled.group_by(["information", "limits"]).aggregate(
        [("made", "sum"), ("sold", "sum"), ("lost", "sum"), ("left", "sum"), ("profit", "sum")]
    )
    shown = grid(
        ("what was known", "limits", "made", "sold", "lost", "left", currency), right=("made", "sold", "lost", "left", currency)
    )
    for row in sorted(states.to_pylist(), key=lambda row: (-row["profit_sum"], row["information"], row["limits"])):
        units = (f"{row[f'{name}_sum']:,.0f}" for name in ("made", "sold", "lost", "left"))
        shown.add_row(escape(row["information"]), row["limits"], *units, f"{row['profit_sum']:,.2f}")
    out.print(shown)


def sensitivity(found: Mapping[float, pa.Table], *, name: str, currency: str, stream: TextIO | None = None) -> None:
    """Write the ledger under each value of an assumption, one column a value, and which verdicts hold under all of them."""
    values = [f"{name} = {value:g}" for value in found]
    rows = grid(("account", "line", *values, "verdict"), right=values)
    ledgers = [{(row["account"], row["line"]): row for row in gap.to_pylist()} for gap in found.values()]
    last = ""
    for key in dict.fromkeys(key for ledger in ledgers for key in ledger):
        mine = [ledger.get(key) for ledger in ledgers]
        if all(row is None or row["money"] is None for row in mine):
            continue
        if last and key[0] != last:
            rows.add_section()
        money = (spanned(row["money"], row["low"], row["high"]) if row else "" for row in mine)
        rows.add_row("" if key[0] == last else key[0], escape(key[1]), *money, escape(_verdicts(mine)))
        last = key[0]
    out = console(stream)
    out.print(rows)
    out.print(f"{currency}. Forecasts are the same in every column; plans, settlement and intervals are made anew.")


def _verdicts(rows: Sequence[Mapping[str, Any] | None]) -> str:
    said = list(dict.fromkeys(row["verdict"] for row in rows if row))
    return said[0] if len(said) == 1 else " | ".join(row["verdict"] if row else "-" for row in rows)


def traced(row: Mapping[str, Any], facts: Sequence[Mapping[str, Any]], *, currency: str, stream: TextIO | None = None) -> None:
    """Write what one line was made from: its note, its formula added up, the runs and files behind it, its largest parts."""
    out = console(stream)
    money = "not measured" if row["money"] is None else f"{row['money']:,.2f} {currency}"
    between = "" if row["low"] is None else f" ({row['low']:,.2f} .. {row['high']:,.2f})"
    out.print(escape(f"{row['account']}: {row['line']}: {money}{between}, {row['verdict']}"))
    out.print(escape(row["note"]))
    found = grid(("", "", currency, ""), right=(currency,))
    for fact in facts:
        amount = "" if fact["money"] is None else f"{fact['money']:,.2f}"
        found.add_row(fact["kind"], escape(fact["name"]), amount, escape(fact["text"] or ""))
    out.print(found)


def checked(rows: Sequence[Mapping[str, Any]], *, currency: str, stream: TextIO | None = None) -> bool:
    """Write every line beside the same money added up again from the table money, and return whether all agree."""
    found = grid(("account", "line", currency, "added up again", ""), right=(currency, "added up again"))
    for row in rows:
        again = "" if row["again"] is None else f"{row['again']:,.2f}"
        said = "agrees" if row["agrees"] else row["note"]
        found.add_row(row["account"], escape(row["line"]), f"{row['money']:,.2f}", again, escape(said))
    out = console(stream)
    out.print(found)
    wrong = sum(not row["agrees"] for row in rows)
    out.print(f"{wrong} of {len(rows)} do not agree." if wrong else f"All {len(rows)} agree.")
    return not wrong


def _names(products: pa.Table | None) -> dict[str, str]:
    if products is None:
        return {}
    return {row["product"]: row["name"] for row in products.select(["product", "name"]).to_pylist() if row["name"]}
