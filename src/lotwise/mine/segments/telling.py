"""Segments as the tables that mining gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lotwise.mine.segments import naming, rfm
from lotwise.tables.mined import SEGMENT_FEATURES, SEGMENT_TRIALS, SEGMENTS

if TYPE_CHECKING:
    from lotwise.mine.segments.segmentation import Segmentation


def segments(found: Segmentation) -> pa.Table:
    """Return the table ``segments``, sorted by customer.

    Raises
    ------
    ValueError
        The features were given ready: recency, orders and revenue are not known.
    """
    behavior = found.behavior
    if behavior.recency is None or behavior.orders is None or behavior.revenue is None:
        raise ValueError("features that were given ready hold no recency, orders and revenue")
    scored = rfm.scores(behavior.recency, behavior.orders, behavior.revenue)
    return SEGMENTS.check(
        pa.table(
            {
                "customer": pa.array(behavior.customers, pa.string()),
                "segment": _named(found.numbers, found),
                "name": _named(found.names, found),
                "certainty": np.clip(found.certainty, 0, 1),
                "recency_days": behavior.recency,
                "orders": behavior.orders.astype(np.int64),
                "revenue": behavior.revenue,
                "rfm": rfm.words(scored),
            }
        )
    )


def features(found: Segmentation) -> pa.Table:
    """Return the table ``segment_features``: within a segment, what sets it apart most comes first."""
    count = len(found.numbers)
    means = naming.means(found.behavior, found.labels, count)
    off = naming.differences(found.behavior, found.labels, count)
    overall = found.behavior.values.mean(axis=0)
    sizes = np.bincount(found.labels, minlength=count)
    rows = [
        {
            "segment": found.numbers[segment],
            "name": found.names[segment],
            "customers": int(sizes[segment]),
            "feature": found.behavior.features[place].name,
            "mean": float(means[segment, place]),
            "overall": float(overall[place]),
            "difference": float(off[segment, place]),
        }
        for segment in range(count)
        for place in np.argsort(-np.abs(off[segment]), kind="stable").tolist()
    ]
    return SEGMENT_FEATURES.check(pa.Table.from_pylist(rows)) if rows else SEGMENT_FEATURES.empty()


def trials(found: Segmentation) -> pa.Table:
    """Return the table ``segment_trials``."""
    rows = [
        {
            "method": trial.method,
            "segments": trial.segments,
            "silhouette": trial.silhouette,
            "bic": trial.division.bic,
            "stability": trial.stability,
            "smallest": trial.smallest,
            "chosen": trial is found.chosen,
        }
        for trial in found.trials
    ]
    return SEGMENT_TRIALS.check(pa.Table.from_pylist(rows, schema=SEGMENT_TRIALS.schema))


def _named(names: tuple[str, ...], found: Segmentation) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(found.labels))
