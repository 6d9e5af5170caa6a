"""The habits of a page, learned from its lines: where lines were wrapped, how paragraphs and headings begin and end."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp.layout.habits import NONE, Habits, learn
from npp_nlp.layout.lines import NO_START, Line
from npp_nlp.layout.wrap import wrap_width

UNFINISHED = frozenset({"open", "pause", "cut"})
FULL = 1.25
"""A line this much narrower than the wrap width is still full: the next word or mark did not fit."""
FIRST = 3.25
"""A first line that lost its indent of two is at most this much narrower than the wrap width."""
LONG = 36
BELIEVED = 6.0
"""Weight of the end of a paragraph in a file, unless many break off in mid-sentence: then lines were pasted."""
WIDER = 0.75
"""A line that is this much wider than the wrap width is set wider."""

_SEQUEL = re.compile(
    r"[。；：，！？](?:(?P<item>[二三四]是)|(?P<ordinal>第[二三四][，、])|(?P<paren>[（(][2-4][）)])|(?P<circled>[②③④])|(?P<arabic>[2-4][.．、](?!\d)))"
)
# Typesetters put a quarter of a character between Chinese and Latin; the text does not show it.
_SEAM = re.compile("[\u4e00-\u9fff](?=[0-9A-Za-z])|[0-9A-Za-z%](?=[\u4e00-\u9fff])")
_STYLES = {"item": "一是", "ordinal": "第一，", "paren": "（1）", "circled": "①", "arabic": "1."}


class Page(NamedTuple):
    """What holds for all lines of a text together.

    wrap       for every line the width at which its surroundings were wrapped, 0 if they were not
    room       for every line how much narrower than that it is, words that could not be parted counted in
    exact      lines were cut at a number of characters, not at a width
    indented   first lines are two characters narrower: they were indented, and lost the blanks
    gap        the usual number of blank lines inside paragraphs
    spaced     blank lines set paragraphs apart
    indent     the usual indent of first lines, 0 if there is none
    numbered   most short lines that end no sentence carry a number
    alone      numbering styles that stand on headings, not on paragraphs
    running    numbering styles that begin paragraphs
    inline     numbering styles that also stand inside lines
    printed    line width of the pages that lines were joined from, 0 if it does not show
    broken     some long lines end in mid-sentence
    items      paragraphs that end with a semicolon are usual
    chance     log2 of the odds that a sentence which ends on a full line does not end its paragraph
    openings   how often the first four characters of a line open a paragraph for certain
    habits     how paragraphs open and how long they grow
    whole      how far the file is to be believed where it ends a paragraph
    """

    wrap: list[float]
    room: list[float]
    exact: bool
    indented: bool
    gap: int
    spaced: bool
    indent: float
    numbered: bool
    alone: frozenset[str]
    running: frozenset[str]
    inline: frozenset[str]
    printed: int
    broken: bool
    items: bool
    chance: float
    openings: Mapping[str, int]
    habits: Habits = NONE
    whole: float = BELIEVED


def measure(lines: list[Line]) -> Page:
    """Learn the habits of a page from its lines."""
    wrap, exact = wrap_width(lines)
    room = _room(lines, wrap, exact)
    wrapped = bool(wrap.any())
    # A line that is far from full and does not pause ends something: a paragraph or a heading.
    closed = [_closes(line, w, r) for line, w, r in zip(lines, wrap.tolist(), room, strict=True)]
    gap, spaced = _gaps(lines, wrap, room, closed)
    numbers = _numbering(lines, wrap, room)
    return Page(
        wrap=wrap.tolist(),
        room=room,
        exact=exact,
        indented=wrapped and not exact and _lost_indent(lines, room, closed),
        gap=gap,
        spaced=spaced,
        indent=_indent(lines, closed),
        numbered=numbers[0],
        alone=numbers[1],
        running=numbers[2],
        inline=_inline(lines),
        printed=_printed_width(lines),
        broken=_broken(lines),
        items=sum(line.ending == "semicolon" for line in lines) >= max(3, 0.02 * len(lines)) and not wrapped,
        chance=_chance(lines, wrap, room, closed, exact) if wrapped else 0.0,
        openings=Counter(b.text[:4] for a, b in zip(closed, lines[1:], strict=False) if a) if wrapped else {},
        habits=learn(lines, closed) if wrapped else NONE,
        whole=_believed(lines),
    )


def _closes(line: Line, wrap: float, room: float) -> bool:
    if not wrap:
        return line.ending == "final"
    return room > FIRST + 0.75 and line.ending in ("final", "colon", "open", "closed")


def _room(lines: list[Line], wrap: NDArray[np.float64], exact: bool) -> list[float]:
    """How far every line is from full; what had to move down because it may not be parted counts as set."""
    widths: list[float] = wrap.tolist()
    room = []
    for i, (line, width) in enumerate(zip(lines, widths, strict=True)):
        if not width:
            room.append(0.0)
        elif exact:
            room.append(width - (line.end - line.start + line.indent))
        else:
            carried = _carried(lines[i + 1].text) if i + 1 < len(lines) else 0.0
            room.append(width - line.width - carried - 0.25 * len(_SEAM.findall(line.text)))
    return room


def _carried(text: str) -> float:
    """The width at the beginning of a line that could not stay on the line above."""
    if text[0] in NO_START:
        return 0.0
    if text[0] in "（(《“" and text[1:] and text[1].isascii():
        return 1.0 + _carried(text[1:])
    if text[1:2] and text[1] in NO_START:
        return 1.0
    if text[0].isascii() and text[0].isalnum():
        word = next(
            (i for i, c in enumerate(text) if not (c.isascii() and (c.isalnum() or c in ".%"))), len(text)
        )
        return min(word / 2, 6.0)
    return 0.0


def _gaps(
    lines: list[Line], wrap: NDArray[np.float64], room: list[float], closed: list[bool]
) -> tuple[int, bool]:
    """The usual number of blank lines inside paragraphs, and whether there are more between them."""
    gaps = np.array([line.gap for line in lines[1:]], dtype=np.int64)
    if not len(gaps):
        return 0, False
    runs_on = np.array([line.ending in UNFINISHED for line in lines[:-1]], dtype=bool)
    sure = runs_on & (wrap[:-1] > 0) & (np.array(room[:-1]) <= FULL)
    if sure.sum() >= 2:
        inside = int(np.median(gaps[sure]))
        ends = gaps[np.array(closed[:-1])]
        return inside, bool(len(ends) and np.mean(ends > inside) >= 0.7)
    return 0, bool(np.mean(gaps > 0) >= 0.5)


def _lost_indent(lines: list[Line], room: list[float], closed: list[bool]) -> bool:
    """Whether the lines below the end of a paragraph are mostly two characters short of full.

    Page numbers end no paragraph, and what is set wider than most lines tells nothing about them.
    """
    ends = [i for i in range(len(lines) - 1) if closed[i] and not _is_page_number(lines[i])]
    first = [room[i + 1] for i in ends if lines[i + 1].ending in UNFINISHED and room[i + 1] >= -WIDER]
    short = sum(FULL < r <= FIRST for r in first)
    return short >= 2 and short >= 0.5 * sum(r <= FIRST for r in first)


def _is_page_number(line: Line) -> bool:
    return line.mark is not None and line.mark.category == "page"


def _indent(lines: list[Line], closed: list[bool]) -> float:
    """The usual indent, if most lines below the end of a paragraph are indented and half of all are not."""
    indents = [line.indent for line in lines if 1.5 <= line.indent <= 8]
    first = [lines[i + 1].indent >= 1.5 for i in range(len(lines) - 1) if closed[i]]
    if len(indents) >= 2 and (len(indents) >= 0.15 * len(lines) or sum(first) >= max(2, 0.6 * len(first))):
        return float(np.median(indents))
    return 0.0


def _chance(
    lines: list[Line], wrap: NDArray[np.float64], room: list[float], closed: list[bool], exact: bool
) -> float:
    """How likely a sentence that ends on a full line goes on in the same paragraph.

    Ends of paragraphs fall on all widths alike: their number on full lines follows from that on short ones.
    """
    reach = 0.0 if exact else FULL
    full = sum(
        line.ending == "final" and w > 0 and r <= reach for line, w, r in zip(lines, wrap, room, strict=True)
    )
    slots = float(np.median(wrap[wrap > 0])) / (1 if exact else 2)
    ends = (
        sum(c and w > 0 and line.ending == "final" for line, c, w in zip(lines, closed, wrap, strict=True))
        / slots
    )
    return float(np.clip(np.log2((max(full - ends, 0) + 0.5) / (ends + 0.25)), -1.5, 2))


def _numbering(
    lines: list[Line], wrap: NDArray[np.float64], room: list[float]
) -> tuple[bool, frozenset[str], frozenset[str]]:
    """Whether headings are numbered here, and which styles of numbering stand on headings, which on paragraphs."""
    short = bare = 0
    alone: Counter[str] = Counter()
    running: Counter[str] = Counter()
    for line, width, left in zip(lines, wrap.tolist(), room, strict=True):
        # a heading seldom reaches across the page
        stands = line.ending in ("open", "closed") and (
            left > max(FIRST, width / 5) if width else line.width <= 32
        )
        if stands and line.mark is None:
            bare += 1
        if line.mark and line.mark.category == "number":
            short += stands
            (alone if stands else running)[line.mark.style] += 1
    styles = frozenset(style for style, n in alone.items() if n >= 2 and n >= running[style])
    paragraphs = frozenset(style for style, n in running.items() if style not in styles)
    return short >= 5 and short >= 2 * bare, styles, paragraphs


def _inline(lines: list[Line]) -> frozenset[str]:
    """Numbering styles that go on inside a line, as 一是…；二是… does."""
    if not any(line.mark and line.mark.category == "number" for line in lines):
        return frozenset()
    found = _SEQUEL.finditer("\n".join([line.text for line in lines]))
    return frozenset(_STYLES[str(m.lastgroup)] for m in found)


def _printed_width(lines: list[Line]) -> int:
    """The width of the printed lines where whole pages were joined to one line: page ends then fall on multiples of it.

    A paragraph that a page ends is a multiple of the width, less the indent of two.
    """
    open_ends = [line.width for line in lines if line.width >= LONG and line.ending in UNFINISHED]
    if len(open_ends) < 20:
        return 0
    sizes = np.array(open_ends)
    candidates = np.arange(12, 46)
    beside = np.abs((sizes[:, None] + 2 + candidates / 2) % candidates - candidates / 2)
    excess = (beside <= 1.5).mean(axis=0) - 4 / candidates
    best = int(excess.argmax())
    return int(candidates[best]) if excess[best] >= 0.3 else 0


def _believed(lines: list[Line]) -> float:
    ends = [line.ending for line in lines if line.whole and line.width >= LONG / 4]
    return BELIEVED if sum(end in ("pause", "cut") for end in ends) <= 0.03 * len(ends) else 0.0


def _broken(lines: list[Line]) -> bool:
    ends = [line.ending for line in lines if line.width >= LONG]
    return sum(end in UNFINISHED for end in ends) >= max(1, 0.03 * len(ends))
