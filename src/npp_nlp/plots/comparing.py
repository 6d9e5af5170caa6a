"""Tables of a comparison and of passages to axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from npp_nlp.plots.base import (
    COLOURS,
    LABEL_COLOURS,
    LABEL_NAMES,
    Language,
    _axes,
    _nothing,
    _short,
    _sized,
    _word,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def _finish(ax: Axes, x: str, y: str = "") -> Axes:
    """Names of the axes, the same font on every tick, and no mathematics in names."""
    ax.set_xlabel(x, fontproperties=_sized(9))
    ax.set_ylabel(y, fontproperties=_sized(9))
    for label in [*ax.get_xticklabels(), *ax.get_yticklabels()]:
        label.set_fontproperties(_sized(8))
        label.set_parse_math(False)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _rows(ax: Axes, names: Sequence[Any]) -> None:
    ax.set_yticks(range(len(names)), [_short(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)


def _whole_numbers(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _legend(ax: Axes, columns: int) -> None:
    """Above the data, never over them."""
    legend = ax.legend(
        prop=_sized(8), ncols=columns, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def draw_trends(
    trends: pd.DataFrame,
    terms: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    most: int = 6,
    language: Language = "zh",
) -> Axes:
    """Draw a `trends` table as lines of the rate with bands of its limits; groups must be numbers.

    Without `terms` the `most` most frequent ones are drawn, ties by name.
    """
    ax = _axes(ax, (6.5, 3.8))
    total = trends.groupby("term")["n"].sum()
    chosen = list(terms or sorted(total.index, key=lambda term: (-total[term], term)))[:most]
    table = trends[trends["term"].isin(chosen)]
    if table.empty:
        return _nothing(ax, language)
    for number, term in enumerate(chosen):
        rows = table[table["term"] == term].sort_values("group")
        colour = COLOURS[number % len(COLOURS)]
        x = rows["group"].astype(float)
        ax.plot(x, rows["per_10k"], color=colour, marker="o", markersize=3, label=_short(term))
        ax.fill_between(x, rows["low"], rows["high"], color=colour, alpha=0.15, linewidth=0)
    _whole_numbers(ax)
    ax.set_ylim(bottom=0)
    _legend(ax, 3)
    return _finish(ax, _word("group", language), _word("rate", language))


def draw_keyness(
    terms: pd.DataFrame, group: Any, *, ax: Axes | None = None, most: int = 10, language: Language = "zh"
) -> Axes:
    """Draw the terms of one group of a keyness table that stand out most, on both sides, by signed G2."""
    table = terms[terms["group"] == group].sort_values(["g2", "term"], ascending=[False, True])
    high, low = table[table["g2"] > 0].head(most), table[table["g2"] < 0].tail(most)
    names = [*high["term"], *low["term"]]
    ax = _axes(ax, (6, 0.24 * max(len(names), 4) + 0.8))
    if not names:
        return _nothing(ax, language)
    ax.barh(range(len(high)), high["g2"], color=COLOURS[0])
    ax.barh(range(len(high), len(names)), low["g2"], color=COLOURS[1])
    ax.axvline(0, color="#555555", linewidth=0.8)
    ax.set_title(_short(group, 30), fontproperties=_sized(10), parse_math=False)
    _rows(ax, names)
    return _finish(ax, _word("keyness", language))


def _stacked(ax: Axes, groups: list[Any], shares: dict[str, list[float]], language: Language) -> Axes:
    left = [0.0] * len(groups)
    for name, colour in LABEL_COLOURS.items():
        shown = LABEL_NAMES[name] if language == "zh" else name
        ax.barh(range(len(groups)), shares[name], left=left, color=colour, label=shown)
        left = [a + b for a, b in zip(left, shares[name], strict=True)]
    ax.set_xlim(0, 1)
    _rows(ax, groups)
    _legend(ax, 4)
    return _finish(ax, _word("paragraphs", language))


def draw_shares(
    shares: pd.DataFrame, *, ax: Axes | None = None, most: int = 40, language: Language = "zh"
) -> Axes:
    """Draw a table of label shares (of a comparison or of `label_shares`) as stacked bars, the last `most` groups."""
    groups = list(dict.fromkeys(shares["group"]))[-most:]
    ax = _axes(ax, (6, 0.24 * max(len(groups), 4) + 1))
    if not groups:
        return _nothing(ax, language)
    known = {(g, name): s for g, name, s in shares[["group", "label", "share"]].itertuples(index=False)}
    columns = {name: [float(known.get((g, name), 0.0)) for g in groups] for name in LABEL_COLOURS}
    return _stacked(ax, groups, columns, language)


def draw_migration(
    migration: pd.DataFrame, term: str, *, ax: Axes | None = None, most: int = 40, language: Language = "zh"
) -> Axes:
    """Draw in which kind of paragraph one term of a `migration` table stands, group by group."""
    table = migration[(migration["term"] == term) & (migration["n"] > 0)].tail(most)
    ax = _axes(ax, (6, 0.24 * max(len(table), 4) + 1))
    if table.empty:
        return _nothing(ax, language)
    columns = {name: [float(value) for value in table[name].fillna(0)] for name in LABEL_COLOURS}
    _stacked(ax, table["group"].tolist(), columns, language)
    ax.set_title(_short(term, 30), fontproperties=_sized(10), parse_math=False, pad=22)
    return ax


def draw_emergence(
    emergence: pd.DataFrame, *, ax: Axes | None = None, most: int = 25, language: Language = "zh"
) -> Axes:
    """Draw an `emergence` table as a line from the first to the last group of each term, with a mark at the peak.

    The `most` most frequent terms, those that come first at the top.
    """
    table = emergence.sort_values(["n", "term"], ascending=[False, True]).head(most)
    table = table.sort_values(["first_group", "last_group", "term"])
    ax = _axes(ax, (6, 0.24 * max(len(table), 4) + 1))
    if table.empty:
        return _nothing(ax, language)
    places = range(len(table))
    first, last = table["first_group"].astype(float), table["last_group"].astype(float)
    ax.hlines(places, first, last, color=COLOURS[5], linewidth=3, label=_word("span", language))
    peak = table["peak_group"].astype(float)
    ax.scatter(peak, places, color=COLOURS[1], s=22, zorder=3, label=_word("peak", language))
    _whole_numbers(ax)
    _rows(ax, table["term"].tolist())
    _legend(ax, 2)
    return _finish(ax, _word("group", language))


def draw_similarity(similarity: pd.DataFrame, *, ax: Axes | None = None, language: Language = "zh") -> Axes:
    """Draw a `similarity` table as a heat map; at most some fifteen names are written on each side."""
    size = len(similarity)
    ax = _axes(ax, (5.4, 4.6))
    if not size:
        return _nothing(ax, language)
    image = ax.imshow(similarity.to_numpy(float), cmap="cividis", vmax=1, aspect="equal")
    places = range(0, size, -(-size // 15))
    names = [_short(similarity.index[i], 10) for i in places]
    ax.set_xticks(places, names, rotation=90)
    ax.set_yticks(places, names)
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8)
    bar.set_label(_word("cosine", language), fontproperties=_sized(9))
    for label in bar.ax.get_yticklabels():
        label.set_fontproperties(_sized(8))
    return _finish(ax, "")


def draw_dispersion(
    concordance: pd.DataFrame, *, ax: Axes | None = None, most: int = 40, language: Language = "zh"
) -> Axes:
    """Draw where in each document the passages of a `concordance` table start: one strip per document."""
    ids = list(dict.fromkeys(concordance["doc_id"]))[:most]
    ax = _axes(ax, (6, 0.24 * max(len(ids), 4) + 0.8))
    if not ids:
        return _nothing(ax, language)
    ax.eventplot(
        [concordance.loc[concordance["doc_id"] == name, "start"].tolist() for name in ids],
        lineoffsets=list(range(len(ids))),
        linelengths=0.7,
        linewidths=0.8,
        colors=COLOURS[0],
    )
    ax.set_xlim(left=0)
    _rows(ax, ids)
    return _finish(ax, _word("place", language))
