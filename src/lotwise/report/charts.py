"""Vega-Lite specifications as plain dictionaries, made from rows.

Colors are CSS variables of the page (``var(--actual)``), so that one drawing serves light, dark and print. Everything that is
read (labels, tooltips) comes in as text; a chart computes no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Spec = dict[str, Any]
BAND_OPACITY = {"90": 0.2, "50": 0.36}

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
"""The page's own font by name, for Vega measures a text before it stands on the page."""

TOP = {"value": 5}
"""Where what marks a week stands: just below the upper edge."""

SHORT = "datum.value === 0 ? '0' : datum.label"
"""Labels of an axis in thousands, with a plain zero."""

LINES = "split(datum.label, '\\n')"
"""Labels of an axis, one line or several."""

COLORS = {account: f"var(--{account})" for account in ("ideal", "unknown", "unmade", "undone", "actual")}

CONFIG: Spec = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)", "titleColor": "var(--muted)", "gridColor": "var(--rule)", "domainColor": "var(--rule)",
        "tickColor": "var(--rule)", "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6,
        "labelFont": FONT, "titleFont": FONT,
    },
    "text": {"color": "var(--ink)", "fontSize": 12, "font": FONT},
    "legend": {
        "labelColor": "var(--ink)", "titleColor": "var(--muted)", "labelFontSize": 12, "orient": "top", "title": None,
        "labelFont": FONT, "symbolType": "square", "labelLimit": 220,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A drawing with what it shows in words.

    Parameters
    ----------
    name
        Names the chart on the page, such as ``"waterfall"``.
    spec
        Vega-Lite specification.
    label
        What it shows, read aloud in place of the drawing.
    """

    name: str
    spec: Spec
    label: str


def drawing(rows: Sequence[dict[str, Any]], layers: list[Spec], *, height: int) -> Spec:
    """Return layers over the same rows, as wide as the page lets them be."""
    return {
        "data": {"values": list(rows)},
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": layers,
        "config": CONFIG,
    }


def names_axis(order: Sequence[str], *, limit: int = 170) -> Spec:
    """Return a vertical axis of names in a given order; a line break in a name breaks its label."""
    axis = {"title": None, "labelLimit": limit, "labelExpr": LINES, "ticks": False, "domain": False, "labelColor": "var(--ink)"}
    return {"field": "name", "type": "nominal", "sort": list(order), "axis": axis}


def money_axis(title: str) -> Spec:
    """Return an axis of money, in thousands where it is large."""
    return {"title": title, "format": "~s", "labelExpr": SHORT, "tickCount": 4, "domain": False, "ticks": False}


def tooltip(**fields: str) -> list[Spec]:
    """Return a tooltip's lines by field; a line without a title gets blanks of its own length, for titles are keys."""
    named = [(field, title or " " * place) for place, (field, title) in enumerate(fields.items(), start=1)]
    return [{"field": field, "title": title, "type": "nominal"} for field, title in named]


def waterfall(rows: Sequence[dict[str, Any]], *, money: str) -> Spec:
    """Return the way from the ideal to the actual, one bar a line in the color of its account.

    Parameters
    ----------
    rows
        ``name``, ``account``, ``title`` (what it belongs to), ``start``, ``end``, ``shown``, ``between`` (its interval) and
        ``made`` (its formula) for each line, in order.
    money
        What the axis is in.
    """
    order = [row["name"] for row in rows]
    color = {"field": "account", "scale": {"domain": list(COLORS), "range": list(COLORS.values())}, "legend": None}
    tip = tooltip(name="", title="", shown=money, between="", made="")
    across = {"field": "start", "type": "quantitative", "axis": money_axis(money)}
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600},
        "encoding": {"x": {"field": "right", "type": "quantitative"}, "text": {"field": "shown"}},
    }
    bars = {
        "mark": {"type": "bar", "height": 20, "cornerRadius": 3},
        "encoding": {"x": across, "x2": {"field": "end"}, "color": color, "tooltip": tip},
    }
    spec = drawing([row | {"right": max(row["start"], row["end"])} for row in rows], [bars, labels], height=30 * len(rows) + 44)
    return spec | {"encoding": {"y": names_axis(order, limit=230)}, "padding": {"right": 64, "left": 0, "top": 4, "bottom": 4}}


