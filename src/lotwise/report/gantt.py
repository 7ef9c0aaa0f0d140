"""Vega-Lite specifications of a schedule over time, of what each machine does a day, and of tours on a plane.

Times are the floor's own: they go in as if they were UTC and are drawn in UTC, so that six in the morning stays six
wherever the page is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.charts import CONFIG, drawing, tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.report.charts import Spec

PALETTE = ("actual", "ideal", "unmade", "undone", "sky", "moss", "rose", "sand")
"""Colors of the items drawn in one of their own; red is kept for what is late, gray for set-ups."""
OTHER, LATE, SETUP = "var(--noise)", "var(--late)", "var(--setup)"
ROW, HEAD = 22, 56
"""Pixels of one machine's row, and of axis and legend together."""
NARROW = 36
"""Pixels below which a bar carries no name."""
PHONE = 480
"""Pixels of a drawing below which its legend has two columns."""
NAMES = 104
"""Pixels kept for the names of machines in both drawings, so that their days stand one below the other."""
LABELED = 600
"""With more bars than this they carry their names only where the time shown is stretched."""
SHORTENED = "length(datum.label) > 15 ? slice(datum.label, 0, 7) + '…' + slice(datum.label, -7) : datum.label"
"""Long names lose their middle: machines of one group differ at the end."""
ROOMY = 1.12
"""Room around the outermost stops."""
SHARE = "datum.open > 0 ? (datum.work + datum.setup) / datum.open : (datum.work + datum.setup > 0 ? 1 : 0)"


def gantt(drawn: dict[str, Any], *, words: dict[str, str]) -> Spec:
    """Return bars of jobs by machine over time, set-ups before them, and what is closed behind them.

    Dragging moves the time shown, the wheel with Ctrl or Shift stretches it, a double click shows all of it.

    Parameters
    ----------
    drawn
        ``jobs`` (``machine``, ``from`` and ``to`` in ISO, ``color`` (its name in the legend), ``name``, ``held`` (under way
        or frozen) and ``lines`` of the tooltip), ``setups`` (``machine``, ``from``, ``to``, ``shown``), ``closed`` (the
        same), ``machines`` in order, ``colors`` (name in the legend -> color), ``span`` (two times) and ``now``.
    words
        ``date`` format of the axis, and titles of the tooltip by the field they stand before.
    """
    x, y = _time(words["date"]), _machines(drawn["machines"])
    shared = {"y": y, "x": x, "x2": {"field": "to"}}
    spanned = x | {"scale": x["scale"] | {"domain": drawn["span"]}}  # said once, where no x2 is beside it
    colors = drawn["colors"]
    color = {"field": "color", "type": "nominal", "scale": {"domain": list(colors), "range": list(colors.values())},
             "legend": _legend(5, 150)}  # fmt: skip
    edge = {"condition": {"test": "datum.held", "value": "var(--ink)"}, "value": "var(--panel)"}
    thick = {"condition": {"test": "datum.held", "value": 1.4}, "value": 0.6}
    layers: list[Spec] = [
        {"data": {"values": drawn["closed"]}, "mark": {"type": "rect", "color": "var(--soft)", "clip": True},
         "encoding": shared | {"tooltip": tooltip(shown="")}},
        {"data": {"values": drawn["setups"]}, "mark": {"type": "bar", "color": SETUP, "height": ROW - 12, "clip": True},
         "encoding": shared | {"tooltip": tooltip(shown="")}},
        {"params": [_zoom()], "mark": {"type": "bar", "height": ROW - 5, "cornerRadius": 2, "clip": True},
         "encoding": shared | {"color": color, "stroke": edge, "strokeWidth": thick,
                               "tooltip": tooltip(**{name: words[name] for name in drawn["fields"]})}},
        {"data": {"values": drawn["closed"]},
         "mark": {"type": "rect", "color": "var(--soft)", "opacity": 0.6, "clip": True, "interactive": False},
         "encoding": shared},
        {"data": {"values": [{"from": drawn["now"]}]},
         "mark": {"type": "rule", "color": "var(--ink)", "strokeDash": [4, 3], "clip": True},
         "encoding": {"x": spanned, "y": None}},
    ]  # fmt: skip
    layers.insert(3, _names(shared, zoomed=len(drawn["jobs"]) > LABELED))
    spec = drawing(drawn["jobs"], layers, height=ROW * len(drawn["machines"]))
    return spec | {"config": CONFIG | {"legend": CONFIG["legend"] | {"layout": {"top": {"bounds": "full"}}}}}


