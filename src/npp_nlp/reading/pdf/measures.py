"""The measures of a page: the edges of its columns, the distance of its lines, what is full, indented or centred."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from npp_nlp.layout import NO_START, mark_of
from npp_nlp.reading.pdf.rows import Row

_NUMBER = re.compile("[0-9]+")
_WORD = re.compile(r"[!-~]+")
_OPENERS = re.compile("[“‘（《【〔「『［〈]+")
_QUOTES = frozenset("“”‘’")
FINAL = re.compile(r"[。！？!?…；;：:][”’」』）)】]*$")

_HEADINGS = frozenset({"chapter", "section", "一、", "（一）"})

ENOUGH = 8
"""From so many rows on the habits of a document show."""
FLUSH = 0.6
"""Lines that begin this near to the left edge, in type sizes, are not indented."""
LEAST_INDENT, MOST_INDENT = 1.2, 4.6


class Column(NamedTuple):
    """The edges of the text in a column, in points, and its habits.

    `leading` is the usual distance of lines in type sizes; `indented` says that first lines are indented.
    """

    left: float
    right: float
    leading: float
    indented: bool


class Habits(NamedTuple):
    """How the lines of a document came about.

    broken   lines were broken before the page was set: many stop short of the edge in mid-sentence
    spaced   spaces part paragraphs
    cut_at   lines were cut at this number of characters, 0 if they were not
    chance   how many times as many sentences end on full lines as there would be if all ended paragraphs
    """

    broken: bool = False
    spaced: bool = False
    cut_at: int = 0
    chance: float = 0.0


class Measures:
    """What the columns of a document have in common, learned from all rows of running text."""

    def __init__(self, rows: Sequence[Row], body: float) -> None:
        plain = [row for row in rows if abs(row.size - body) <= 0.08 * body and row.cells == 1]
        self._body = body
        self._leading = _leading(plain)
        pools: dict[tuple[int, int, int], list[Row]] = defaultdict(list)
        for row in plain:
            for parity in (row.page % 2, 2):
                pools[row.columns, row.column, parity].append(row)
        self._columns = {key: self._measure(pool) for key, pool in pools.items() if len(pool) >= 4}
        self._own: dict[tuple[int, int], Column] = {}
        blocks: dict[tuple[int, int], list[Row]] = defaultdict(list)
        for row in plain:
            blocks[row.page, row.block].append(row)
        for key, members in blocks.items():
            self._own[key] = self._of_block(members)
        self._any = self._measure(plain or list(rows))
        self.habits = self._habits(plain)
        inset = sum(self.column(row).indented for row in plain)
        self.marked = self.habits.spaced or inset > 0.5 * len(plain)
        self.enough = len(plain) >= ENOUGH
        self.flush_styles = frozenset(
            row_style(row)
            for row in plain
            if indent(row, self.column(row)) < FLUSH and is_heading(row, self.column(row), frozenset())
        )

    def _habits(self, plain: Sequence[Row]) -> Habits:
        """The habits that show where a row without indent follows another one in the same column."""
        spaced = 0
        short: list[Row] = []
        full: list[Row] = []
        ends: list[Row] = []
        for upper, lower in pairwise(plain):
            if (upper.page, upper.block) != (lower.page, lower.block):
                continue
            column = self.column(upper)
            if is_spaced(upper, lower, column):
                spaced += 1
            elif indent(lower, column) >= FLUSH:
                continue
            elif is_full(upper, lower, column.right):
                full.append(upper)
            elif FINAL.search(upper.text):
                ends.append(upper)
            else:
                short.append(upper)
        broken = len(short) >= 3 and len(short) > 0.15 * (len(full) + len(short))
        rooms = Counter(round((self.column(row).right - row.x1) / (0.5 * row.size)) for row in plain)
        count = _count(plain, short if broken else [], rooms)
        width = max(1.0, (self._any.right - self._any.left) / (self._body or 1.0))
        expected = 1.5 / width * len(ends) + 0.5
        chance = sum(bool(FINAL.search(row.text)) for row in full) / expected
        return Habits(broken and not count, spaced >= max(2, 0.03 * len(plain)), count, chance)

    def is_full(self, upper: Row, lower: Row) -> bool:
        """Whether a row ends where rows are broken: at the edge, or at the number of characters they are cut at."""
        column, count = self.column(upper), self.habits.cut_at
        if count and len(upper.text) >= count - 1 - max(0, round(indent(upper, column))):
            return True
        return is_full(upper, lower, column.right)

    def column(self, row: Row) -> Column:
        """The measures of the column that a row stands in."""
        own = self._own.get((row.page, row.block))
        if own is not None:
            return own
        key = (row.columns, row.column)
        return self._columns.get((*key, row.page % 2)) or self._columns.get((*key, 2)) or self._any

    def _of_block(self, members: list[Row]) -> Column:
        """The measures of one block: those of the column on all such pages, unless the block lies elsewhere."""
        first = members[0]
        key = (first.columns, first.column)
        usual = self._columns.get((*key, first.page % 2)) or self._columns.get((*key, 2))
        if usual is None:
            return self._measure(members)
        unit = self._body
        left = min(row.x0 for row in members)
        right = max(row.x1 for row in members)
        shifted = left < usual.left - unit or left > usual.left + MOST_INDENT * unit
        if shifted or right > usual.right + 1.5 * unit:
            mine = self._measure(members)
            return mine._replace(indented=mine.indented or usual.indented)
        return usual

    def _measure(self, rows: list[Row]) -> Column:
        unit = self._body or 1.0
        starts = Counter(round(row.x0 / (0.25 * unit)) for row in rows)
        near = {step: starts[step - 1] + starts[step] + starts[step + 1] for step in starts}
        enough = max(2 if len(rows) > 3 else 1, 0.06 * len(rows))
        step = min((s for s in near if near[s] >= enough), default=min(starts, default=0))
        left = float(np.median([row.x0 for row in rows if abs(row.x0 / (0.25 * unit) - step) <= 2] or [0.0]))
        # Marks may hang in the margin.
        inside = [row.x1 for row in rows if row.text[-1] not in NO_START]
        ends = np.sort(inside if 2 * len(inside) >= len(rows) else [row.x1 for row in rows])
        right = float(ends[int(0.97 * (len(ends) - 1))]) if len(ends) else 0.0
        indents = sum(LEAST_INDENT * unit <= row.x0 - left <= 2.8 * unit for row in rows)
        return Column(left, right, self._leading, indents >= max(1, 0.03 * len(rows)))


def _leading(rows: Sequence[Row]) -> float:
    """The usual distance of two lines of one paragraph, in type sizes: the upper one is no shorter and ends no sentence."""
    pairs = [(a, b) for a, b in pairwise(rows) if a.page == b.page and a.block == b.block]
    inside = [(a, b) for a, b in pairs if a.x1 > b.x1 - a.size and not FINAL.search(a.text)]
    for some in (inside, pairs):
        steps = Counter(round((a.y - b.y) / a.size * 40) for a, b in some if 0.9 <= (a.y - b.y) / a.size <= 4)
        if steps:
            most = max(steps.values())
            return min(step for step, n in steps.items() if n >= 0.5 * most) / 40
    return 0.0


def _count(rows: Sequence[Row], short: Sequence[Row], rooms: Counter[int]) -> int:
    """The number of characters that rows were cut at, 0 if they were not.

    Most rows have it, more than end at one edge; or most rows that stop short have it.
    """
    if len(rows) < ENOUGH:
        return 0
    lengths = Counter(len(row.text) for row in rows)
    most, times = max(lengths.items(), key=lambda item: (item[1], item[0]))
    edge = max(rooms[room] + max(rooms[room - 1], rooms[room + 1]) for room in list(rooms))
    if times >= 0.6 * len(rows) and times > 1.1 * edge:
        return most
    same = sum(most - 1 <= len(row.text) <= most for row in short)
    return most if len(short) >= 3 and times >= 0.35 * len(rows) and same >= 0.7 * len(short) else 0


def is_spaced(upper: Row, lower: Row, column: Column) -> bool:
    """Whether there is clearly more space between two rows than usual."""
    distance = (upper.y - lower.y) / upper.size
    if distance < 0 or not column.leading:
        return False
    return distance > column.leading * (1.45 if column.indented else 1.18)


def is_centred(row: Row, column: Column) -> bool:
    """Whether a row stands in the middle of its column, away from both edges."""
    left, right = row.x0 - column.left, column.right - row.x1
    if left < 2.4 * row.size or right < 2.4 * row.size:
        return False
    return abs(left - right) < 0.8 * row.size


def indent(row: Row, column: Column) -> float:
    """How far a row begins from the left edge of its column, in type sizes."""
    return (row.x0 - column.left) / row.size


def is_full(upper: Row, lower: Row, right: float) -> bool:
    """Whether the first word of the lower row did not fit at the end of the upper one."""
    return right - upper.x1 < (_first_word(lower.text) + 0.35) * upper.size


def _first_word(text: str) -> float:
    """The width, in type sizes, of what may not be parted at the beginning of a line.

    >>> _first_word("发展"), _first_word("展，"), _first_word("“新”"), round(_first_word("GDP增长"), 2)
    (1.0, 2.0, 3.0, 1.65)
    """
    opened = _OPENERS.match(text)
    at = opened.end() if opened else 0
    width = float(at)
    word = _WORD.match(text, at)
    width += 0.55 * len(word.group()) if word else 1.0
    at = word.end() if word else at + 1
    for char in text[at : at + 3]:
        if char not in NO_START and char not in _QUOTES:
            break
        width += 2.0 if char in "“‘" else 1.0
        at += 1
    # Some programs let no number be parted from the comma before it.
    number = _NUMBER.match(text, at) if text[at - 1 : at] in NO_START else None
    return min(width + 0.55 * len(number.group()), 12.0) if number else min(width, 12.0)


def row_style(row: Row) -> str:
    """The numbering style that a row begins with, if headings have it, else nothing."""
    mark = mark_of(row.text)
    return mark.style if mark and mark.category == "number" and mark.style in _HEADINGS else ""


def is_heading(row: Row, column: Column, flush_styles: frozenset[str]) -> bool:
    """Whether a row is numbered as headings are, and ends before the edge without ending a sentence.

    Styles that begin flush headings elsewhere need no second sign.
    """
    style = row_style(row)
    if not style or FINAL.search(row.text):
        return False
    return style in flush_styles or column.right - row.x1 >= 1.5 * row.size