def intervals(rows: Sequence[dict[str, Any]], *, money: str, noise: tuple[float, float] | None, noise_name: str) -> Spec:
    """Return one point with its interval a line, over a band as wide as the placebo's interval.

    Parameters
    ----------
    rows
        ``name``, ``money``, ``low``, ``high``, ``kind`` (sure, unsure or placebo), ``shown`` and ``between`` for each line,
            in order.
    money
        What the axis is in.
    noise
        Interval of the placebo, where there is one.
    noise_name
        What the band is called.
    """
    order = [row["name"] for row in rows]
    scale = {"domain": ["sure", "unsure", "placebo"], "range": ["var(--actual)", "var(--muted)", "var(--noise)"]}
    color = {"field": "kind", "scale": scale, "legend": None}
    tip = tooltip(name="", shown=money, between="")
    x = {"field": "money", "type": "quantitative", "axis": money_axis(money)}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": "var(--muted)", "strokeDash": [3, 3]}, "encoding": {"x": {"datum": 0}, "y": None}},
        {
            "mark": {"type": "rule", "strokeWidth": 3, "strokeCap": "round"},
            "encoding": {
                "x": {"field": "low", "type": "quantitative"},
                "x2": {"field": "high"},
                "color": color,
                "tooltip": tip,
            },
        },
        {"mark": {"type": "circle", "size": 110, "opacity": 1}, "encoding": {"x": x, "color": color, "tooltip": tip}},
    ]
    if noise:
        band = {"low": noise[0], "high": noise[1], "name": noise_name}
        layers.insert(0, {
            "data": {"values": [band]},
            "mark": {"type": "rect", "color": "var(--noise)", "opacity": 0.14},
            "encoding": {"x": {"field": "low", "type": "quantitative", "axis": money_axis(money)}, "x2": {"field": "high"},
            "y": None},
        })  # fmt: skip
    return drawing(rows, layers, height=34 * len(rows) + 44) | {"encoding": {"y": names_axis(order)}}


def sweep(rows: Sequence[dict[str, Any]], *, ratio: str, closed: str) -> Spec:
    """Return the share of the gap that is closed, with its interval, at each critical ratio.

    Parameters
    ----------
    rows
        ``ratio``, ``closed``, ``low``, ``high`` and ``shown``.
    ratio, closed
        Titles of the axes.
    """
    across = {"field": "ratio", "type": "quantitative", "axis": {"title": ratio, "format": ".1f", "grid": False,
        "tickCount": 5},
              "scale": {"domain": [0, 1]}}  # fmt: skip
    up = {"type": "quantitative", "axis": {"title": closed, "format": ".0%", "tickCount": 4, "domain": False, "ticks": False}}
    tip = tooltip(shown="")
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 3, "color": "var(--actual)", "opacity": 0.45, "strokeCap": "round"},
         "encoding": {"y": up | {"field": "low"}, "y2": {"field": "high"}, "tooltip": tip}},
        {"mark": {"type": "line", "color": "var(--actual)", "strokeWidth": 2}, "encoding": {"y": up | {"field": "closed"}}},
        {"mark": {"type": "circle", "size": 80, "color": "var(--actual)", "opacity": 1},
         "encoding": {"y": up | {"field": "closed"}, "tooltip": tip}},
    ]  # fmt: skip
    return drawing(rows, layers, height=180) | {"encoding": {"x": across}}


def stacked(rows: Sequence[dict[str, Any]], *, money: str, parts: Sequence[tuple[str, str]]) -> Spec:
    """Return one bar a product, split by account.

    Parameters
    ----------
    rows
        ``name``, ``part``, ``money`` and ``shown`` for each product and account, in order.
    money
        What the axis is in.
    parts
        Each part with its color.
    """
    order = list(dict.fromkeys(row["name"] for row in rows))
    scale = {"domain": [name for name, _ in parts], "range": [color for _, color in parts]}
    bars: Spec = {
        "mark": {"type": "bar", "height": 16},
        "encoding": {
            "x": {"field": "money", "type": "quantitative", "axis": money_axis(money)},
            "color": {"field": "part", "type": "nominal", "scale": scale, "sort": [name for name, _ in parts]},
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": tooltip(name="", part="", shown=money),
        },
    }
    return drawing(rows, [bars], height=27 * len(order) + 60) | {"encoding": {"y": names_axis(order)}}


