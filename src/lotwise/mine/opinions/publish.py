"""The tables of opinions, from the pool's events that hold a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lotwise.tables.mined import MINING, OPINIONS, READINGS, REQUESTS, TEXT_SCORES, TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from lotwise.mine.customers import Purchases
    from lotwise.mine.opinions.labels import Labels
    from lotwise.mine.opinions.read import Read
    from lotwise.mine.opinions.reading import Texts
    from lotwise.mine.opinions.stake import Stake
    from lotwise.stage import Inputs

KINDS = ("rating", "review", "survey", "chat")
"""Kinds of events whose texts are read; ratings count for their stars where they have no text."""

Tables = dict[str, pa.Table]


def publish(inputs: Inputs, mined: Mapping[str, pa.Table]) -> Tables:  # noqa: ARG001  every part is called alike
    """Return ``readings``, ``opinions``, ``requests``, ``topics``, ``text_scores``, and how it went as a row of ``mining``."""
    settings = inputs.settings.mine.opinions
    written = _written(inputs)
    if written is None:
        return _left("there are no events; reviews, surveys and messages come as the table 'events'")
    if not pc.any(pc.is_valid(written["text"])).as_py():
        return _left("no event of kind review, survey, rating or chat holds a text")
    from lotwise.mine.opinions import telling  # noqa: PLC0415  loads scikit-learn, which a project without texts does not need
    from lotwise.mine.opinions.read import read  # noqa: PLC0415  the same

    texts = _gather(written, settings.texts)
    if not any(texts.plain):
        return _left(f"none of {len(texts):,} texts can be read: they are empty or hold binary data")
    told = read(texts, labels=_labels(inputs), certainty=settings.certainty)
    tables = {
        "readings": telling.readings(told),
        "opinions": telling.opinions(told),
        "requests": telling.requests(told, _money(inputs, told)),
        "topics": telling.topic_weeks(told, settings.topics),
        "text_scores": telling.text_scores(told.scores),
    }
    capped = written.num_rows > len(texts) == settings.texts
    note = f"the latest {settings.texts:,} texts were read" if capped else _note(texts)
    return tables | {"mining": _row("capped" if capped else "whole", tables["readings"].num_rows, len(texts), note)}


def _written(inputs: Inputs) -> pa.Table | None:
    if not inputs.has("events"):
        return None
    events = inputs.table("events")
    if not events.num_rows:
        return None
    mine = pc.is_in(events["kind"], value_set=pa.array(KINDS))
    valid = pc.or_(pc.is_valid(events["text"]), pc.is_in(events["kind"], value_set=pa.array(("rating", "review"))))
    written = events.filter(pc.and_(mine, valid))
    today = inputs.settings.project.today
    if today is not None:
        written = written.filter(pc.less(written["time"], pa.scalar(today, pa.date32()).cast(pa.timestamp("us"))))
    return written


def _gather(written: pa.Table, most: int) -> Texts:
    from lotwise.mine.opinions.reading import gather  # noqa: PLC0415  read where there are texts

    kind = written["kind"].to_pylist()
    value = written["value"].to_numpy()
    rated = np.array([one in {"rating", "review"} for one in kind], dtype=bool)
    return gather(
        event=written["event"].to_pylist(),
        kind=kind,
        product=written["product"].to_pylist(),
        customer=written["customer"].to_pylist(),
        day=written["time"].to_numpy().astype("datetime64[D]").astype(np.int64),
        stars=np.where(rated, value, np.nan),
        text=written["text"].to_pylist(),
        most=most,
    )


def _labels(inputs: Inputs) -> Labels | None:
    name = inputs.settings.mine.opinions.labels
    if not name:
        return None
    from lotwise.mine.opinions.labels import read  # noqa: PLC0415  read where labels are given

    return read(inputs.folder / name)


def _money(inputs: Inputs, told: Read) -> Callable[[str, int, int], Stake]:
    """Return what gives the money at stake for (product, texts that ask, texts)."""
    from lotwise.mine.customers import purchases  # noqa: PLC0415  read where there are texts
    from lotwise.mine.opinions import stake  # noqa: PLC0415  the same

    missing = [name for name in ("orders", "economics") if not inputs.has(name)]
    if missing:
        reason = f"not reckoned: there is no table '{missing[0]}'"
        return lambda _, __, ___: stake.Stake(None, None, None, reason)
    bought = purchases(inputs)
    margins, buyers, why = stake.yearly(bought, *_economics(inputs, bought))
    texts = told.texts
    # a message asks for something because something went wrong: its writer is no happy one
    said = np.array([kind != "chat" for kind in texts.kind], dtype=bool)
    fall = stake.falls(
        bought,
        np.array(texts.customer)[said],
        texts.day[said],
        told.judged.chance[said],
        inputs.rng("mine", "opinions", "fall"),
    )

    def money(product: str, asking: int, total: int) -> stake.Stake:
        if why or product not in margins:
            reason = why or "nobody known by name bought it in the last year"
            return stake.Stake(None, None, None, f"not reckoned: {reason}")
        rng = inputs.rng("mine", "opinions", "share", product, asking)
        return stake.reckon(asking, total, margins[product], buyers[product], fall, rng)

    return money


def _economics(inputs: Inputs, bought: Purchases) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = inputs.table("economics")
    known = {row["product"]: (row["unit_price"], row["unit_cost"]) for row in
             table.select(["product", "unit_price", "unit_cost"]).to_pylist()}  # fmt: skip
    price, cost = np.array([known.get(name, (np.nan, np.nan)) for name in bought.products]).reshape(-1, 2).T
    return price, cost


def _note(texts: Texts) -> str | None:
    other = sum(language == "other" and bool(plain) for language, plain in zip(texts.language, texts.plain, strict=True))
    return f"{other:,} texts are in other languages or hold no words" if other else None


def _left(note: str) -> Tables:
    empty = {table.name: table.empty() for table in (READINGS, OPINIONS, REQUESTS, TOPICS, TEXT_SCORES)}
    return empty | {"mining": _row("left out", 0, 0, note)}


def _row(ended: str, rows: int, evidence: int, note: str | None) -> pa.Table:
    row = {"part": "opinions", "scope": "all", "ended": ended, "rows": rows, "evidence": evidence, "note": note}
    return MINING.check(pa.Table.from_pylist([row], schema=MINING.schema))
