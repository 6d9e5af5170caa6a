"""What a row is by its place and size: running head, page number, note, heading or text."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from npp_nlp.document import Role
from npp_nlp.reading.pdf.rows import Row

EDGE_ROWS = 3
"""So many lines at the head and at the foot of a page can be furniture."""
LARGE = 1.12
SMALL = 0.92

_DIGITS = re.compile(r"\d+")
_PAGE = re.compile(
    r"[-—–―－─·•~\s]*(?:第\s*)?(?P<number>\d{1,4}|[ivxlcIVXLC]{1,7}|[一二三四五六七八九十百]{1,4})(?:\s*页)?"
    r"(?:\s*[,，]?\s*(?:[/／]|共|of)\s*\d{1,4}\s*页?)?[-—–―－─·•~\s]*"
)
_DECORATED = re.compile(r"[-—–―－─·•~第]\s*\S+\s*[-—–―－─·•~页]|\d+\s*[/／]\s*\d+")
_NOTE = re.compile(
    r"[①-⑳㉑-㊿*＊※†]|[\[［〔【(（]?\d{1,3}[\]］〕】)）]?(?![\d.．年月日%％])|(?:注|注释|说明)[:：\d]"
)
_CLOCK = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\D{0,8}\d{1,2}:\d{2}")
_ADDRESS = re.compile(r"(?:https?|file)://\S+")

Furniture = dict[int, str]


def body_size(rows: Sequence[Row]) -> float:
    """The type size of most of the text, in points."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size * 4) / 4] += len(row.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0


def furniture(rows: Sequence[Row], pages: int) -> Furniture:
    """Index of a row -> "running head" or "page number", for what returns at the edges of the pages.

    A line is one if the same text, digits aside, stands at the same height on several pages: all pages of two or
    three, a third of the right or left pages of more; a bare number also where only its page has it.
    """
    places: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    edges = _edges(rows)
    for i in edges:
        row = rows[i]
        text = _DIGITS.sub("0", "".join(row.text.split()))
        for height in {int(row.y // 6), int((row.y + 3) // 6) + 100_000}:
            places[text, height].append((row.page, i))
    found: Furniture = {}
    for (text, _), where in places.items():
        if len({page for page, _ in where}) >= _enough(text, pages):
            for _, i in where:
                found[i] = "page number" if _PAGE.fullmatch(rows[i].text.strip()) else "running head"
    found |= _numbers(rows, edges, found)
    return found


def _enough(text: str, pages: int) -> int:
    """On how many pages a line must return; short documents have little to compare."""
    if pages <= 3:
        return max(2, pages - (0 if len(text) > 24 else 1))
    return 2 if _PAGE.fullmatch(text) else 3


def _edges(rows: Sequence[Row]) -> list[int]:
    """The rows that stand first or last on their page by height."""
    found = []
    for _, group in groupby(range(len(rows)), key=lambda i: rows[i].page):
        members = sorted(group, key=lambda i: -rows[i].y)
        heights = sorted({round(rows[i].y) for i in members}, reverse=True)
        ends = {*heights[:EDGE_ROWS], *heights[-EDGE_ROWS:]}
        found += [i for i in members if round(rows[i].y) in ends]
    return found


def _numbers(rows: Sequence[Row], edges: list[int], known: Furniture) -> Furniture:
    """Numbers at the very edge of a page that stand apart from the text, and addresses a browser prints there."""
    found: Furniture = {}
    outer: dict[int, list[int]] = defaultdict(list)
    for i in edges:
        if i not in known:
            outer[rows[i].page].append(i)
    for members in outer.values():
        members.sort(key=lambda i: -rows[i].y)
        if len(members) < 2:
            continue
        first, last = members[0], members[-1]
        for i, inner in ((last, members[-2]), (first, members[1])):
            row, text = rows[i], rows[i].text.strip()
            apart = abs(rows[inner].y - row.y) > 2.2 * row.size
            if _PAGE.fullmatch(text) and (apart or _DECORATED.fullmatch(text)):
                found[i] = "page number"
        if _ADDRESS.match(rows[last].text):
            # A browser prints date and title in the same small type at the head.
            found[last] = "running head"
            if _CLOCK.match(rows[first].text) and abs(rows[first].size - rows[last].size) < 0.1:
                found[first] = "running head"
    return found


def notes(rows: Sequence[Row], away: Furniture, body: float) -> set[int]:
    """The rows that are notes: clearly smaller than the body, at the foot of a column, the first with a mark.

    What a note leaves unfinished at the foot of a page may go on, without a mark, at the foot of the next.
    """
    found: set[int] = set()
    before = False
    for _, group in groupby(range(len(rows)), key=lambda i: (rows[i].page, rows[i].block)):
        column = [i for i in group if i not in away]
        foot: list[int] = []
        for i in reversed(column):
            if rows[i].size > SMALL * body:
                break
            foot.insert(0, i)
        marked = next((at for at, i in enumerate(foot) if _NOTE.match(rows[i].text)), None)
        whole = len(foot) == len(column) and len(foot) > 12
        if marked is not None and not whole:
            found |= set(foot[0 if before else marked :])
        before = marked is not None
    return found


def starts_note(text: str, before: str = "") -> bool:
    """Whether a line of the notes begins a new one; a bare number does if it follows on that of the note before.

    >>> starts_note("① 国家统计局"), starts_note("30微克", "12 国家统计局"), starts_note("13同上", "12 国家统计局")
    (True, False, True)
    """
    found = _NOTE.match(text)
    if not found or not found.group().isdigit():
        return bool(found)
    last = re.match(r"\d+", before)
    return last is None or int(found.group()) == int(last.group()) + 1


def headings(rows: Sequence[Row], text_rows: Sequence[int], body: float) -> dict[int, tuple[Role, int]]:
    """Index of a row -> its role and level, for the rows whose type is clearly larger than the body's.

    The largest type above the first text is the title; the other sizes are levels, from the largest down.
    """
    sizes: Counter[float] = Counter()
    for i in text_rows:
        sizes[_step(rows[i].size)] += len(rows[i].text)
    total = sum(sizes.values())
    large = sorted((s for s in sizes if s >= LARGE * body and sizes[s] <= 0.2 * total), reverse=True)
    if not large:
        return {}
    top = []
    for i in text_rows[:40]:
        if rows[i].size < LARGE * body and len(rows[i].text) > 20:
            break
        top.append(i)
    first = max((_step(rows[i].size) for i in top), default=0.0)
    title = first if first in large else 0.0
    title_rows = {i for i in top if _step(rows[i].size) == title}
    used = {_step(rows[i].size) for i in text_rows if i not in title_rows}
    levels = {size: level for level, size in enumerate([s for s in large if s in used], 1)}
    found: dict[int, tuple[Role, int]] = {}
    for i in text_rows:
        size = _step(rows[i].size)
        if i in title_rows:
            found[i] = ("title", 0)
        elif size in levels:
            found[i] = ("heading", min(levels[size], 6))
    return found


def _step(size: float) -> float:
    return round(size * 2) / 2


def tables(rows: Sequence[Row], text_rows: Sequence[int]) -> set[int]:
    """The rows of tables: three or more in a row with three or more cells, most of which begin where others do."""
    found: set[int] = set()
    for many, group in groupby(text_rows, key=lambda i: rows[i].cells >= 3):
        members = list(group)
        if many and len(members) >= 3 and np.mean([len(rows[i].text) for i in members]) <= 60:
            found |= set(members)
    return found