def weeks_axis(form: str) -> Spec:
    """Return a horizontal axis of weeks, drawn in UTC so that a Monday stays a Monday everywhere."""
    axis = {"title": None, "format": form, "grid": False, "tickCount": 5, "labelOverlap": True, "labelFlush": True}
    return {"field": "week", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def forecast(drawn: dict[str, Any], *, words: dict[str, str], height: int = 150) -> Spec:
    """Return what was asked for, what had been foreseen at past cutoffs, and what is expected, with bands of 50 and 90 %.

    Parameters
    ----------
    drawn
        Rows by name, each with ``week`` (ISO) and ``label``: ``history`` (``units``, ``shown``), ``settled`` (besides them
        ``foreseen``, ``outside``), ``ahead`` (``median``, ``shown``), ``promotions`` and ``days`` (``shown``); and ``bands``,
        ``past`` and ``ahead``: rows of ``week``, ``window`` and ``low50`` to ``high90``.
    words
        ``date`` format of the axis, ``history``, ``expected``, ``foreseen``, ``promotion``, ``special``.
    height
        In pixels.
    """
    axis = {"title": None, "tickCount": 3, "domain": False, "ticks": False, "format": "~s", "labelExpr": SHORT}
    shared = {"x": weeks_axis(words["date"]), "y": {"type": "quantitative", "axis": axis, "scale": {"zero": True}}}
    units, median = {"field": "units", "type": "quantitative"}, {"field": "median", "type": "quantitative"}
    color = {"condition": {"test": "datum.outside", "value": "var(--unknown)"}, "value": "var(--ink)"}
    layers: list[Spec] = [
        *(_bands("past", "var(--ideal)") if drawn["bands"]["past"] else []),
        *_bands("coming", "var(--actual)"),
        {"mark": {"type": "line", "color": "var(--ink)", "strokeWidth": 1.4}, "encoding": {"y": units}},
        {"mark": {"type": "point", "size": 90, "opacity": 0},
         "encoding": {"y": units, "tooltip": tooltip(label="", shown=words["history"])}},
        {"data": {"values": drawn["settled"]}, "mark": {"type": "circle", "size": 22, "opacity": 1},
         "encoding": {"y": units, "color": color,
                      "tooltip": tooltip(label="", shown=words["history"], foreseen=words["foreseen"])}},
        {"data": {"name": "ahead"}, "mark": {"type": "line", "color": "var(--actual)", "strokeWidth": 2.2},
         "encoding": {"y": median}},
        {"data": {"name": "ahead"}, "mark": {"type": "circle", "color": "var(--actual)", "size": 34, "opacity": 1},
         "encoding": {"y": median, "tooltip": tooltip(label="", shown=words["expected"])}},
    ]  # fmt: skip
    marks = (("promotions", "triangle-up", "promo", "promotion", {"datum": 0}), ("days", "diamond", "undone", "special", TOP))
    for name, shape, hue, title, place in marks:
        if drawn[name]:
            mark = {"type": "point", "shape": shape, "filled": True, "color": f"var(--{hue})", "size": 46, "opacity": 0.9}
            coded = {"y": place, "tooltip": tooltip(label="", shown=words[title])}
            layers.append({"data": {"values": drawn[name]}, "mark": mark, "encoding": coded})
    datasets = {"ahead": drawn["ahead"], "past": drawn["bands"]["past"], "coming": drawn["bands"]["ahead"]}
    return drawing(drawn["history"], layers, height=height) | {"encoding": shared, "datasets": datasets}


def _bands(name: str, color: str) -> list[Spec]:
    """Return the areas of a set of outlines, the wider band below."""
    return [
        {
            "data": {"name": name},
            "mark": {"type": "area", "color": color, "opacity": opacity, "interpolate": "monotone"},
            "encoding": {
                "y": {"field": f"low{width}", "type": "quantitative"},
                "y2": {"field": f"high{width}"},
                "detail": {"field": "window", "type": "nominal"},
            },
        }
        for width, opacity in BAND_OPACITY.items()
    ]


def against(points: Sequence[dict[str, Any]], *, words: dict[str, str]) -> Spec:
    """Return what came against what was expected, on roots of units, with the line on which both are the same.

    Parameters
    ----------
    points
        ``name``, ``label``, ``expected`` and ``came`` of each settled week of a product.
    words
        ``expected`` and ``came``.
    """
    top = max(max(point["expected"], point["came"]) for point in points)
    scale = {"type": "sqrt", "domain": [0, top], "nice": False}
    axis = {"tickCount": 4, "domain": False, "ticks": False, "format": "~s"}
    x, y = (
        {"field": name, "type": "quantitative", "scale": scale, "axis": axis | {"title": words[name]}}
        for name in ("expected", "came")
    )
    layers: list[Spec] = [
        {"data": {"values": [{"expected": 0, "came": 0}, {"expected": top, "came": top}]},
         "mark": {"type": "line", "color": "var(--muted)", "strokeDash": [3, 3], "strokeWidth": 1},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "circle", "size": 26, "color": "var(--actual)", "opacity": 0.5},
         "encoding": {"x": x, "y": y, "tooltip": tooltip(name="", label=" ", expected=words["expected"], came=words["came"])}},
    ]  # fmt: skip
    return drawing(points, layers, height=230)