def _names(shared: Spec, *, zoomed: bool) -> Spec:
    """Return the name of each job on its bar, as far as it fits there; of many bars only those in the time chosen."""
    room = "scale('x', toDate(datum.to)) - scale('x', toDate(datum.from))"
    mark = {
        "type": "text",
        "align": "left",
        "dx": 4,
        "fontSize": 10,
        "color": "var(--bar-ink)",
        "clip": True,
        "interactive": False,
        "limit": {"expr": f"max({room} - 6, 1)"},
        "opacity": {"expr": f"{room} < {NARROW} ? 0 : 1"},
    }
    coded = {key: value for key, value in shared.items() if key != "x2"}
    chosen = [{"filter": {"param": "zoom", "empty": False}}] if zoomed else []
    return {"mark": mark, "transform": chosen, "encoding": coded | {"text": {"field": "name"}}}


def machine_days(drawn: dict[str, Any], *, words: dict[str, str]) -> Spec:
    """Return one cell a machine and day, darker the fuller it is, a dot where there is overtime.

    Days chosen in it are those the drawing above it shows.

    Parameters
    ----------
    drawn
        ``days`` (``machine``, ``from`` and ``to`` in ISO, ``open``, ``work``, ``setup``, ``overtime`` in hours, ``shown``),
        ``machines`` in order and ``span`` (two times).
    words
        ``date`` format of the axis, ``load`` and ``overtime``.
    """
    x, y = _time(words["date"]), _machines(drawn["machines"])
    spanned = x | {"scale": x["scale"] | {"domain": drawn["span"]}}
    full = {"domain": [0, 1], "clamp": True, "range": [0.06, 1]}
    opacity = {"field": "share", "type": "quantitative", "scale": full, "legend": None}
    tip = tooltip(machine="", shown=words["load"])
    layers: list[Spec] = [
        {"params": [{"name": "days", "select": {"type": "interval", "encodings": ["x"],
                     "mark": {"fill": "var(--ink)", "fillOpacity": 0.08, "stroke": "var(--ink)"}}}],
         "mark": {"type": "rect", "color": "var(--ideal)", "clip": True, "stroke": "var(--panel)", "strokeWidth": 1},
         "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "opacity": opacity, "tooltip": tip}},
        {"transform": [{"filter": "datum.overtime > 0"}, {"calculate": "(+toDate(datum.from) + +toDate(datum.to)) / 2",
                                                          "as": "noon"}],
         "mark": {"type": "circle", "size": 16, "color": "var(--late)", "opacity": 1},
         "encoding": {"x": spanned | {"field": "noon"}, "y": y, "tooltip": tip}},
    ]  # fmt: skip
    spec = drawing(drawn["days"], layers, height=(ROW - 4) * len(drawn["machines"]))
    return spec | {"transform": [{"calculate": SHARE, "as": "share"}]}


def tours(stops: Sequence[dict[str, Any]], colors: dict[str, str], *, words: dict[str, str], flat: bool) -> Spec:
    """Return the way of each tour between its places, a line each, on a plane without a map under it.

    Parameters
    ----------
    stops
        ``tour``, ``stop``, ``x``, ``y`` (kilometers from the middle), ``depot`` (whether it is one) and ``lines`` of the
        tooltip, in order.
    colors
        Tour -> color.
    words
        ``east``, ``north``, and titles of the tooltip.
    flat
        Whether the plane is the user's own, so that x and y are as given.
    """
    titles = ("x", "y") if flat else (words["east"], words["north"])
    x, y = (_plane_axis(name, title, stops) for name, title in zip(("x", "y"), titles, strict=True))
    color = {"field": "tour", "type": "nominal", "scale": {"domain": list(colors), "range": list(colors.values())},
             "legend": _legend(6, 120)}  # fmt: skip
    place = {"x": x, "y": y}
    tip = tooltip(place="", tour=words["tour"], times=words["times"], orders=words["orders"], units=words["units"])
    layers: list[Spec] = [
        {"mark": {"type": "line", "strokeWidth": 2, "opacity": 0.85, "strokeJoin": "round"},
         "encoding": place | {"color": color, "order": {"field": "stop", "type": "quantitative"}}},
        {"transform": [{"filter": "!datum.depot"}], "mark": {"type": "circle", "size": 52, "opacity": 1},
         "encoding": place | {"color": color, "tooltip": tip}},
        {"transform": [{"filter": "datum.depot"}],
         "mark": {"type": "square", "size": 110, "opacity": 1, "color": "var(--ink)"},
         "encoding": place | {"tooltip": tooltip(place="")}},
    ]  # fmt: skip
    return drawing(list(stops), layers, height=420)


def _plane_axis(name: str, title: str, stops: Sequence[dict[str, Any]]) -> Spec:
    """Return an axis of kilometers: one is as long upward as across, and all stops have room."""
    ends = {axis: (min(stop[axis] for stop in stops), max(stop[axis] for stop in stops)) for axis in ("x", "y")}
    wide, high = ((ends[axis][1] - ends[axis][0]) * ROOMY or 1.0 for axis in ("x", "y"))
    side, middle = "width" if name == "x" else "height", sum(ends[name]) / 2
    half = f"max({wide} / width, {high} / height) * {side} / 2"
    scale = {"domainMin": {"expr": f"{middle} - {half}"}, "domainMax": {"expr": f"{middle} + {half}"}, "nice": False,
             "zero": False}  # fmt: skip
    axis = {"tickCount": 4, "domain": False, "ticks": False, "title": title}
    return {"field": name, "type": "quantitative", "axis": axis, "scale": scale}


def _time(form: str) -> Spec:
    """Return a horizontal axis of time: days, and hours where it is stretched."""
    clock = "utchours(datum.value) || utcminutes(datum.value) ? '%H:%M' : '" + form + "'"
    axis = {"title": None, "grid": True, "tickCount": {"expr": "max(2, floor(width / 90))"}, "labelOverlap": True,
            "labelExpr": f"utcFormat(datum.value, {clock})", "orient": "top", "domain": False, "labelFlush": False}  # fmt: skip
    return {"field": "from", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _machines(order: Sequence[str]) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "labelColor": "var(--ink)", "labelLimit": NAMES - 8,
            "minExtent": NAMES, "maxExtent": NAMES, "labelExpr": SHORTENED}  # fmt: skip
    scale = {"domain": list(order), "paddingInner": 0, "paddingOuter": 0}
    return {"field": "machine", "type": "nominal", "sort": None, "scale": scale, "axis": axis}


def _legend(columns: int, limit: int) -> Spec:
    """Return a legend in columns, in two on a phone."""
    narrow = f"width < {PHONE}"
    return {"columns": {"expr": f"{narrow} ? 2 : {columns}"}, "labelLimit": {"expr": f"{narrow} ? width / 2 + 16 : {limit}"}}


def _zoom() -> Spec:
    """Return what moves and stretches the time shown; the bare wheel is left to the page."""
    select = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.ctrlKey || event.shiftKey || event.metaKey]"}
    return {"name": "zoom", "select": select, "bind": "scales"}
