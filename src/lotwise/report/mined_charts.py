"""Charts of what mining finds: shares side by side, what was said for and against, before and after, prices beside rivals'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.charts import Spec, drawing, names_axis, tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

PERCENT: Spec = {"format": ".0%", "tickCount": 5, "domain": False, "ticks": False}


SAME: Spec = {
    "data": {"values": [{}]},
    "mark": {"type": "rule", "color": "var(--muted)", "strokeDash": [3, 3]},
    "encoding": {"x": {"datum": 1}, "y": None},
}
"""A line where both are the same."""


def _key(names: Sequence[str], hues: Sequence[str]) -> Spec:
    scale = {"domain": list(names), "range": [f"var(--{hue})" for hue in hues[: len(names)]]}
    return {"field": "part", "type": "nominal", "scale": scale, "sort": list(names), "legend": {"symbolOpacity": 1}}


def beside(rows: Sequence[dict[str, Any]], *, parts: Sequence[str]) -> Spec:
    """Return two shares a name as bars beside each other.

    Parameters
    ----------
    rows
        ``name``, ``part``, ``share`` and ``shown`` for each name and part, in order.
    parts
        The two parts in words, the one compared against first.
    """
    order = list(dict.fromkeys(row["name"] for row in rows))
    bars: Spec = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": {"field": "share", "type": "quantitative", "axis": PERCENT | {"title": None}},
            "yOffset": {"field": "part", "type": "nominal", "sort": list(parts), "scale": {"paddingInner": 0.1}},
            "color": _key(parts, ("noise", "actual")),
            "tooltip": tooltip(name="", part=" ", shown="  "),
        },
    }
    return drawing(rows, [bars], height=34 * len(order) + 56) | {"encoding": {"y": names_axis(order, limit=230)}}


def opposed(rows: Sequence[dict[str, Any]], *, parts: Sequence[str], texts: str) -> Spec:
    """Return what was said against to the left and what was said for to the right, one bar a name.

    Parameters
    ----------
    rows
        ``name``, ``part``, ``texts`` (below 0 for those against) and ``shown``, in order.
    parts
        Against and for, in words.
    texts
        What the axis is in.
    """
    order = list(dict.fromkeys(row["name"] for row in rows))
    axis = {"title": texts, "tickCount": 4, "domain": False, "ticks": False, "labelExpr": "format(abs(datum.value), '~s')"}
    bars: Spec = {
        "mark": {"type": "bar", "height": 16, "cornerRadiusEnd": 2},
        "encoding": {
            "x": {"field": "texts", "type": "quantitative", "axis": axis, "stack": "zero"},
            "color": _key(parts, ("unknown", "actual")),
            "tooltip": tooltip(name="", part=" ", shown="  "),
        },
    }
    return drawing(rows, [bars], height=27 * len(order) + 66) | {"encoding": {"y": names_axis(order)}}


def changed(rows: Sequence[dict[str, Any]], *, title: str, parts: Sequence[str]) -> Spec:
    """Return levels after a change in percent of those before, with their intervals, and a line at what was before.

    Parameters
    ----------
    rows
        ``name``, ``part``, ``after``, ``low``, ``high`` (shares of the level before), ``shown`` and ``between``, in order.
    title
        What the axis is in.
    parts
        Less and more, in words.
    """
    order = list(dict.fromkeys(row["name"] for row in rows))
    x = {"field": "after", "type": "quantitative", "axis": PERCENT | {"title": title}}
    color = _key(parts, ("unknown", "actual"))
    tip = tooltip(name="", shown=" ", between="  ")
    way: Spec = {"mark": {"type": "rule", "strokeWidth": 1, "color": "var(--muted)"},
                 "encoding": {"x": x | {"field": "before"}, "x2": {"field": "after"}}}  # fmt: skip
    reach: Spec = {
        "mark": {"type": "rule", "strokeWidth": 5, "strokeCap": "round", "opacity": 0.3},
        "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "color": color, "tooltip": tip},
    }
    dots: Spec = {"mark": {"type": "circle", "size": 100, "opacity": 1}, "encoding": {"x": x, "color": color, "tooltip": tip}}
    return drawing([row | {"before": 1} for row in rows], [SAME, way, reach, dots], height=26 * len(order) + 80) | {
        "encoding": {"y": names_axis(order, limit=230)}
    }


def rivals(rows: Sequence[dict[str, Any]], *, title: str, names: Sequence[str]) -> Spec:
    """Return our price in percent of each competitor's, one line a product, with a line where both ask the same.

    Parameters
    ----------
    rows
        ``name`` of the product, ``part`` (the competitor), ``index`` and ``shown``, in order.
    title
        What the axis is in.
    names
        The competitors.
    """
    order = list(dict.fromkeys(row["name"] for row in rows))
    color = _key(names, ("actual", "unknown", "undone", "unmade", "ideal", "noise"))
    x = {"field": "index", "type": "quantitative", "scale": {"zero": False}, "axis": PERCENT | {"title": title}}
    dots: Spec = {
        "mark": {"type": "circle", "size": 100, "opacity": 0.9},
        "encoding": {"x": x, "color": color, "tooltip": tooltip(name="", part=" ", shown="  ")},
    }
    return drawing(rows, [SAME, dots], height=25 * len(order) + 80) | {"encoding": {"y": names_axis(order, limit=200)}}