def missed(points: Sequence[dict[str, Any]], weeks: Sequence[dict[str, Any]], *, words: dict[str, str]) -> Spec:
    """Return what came beyond what was expected over time, one point a product and week, with a line of all together.

    Parameters
    ----------
    points
        ``name``, ``week`` (ISO), ``label``, ``expected``, ``came`` and ``missed``, a share of the product's usual week.
    weeks
        ``week``, ``label``, ``missed`` and ``shown`` of all together.
    words
        ``date`` format of the axis, ``expected``, ``came``, ``missed``, ``together``.
    """
    x = weeks_axis(words["date"])
    axis = {"title": words["missed"], "tickCount": 4, "domain": False, "ticks": False, "format": ".0%"}
    y = {"field": "missed", "type": "quantitative", "axis": axis}
    tip = tooltip(name="", label=" ", expected=words["expected"], came=words["came"])
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": "var(--muted)", "strokeDash": [3, 3]}, "encoding": {"y": {"datum": 0}}},
        {"mark": {"type": "circle", "size": 26, "color": "var(--actual)", "opacity": 0.45},
         "encoding": {"x": x, "y": y, "tooltip": tip}},
        {"data": {"values": list(weeks)}, "mark": {"type": "line", "color": "var(--ink)", "strokeWidth": 1.6,
                                                   "point": {"size": 18, "color": "var(--ink)"}},
         "encoding": {"x": x, "y": y, "tooltip": tooltip(label="", shown=words["together"])}},
    ]  # fmt: skip
    return drawing(points, layers, height=230)


def load(rows: Sequence[dict[str, Any]], *, words: dict[str, str], top: float) -> Spec:
    """Return the weekly load of one machine: what lots run, set-ups, and lines at regular hours and with all overtime.

    Parameters
    ----------
    rows
        ``week`` (label), ``run``, ``setup``, ``capacity``, ``most`` (with all overtime) and ``shown``.
    words
        ``run``, ``setup``, ``hours``, ``load``.
    top
        Upper end of the axis.
    """
    parts = [
        {"week": row["week"], "part": words[part], "hours": row[part], "shown": row["shown"], "place": place}
        for row in rows
        for place, part in enumerate(("run", "setup"))
    ]
    x = {"field": "week", "type": "ordinal", "sort": [row["week"] for row in rows],
         "axis": {"title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True}}  # fmt: skip
    axis = {"title": words["hours"], "tickCount": 3, "domain": False, "ticks": False}
    y = {"field": "hours", "type": "quantitative", "axis": axis, "scale": {"domain": [0, top]}}
    scale = {"domain": [words["run"], words["setup"]], "range": ["var(--ideal)", "var(--unknown)"]}
    bars: Spec = {
        "data": {"values": parts},
        "mark": {"type": "bar", "width": {"band": 0.62}, "cornerRadiusEnd": 2},
        "encoding": {
            "x": x, "y": y, "color": {"field": "part", "type": "nominal", "scale": scale},
            "order": {"field": "place", "type": "quantitative"}, "tooltip": tooltip(week="", shown=words["load"]),
        },
    }  # fmt: skip
    lines: list[Spec] = [
        {
            "mark": {"type": "tick", "color": f"var(--{color})", "thickness": 2, "width": {"band": 0.9}},
            "encoding": {"x": x, "y": y | {"field": field}},
        }
        for field, color in (("most", "rule"), ("capacity", "ink"))
    ]
    return drawing(rows, [bars, *lines], height=150)
