"""Charts of what stands behind the ledger: weeks, sources, notice, runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lotwise.report.charts import COLORS, Spec, drawing, money_axis, names_axis, tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

CELLS = "cells"
"""Name of the rows of ``weeks`` within its drawing: the page's script puts those of one product in their place."""

FIGURES = ("judged", "first_in", "last_in")
"""What a point of ``sources`` may be, in the order of the key."""

_SHAPES = ("circle", "triangle-right", "triangle-left")
_HUES = ("var(--actual)", "var(--ideal)", "var(--unknown)")


def weeks(rows: Sequence[dict[str, Any]], *, money: str, form: str, parts: Sequence[tuple[str, str]]) -> Spec:
    """Return one bar a week, the losses of the accounts upon each other, and a line of what was earned.

    Parameters
    ----------
    rows
        ``week`` (ISO), ``label``, ``account``, ``part`` (the account in words), ``place`` (its order), ``money`` and ``shown``
        for each week and account; the account ``actual`` is the line.
    money
        What the axis is in.
    form
        Format of a week on the axis.
    parts
        Each part with its color, the line last.
    """
    labels = f"utcFormat(toDate(datum.value), '{form}')"
    axis = {"title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True, "labelExpr": labels}
    up = {"field": "money", "type": "quantitative", "axis": money_axis(money), "stack": "zero"}
    scale = {"domain": [name for name, _ in parts], "range": [color for _, color in parts]}
    color = {"field": "part", "type": "nominal", "scale": scale, "sort": [name for name, _ in parts]}
    tip = tooltip(label="", part=" ", shown=money)
    layers: list[Spec] = [
        {"transform": [{"filter": "datum.account !== 'actual'"}],
         "mark": {"type": "bar", "width": {"band": 0.66}},
         "encoding": {"y": up, "color": color, "order": {"field": "place", "type": "quantitative"}, "tooltip": tip}},
        {"transform": [{"filter": "datum.account === 'actual'"}],
         "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 44, "opacity": 1}},
         "encoding": {"y": up | {"stack": None}, "color": color, "tooltip": tip}},
    ]  # fmt: skip
    shared = {"x": {"field": "week", "type": "ordinal", "axis": axis}}
    spec = drawing(rows, layers, height=210)
    return spec | {"encoding": shared, "data": {"name": CELLS, "values": list(rows)}}


def sources(
    rows: Sequence[dict[str, Any]], points: Sequence[dict[str, Any]], *, money: str, noise: tuple[float, float] | None,
    figures: Sequence[str],
) -> Spec:  # fmt: skip
    """Return what each source brings, measured in several ways, over a band as wide as the placebo's interval.

    Parameters
    ----------
    rows
        ``name``, ``low``, ``high``, ``shown`` and ``between`` of the interval of each source, in order.
    points
        ``name``, ``figure`` (in words), ``money``, ``shown`` and ``between`` of each figure of each source.
    money
        What the axis is in.
    noise
        Interval of the placebo, where there is one.
    figures
        Words of what is drawn, in the order of ``FIGURES``.
    """
    order = list(dict.fromkeys(row["name"] for row in (*rows, *points)))
    tip = tooltip(name="", figure=" ", shown=money, between="")
    key = {"labelColor": "var(--ink)", "orient": "top", "title": None}
    shape = {"field": "figure", "scale": {"domain": list(figures), "range": list(_SHAPES[: len(figures)])}, "legend": key}
    hue = {"field": "figure", "scale": {"domain": list(figures), "range": list(_HUES[: len(figures)])}, "legend": key}
    x = {"field": "money", "type": "quantitative", "axis": money_axis(money)}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": "var(--muted)", "strokeDash": [3, 3]}, "encoding": {"x": {"datum": 0}, "y": None}},
        {"data": {"values": list(rows)},
         "mark": {"type": "rule", "strokeWidth": 3, "strokeCap": "round", "color": "var(--actual)", "opacity": 0.4},
         "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "tooltip": tip}},
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {"x": x, "shape": shape, "color": hue, "tooltip": tip}},
    ]  # fmt: skip
    if noise:
        layers.insert(0, {
            "data": {"values": [{"low": noise[0], "high": noise[1]}]},
            "mark": {"type": "rect", "color": "var(--noise)", "opacity": 0.14},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": None},
        })  # fmt: skip
    return drawing(points, layers, height=36 * len(order) + 66) | {"encoding": {"y": names_axis(order)}}


def notice(rows: Sequence[dict[str, Any]], *, money: str, weeks: str, now: float) -> Spec:
    """Return profit against weeks, with the interval of what is gained as a band, and a line at what is earned now.

    Parameters
    ----------
    rows
        ``weeks``, ``profit``, ``low``, ``high`` (either may be absent), ``shown`` and ``between`` in order of weeks.
    money, weeks
        Titles of the axes.
    now
        Profit with what was known.
    """
    x = {"field": "weeks", "type": "quantitative",
         "axis": {"title": weeks, "grid": False, "format": "d", "values": [row["weeks"] for row in rows]}}  # fmt: skip
    y = {"type": "quantitative", "axis": money_axis(money), "scale": {"zero": False}}
    at, tip = y | {"field": "profit"}, tooltip(label="", shown=money, between="")
    layers: list[Spec] = [
        {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "area", "color": "var(--actual)", "opacity": 0.2},
         "encoding": {"y": y | {"field": "low"}, "y2": {"field": "high"}}},
        {"mark": {"type": "rule", "color": "var(--muted)", "strokeDash": [3, 3]},
         "encoding": {"x": None, "y": y | {"datum": now}}},
        {"mark": {"type": "line", "color": "var(--actual)", "strokeWidth": 2}, "encoding": {"y": at}},
        {"mark": {"type": "circle", "color": "var(--actual)", "size": 70, "opacity": 1}, "encoding": {"y": at, "tooltip": tip}},
    ]  # fmt: skip
    return drawing(rows, layers, height=170) | {"encoding": {"x": x}}


def trend(rows: Sequence[dict[str, Any]], *, money: str, run: str, parts: Sequence[str]) -> Spec:
    """Return the accounts of each run as one line each.

    Parameters
    ----------
    rows
        ``run``, ``part`` (the account in words), ``money``, ``shown`` and ``label`` for each run and account.
    money, run
        Titles of the axes.
    parts
        The accounts in words, in the order of the ledger.
    """
    axis = {"title": run, "labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True}
    scale = {"domain": list(parts), "range": list(COLORS.values())}
    shared = {
        "x": {"field": "run", "type": "ordinal", "axis": axis},
        "y": {"field": "money", "type": "quantitative", "axis": money_axis(money)},
        "color": {"field": "part", "type": "nominal", "scale": scale, "sort": list(parts)},
        "tooltip": tooltip(part="", label=" ", shown=money),
    }
    mark = {"type": "line", "strokeWidth": 2, "point": {"size": 60, "opacity": 1}}
    return drawing(rows, [{"mark": mark}], height=190) | {"encoding": shared}
