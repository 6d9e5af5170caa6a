"""The font, the colours, and the pictures of terms, labels and the graph."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)

# Okabe and Ito's palette: told apart by colour-blind readers and in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#555555")
LABEL_COLOURS = {"achievement": "#009E73", "challenge": "#D55E00", "driver": "#0072B2", "other": "#999999"}
LABEL_NAMES = {"achievement": "成就", "challenge": "挑战", "driver": "动能", "other": "其他"}


@cache
def chinese_font() -> FontProperties:
    """A font with Chinese glyphs: one that the system has, else the one that the `fonts` extra brings.

    Raises `RuntimeError` with what to install if there is none.
    """
    from matplotlib import font_manager

    installed = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    files = [installed[family] for family in FAMILIES if family in installed]
    extra = find_spec("zhplot")
    if extra is not None and extra.origin is not None:
        files.append(str(Path(extra.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"))
    for file in files:
        if Path(file).is_file() and has_glyphs(file, "新质生产力成就挑战动能"):
            return font_manager.FontProperties(fname=file)
    raise RuntimeError(
        "no font with Chinese glyphs found: pip install 'npp-nlp[fonts]', or install Noto Sans CJK on the system"
    )


def has_glyphs(file: str, text: str) -> bool:
    """Whether the font in `file` has a glyph for every character of `text`."""
    from matplotlib.ft2font import FT2Font

    known = FT2Font(file).get_charmap()
    return all(ord(char) in known for char in text)


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=size, dpi=120, layout="constrained")[1]


def _sized(points: float) -> FontProperties:
    font = chinese_font().copy()
    font.set_size(points)
    return font


Language = Literal["zh", "en"]

WORDS = {
    "nothing": ("没有数据", "Nothing to show"),
    "score": ("得分", "Score"),
    "graph": ("没有共现的概念", "No concepts occur together"),
    "group": ("组别", "Group"),
    "rate": ("每万字次数", "Per 10,000 characters"),
    "keyness": ("对数似然比 G²（带符号）", "Log-likelihood G² (signed)"),
    "paragraphs": ("段落占比", "Share of paragraphs"),
    "cosine": ("余弦相似度", "Cosine similarity"),
    "place": ("在文档中的位置（字）", "Place in the document (characters)"),
    "peak": ("高峰", "Peak"),
    "span": ("首次至末次", "First to last"),
}


def _word(key: str, language: Language) -> str:
    if language not in ("zh", "en"):
        raise ValueError(f"language must be 'zh' or 'en', not {language!r}")
    return WORDS[key][language == "en"]


def _short(name: Any, most: int = 14) -> str:
    text = " ".join(str(name).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _nothing(ax: Axes, language: Language) -> Axes:
    ax.set_axis_off()
    words = _word("nothing", language)
    ax.text(0.5, 0.5, words, ha="center", va="center", transform=ax.transAxes, fontproperties=_sized(12))
    return ax


def draw_graph(
    graph: nx.Graph[str], *, ax: Axes | None = None, names: int = 100, language: Language = "zh"
) -> Axes:
    """Draw a concept graph with the layout saved in it; size is strength, colour is community.

    The `names` strongest nodes get their name.
    """
    ax = _axes(ax, (11, 8.5))
    ax.set_axis_off()
    if not graph:
        ax.text(0.5, 0.5, _word("graph", language), ha="center", va="center", fontproperties=_sized(14))
        return ax
    nodes: dict[str, dict[str, Any]] = {name: dict(graph.nodes[name]) for name in graph}
    order = sorted(nodes, key=lambda name: (-nodes[name]["strength"], name))
    strongest = nodes[order[0]]["strength"]
    _draw_edges(ax, graph)
    size = {name: 16 + 240 * nodes[name]["strength"] / strongest for name in order}
    ax.scatter(
        [nodes[name]["x"] for name in order],
        [nodes[name]["y"] for name in order],
        s=[size[name] for name in order],
        c=[COLOURS[nodes[name]["community"] % len(COLOURS)] for name in order],
        alpha=0.85,
        linewidths=0.5,
        edgecolors="white",
        zorder=2,
    )
    for name in order[:names]:
        text = ax.annotate(
            name,
            (nodes[name]["x"], nodes[name]["y"]),
            xytext=(0, -(size[name] ** 0.5) / 2 - 2),
            textcoords="offset points",
            ha="center",
            va="top",
            fontproperties=_sized(6.5 + 3 * nodes[name]["strength"] / strongest),
            zorder=3,
        )
        text.set_parse_math(False)
    ax.margins(0.08)
    return ax


def _draw_edges(ax: Axes, graph: nx.Graph[str]) -> None:
    """Lines between the nodes, the heavier the darker, heavy ones on top."""
    from matplotlib.collections import LineCollection

    weights = {(min(pair), max(pair)): float(graph.edges[pair]["weight"]) for pair in graph.edges()}
    order = sorted(weights, key=lambda pair: (weights[pair], pair))
    place = {name: (graph.nodes[name]["x"], graph.nodes[name]["y"]) for name in graph}
    heaviest = max(weights.values(), default=1.0)
    shades = [(0.45, 0.45, 0.5, 0.08 + 0.4 * weights[pair] / heaviest) for pair in order]
    lines = [(place[a], place[b]) for a, b in order]
    ax.add_collection(LineCollection(lines, colors=shades, linewidths=0.8, zorder=1))


def draw_terms(
    terms: pd.DataFrame, *, ax: Axes | None = None, most: int = 40, language: Language = "zh"
) -> Axes:
    """Draw the first `most` rows of a `terms` table as horizontal bars of the score, in the order of the table."""
    terms = terms.head(most)
    ax = _axes(ax, (7, 0.28 * max(len(terms), 3) + 0.8))
    if terms.empty:
        return _nothing(ax, language)
    places = range(len(terms))
    ax.barh(places, terms["score"], color=COLOURS[0])
    ax.set_yticks(list(places), [_short(term) for term in terms["term"]], fontproperties=_sized(9))
    for label in ax.get_yticklabels():
        label.set_parse_math(False)
    ax.invert_yaxis()
    ax.set_xlabel(_word("score", language), fontproperties=_sized(9))
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def draw_label_shares(labels: pd.DataFrame, *, ax: Axes | None = None, language: Language = "zh") -> Axes:
    """Draw a `labels` table as one stacked bar per document: the share of its paragraphs with each label."""
    ids = list(dict.fromkeys(labels["doc_id"]))
    ax = _axes(ax, (8, 0.4 * max(len(ids), 2) + 1))
    if not ids:
        return _nothing(ax, language)
    counts = labels.groupby(["doc_id", "label"], sort=False).size()
    total = labels.groupby("doc_id", sort=False)["label"].count()
    left = [0.0] * len(ids)
    for name, colour in LABEL_COLOURS.items():
        share = [float(counts.get((i, name), 0)) / max(int(total[i]), 1) for i in ids]
        ax.barh(
            range(len(ids)),
            share,
            left=left,
            color=colour,
            label=LABEL_NAMES[name] if language == "zh" else name,
        )
        left = [a + b for a, b in zip(left, share, strict=True)]
    ax.set_yticks(range(len(ids)), [_short(name) for name in ids], fontproperties=_sized(9))
    ax.set_xlim(0, 1)
    ax.invert_yaxis()
    ax.set_xlabel(_word("paragraphs", language), fontproperties=_sized(9))
    ax.legend(prop=_sized(9), ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
