"""The empty charts of the page; `report.js` fills them with data.

Bokeh draws them. Everything that depends on the language or on a choice of the reader (names, rows, ranges) is set in the
browser, so that no term stands in the page twice.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

INK, DIM, LINE = "#1f2933", "#667080", "#dde1e6"
FONT = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


@cache
def library() -> tuple[str, str]:
    """Bokeh's JavaScript as gzip in base64, and the hash under which the page's policy allows it.

    It is three times as small as the plain text; the browser unpacks it.
    """
    import bokeh

    path = Path(str(bokeh.__file__)).parent / "server" / "static" / "js" / "bokeh.min.js"
    code = path.read_bytes()
    packed = base64.b64encode(gzip.compress(code, 9, mtime=0)).decode("ascii")
    return packed, base64.b64encode(hashlib.sha256(code).digest()).decode("ascii")


def charts(*, graph: bool, groups: bool, ordered: bool) -> dict[str, Any]:
    """The charts that a page needs, by name, as `Bokeh.embed.embed_item` takes them."""
    from bokeh.embed import json_item

    made = {"graph": _graph()} if graph else {}
    if groups:
        made |= {"trends": _trends(ordered), "shares": _shares(ordered)}
    if ordered:
        made["emergence"] = _emergence()
    return {name: _numbered(json_item(figure), name) for name, figure in made.items()}


def _numbered(item: Any, prefix: str) -> Any:
    """The same item with ids that do not hang on what Bokeh made before in this process."""
    known: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return known.setdefault(match.group(0), f'"{prefix}-{len(known) + 1}"')

    return json.loads(re.sub(r'"p\d+"', renamed, json.dumps(item)))


def _plain(**options: Any) -> Any:
    """A figure without tools and frame."""
    from bokeh.plotting import figure

    plot = figure(sizing_mode="stretch_width", toolbar_location=None, tools="", min_border=6, **options)
    plot.outline_line_color = None
    for axis in plot.axis:
        axis.axis_line_color = axis.major_tick_line_color = LINE
        axis.minor_tick_line_color = None
        axis.major_label_text_color = axis.axis_label_text_color = DIM
        axis.major_label_text_font = axis.axis_label_text_font = FONT
        axis.axis_label_text_font_style = "normal"
        axis.major_label_text_font_size = axis.axis_label_text_font_size = "12px"
    plot.grid.grid_line_color = LINE
    return plot


def _source(*columns: str, name: str) -> Any:
    from bokeh.models import ColumnDataSource

    return ColumnDataSource({column: [] for column in columns}, name=name)


def _clickable(plot: Any, *renderers: Any, tips: Any = None) -> None:
    """Clicks for the renderers, and a tip in plain text for `tips`, by default all of them.

    What is clicked looks the same afterwards.
    """
    from bokeh.models import HoverTool, TapTool

    for renderer in renderers:
        renderer.nonselection_glyph = renderer.selection_glyph = None
    plot.add_tools(TapTool(renderers=list(renderers)))
    shown = list(renderers) if tips is None else [tips]
    plot.add_tools(HoverTool(renderers=shown, tooltips=[("", "@tip")], limit=4))


def _years(axis: Any) -> None:
    """Whole numbers without separators."""
    from bokeh.models import BasicTicker, PrintfTickFormatter

    axis.ticker = BasicTicker(min_interval=1, num_minor_ticks=0)
    axis.formatter = PrintfTickFormatter(format="%d")


def _graph() -> Any:
    from bokeh.core.properties import value
    from bokeh.models import PanTool, Range1d, WheelZoomTool

    plot = _plain(name="graph", height=560, x_range=Range1d(-1, 1), y_range=Range1d(-1, 1))
    plot.axis.visible = False
    plot.grid.visible = False
    links = _source("x0", "y0", "x1", "y1", "width", "alpha", name="links")
    dots = _source("x", "y", "size", "colour", "alpha", "tip", name="dots")
    names = _source("x", "y", "name", "size", "offset", name="names")
    lines = plot.segment(
        "x0", "y0", "x1", "y1", source=links, line_width="width", line_alpha="alpha", line_color="#50586a"
    )
    circles = plot.scatter(
        "x", "y", source=dots, size="size", color="colour", alpha="alpha", line_color="white"
    )
    plot.text(
        "x", "y", source=names, text="name", y_offset="offset", text_color=INK, text_font=value(FONT),
        text_font_size="size", text_align="center", text_baseline="top",
        background_fill_color="white", background_fill_alpha=0.6,
    )  # fmt: skip
    _clickable(plot, circles, lines, tips=circles)  # a dot lies on the ends of all its lines
    plot.add_tools(
        WheelZoomTool(zoom_on_axis=False, modifiers={"ctrl": True}, name="wheel"), PanTool(name="pan")
    )
    plot.toolbar.active_scroll = plot.select_one({"name": "wheel"})
    plot.toolbar.active_drag = plot.select_one({"name": "pan"})
    return plot


def _trends(ordered: bool) -> Any:
    """Lines with bands over time; for groups without order a row for each, with points and their limits."""
    from bokeh.models import FactorRange, Range1d

    ranges = (Range1d(0, 1), Range1d(0, 1) if ordered else FactorRange(factors=[]))
    plot = _plain(name="trends", height=340, x_range=ranges[0], y_range=ranges[1])
    limits = _source("xs", "ys", "colour", name="limits")
    dots = _source("x", "y", "colour", "mark", "tip", name="points")
    if ordered:
        _years(plot.xaxis)
        plot.patches("xs", "ys", source=limits, color="colour", alpha=0.13, line_width=0)
        lines = _source("xs", "ys", "colour", name="lines")
        plot.multi_line("xs", "ys", source=lines, color="colour", line_width=2)
    else:
        plot.multi_line("xs", "ys", source=limits, color="colour", alpha=0.6, line_width=2)
    points = plot.scatter("x", "y", source=dots, size=8, color="colour", marker="mark", line_color="white")
    _clickable(plot, points)
    return plot


def _shares(ordered: bool) -> Any:
    """Stacked bars: upright over time, lying for groups without order."""
    from bokeh.models import FactorRange, NumeralTickFormatter, Range1d

    across, along = Range1d(0, 1), FactorRange(factors=[])
    bars = _source("at", "from", "to", "colour", "tip", name="bars")
    looks = {"source": bars, "color": "colour", "line_color": "white", "line_width": 0.5}
    if ordered:
        plot = _plain(name="shares", height=320, x_range=Range1d(0, 1), y_range=across)
        _years(plot.xaxis)
        shown, shares, along_grid = plot.vbar("at", 0.9, "to", "from", **looks), plot.yaxis, plot.xgrid
    else:
        plot = _plain(name="shares", height=320, x_range=across, y_range=along)
        shown, shares, along_grid = plot.hbar("at", 0.8, "to", "from", **looks), plot.xaxis, plot.ygrid
    shares.formatter = NumeralTickFormatter(format="0%")
    along_grid.visible = False
    _clickable(plot, shown)
    return plot


def _emergence() -> Any:
    from bokeh.models import FactorRange, Range1d

    plot = _plain(
        name="emergence",
        height=480,
        x_range=Range1d(0, 1),
        y_range=FactorRange(factors=[]),
        x_axis_location="above",
    )
    _years(plot.xaxis)
    rows = _source("first", "last", "term", "tip", name="spans")
    marks = _source("x", "term", "mark", "colour", "size", "tip", name="marks")
    spans = plot.hbar("term", 0.28, "last", "first", source=rows, color="#c3cad4", line_color=None)
    dots = plot.scatter(
        "x", "term", source=marks, size="size", marker="mark", color="colour", line_color="white"
    )
    _clickable(plot, dots, spans)
    plot.ygrid.visible = False
    return plot
